"""Partner API of production."""

from django.urls import URLPattern

app_name = "production-api"
urlpatterns: list[URLPattern] = []
