"""Partner API of design."""

from django.urls import URLPattern

app_name = "design-api"
urlpatterns: list[URLPattern] = []
