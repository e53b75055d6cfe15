"""Where lines that speak REST call us."""

from django.urls import path

from production.rest.line import views

app_name = "line"
urlpatterns = [
    path("hello", views.hello, name="hello"),
    path("status", views.status, name="status"),
    path("reports", views.reports, name="reports"),
]
