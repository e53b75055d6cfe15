"""Background work of production: an id in, one service call, safe to run twice."""

from production.tasks import dispatch, materials, parcels, planning, reports, slips

__all__ = ["dispatch", "materials", "parcels", "planning", "reports", "slips"]
