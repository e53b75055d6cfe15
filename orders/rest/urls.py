"""Partner API of orders."""

from django.urls import URLPattern

app_name = "orders-api"
urlpatterns: list[URLPattern] = []
