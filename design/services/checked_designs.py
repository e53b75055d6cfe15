"""Trying a draft on saved designs, batch by batch."""

from dataclasses import dataclass
from typing import Any

from design.compile import CompiledOffer, choices_from_json, compiled_offer, selection_from_json
from design.models import DesignEffect, DesignRevision, DraftCheck
from design.selectors.authored_designs import count_designs, designs_after
from design.selectors.effects import Effect, effect_on, fits

BATCH = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """What trying some designs came to; nothing is stored before ``store``."""

    cursor: int
    counts: dict[str, Any]
    effects: tuple[DesignEffect, ...]

    def store(self) -> None:
        DesignEffect.objects.bulk_create(self.effects, ignore_conflicts=True)


def try_batch(check: DraftCheck, new: CompiledOffer) -> Batch | None:
    """The next designs after the cursor; None when there are none left."""
    assert check.live is not None  # noqa: S101 - a new product has no designs
    product_id = check.live.product_id
    revisions = designs_after(product_id, check.cursor, BATCH)
    if not revisions:
        return None
    live = compiled_offer(check.live.offer)
    counts = {"total": 0, "unchanged": 0, "price": 0, "repair": 0, **check.designs}
    counts["total"] = counts["total"] or count_designs(product_id)
    effects = []
    for revision in revisions:
        effect = _effect(revision, live, new)
        if effect.is_unchanged:
            counts["unchanged"] += 1
            continue
        row = _row(check, revision, effect)
        counts[row.kind] += 1
        effects.append(row)
    return Batch(revisions[-1].design_id, counts, tuple(effects))


def _effect(revision: DesignRevision, live: CompiledOffer, new: CompiledOffer) -> Effect:
    """Against the published offer where the design is one of its own, else against its old one."""
    selection = selection_from_json(revision.selection)
    before = live if fits(live, selection) else compiled_offer(revision.offer)
    choices = choices_from_json(revision.choices)
    return effect_on(new, before, choices=choices, selection=selection)


def _row(check: DraftCheck, revision: DesignRevision, effect: Effect) -> DesignEffect:
    kinds = DesignEffect.Kind
    return DesignEffect(
        draft_check=check,
        revision=revision,
        kind=(kinds.NEEDS_REPAIR if effect.repair else kinds.PRICE_MOVED).value,
        old_total=effect.old_total,
        new_total=effect.new_total,
        repair=[list(change) for change in effect.repair],
        rules=list(effect.rules),
    )
