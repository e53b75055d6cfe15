"""Pictures and models of designs: what other programs show of them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from design.compile import CompiledOffer, compiled_offer
from design.models import Offer
from design.rules import Selection
from design.selectors.catalogue import access_product
from design.selectors.configured import configure
from design.selectors.studio_state import read_state
from design.shape import model_glb

FONT = settings.COSMO_FONTS / "noto-sans-sc-chinese-simplified-400-normal.woff"
GLB = "model/gltf-binary"


@require_safe
def studio_model(request: HttpRequest, slug: str) -> HttpResponse:
    """What the studio shows at the same address, as a file for 3D programs."""
    offer = access_product(slug).published_offer
    assert isinstance(offer, Offer)  # noqa: S101 - access_product finds published ones only
    compiled = compiled_offer(offer)
    state = read_state(compiled, request.GET)
    selection = configure(compiled, state.choices, prefer=state.prefer).selection
    return _model(compiled, selection, slug)


def _model(compiled: CompiledOffer, selection: Selection, name: str) -> HttpResponse:
    scope = compiled.scope(selection)
    parts, bounds = compiled.shape_book.parts(scope), compiled.shape_book.bounds(scope)
    response = HttpResponse(model_glb(parts, bounds, name=name, font=FONT), content_type=GLB)
    response["Content-Disposition"] = f'attachment; filename="{name}.glb"'
    return response
