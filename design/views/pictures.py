"""Pictures and models of designs: what lists, other sites and 3D programs show of them."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from design import signals
from design.compile import CompiledOffer, compiled_offer, selection_from_json
from design.models import DesignRevision, Offer, TextBundle
from design.rules import Selection
from design.selectors.catalogue import access_product
from design.selectors.configured import configure
from design.selectors.design_access import reader_of
from design.selectors.designs import revision_by_code
from design.selectors.pictures import elevation
from design.selectors.public_view import public_selection
from design.selectors.stored_pictures import SIZES, PictureKey, picture_key, stored_picture
from design.selectors.studio_state import read_state
from design.selectors.texts import texts_in
from design.services.pictures import FONT, draw_picture
from design.shape import model_glb

GLB = "model/gltf-binary"
HOUR, YEAR = 3600, 31_536_000


@require_safe
def studio_model(request: HttpRequest, slug: str) -> HttpResponse:
    """What the studio shows at the same address, as a file for 3D programs."""
    offer = access_product(slug).published_offer
    assert isinstance(offer, Offer)  # noqa: S101 - access_product finds published ones only
    compiled = compiled_offer(offer)
    state = read_state(compiled, request.GET)
    selection = configure(compiled, state.choices, prefer=state.prefer).selection
    return _model(compiled, selection, slug)


@require_safe
def design_model(request: HttpRequest, code: str) -> HttpResponse:
    """A saved design as a file for 3D programs; with its words for those who may read them."""
    revision = revision_by_code(code)
    compiled = compiled_offer(revision.offer)
    selection: Selection = selection_from_json(revision.selection)
    if not reader_of(request).may_read(revision.design):
        selection = public_selection(compiled, selection)
    return _model(compiled, selection, f"cosmo-{code}")


def _model(compiled: CompiledOffer, selection: Selection, name: str) -> HttpResponse:
    scope = compiled.scope(selection)
    parts, bounds = compiled.shape_book.parts(scope), compiled.shape_book.bounds(scope)
    content = model_glb(parts, bounds, name=name, font=FONT)
    response = HttpResponse(content, content_type=GLB)
    response["Content-Disposition"] = f'attachment; filename="{name}.glb"'
    return response


@require_safe
def design_picture(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """A thumbnail or link preview of a saved design, without what the customer wrote.

    A thumbnail that is not drawn yet is the elevation until a worker has drawn it; whoever makes a
    link preview asks once and reads no SVG, so that one is drawn now.
    """
    if kind not in SIZES:
        raise Http404
    revision = revision_by_code(code)
    key = picture_key(revision, kind)
    if request.headers.get("If-None-Match") == key.etag:
        return _kept(request, HttpResponseNotModified(), key)
    png = stored_picture(key)
    if png is None and kind == "thumbnail":
        signals.picture_wanted.send(None, revision_id=revision.pk)
        return _elevation(revision)
    png = png or draw_picture(revision=revision, key=key)
    return _kept(request, HttpResponse(png, content_type="image/png"), key)


def _kept(request: HttpRequest, response: HttpResponse, key: PictureKey) -> HttpResponse:
    """An address that names what it shows (``?v=``) never changes."""
    age = YEAR if request.GET.get("v") else HOUR
    response["Cache-Control"] = f"public, max-age={age}"
    response["ETag"] = key.etag
    return response


def _elevation(revision: DesignRevision) -> HttpResponse:
    compiled = compiled_offer(revision.offer)
    bundle = revision.design.product.published_texts
    assert isinstance(bundle, TextBundle)  # noqa: S101 - a saved design's product has texts
    shown = public_selection(compiled, selection_from_json(revision.selection))
    svg = elevation(compiled, texts_in(bundle, get_language() or "en"), shown)
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Cache-Control"] = "no-store"
    return response
