"""Pages of production."""

from django.urls import URLPattern, path

from production.rest.line.views import schema

app_name = "production"
urlpatterns: list[URLPattern] = [
    path("schemas/line/v1/<slug:name>.schema.json", schema, name="line-schema"),
]
