"""Live sockets of production."""

from typing import Any

from django.urls import path

from production.consumers import PlantConsumer, UnitConsumer

# Django's types know only views; Channels routes by the same function.
unit: Any = UnitConsumer.as_asgi()
plant: Any = PlantConsumer.as_asgi()
websocket_urlpatterns = [
    path("ws/units/<uuid:public_id>", unit),
    path("ws/plants/<slug:code>", plant),
]
