"""Shoppers in the studio: what they click, and how long each answer takes."""

import http.client
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cosmo.lib.cycles import serve
from design.compile import CompiledOffer, compiled_offer
from design.models import Product
from design.rules import NONE, ChoiceValue, Feature
from design.selectors.configured import Configured, configure
from design.selectors.studio_state import address, answer_pairs, read_state

HTMX = {"HX-Request": "true"}
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Walk:
    """One shopper's clicks: what the studio's form sends, one after the other."""

    path: str
    clicks: Sequence[str]


@dataclass(slots=True)
class Times:
    """Milliseconds of one shopper's answers; ``failures`` are statuses other than 200."""

    ms: list[float] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)


def walk_of(product: Product, clicks: int, seed: int) -> Walk:
    """Random clicks, each on an answer that can be had, from the default on."""
    if product.published_offer is None:
        raise ValueError(f"{product} is not published.")
    compiled = compiled_offer(product.published_offer)
    rng = random.Random(seed)  # noqa: S311 - the same every time
    path = reverse("design:studio", args=[product.slug])
    sent: list[str] = []
    here, now = "", configure(compiled, {})
    while len(sent) < clicks:
        form = _clicked(compiled, now, here, rng)
        state = read_state(compiled, QueryDict(form))
        sent.append(form)
        now = configure(compiled, state.choices, prefer=state.prefer)
        here = address(compiled, now.choices, now.selection)
    return Walk(path, sent)


def _clicked(compiled: CompiledOffer, now: Configured, here: str, rng: random.Random) -> str:
    """The form with one answer changed to another that can be had."""
    while True:
        feature = rng.choice(compiled.model.features)
        answers = [one for one in now.domains.get(feature.id, ()) if one != NONE]
        if feature.kind == "text" or feature.id not in now.selection or len(answers) < 2:
            continue
        answer = _other(feature, now.selection[feature.id], sorted(answers, key=str), rng)
        pairs = [
            pair
            for one in compiled.model.features
            if one.id in now.selection
            for pair in answer_pairs(one, answer if one is feature else now.selection[one.id])
        ]
        return urlencode([("was", here), *pairs])


def _other(
    feature: Feature, present: ChoiceValue, answers: Sequence[str | int], rng: random.Random
) -> ChoiceValue:
    if feature.kind == "multi" and isinstance(present, tuple):
        toggled = set(present) ^ {str(rng.choice(answers))}
        return tuple(one for one in feature.option_ids if one in toggled)
    return rng.choice([answer for answer in answers if answer != present])


def click_all(url: str, walks: Sequence[Walk], *, think_s: float) -> list[Times]:
    """Every shopper clicks at once with the others, and waits a moment after each answer."""
    times = [Times() for _ in walks]
    gate = threading.Barrier(len(walks))
    threads = [
        threading.Thread(target=_shop, args=(url, walk, mine, gate, think_s, number))
        for number, (walk, mine) in enumerate(zip(walks, times, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _shop(
    url: str, walk: Walk, mine: Times, gate: threading.Barrier, think_s: float, number: int
) -> None:
    rng = random.Random(number)  # noqa: S311 - the same every time
    there = urlsplit(url)
    line = http.client.HTTPConnection(str(there.hostname), there.port, timeout=PATIENCE_S)
    _ask(line, walk.path)  # the page itself, before anybody clicks
    gate.wait()
    for click in walk.clicks:
        time.sleep(rng.uniform(0.5, 1.5) * think_s)
        began = time.perf_counter()
        status = _ask(line, f"{walk.path}?{click}")
        mine.ms.append((time.perf_counter() - began) * 1000)
        if status != http.client.OK:
            mine.failures.append(status)
    line.close()


def _ask(line: http.client.HTTPConnection, path: str) -> int:
    line.request("GET", path, headers=HTMX)
    answer = line.getresponse()
    answer.read()
    return answer.status


def costs(walk: Walk) -> tuple[list[int], list[float]]:
    """SQL statements and the processor's milliseconds of each click, in this process, after a
    first look at the page. The processor's time says the same on a busy machine.
    """
    client = Client(headers=HTMX, SERVER_NAME="127.0.0.1")
    client.get(walk.path)
    serve()  # as the web workers do
    statements, cpu_ms = [], []
    for click in walk.clicks:
        began = time.thread_time()
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{walk.path}?{click}")
        cpu_ms.append((time.thread_time() - began) * 1000)
        statements.append(len(asked))
    return statements, cpu_ms
