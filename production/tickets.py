"""Short-lived signed tickets for live sockets: the page proves once, over HTTP, who may listen.

The live process needs neither session nor database for that.
"""

from uuid import UUID

from django.core import signing

SALT = "production.live"
LASTS_S = 60


def unit_group(public_id: UUID) -> str:
    """The channel group that hears of one unit."""
    return f"unit.{public_id}"


def plant_group(code: str) -> str:
    """The channel group that hears of every unit of a plant."""
    return f"plant.{code}"


def issue_ticket(group: str) -> str:
    """Call only after the permission to see what ``group`` is about was checked."""
    return signing.dumps({"group": group}, salt=SALT)


def group_of(ticket: str) -> str:
    """The group a ticket opens; empty when it is forged, foreign or older than a minute."""
    try:
        content = signing.loads(ticket, salt=SALT, max_age=LASTS_S)
    except signing.BadSignature:
        return ""
    return str(content.get("group", "")) if isinstance(content, dict) else ""
