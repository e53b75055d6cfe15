"""What was promised to whom."""

from orders.models.cart import Cart, CartLine
from orders.models.order import Order, OrderLine, Unit, UnitIdentifier
from orders.models.payment import Payment, SimulatedCharge

__all__ = [
    "Cart",
    "CartLine",
    "Order",
    "OrderLine",
    "Payment",
    "SimulatedCharge",
    "Unit",
    "UnitIdentifier",
]
