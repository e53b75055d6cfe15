"""Components: kept with a hold, reserved for a sold unit, issued when its first operation begins.

Everything runs in the caller's transaction or one of its own, under the plant's lock, and changes
stock by conditional updates only (``ledger.py``); locks of stock come after all others.
"""

from production.services.materials.claims import confirm, hold, issue, release, reserve
from production.services.materials.loading import load_materials, load_materials_folder
from production.services.materials.purchasing import (
    accept_proposal,
    cancel_purchase,
    order_component,
    postpone_purchase,
    receive,
)
from production.services.materials.settling import settle, settle_short_plants
from production.services.materials.stocktaking import adjust, scrap

__all__ = [
    "accept_proposal",
    "adjust",
    "cancel_purchase",
    "confirm",
    "hold",
    "issue",
    "load_materials",
    "load_materials_folder",
    "order_component",
    "postpone_purchase",
    "receive",
    "release",
    "reserve",
    "scrap",
    "settle",
    "settle_short_plants",
]
