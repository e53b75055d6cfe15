"""What was promised to whom."""

from orders.models.after import AddressChange, Complaint
from orders.models.campaign import Campaign, Pledge, SimulatedAuthorisation
from orders.models.cart import Cart, CartLine
from orders.models.change import ChangeOrder
from orders.models.order import Order, OrderLine, Unit, UnitIdentifier
from orders.models.payment import Payment, Refund, SimulatedCharge, SimulatedRefund

__all__ = [
    "AddressChange",
    "Campaign",
    "Cart",
    "CartLine",
    "ChangeOrder",
    "Complaint",
    "Order",
    "OrderLine",
    "Payment",
    "Pledge",
    "Refund",
    "SimulatedAuthorisation",
    "SimulatedCharge",
    "SimulatedRefund",
    "Unit",
    "UnitIdentifier",
]
