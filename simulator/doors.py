"""What the line answers: docs/line-protocol.md sections 5 and 9."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from simulator.forms import Forms, read_json
from simulator.line import Line
from simulator.log import log
from simulator.problems import Problem
from simulator.server import Answer, BrokenOff, Request
from simulator.signing import Key

REMEMBERED = 2000  # answers kept for messages that are sent again
FAULTS_PATH = "/faults"
HEALTH_PATH = "/health"


class Doors:
    def __init__(self, *, line: Line, key: Key, forms: Forms) -> None:
        self._line = line
        self._key = key
        self._forms = forms
        self._answers: OrderedDict[tuple[str, str, str], Answer] = OrderedDict()
        job = r"/joborders/(?P<job>[^/]{1,100})"
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Answer]]] = [
            ("POST", re.compile("/joborders"), self._take_order),
            ("GET", re.compile("/joborders"), self._list_jobs),
            ("GET", re.compile(job), self._show_job),
            ("POST", re.compile(job + "/commands"), self._command),
            ("GET", re.compile("/made"), self._show_made),
            ("GET", re.compile(FAULTS_PATH), self._show_faults),
            ("POST", re.compile(FAULTS_PATH), self._set_faults),
            ("GET", re.compile(HEALTH_PATH), self._show_health),
        ]

    async def __call__(self, request: Request) -> Answer:
        """Answer, in the way the fault switches allow."""
        if request.path == FAULTS_PATH:
            return self._answer(request)
        if self._line.faults.offline:
            raise BrokenOff
        try:
            answer = self._answer(request)
        except Problem as problem:
            answer = Answer.of_problem(problem)
        faults = self._line.faults
        if faults.slow_ms:
            await asyncio.sleep(faults.slow_ms / 1000)
        if request.method == "POST" and self._line.misfortune.strikes(faults.drop_answer):
            log("answer_dropped", path=request.path, status=answer.status, **named(answer))
            raise BrokenOff
        return answer

    def _answer(self, request: Request) -> Answer:
        method, names = self._find(request)
        if request.path == HEALTH_PATH:
            return method(request, **names)
        message_id = self._key.check(headers=request.headers, body=request.body, now=time.time())
        if request.method != "POST":
            return method(request, **names)
        digest = hashlib.sha256(request.body).hexdigest()
        return self._once((message_id, request.path, digest), method, request, names)

    def _once(
        self,
        message: tuple[str, str, str],
        method: Callable[..., Answer],
        request: Request,
        names: dict[str, str],
    ) -> Answer:
        """The same command again gets the same answer and works once."""
        # A job order is known by its own id, and its second answer is "duplicate".
        if request.path == "/joborders":
            return method(request, **names)
        if message in self._answers:
            return self._answers[message]
        answer = method(request, **names)
        self._answers[message] = answer
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
        return answer

    def _find(self, request: Request) -> tuple[Callable[..., Answer], dict[str, str]]:
        allowed = []
        for method, pattern, function in self._routes:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                return function, found.groupdict()
            if found:
                allowed.append(method)
        if allowed:
            text = f"{request.method[:10]} is not for {request.path}; use {' or '.join(allowed)}."
            raise Problem(405, "method_not_allowed", text)
        raise Problem(404, "not_found", f"There is nothing at {request.path[:100]}.")

    def _read(self, request: Request) -> Any:
        media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        if media_type != "application/json":
            text = f"Content-Type is {media_type[:60]!r}; send application/json."
            raise Problem(415, "wrong_media_type", text)
        return read_json(request.body)

    # Job orders

    def _take_order(self, request: Request) -> Answer:
        if not self._line.greeted:
            raise Problem(503, "starting", "The line has not been welcomed yet; try again.")
        order = self._forms.check("joborder", self._read(request))
        key = request.headers.get("idempotency-key", order["job"])
        if key.strip('"') != order["job"]:
            text = f"Idempotency-Key {key[:60]!r} is not the job {order['job']}."
            raise Problem(400, "idempotency_key_differs", text)
        joback = self._line.take_order(order)
        return Answer(201 if joback["ack"] == "accepted" else 200, joback)

    def _command(self, request: Request, job: str) -> Answer:
        command = self._forms.check("jobcommand", self._read(request))
        if command["job"] != job:
            text = f"The address names job {job}, the body {command['job']}."
            raise Problem(400, "job_differs", text)
        return Answer(200, self._line.command(command))

    def _show_job(self, request: Request, job: str) -> Answer:
        after = request.query.get("after", "0")
        if not (after.isascii() and after.isdecimal() and len(after) < 10):
            raise Problem(400, "bad_request", f"after={after[:20]!r} is no number.")
        record = self._line.job(job).record(int(after))
        record["reports"] = [self._line.shown(report) for report in record["reports"]]
        return Answer(200, record)

    def _list_jobs(self, _request: Request) -> Answer:
        self._line.advance()
        memory = self._line.memory
        jobs = [
            {"job": job.id, "serial": job.serial, **job.summary()}
            for job in memory.floor.jobs.values()
        ]
        return Answer(200, {"epoch": memory.epoch, "jobs": jobs})

    # The simulated line's own doors

    def _show_made(self, _request: Request) -> Answer:
        self._line.advance()
        return Answer(200, self._line.memory.yard.as_json())

    def _show_faults(self, _request: Request) -> Answer:
        return Answer(200, self._line.faults.as_json())

    def _set_faults(self, request: Request) -> Answer:
        part = self._read(request)
        if not isinstance(part, dict):
            raise Problem(422, "not_the_schema", "Faults are an object of switches.")
        return Answer(200, self._line.set_faults(part))

    def _show_health(self, _request: Request) -> Answer:
        return Answer(200, {"status": "ok", "epoch": self._line.memory.epoch})


def named(answer: Answer) -> dict[str, Any]:
    return {name: answer.body[name] for name in ("job", "ack", "code") if name in answer.body}
