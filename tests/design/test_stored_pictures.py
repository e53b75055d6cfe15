"""Pictures of saved designs: drawn once, shared, and without what the customer wrote."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from PIL import Image

from cosmo.lib.clock import real_now
from design import tasks
from design.models import DesignPicture, DesignRevision
from design.selectors.designs import SESSION_DESIGNS
from design.selectors.stored_pictures import picture_key
from design.services.designs import revise_design, save_design
from design.services.forgetting import forget_design
from design.services.pictures import forget_pictures
from tests.factories.documents import OFFER
from tests.factories.production import make_offer

pytestmark = pytest.mark.django_db
LETTERS = {
    "id": "name",
    "kind": "text",
    "text": "engraving",
    "size": ["160", "1", "24"],
    "at": ["20", "-1", "418"],
    "material": "'wood'",
}


def saved(**choices: str) -> DesignRevision:
    return save_design(offer=make_offer(), choices=choices)


def test_a_worker_draws_each_picture_once_and_designs_that_look_alike_share_it(
    client: Client,
) -> None:
    revision = saved(size="large", engraving="For Lea")
    address = f"/d/{revision.design.code}/drawn"
    waiting = client.get(f"{address}/thumbnail.png")
    assert waiting.headers["Content-Type"] == "image/svg+xml"
    assert waiting.headers["Cache-Control"] == "no-store"
    assert b"For Lea" not in waiting.content
    tasks.draw_pictures(revision.pk)
    tasks.draw_pictures(revision.pk)
    assert sorted(DesignPicture.objects.values_list("kind", flat=True)) == ["preview", "thumbnail"]
    other = saved(size="large", engraving="For Ada")
    tasks.draw_pictures(other.pk)
    assert DesignPicture.objects.count() == 2
    png = client.get(f"{address}/thumbnail.png?v=1")
    assert Image.open(BytesIO(png.content)).size == (480, 400)
    assert png.headers["Cache-Control"] == "public, max-age=31536000"
    again = client.get(f"{address}/thumbnail.png", headers={"If-None-Match": png.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{address}/poster.png").status_code == 404


def test_a_link_preview_is_there_when_it_is_asked_for(client: Client) -> None:
    revision = saved()
    page = client.get(f"/d/{revision.design.code}/").content.decode()
    address = f"/d/{revision.design.code}/drawn/preview.png"
    assert page.count('property="og:image"') == 1
    assert f'property="og:image" content="http://testserver{address}?v=' in page
    picture = client.get(address)
    assert Image.open(BytesIO(picture.content)).size == (1200, 630)
    assert DesignPicture.objects.get().kind == "preview"


def test_a_saved_design_can_be_taken_along_as_a_model(client: Client) -> None:
    shape = {**OFFER["shape"], "parts": [*OFFER["shape"]["parts"], LETTERS]}
    offer = make_offer(shape=shape)
    revision = save_design(offer=offer, choices={"size": "large", "engraving": "For Lea"})
    model = client.get(f"/d/{revision.design.code}/model.glb")
    assert model.headers["Content-Type"] == "model/gltf-binary"
    assert f'filename="cosmo-{revision.design.code}.glb"' in model.headers["Content-Disposition"]
    assert model.content[:4] == b"glTF"
    # What the customer wrote is for those who may read it.
    assert b'"image/png"' not in model.content
    session = client.session
    session[SESSION_DESIGNS] = [revision.design.code]
    session.save()
    own = client.get(f"/d/{revision.design.code}/model.glb")
    assert b'"image/png"' in own.content


def test_pictures_nobody_will_ask_for_are_cleared(client: Client) -> None:
    kept, gone = saved(size="large"), saved(size="small", colour="red")
    both = [save_design(offer=kept.offer, choices={"size": "small"}), kept, gone]
    for revision in both:
        tasks.draw_pictures(revision.pk)
    assert DesignPicture.objects.count() == 6
    assert forget_pictures() == 0  # drawn today
    DesignPicture.objects.update(created_at=real_now() - timedelta(days=2))
    assert forget_pictures() == 0
    revise_design(design_id=gone.design_id, offer=gone.offer, choices={"size": "large"})
    assert forget_design(design_id=both[0].design_id)
    assert forget_pictures() == 4
    look = picture_key(kept, "preview").look_hash
    assert set(DesignPicture.objects.values_list("look_hash", flat=True)) == {look}
    DesignPicture.objects.filter(kind="preview").update(version=0)
    assert forget_pictures() == 1
    assert forget_pictures() == 0
