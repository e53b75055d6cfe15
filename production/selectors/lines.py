"""Lines as they introduce themselves."""

from typing import Any

from django.db.models import Count, Q

from production.models import Line, Resource
from production.selectors.dispatch import plant_text


def welcome_of(line: Line) -> dict[str, Any]:
    """What a line needs to know, welcome.schema.json: who it is, the clock, its stations."""
    plant = line.plant
    stations = (
        Resource.objects.filter(line=line)
        .annotate(lane_count=Count("lanes", filter=Q(lanes__is_retired=False)))
        .filter(lane_count__gt=0)
        .order_by("work_centre__position", "position")
        .values_list("code", "work_centre__code", "lane_count", "speed_percent")
    )
    return {
        "line": line.code,
        "plant": plant.code,
        "clock": {
            "origin_plant": plant_text(plant.clock_origin_plant),
            "origin_real": plant_text(plant.clock_origin_real),
            "factor": plant.clock_factor,
        },
        "stations": [
            {
                "resource": resource,
                "work_centre": work_centre,
                "lanes": lanes,
                "speed_percent": speed_percent,
            }
            for resource, work_centre, lanes, speed_percent in stations
        ],
    }
