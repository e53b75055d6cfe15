"""What making one unit takes, pure: the 150 % documents in, one unit's components and steps out.

    plant = PlantBook.from_document(plant_document)
    book = EngineeringBook.from_document(
        engineering_document,
        offer_features=offer_document["features"],
        plant=plant,
        is_possible=engine.is_valid,
    )                                   # DocumentError with every fault
    book.bom(scope)                     # (BomLine(component, quantity, unit), ...)
    for plan in book.operations(scope): # OperationPlan, each after those it waits for
        centre = plant.work_centres[plan.work_centre]
        for resource in centre.eligible(plan.resources):
            resource.duration_min(plan.duration_min), resource.lanes
        centre.set_up.worst_into(plan.set_up_family)

``plant.calendars[centre.calendar]`` and ``plant.carrier`` are what production.scheduling takes.
Expressions that give no usable value raise ``Invalid`` with a sentence.
"""

from production.engineering.book import BomLine, EngineeringBook, OperationPlan
from production.engineering.plant import Line, PlantBook, Resource, SetUpTimes, WorkCentre

__all__ = [
    "BomLine",
    "EngineeringBook",
    "Line",
    "OperationPlan",
    "PlantBook",
    "Resource",
    "SetUpTimes",
    "WorkCentre",
]
