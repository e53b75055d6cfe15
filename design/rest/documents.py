"""Domain answers as the JSON partners get."""

from typing import Any

from design.compile import compiled_offer
from design.models import DesignRevision, Product
from design.rules import Choices, Conflict, Feature
from design.selectors.configured import Configured, Price
from design.selectors.texts import ProductTexts, texts_in


def offer_document(product: Product, language: str) -> dict[str, Any]:
    offer, bundle = product.published_offer, product.published_texts
    assert offer is not None  # noqa: S101 - only published products get here
    assert bundle is not None  # noqa: S101
    compiled, texts = compiled_offer(offer), texts_in(bundle, language)
    return {
        "product": product.slug,
        "offer": str(offer.public_id),
        "name": texts.product_name,
        "currency": compiled.currency,
        "tax_percent": str(compiled.tax_percent),
        "features": [_feature(feature, texts) for feature in compiled.model.features],
        "rules": [_rule(rule["id"], texts) for rule in compiled.document["rules"]],
    }


def _feature(feature: Feature, texts: ProductTexts) -> dict[str, Any]:
    is_parameter, is_text = feature.kind == "parameter", feature.kind == "text"
    options = () if is_parameter or is_text else feature.domain
    return {
        "id": feature.id,
        "name": texts.feature(feature.id),
        "kind": feature.kind,
        "default": feature.default,
        "options": [
            {"id": str(option), "name": texts.option(feature.id, str(option))} for option in options
        ],
        "unit": feature.unit,
        "min": None if is_text or feature.kind == "choice" else feature.minimum,
        "max": None if is_text or feature.kind == "choice" else feature.maximum,
        "step": feature.step if is_parameter else None,
        "max_length": feature.max_length if is_text else None,
    }


def _rule(rule_id: str, texts: ProductTexts) -> dict[str, str]:
    return {"id": rule_id, "sentence": texts.rule(rule_id)}


def configured_document(configured: Configured) -> dict[str, Any]:
    return {
        "is_possible": True,
        "conflict": None,
        "choices": dict(configured.choices),
        "selection": dict(configured.selection),
        "domains": {name: sorted(domain) for name, domain in configured.domains.items()},
        "missing_text": configured.missing_text,
        "price": price_document(configured.price),
    }


def conflict_document(choices: Choices, conflict: Conflict, texts: ProductTexts) -> dict[str, Any]:
    return {
        "is_possible": False,
        "conflict": {
            "choices": [{"feature": c.feature, "option": c.option} for c in conflict.choices],
            "rules": [_rule(rule, texts) for rule in conflict.rules],
        },
        "choices": dict(choices),
        "selection": None,
        "domains": {},
        "missing_text": "",
        "price": None,
        "promise": None,
        "promise_refusal": "",
    }


def price_document(price: Price) -> dict[str, Any]:
    return {
        "currency": price.currency,
        "total": str(price.total),
        "net": str(price.net),
        "tax": str(price.tax),
        "tax_percent": str(price.tax_percent),
        "lines": [
            {"id": line.id, "feature": line.feature, "amount": str(line.amount)}
            for line in price.lines
        ],
    }


def design_document(revision: DesignRevision) -> dict[str, Any]:
    return {
        "code": revision.design.code,
        "product": revision.design.product.slug,
        "name": revision.design.name,
        "revision": revision.number,
        "offer": str(revision.offer.public_id),
        "choices": dict(revision.choices),
        "selection": revision.selection,
        "created_at": revision.created_at.isoformat(),
    }
