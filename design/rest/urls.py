"""Partner API of design."""

from django.urls import path

from design.rest import views

app_name = "design-api"
urlpatterns = [
    path("offers/", views.Offers.as_view(), name="offers"),
    path("offers/<slug:product>/", views.Offer.as_view(), name="offer"),
    path("offers/<slug:product>/configure/", views.Configure.as_view(), name="configure"),
    path("designs/", views.Designs.as_view(), name="designs"),
    path("designs/<slug:code>/", views.Design.as_view(), name="design"),
]
