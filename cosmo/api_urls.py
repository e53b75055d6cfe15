"""The programs' addresses: partners under v1, lines under line/v1."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from cosmo.accounts.tokens import Tokens

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/token/", Tokens.as_view(), name="token"),
    path("v1/openapi.yaml", SpectacularAPIView.as_view(), name="openapi"),
    path("v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="openapi"), name="api-docs"),
    path("v1/", include("design.rest.urls")),
    path("v1/", include("orders.rest.urls")),
    path("v1/", include("production.rest.urls")),
    path("line/v1/", include("production.rest.line.urls")),
]
