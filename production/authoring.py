"""How products are made, for the authors of their documents: answers design's engineering port."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cosmo.lib.errors import Conflict
from cosmo.lib.expressions import DocumentError
from cosmo.lib.ports import FolderDocuments, FolderLook
from design.models import Offer
from production.folder import look_at_product_folder
from production.models import Engineering, Plant
from production.services.engineering import publish_engineering


class PlantEngineering:
    """The engineering desk of the plants in the database."""

    def look_at_folder(self, *, folder: Path, organisation_id: int) -> FolderLook:
        known = Plant.objects.filter(organisation=organisation_id).values_list("code", "document")
        look = look_at_product_folder(folder, known_plants=dict(known))
        read = look.folder
        usable = FolderDocuments(read.offer, read.engineering, read.texts) if read else None
        return FolderLook(usable, look.problems)

    def current_document(self, *, offer_id: int) -> Mapping[str, Any] | None:
        current = Engineering.objects.filter(offer=offer_id, is_current=True).order_by("pk").last()
        return current.document if current else None

    def publish(self, *, offer_id: int, document: Mapping[str, Any]) -> None:
        offer = Offer.objects.select_related("product").get(pk=offer_id)
        plant = Plant.objects.filter(
            organisation=offer.product.organisation_id, code=document["plant"]
        ).first()
        if plant is None:
            raise Conflict(
                "unknown_plant",
                f"There is no plant {document['plant']!r}. Load it, or name another one in "
                "engineering.yaml.",
                plant=document["plant"],
            )
        try:
            publish_engineering(offer=offer, plant=plant, document=document)
        except DocumentError as error:  # the plant changed since the document was checked
            raise Conflict("engineering_does_not_fit", f"engineering.yaml: {error}") from error
