"""Every address, composed from the rooms. Contains no view of its own."""

from django.contrib import admin
from django.urls import include, path

from cosmo import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("appearance/", views.set_theme, name="set_theme"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("cosmo.api_urls")),
    path("", include("design.urls")),
    path("", include("orders.account_urls")),
    path("", include("orders.urls")),
    path("", include("production.urls")),
]

handler400 = "cosmo.views.bad_request"
handler403 = "cosmo.views.forbidden"
handler404 = "cosmo.views.not_found"
handler500 = "cosmo.views.server_error"
