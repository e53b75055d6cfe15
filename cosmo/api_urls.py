"""The programs' addresses: partners under v1, lines under line/v1."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/", include("design.rest.urls")),
    path("v1/", include("orders.rest.urls")),
    path("v1/", include("production.rest.urls")),
    path("line/v1/", include("production.rest.line.urls")),
]
