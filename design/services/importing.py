"""Designs from files: each row once, however often its file is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from cosmo.lib.errors import NotFound
from design.compile import choices_to_json, compiled_offer
from design.importing import ColumnMapping, Importer, Outcome, Row, Table, changes_to_json
from design.models import Design, DesignRevision, ImportedDesign, Offer, Product
from design.rules import selection_hash

BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """What one row came to.

    Attributes:
        code: Of the design's short link; empty if the row was refused.
        is_new: Whether this import made the design.
    """

    row: Row
    outcome: Outcome
    code: str
    is_new: bool


def product_to_import(slug: str) -> Product:
    """The published product designs are imported for.

    Raises:
        DomainError: there is none (``unknown_product``).
    """
    published = Product.objects.select_related("published_offer", "published_texts")
    product = published.filter(slug=slug, published_offer__isnull=False).first()
    if product is None:
        raise NotFound(
            "unknown_product",
            f"No product '{slug}' is published. Load it first with load_catalogue.",
            product=slug,
        )
    return product


def import_designs(
    *,
    product: Product,
    mapping: ColumnMapping,
    table: Table,
    progress: Callable[[int, int], None] = lambda done, count: None,
) -> list[ImportedRow]:
    """Make a design of every row that comes to one; rows known already make none.

    Args:
        progress: Told how many rows of how many were looked at.
    """
    offer = product.published_offer
    if offer is None:
        raise NotFound("unknown_product", f"Product {product} is not published.")
    importer = Importer(compiled_offer(offer).engine, mapping, _sentences(product))
    outcomes = []
    for done, row in enumerate(table.rows, 1):
        outcomes.append(importer.outcome(row))
        progress(done, len(table.rows))
    made = {
        row.content_hash: (row, outcome)
        for row, outcome in zip(table.rows, outcomes, strict=True)
        if outcome.selection is not None
    }
    known, new = _store(offer, mapping, table.header, made)
    return [
        ImportedRow(row, outcome, known.get(row.content_hash, ""), row.content_hash in new)
        for row, outcome in zip(table.rows, outcomes, strict=True)
    ]


def _sentences(product: Product) -> dict[str, str]:
    """The rules in English, as the language everything of a refusal is in."""
    texts = product.published_texts
    return dict(texts.document["en"].get("rules", {})) if texts is not None else {}


@transaction.atomic
def _store(
    offer: Offer,
    mapping: ColumnMapping,
    header: Sequence[str],
    made: Mapping[str, tuple[Row, Outcome]],
) -> tuple[dict[str, str], set[str]]:
    """Codes of all designs by the hash of their row, and the hashes that are new."""
    # One import of a product at a time, so that two readers of a file do not meet.
    Product.objects.select_for_update(no_key=True).get(pk=offer.product_id)
    before = ImportedDesign.objects.filter(product_id=offer.product_id, source=mapping.source)
    codes = dict(before.values_list("row_hash", "design__code"))
    new = [digest for digest in made if digest not in codes]
    kept = mapping.kept(header)
    for start in range(0, len(new), BATCH):
        batch = {digest: made[digest] for digest in new[start : start + BATCH]}
        codes |= _store_batch(offer, mapping.source, kept, batch)
    return codes, set(new)


def _store_batch(
    offer: Offer, source: str, kept: Sequence[str], batch: Mapping[str, tuple[Row, Outcome]]
) -> dict[str, str]:
    designs = Design.objects.bulk_create(
        Design(product_id=offer.product_id, name=f"{source} {row.name}"[:80])
        for row, _ in batch.values()
    )
    DesignRevision.objects.bulk_create(
        DesignRevision(
            design=design,
            number=1,
            offer=offer,
            choices=choices_to_json(outcome.choices or {}),
            selection=dict(outcome.selection or {}),
            selection_hash=selection_hash(outcome.selection or {}),
        )
        for design, (_, outcome) in zip(designs, batch.values(), strict=True)
    )
    ImportedDesign.objects.bulk_create(
        ImportedDesign(
            design=design,
            product_id=offer.product_id,
            source=source,
            row_name=row.name[:200],
            row_hash=digest,
            columns={column: row.cells[column] for column in kept},
            changes=changes_to_json(outcome, compiled_offer(offer).model),
        )
        for design, (digest, (row, outcome)) in zip(designs, batch.items(), strict=True)
    )
    return {digest: design.code for design, digest in zip(designs, batch, strict=True)}
