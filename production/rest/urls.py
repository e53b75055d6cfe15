"""Partner API of production."""

from django.urls import path

from production.rest import stocks, views

app_name = "production-api"
urlpatterns = [
    path("stocks/", stocks.Stocks.as_view(), name="stocks"),
    path("units/", views.Units.as_view(), name="units"),
    path("units/<uuid:public_id>/", views.UnitDetail.as_view(), name="unit"),
    path("units/<uuid:public_id>/events/", views.UnitEvents.as_view(), name="events"),
]
