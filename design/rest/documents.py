"""Domain answers as the JSON partners get."""

from collections.abc import Mapping
from typing import Any

from design.compile import choices_from_json, compiled_offer, selection_from_json
from design.models import DesignRevision, Product
from design.rules import Choices, ChoiceValue, Conflict, Domain, Feature, Interval, Model
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
        "component": feature.component,
        "default": _answer(feature, feature.default),
        "options": [
            {"id": str(option), "name": texts.option(feature.id, str(option))} for option in options
        ],
        "unit": feature.unit,
        "min": None if is_text or feature.kind == "choice" else _answer(feature, feature.minimum),
        "max": None if is_text or feature.kind == "choice" else _answer(feature, feature.maximum),
        "step": _answer(feature, feature.step) if is_parameter else None,
        "max_length": feature.max_length if is_text else None,
    }


def _rule(rule_id: str, texts: ProductTexts) -> dict[str, str]:
    return {"id": rule_id, "sentence": texts.rule(rule_id)}


def _answer(feature: Feature, answer: Any) -> Any:
    """An answer as JSON has it: 73.5 where the engine counts in tenths."""
    if feature.kind == "parameter" and feature.decimals and isinstance(answer, int):
        return float(feature.shown(answer))
    return answer


def _answers(model: Model, answers: Mapping[str, ChoiceValue]) -> dict[str, Any]:
    return {name: _answer(model.by_id[name], answer) for name, answer in answers.items()}


def _domain(feature: Feature, domain: Domain) -> Any:
    if isinstance(domain, Interval):
        sides = {"min": domain.minimum, "max": domain.maximum, "step": domain.step}
        return {name: _answer(feature, number) for name, number in sides.items()}
    return [_answer(feature, value) for value in sorted(domain)]


def configured_document(model: Model, configured: Configured) -> dict[str, Any]:
    return {
        "is_possible": True,
        "conflict": None,
        "choices": _answers(model, configured.choices),
        "selection": _answers(model, configured.selection),
        "domains": {
            name: _domain(model.by_id[name], domain) for name, domain in configured.domains.items()
        },
        "missing_text": configured.missing_text,
        "price": price_document(configured.price),
    }


def conflict_document(
    model: Model, choices: Choices, conflict: Conflict, texts: ProductTexts
) -> dict[str, Any]:
    return {
        "is_possible": False,
        "conflict": {
            "choices": [
                {"feature": c.feature, "option": _answer(model.by_id[c.feature], c.option)}
                for c in conflict.choices
            ],
            "rules": [_rule(rule, texts) for rule in conflict.rules],
        },
        "choices": _answers(model, choices),
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
    model = compiled_offer(revision.offer).model
    return {
        "code": revision.design.code,
        "product": revision.design.product.slug,
        "name": revision.design.name,
        "revision": revision.number,
        "offer": str(revision.offer.public_id),
        "choices": _answers(model, choices_from_json(revision.choices)),
        "selection": _answers(model, selection_from_json(revision.selection)),
        "created_at": revision.created_at.isoformat(),
    }
