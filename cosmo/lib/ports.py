"""What an upstream room needs to know from downstream, and the loader of who answers.

Settings hold dotted paths, the way Django loads cache back ends; upstream never imports downstream.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from cosmo.lib.documents import Document, PlacedProblem

SelectionLike = Mapping[str, str | int | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PlantChoice:
    """When one of the plants that make a design could deliver it. The price is the same at all.

    Attributes:
        names: Language code to name.
        travel_days: Working days from the plant to the customer.
    """

    code: str
    names: Mapping[str, str]
    date: date
    travel_days: int
    is_earliest: bool
    is_nearest: bool

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.names.get(get_language() or "en") or self.names.get("en") or self.code


@dataclass(frozen=True, slots=True)
class Promise:
    """When a design could be at the customer.

    Attributes:
        date: Day of delivery at the customer.
        leaves_at: Plant time at which the last operation ends.
        plant: Code of the plant that would make it.
        time_factor: Plant seconds per real second there; above 1 in a demonstration.
        change_until: Plant time before which nothing begins, whatever a plan moves: until then its
            customer may change or cancel what is ordered now; None where nothing was said.
        lasts_until: Real time until which capacity is kept; None for an inquiry.
        waits_for: Codes of components that put the day off; mostly none.
        plants: Every plant that could make it, the earliest first; of an inquiry.
    """

    date: date
    leaves_at: datetime
    plant: str
    time_factor: float = 1.0
    change_until: datetime | None = None
    lasts_until: datetime | None = None
    waits_for: tuple[str, ...] = ()
    plants: tuple[PlantChoice, ...] = ()


class Inquiry(Protocol):
    """Any number of questions about one offer, answered from one reading of what is free: without
    keeping anything, without a lock, and without a statement more."""

    def promise(self, selection: SelectionLike, *, quantity: int = 1) -> Promise:
        """The earliest day all units could be delivered.

        Raises:
            DomainError: ``no_plant`` (nobody makes this offer), ``no_capacity`` (horizon full).
        """
        ...

    def days(
        self, selections: Sequence[SelectionLike], *, quantity: int = 1
    ) -> Sequence[date | None]:
        """The day ``promise`` would say of each selection, None where it would refuse."""
        ...


class PromiseSource(Protocol):
    """The factory's word. All dates are the plant's local days."""

    def inquiry(self, *, offer_id: int) -> Inquiry:
        """Ask about designs of an offer, as things are now."""
        ...

    def inquire(self, *, offer_id: int, selection: SelectionLike, quantity: int = 1) -> Promise:
        """See ``Inquiry.promise``: one question alone."""
        ...

    def inquire_again(self, *, unit_id: int, selection: SelectionLike) -> Promise:
        """When a confirmed unit could be there, were it made to ``selection`` instead. What it has
        booked stays taken, so ``replan`` says this day or an earlier one.

        Raises:
            DomainError: as ``Inquiry.promise``.
        """
        ...

    def hold(self, *, order_id: int, lasts: timedelta) -> Mapping[int, Promise]:
        """Keep capacity for every unit of the order; replaces an earlier hold of the order.

        Returns the promise of each order line by its id. Call inside a transaction.
        """
        ...

    def is_held(self, *, order_id: int) -> bool:
        """Whether the order's hold stands and has not expired."""
        ...

    def confirm(self, *, order_id: int) -> None:
        """Turn the hold into work orders and confirmed bookings. Call inside a transaction.

        Raises:
            DomainError: ``hold_expired``.
        """
        ...

    def release(self, *, order_id: int) -> None:
        """Give back what is kept for the order; nothing kept is no error."""
        ...

    def withdraw(self, *, unit_ids: Sequence[int], even_if_begun: bool) -> None:
        """These confirmed units are not made after all; their capacity is free again.

        Call inside a transaction, with the order's row locked.

        Args:
            even_if_begun: What was begun is given up too.

        Raises:
            DomainError: ``already_in_production``, ``already_made``.
        """
        ...

    def replan(self, *, unit_id: int) -> Promise:
        """Make a confirmed unit to what its order line says now, at the earliest room there is.

        Call inside a transaction, with the order's row locked.

        Raises:
            DomainError: ``already_in_production``, ``no_plant``, ``no_capacity``.
        """
        ...


@dataclass(frozen=True, slots=True)
class FreezePoint:
    """An operation of a unit after which some features are fixed.

    Attributes:
        operation: Its code; its name is in the product's texts.
        begins_at: Plant time it is planned to begin, or began; None while it has no slot.
        not_before: Plant time still to come before which nothing of the unit begins, as its
            customer was told.
        time_zone: The plant's.
        has_begun: From then on the features are fixed.
        is_work_begun: Something of the unit has: nothing of it is changed or cancelled any more. A
            line may say so of the whole job alone, and of none of its operations.
        is_overdue: It should have begun; when it will nobody knows.
    """

    operation: str
    features: tuple[str, ...]
    begins_at: datetime | None
    time_zone: str
    has_begun: bool
    is_work_begun: bool
    not_before: datetime | None = None
    is_overdue: bool = False


class FreezePoints(Protocol):
    """What of an ordered unit may still change."""

    def freeze_plan(self, *, unit_id: int) -> Sequence[FreezePoint]:
        """The operations of the unit in their order, also those that fix nothing.

        Empty for a unit that is not being made: not confirmed yet, cancelled or over.
        """
        ...

    def frozen_features(self, *, unit_id: int) -> frozenset[str]:
        """Features whose freeze point the unit has passed."""
        ...


class ParcelDesk(Protocol):
    """Which units of an order have left, and which have arrived."""

    def hold_parcels(self, *, order_id: int) -> frozenset[int]:
        """Units of the order that have left; no other leaves before this transaction ends.

        Call inside a transaction, with the order's row locked.
        """
        ...

    def sent_units(self, *, order_ids: Sequence[int]) -> frozenset[int]:
        """Units that have left. One statement."""
        ...

    def arrived_units(self, *, order_ids: Sequence[int]) -> frozenset[int]:
        """Units that are with the customer. One statement."""
        ...

    def forget_addresses(self, *, order_ids: Sequence[int]) -> None:
        """Where parcels that have arrived went is forgotten. Safe to repeat."""
        ...


@dataclass(frozen=True, slots=True)
class FolderDocuments:
    """A product folder: what is sold, in which words, and how it is made."""

    offer: Document
    engineering: Document
    texts: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class FolderLook:
    """What looking at a product folder came to.

    Attributes:
        documents: None where one of them cannot be used at all; missing words and failing tests
            are problems, but no hindrance to looking further.
    """

    documents: FolderDocuments | None
    problems: tuple[PlacedProblem, ...]


class EngineeringDesk(Protocol):
    """How products are made, for whoever writes the documents of one."""

    def look_at_folder(self, *, folder: Path, organisation_id: int) -> FolderLook:
        """Read and check a whole product folder: every fault found, each with file and line.

        Args:
            organisation_id: Whose plants are known beside those in the folder.
        """
        ...

    def current_document(self, *, offer_id: int) -> Mapping[str, Any] | None:
        """How the offer is made now; None when nobody makes it."""
        ...

    def publish(self, *, offer_id: int, document: Mapping[str, Any]) -> None:
        """Make the document the current one of the offer. Call inside a transaction.

        Raises:
            DomainError: it does not fit the plant or the offer.
        """
        ...


@cache
def _load(path: str) -> object:
    return import_string(path)()


def promise_source() -> PromiseSource:
    return cast(PromiseSource, _load(settings.COSMO_PROMISE_SOURCE))


def freeze_points() -> FreezePoints:
    return cast(FreezePoints, _load(settings.COSMO_FREEZE_POINTS))


def parcel_desk() -> ParcelDesk:
    return cast(ParcelDesk, _load(settings.COSMO_PARCEL_DESK))


def engineering_desk() -> EngineeringDesk:
    return cast(EngineeringDesk, _load(settings.COSMO_ENGINEERING_DESK))


__all__: Sequence[str] = (
    "EngineeringDesk",
    "FolderDocuments",
    "FolderLook",
    "FreezePoint",
    "FreezePoints",
    "ParcelDesk",
    "PlantChoice",
    "Promise",
    "PromiseSource",
    "engineering_desk",
    "freeze_points",
    "parcel_desk",
    "promise_source",
)
