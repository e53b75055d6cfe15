"""From an engineering document to its entries; finds every fault of meaning, not only the first."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cosmo.lib.errors import Invalid
from cosmo.lib.expressions import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Environment,
    ExpressionError,
    Reading,
    Scope,
    suggestion,
)
from production.engineering.combinations import (
    Choices,
    OfferFeature,
    choices_of,
    environment_of,
    read_features,
    scopes_of,
    sentence_of,
)
from production.engineering.entries import BomEntry, RoutingEntry
from production.engineering.plant import PlantBook, WorkCentre
from production.scheduling.problem import topological_order

Document = Mapping[str, Any]
Path = tuple[str | int, ...]
IsPossible = Callable[[Choices], bool]


def read_engineering(
    document: Document,
    offer_features: Sequence[Document] | None,
    plant: PlantBook | None,
    is_possible: IsPossible | None,
) -> tuple[tuple[BomEntry, ...], tuple[RoutingEntry, ...]]:
    reading = Reading()
    features = None if offer_features is None else read_features(offer_features)
    environment = None if features is None else environment_of(features)
    bom = [
        _read_bom(reading, entry, ("bom", index), environment)
        for index, entry in enumerate(document["bom"])
    ]
    reading.unique_ids(("routing",), document["routing"], "Operation")
    routing = [
        _read_operation(reading, entry, ("routing", index), environment)
        for index, entry in enumerate(document["routing"])
    ]
    _check_after(reading, document["routing"])
    if plant is not None:
        _check_plant(reading, document, plant)
    reading.finish()
    bom_entries = tuple(entry for entry in bom if entry is not None)
    routing_entries = tuple(entry for entry in routing if entry is not None)
    if features is not None:
        trial = _Trial(reading, features, is_possible or (lambda choices: True))
        trial.run(bom_entries, routing_entries, plant)
    reading.finish()
    return bom_entries, routing_entries


def _read_bom(
    reading: Reading, entry: Document, path: Path, environment: Environment | None
) -> BomEntry | None:
    when = _condition(reading, entry, path, environment)
    quantity = reading.expression((*path, "quantity"), entry["quantity"], environment, NUMBER)
    if quantity is None:
        return None
    substitutes = tuple(entry.get("substitutes", ()))
    if entry["component"] in substitutes:
        sentence = f"Component '{entry['component']}' is no substitute for itself; take it out."
        reading.note((*path, "substitutes"), "own_substitute", sentence)
    return BomEntry(entry["component"], when, quantity, entry["unit"], substitutes)


def _read_operation(
    reading: Reading, entry: Document, path: Path, environment: Environment | None
) -> RoutingEntry | None:
    when = _condition(reading, entry, path, environment)
    duration = reading.expression(
        (*path, "duration_min"), entry["duration_min"], environment, NUMBER
    )
    family = None
    if "set_up_family" in entry:
        family = reading.expression(
            (*path, "set_up_family"), entry["set_up_family"], environment, TEXT
        )
    if environment is not None:
        for index, feature in enumerate(entry.get("freezes", ())):
            if feature not in environment:
                sentence = f"There is no feature '{feature}'.{suggestion(feature, environment)}"
                reading.note((*path, "freezes", index), "unknown_feature", sentence)
    if duration is None:
        return None
    return RoutingEntry(
        id=entry["id"],
        work_centre=entry["work_centre"],
        when=when,
        duration=duration,
        resources=tuple(entry["resources"]) if "resources" in entry else None,
        set_up_family=family,
        after=tuple(entry["after"]) if entry.get("after") is not None else None,
        freezes=tuple(entry.get("freezes", ())),
        kind=entry.get("kind", "make"),
    )


def _condition(
    reading: Reading, entry: Document, path: Path, environment: Environment | None
) -> Any:
    if "when" not in entry:
        return None
    return reading.expression((*path, "when"), entry["when"], environment, BOOLEAN)


def _check_after(reading: Reading, routing: Sequence[Document]) -> None:
    """Unknown ids, and cycles whatever operations a unit leaves out."""
    position = {entry["id"]: number for number, entry in enumerate(routing)}
    edges: list[list[int]] = []
    for index, entry in enumerate(routing):
        if entry.get("after") is None:
            edges.append(_default_edges(routing, index))
            continue
        edges.append([])
        for place, name in enumerate(entry["after"]):
            if name in position:
                edges[index].append(position[name])
            else:
                sentence = f"There is no operation '{name}'.{suggestion(name, position)}"
                reading.note(("routing", index, "after", place), "unknown_operation", sentence)
    stuck = sorted(set(range(len(edges))) - set(topological_order(edges)))
    if stuck and len(position) == len(routing):
        names = ", ".join(f"'{routing[number]['id']}'" for number in stuck[:6])
        sentence = f"Operations {names} wait for each other; take one out of `after`."
        reading.note(("routing", stuck[0], "after"), "operation_cycle", sentence)


def _default_edges(routing: Sequence[Document], index: int) -> list[int]:
    """Every earlier entry that can be the nearest one a unit has."""
    edges = []
    for earlier in range(index - 1, -1, -1):
        edges.append(earlier)
        if "when" not in routing[earlier]:
            break
    return edges


def _check_plant(reading: Reading, document: Document, plant: PlantBook) -> None:
    if document["plant"] != plant.code:
        sentence = f"This engineering is for plant '{document['plant']}', not '{plant.code}'."
        reading.note(("plant",), "wrong_plant", sentence)
        return
    for index, entry in enumerate(document["routing"]):
        path: Path = ("routing", index)
        centre = plant.work_centres.get(entry["work_centre"])
        if centre is None:
            sentence = (
                f"Plant '{plant.code}' has no work centre '{entry['work_centre']}'."
                f"{suggestion(entry['work_centre'], plant.work_centres)}"
            )
            reading.note((*path, "work_centre"), "unknown_work_centre", sentence)
        elif centre.is_crew:
            sentence = (
                f"'{centre.id}' is a crew, which makes nothing by itself. Name the work centre it "
                "works at."
            )
            reading.note((*path, "work_centre"), "crew_cannot_make", sentence)
        else:
            _check_resources(reading, entry, path, centre)
    centres = {entry["work_centre"] for entry in document["routing"]}
    if centres <= set(plant.work_centres) and plant.line_of(centres) is None:
        sentence = (
            f"No line of plant '{plant.code}' has all work centres of this routing: "
            f"{', '.join(sorted(centres))}."
        )
        reading.note(("routing",), "no_line", sentence)


def _check_resources(reading: Reading, entry: Document, path: Path, centre: WorkCentre) -> None:
    known = [resource.id for resource in centre.resources]
    for place, name in enumerate(entry.get("resources", ())):
        if name not in known:
            sentence = (
                f"Work centre '{centre.id}' has no resource '{name}'.{suggestion(name, known)}"
            )
            reading.note((*path, "resources", place), "unknown_resource", sentence)


class _Trial:
    """Evaluates every expression with the choices it can meet; one fault an expression."""

    def __init__(
        self, reading: Reading, features: Mapping[str, OfferFeature], is_possible: IsPossible
    ) -> None:
        self._reading = reading
        self._features = features
        self._is_possible = is_possible

    def run(
        self,
        bom_entries: Sequence[BomEntry],
        routing: Sequence[RoutingEntry],
        plant: PlantBook | None,
    ) -> None:
        for index, line in enumerate(bom_entries):
            names = line.quantity.names | (line.when.names if line.when else frozenset())
            self._try(("bom", index, "quantity"), names, line.quantity_in)
        for index, entry in enumerate(routing):
            self._try_operation(("routing", index), entry, plant)

    def _try_operation(self, path: Path, entry: RoutingEntry, plant: PlantBook | None) -> None:
        expressions = (entry.when, entry.duration, entry.set_up_family)
        names = frozenset().union(*(one.names for one in expressions if one is not None))

        def work_out(scope: Scope) -> None:
            if entry.exists_in(scope):
                family = entry.family_in(scope)
                minutes = entry.duration_in(scope)
                if plant is not None:
                    check_fit(entry, minutes, family, plant)

        self._try((*path, "duration_min"), names, work_out)

    def _try(self, path: Path, names: frozenset[str], work_out: Callable[[Scope], object]) -> None:
        for scope in scopes_of(names, self._features):
            try:
                work_out(scope)
            except (ExpressionError, Invalid) as fault:
                if self._is_possible(choices_of(scope)):
                    met = f" Met with {sentence_of(scope)}." if scope else ""
                    self._reading.note(path, fault.code, f"{fault}{met}")
                    return


def check_fit(entry: RoutingEntry, minutes: int, family: str | None, plant: PlantBook) -> None:
    """The run and the worst set-up fit an open window of some resource.

    Raises:
        Invalid: they fit none (``operation_too_long``).
    """
    centre = plant.work_centres[entry.work_centre]
    longest = plant.longest_window_min(centre.id)
    set_up = centre.set_up.worst_into(family)
    needed = min(set_up + one.duration_min(minutes) for one in centre.eligible(entry.resources))
    if needed > longest:
        raise Invalid(
            "operation_too_long",
            f"Operation {entry.id} takes {needed} min with its worst set-up of {set_up} min; the "
            f"longest open window of work centre {centre.id} has {longest} min. Shorten it or "
            "lengthen a shift.",
        )
