"""Promised and reached, for planners: page, JSON and CSV of the same numbers."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cosmo.accounts.staff import for_roles
from production.compile import floor_of
from production.models import Engineering, Plant
from production.selectors.accuracy import (
    LOOK_BACK,
    Accuracy,
    AccuracyReport,
    accuracy_of,
    product_texts,
)
from production.selectors.board import (
    PLANNERS,
    access_plant,
    named_plants,
    plant_name,
    plants_visible_to,
)

COLUMNS = (
    *("plant", "product", "feature", "option"),
    *("units", "kept", "kept_percent", "median_days", "worst_days"),
)


@for_roles(*PLANNERS)
@require_safe
def accuracy(request: HttpRequest) -> HttpResponse:
    """``?format=json`` and ``?format=csv`` give the numbers alone."""
    plants = list(plants_visible_to(request.user, *PLANNERS))
    plant = access_plant(plants, request.GET.get("plant", ""))
    report = accuracy_of(plant, since=plant.clock.now() - LOOK_BACK)
    match request.GET.get("format", ""):
        case "json":
            return JsonResponse({"plant": plant.code, "days": LOOK_BACK.days, **_json(report)})
        case "csv":
            return _csv(plant, report)
    language = get_language() or "en"
    texts = product_texts([one.product for one in report.products], language)
    return render(
        request,
        "production/accuracy.html",
        {
            "plants": named_plants(plants, language),
            "plant": plant,
            "plant_name": plant_name(floor_of(plant), language),
            "days": LOOK_BACK.days,
            "whole": report.whole,
            "products": [(one, texts[one.product].product_name) for one in report.products],
            "options": [
                (
                    one,
                    texts[one.product].product_name,
                    texts[one.product].feature(one.feature),
                    texts[one.product].option(one.feature, one.option),
                )
                for one in report.options
            ],
            "buffers": Engineering.objects.filter(
                plant=plant, is_current=True, learnt_buffer_min__gt=0
            ).select_related("offer__product"),
        },
    )


def _json(report: AccuracyReport) -> dict[str, Any]:
    return {
        "whole": _numbers(report.whole) if report.whole else None,
        "products": [_numbers(one) for one in report.products],
        "options": [_numbers(one) for one in report.options],
    }


def _numbers(one: Accuracy) -> dict[str, Any]:
    return {name: getattr(one, name) for name in COLUMNS if name != "plant"}


def _csv(plant: Plant, report: AccuracyReport) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="promise-accuracy-{plant.code}.csv"'
    rows = csv.DictWriter(response, COLUMNS)
    rows.writeheader()
    for one in (*([report.whole] if report.whole else []), *report.products, *report.options):
        rows.writerow({"plant": plant.code, **_numbers(one)})
    return response
