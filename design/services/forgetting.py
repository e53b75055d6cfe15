"""A design goes from its owner: with its rows where nobody else needs them, else without a name."""

from django.db import transaction
from django.db.models import ProtectedError

from design.models import Design, DesignRevision


@transaction.atomic
def forget_design(*, design_id: int) -> bool:
    """Whether its rows are gone. What was ordered, shown, collected for, lies in a cart or was
    started from stays, with neither name nor owner. Safe to repeat.
    """
    design = Design.objects.select_for_update().filter(pk=design_id).first()
    if design is None:
        return True
    design.name, design.owner = "", None
    design.save(update_fields=["name", "owner"])
    revisions = DesignRevision.objects.filter(design=design)
    revisions.update(name="")
    if Design.objects.filter(forked_from__design=design).exists():
        return False
    try:
        with transaction.atomic():
            revisions.delete()
            design.delete()
    except ProtectedError:
        return False
    return True
