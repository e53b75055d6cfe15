"""Lines that execute work orders: one folder a way to talk to them."""
