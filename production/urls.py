"""Pages of production."""

from django.urls import URLPattern, path, re_path

from production.rest.line.views import schema
from production.views import (
    accuracy,
    materials,
    my_units,
    operator,
    passport,
    pilot,
    planner,
    progress,
    slips,
    standstills,
)

app_name = "production"
urlpatterns: list[URLPattern] = [
    path("units/<uuid:public_id>/", progress.unit, name="unit"),
    path("units/<uuid:public_id>/progress", progress.progress, name="progress"),
    path("units/<uuid:public_id>/events", progress.events, name="events"),
    path("units/<uuid:public_id>/ticket", progress.ticket, name="ticket"),
    path("units/<uuid:public_id>/delivery-note/", my_units.delivery_note, name="delivery-note"),
    path(
        "units/<uuid:public_id>/delivery-note.pdf",
        my_units.delivery_note_pdf,
        name="delivery-note-pdf",
    ),
    path("account/units/", my_units.my_units, name="my-units"),
    re_path(
        r"^01/(?P<gtin>[0-9]{14})/21/(?P<serial>[!-.0-~]{1,20})$",  # GS1 Digital Link
        passport.passport,
        name="passport",
    ),
    path("schemas/line/v1/<slug:name>.schema.json", schema, name="line-schema"),
    path("campaigns/<uuid:public_id>/pilot/progress", pilot.pilot, name="pilot"),
    path("planner/", planner.planner, name="planner"),
    path("planner/board", planner.board, name="planner-board"),
    path("planner/unit", planner.chosen_unit, name="planner-unit"),
    path("planner/plan", planner.plan_now, name="plan-now"),
    path("planner/plan/state", planner.plan_state, name="plan-state"),
    path("planner/slips", slips.slips, name="slips"),
    path("planner/accuracy", accuracy.accuracy, name="accuracy"),
    path("slips/<uuid:public_id>/", slips.slip, name="slip"),
    path("slips/<uuid:public_id>/decide", slips.decide, name="slip-decide"),
    path("planner/standstills", standstills.standstills, name="standstills"),
    path(
        "planner/standstills/<uuid:public_id>/over",
        standstills.standstill_over,
        name="standstill-over",
    ),
    path("planner/ticket", planner.ticket, name="planner-ticket"),
    path("planner/work-orders/<uuid:public_id>/rush", standstills.rush, name="rush"),
    path(
        "planner/work-orders/<uuid:public_id>/report", standstills.hand_report, name="hand-report"
    ),
    path("planner/materials", materials.materials, name="materials"),
    path(
        "planner/materials/proposals/<uuid:public_id>/accept",
        materials.accept_proposal,
        name="proposal-accept",
    ),
    path(
        "planner/materials/purchases/<uuid:public_id>/decide",
        materials.decide_purchase,
        name="purchase-decide",
    ),
    path(
        "planner/materials/components/<uuid:public_id>/count",
        materials.count_stock,
        name="stock-count",
    ),
    path("operator/", operator.operator, name="operator"),
    path("operator/floor", operator.floor, name="operator-floor"),
    path("operator/work-orders/<uuid:public_id>/decide", operator.decide, name="decide"),
]
