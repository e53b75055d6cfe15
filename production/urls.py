"""Pages of production."""

from django.urls import URLPattern, path

from production.rest.line.views import schema
from production.views import passport, progress

app_name = "production"
urlpatterns: list[URLPattern] = [
    path("units/<uuid:public_id>/", progress.unit, name="unit"),
    path("units/<uuid:public_id>/progress", progress.progress, name="progress"),
    path("units/<uuid:public_id>/events", progress.events, name="events"),
    path("units/<uuid:public_id>/ticket", progress.ticket, name="ticket"),
    path("01/<str:gtin>/21/<str:serial>", passport.passport, name="passport"),
    path("schemas/line/v1/<slug:name>.schema.json", schema, name="line-schema"),
]
