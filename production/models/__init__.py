"""How, when and where it is made, and that it was."""

from production.models.booking import Booking, FreedBooking, HeldUnit, Hold
from production.models.delivery import Shipment
from production.models.dispatch import LineReport
from production.models.engineering import Engineering
from production.models.events import UnitEvent
from production.models.material import (
    Component,
    PurchaseOrder,
    PurchaseProposal,
    Reservation,
    Stock,
    StockMove,
)
from production.models.plant import Line, Plant, Resource, ResourceLane, WorkCentre
from production.models.quality import Inspection
from production.models.recall import Recall
from production.models.replanning import Downtime, HandReport, PlanEvent
from production.models.schedule import ScheduleRun
from production.models.slip import Slip, SlipWord
from production.models.work_order import Operation, WorkOrder

__all__ = [
    "Booking",
    "Component",
    "Downtime",
    "Engineering",
    "FreedBooking",
    "HandReport",
    "HeldUnit",
    "Hold",
    "Inspection",
    "Line",
    "LineReport",
    "Operation",
    "PlanEvent",
    "Plant",
    "PurchaseOrder",
    "PurchaseProposal",
    "Recall",
    "Reservation",
    "Resource",
    "ResourceLane",
    "ScheduleRun",
    "Shipment",
    "Slip",
    "SlipWord",
    "Stock",
    "StockMove",
    "UnitEvent",
    "WorkCentre",
    "WorkOrder",
]
