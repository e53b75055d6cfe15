"""``manage.py bench_promise``: how fast promises are, and whether they are kept."""

import json
import random
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse

from cosmo.lib.hints import send_no_more
from design.models import Offer
from production.management.arguments import count_of, seed_of
from production.measuring import ground, measures
from production.measuring.clients import hold_at_once
from production.models import Plant
from production.selectors.bookings import gaps_of

FULL, SMALL, SOONER = "full", "small", "sooner"


class Command(BaseCommand):
    help = (
        "Measure inquiries, holds of many clients at once and whether promises are kept over many "
        "plans, beside the same search made by the database. Everything happens in a database of "
        "its own on the same server, which is dropped at the end."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bookings", type=count_of("number of bookings", 1), default=100_000)
        parser.add_argument("--clients", type=count_of("number of clients", 1), default=8)
        parser.add_argument(
            "--races",
            type=count_of("number of races", 1),
            default=10_000,
            help="Holds of all clients.",
        )
        parser.add_argument("--inquiries", type=count_of("number of inquiries", 1), default=2_000)
        parser.add_argument(
            "--clicks",
            type=count_of("number of clicks", 1),
            default=200,
            help="In the studio, over HTTP.",
        )
        parser.add_argument(
            "--plans",
            type=count_of("number of plans", 1),
            default=20,
            help="Made one after the other.",
        )
        parser.add_argument(
            "--units", type=count_of("number of units", 1), default=5, help="Sold before each plan."
        )
        parser.add_argument("--seed", type=seed_of, default=1)
        parser.add_argument("--json", action="store_true", help="One line of JSON, nothing else.")

    def handle(self, **options: Any) -> None:
        self.says_steps = not options["json"]
        send_no_more()
        with ground.own_database() as database:
            found = self._measured(database, options)
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for name, value in found.items():
            self.stdout.write(f"{name:24} {value}")

    def _measured(self, database: str, options: dict[str, Any]) -> dict[str, Any]:
        rng = random.Random(options["seed"])  # noqa: S311 - the same every time
        self._step(f"filling a plant with {options['bookings']} bookings")
        plant, offer = ground.make_plant(FULL, resources=max(3, options["bookings"] // 8_000))
        ground.fill(plant, offer, options["bookings"], rng)
        found = {"bookings": options["bookings"], "clients": options["clients"]}
        found |= self._inquired(plant.pk, offer, options, rng)
        self._step(f"{options['races']} holds of {options['clients']} clients at once")
        found |= self._held(database, offer, options, rng)
        self._step(f"{options['plans']} plans with {options['units']} units sold before each")
        return found | self._kept(options, rng)

    def _inquired(
        self, plant_id: int, offer: Offer, options: dict[str, Any], rng: random.Random
    ) -> dict[str, Any]:
        plant = Plant.objects.get(pk=plant_id)
        load_ms = measures.load_ms(plant)
        gaps = gaps_of(plant)
        asked = measures.demands(plant, options["inquiries"], rng)
        self._step("asking the engine")
        engine = measures.engine_ms(gaps, asked)
        self._step("asking the database the same")
        lanes, units = measures.sql_ms(gaps, asked[:50])
        self._step("following others' holds, and clicking in the studio")
        follow = measures.follow_ms(plant_id, offer, 50, rng)
        path = reverse("design:studio", args=[offer.product.slug])
        clicks = measures.http_ms(path, options["clicks"], rng)
        return {
            "load_ms": load_ms,
            "engine_p50_ms": measures.percentile(engine, 0.5),
            "engine_p95_ms": measures.percentile(engine),
            "sql_lane_p95_ms": measures.percentile(lanes),
            "sql_unit_p95_ms": measures.percentile(units),
            "follow_p95_ms": measures.percentile(follow),
            "http_p50_ms": measures.percentile(clicks, 0.5),
            "http_p95_ms": measures.percentile(clicks),
        }

    def _held(
        self, database: str, offer: Offer, options: dict[str, Any], rng: random.Random
    ) -> dict[str, Any]:
        clients = options["clients"]
        orders = ground.make_orders(offer, options["races"], rng)
        answers = hold_at_once(
            database, offer.pk, [orders[number::clients] for number in range(clients)]
        )
        times = [ms for answer in answers for ms in answer.hold_ms]
        locked = [ms for answer in answers for ms in answer.locked_ms]
        worked = [ms for answer in answers for ms in answer.cpu_ms]
        return {
            "holds": len(times),
            "hold_p50_ms": measures.percentile(times, 0.5),
            "hold_p95_ms": measures.percentile(times),
            "under_lock_p50_ms": measures.percentile(locked, 0.5),
            "under_lock_p95_ms": measures.percentile(locked),
            "hold_cpu_ms": measures.percentile(worked, 0.5),
            "hold_sql": max(answer.statements for answer in answers),
            "retries": sum(answer.retries for answer in answers),
            "refused": sum(answer.refused for answer in answers),
            "double_bookings": measures.double_bookings(),
        }

    def _kept(self, options: dict[str, Any], rng: random.Random) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for code, is_sooner in ((SMALL, False), (SOONER, True)):
            plant, offer = ground.make_plant(code, resources=2)
            ground.retire_others(plant)
            answer = measures.kept(
                plant,
                offer,
                rng,
                plans=options["plans"],
                units=options["units"],
                is_sooner=is_sooner,
            )
            after = "_by_gaps" if not is_sooner else ""
            found |= {f"{name}{after}": value for name, value in answer.items()}
        return found

    def _step(self, sentence: str) -> None:
        if self.says_steps:
            self.stderr.write(sentence)
