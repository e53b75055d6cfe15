"""Partner API of orders."""

from django.urls import path

from orders.rest import views

app_name = "orders-api"
urlpatterns = [
    path("orders/", views.Orders.as_view(), name="orders"),
    path("orders/<uuid:public_id>/", views.OrderDetail.as_view(), name="order"),
    path("orders/<uuid:public_id>/cancel/", views.CancelOrder.as_view(), name="cancel"),
]
