"""Loading a plant's document into rows: work centres, resources, lanes, lines. Never deletes."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from cosmo.accounts.models import Organisation
from cosmo.lib.clock import real_now
from cosmo.lib.documents import content_hash
from cosmo.lib.errors import Conflict
from cosmo.lib.expressions import DocumentError
from production.engineering import EngineeringBook, PlantBook
from production.locks import plant_lock
from production.models import Booking, Engineering, Line, Plant, Resource, ResourceLane, WorkCentre
from production.services.plan_events import mark_plan_wanted

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class LoadedPlant:
    """What loading a plant document came to."""

    plant: Plant
    is_new: bool
    is_changed: bool


@transaction.atomic
def load_plant(*, organisation: Organisation, document: Mapping[str, Any]) -> LoadedPlant:
    """Create the plant or bring it up to its document; the same document again changes nothing.

    Lanes that the document no longer has are retired, not deleted: their history stays. Keys of
    lines and the plant's clock stay as they are.

    Raises:
        DomainError: the plant belongs to another organisation (``plant_taken``), or a resource
            moved to another line while work is booked there (``line_moved``), or engineering in
            use no longer fits (``engineering_unfit``).
        DocumentError: the document has faults of meaning.
    """
    book = PlantBook.from_document(document)
    digest = content_hash(document)
    plant, is_new = _plant_row(organisation, document, digest)
    if not is_new:
        plant_lock(plant.pk)
        plant.refresh_from_db()
        if plant.organisation_id != organisation.pk:
            raise Conflict(
                "plant_taken",
                f"Plant {plant.code} belongs to another organisation. Choose another code.",
                plant=plant.code,
            )
        if plant.content_hash == digest:
            return LoadedPlant(plant, is_new=False, is_changed=False)
        _check_engineerings(plant, book)
        plant.document, plant.content_hash = dict(document), digest
        plant.time_zone = str(document["time_zone"])
        plant.booking_seq += 1  # whoever holds an index of gaps reads the calendar anew
        plant.save(update_fields=["document", "content_hash", "time_zone", "booking_seq"])
    lines = _load_lines(plant, book)
    _load_resources(plant, book, lines)
    if not is_new:
        mark_plan_wanted(plant.pk, "plant document loaded")
    return LoadedPlant(plant, is_new=is_new, is_changed=True)


def _plant_row(
    organisation: Organisation, document: Mapping[str, Any], digest: str
) -> tuple[Plant, bool]:
    now = real_now()
    return Plant.objects.get_or_create(
        code=document["code"],
        defaults={
            "organisation": organisation,
            "document": dict(document),
            "content_hash": digest,
            "time_zone": document["time_zone"],
            "clock_origin_plant": now,
            "clock_origin_real": now,
            "clock_factor": settings.COSMO_CLOCK_FACTOR,
            "clock_seen_real": now,
        },
    )


def _check_engineerings(plant: Plant, book: PlantBook) -> None:
    current = Engineering.objects.filter(plant=plant, is_current=True)
    for engineering in current.select_related("offer__product"):
        try:
            EngineeringBook.from_document(engineering.document, plant=book)
        except DocumentError as error:
            raise Conflict(
                "engineering_unfit",
                f"How {engineering.offer.product.slug} is made no longer fits plant {plant.code}: "
                f"{error.problems[0].sentence} Publish its engineering anew or keep that part.",
            ) from error


def _load_lines(plant: Plant, book: PlantBook) -> dict[str, Line]:
    """Lines by work centre. A line that left the document keeps its row and its key."""
    by_centre = {}
    for entry in book.lines:
        line, _ = Line.objects.update_or_create(
            plant=plant,
            code=entry.code,
            defaults={"connector": entry.connector},
            create_defaults={"connector": entry.connector, "key": new_line_key()},
        )
        by_centre.update(dict.fromkeys(entry.work_centres, line))
    return by_centre


def _load_resources(plant: Plant, book: PlantBook, lines: Mapping[str, Line]) -> None:
    in_use: list[int] = []
    for position, entry in enumerate(book.work_centres.values()):
        centre, _ = WorkCentre.objects.update_or_create(
            plant=plant, code=entry.id, defaults={"position": position}
        )
        for place, machine in enumerate(entry.resources):
            resource = _load_resource(
                centre, machine.id, place, machine.speed_percent, lines[entry.id]
            )
            in_use += _load_lanes(plant, resource, machine.lanes)
    ResourceLane.objects.filter(plant=plant).exclude(pk__in=in_use).update(is_retired=True)


def _load_resource(
    centre: WorkCentre, code: str, position: int, speed_percent: int, line: Line
) -> Resource:
    known = Resource.objects.filter(work_centre=centre, code=code).first()
    if known is not None and known.line_id != line.pk and _has_open_work(known):
        raise Conflict(
            "line_moved",
            f"Resource {code} has booked work and cannot move to line {line.code}. "
            "Load the plant again when that work is done.",
            resource=code,
        )
    resource, _ = Resource.objects.update_or_create(
        work_centre=centre,
        code=code,
        defaults={"position": position, "speed_percent": speed_percent, "line": line},
    )
    return resource


def _has_open_work(resource: Resource) -> bool:
    return (
        Booking.objects.filter(lane__resource=resource).exclude(operation__status="done").exists()
    )


def _load_lanes(plant: Plant, resource: Resource, count: int) -> list[int]:
    return [
        ResourceLane.objects.update_or_create(
            resource=resource, number=number, defaults={"plant": plant, "is_retired": False}
        )[0].pk
        for number in range(1, count + 1)
    ]


def new_line_key() -> str:
    """A shared secret in the form of Standard Webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"
