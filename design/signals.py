"""What design announces: ids only, after commit. A wake-up call, never the record."""

from django.dispatch import Signal

check_asked = Signal()  # check_id
picture_wanted = Signal()  # revision_id
