"""Where lines that speak REST call us."""

from django.urls import URLPattern

app_name = "line"
urlpatterns: list[URLPattern] = []
