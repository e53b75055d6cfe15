"""A line that takes job orders by HTTP (docs/line-protocol.md)."""

import ssl
from collections.abc import Mapping
from functools import cache
from time import monotonic
from typing import Any
from uuid import UUID

import httpx

from cosmo.lib.clock import real_now
from cosmo.lib.ids import new_public_id
from production.lines.base import Ack, Command, JobOrder, JobRecord, LineRefuses, LineSilent
from production.lines.forms import misfit, read_json, write_json
from production.lines.rest.signing import read_key
from production.models import Line

TIMEOUT_S = 5.0  # to connect, and between two pieces of the answer
DEADLINE_S = 7.0  # of the whole answer; below the lease of a dispatch
MAX_ANSWER_BYTES = 16 * 1024 * 1024  # a job's whole record; more is no answer
# What the line will say again however often it is asked.
DEFINITE = frozenset({400, 409, 413, 415, 422})


@cache
def _trust() -> ssl.SSLContext:
    """Made once: reading the authorities costs more than the call."""
    return ssl.create_default_context()


class RestConnector:
    def __init__(self, line: Line) -> None:
        self._address = line.address.rstrip("/")
        self._key = read_key(line.key)

    def submit(self, order: JobOrder) -> Ack:
        status, answer = self._call(
            "POST",
            "/joborders",
            message=f"joborder_{order.job}",
            chain=order.chain,
            document=order.body,
            extra={"Idempotency-Key": str(order.job)},
        )
        if status in DEFINITE:
            return Ack(outcome="rejected", reason=_refusal(answer))
        wrong = misfit("joback", answer) if status in (200, 201) else f"HTTP {status}"
        if wrong or answer["job"] != str(order.job):
            raise LineSilent(f"The line's answer is none: {wrong or 'it names another job'}.")
        reason = answer.get("reason") or {}
        return Ack(
            outcome=answer["ack"],
            epoch=answer["epoch"],
            reason=f"{reason['code']}: {reason['text']}" if reason else "",
        )

    def command(self, command: Command) -> None:
        status, answer = self._call(
            "POST",
            f"/joborders/{command.job}/commands",
            message=command.message,
            chain=command.chain,
            document={"job": str(command.job), "verb": command.verb, **command.body},
        )
        self._check(status, answer)

    def query(self, job: UUID, *, after: int = 0) -> JobRecord:
        status, answer = self._call("GET", f"/joborders/{job}?after={after}")
        self._check(status, answer)
        wrong = misfit("jobrecord", answer)
        if wrong or answer["job"] != str(job):
            raise LineSilent(f"The line's record is none: {wrong or 'it names another job'}.")
        return JobRecord(epoch=answer["epoch"], reports=answer["reports"])

    def health(self) -> bool:
        try:
            return self._call("GET", "/health")[0] == 200
        except LineSilent:
            return False

    def _check(self, status: int, answer: Any) -> None:
        if status in DEFINITE or status == 404:
            code = answer.get("code") if isinstance(answer, dict) else None
            if isinstance(code, str):  # without a code it is not the line that answers
                raise LineRefuses(code, _refusal(answer))
        if status != 200:
            raise LineSilent(f"The line answered HTTP {status}.")

    def _call(
        self,
        method: str,
        path: str,
        *,
        message: str = "",
        chain: str = "",
        document: Mapping[str, Any] | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON of one signed call; no redirect is followed, no proxy asked."""
        body = b"" if document is None else write_json(document)
        headers = {
            **self._key.headers(
                message=message or f"query_{new_public_id()}", body=body, now=real_now()
            ),
            **({"cosmo-chain": chain} if chain else {}),
            **({"content-type": "application/json"} if body else {}),
            **(extra or {}),
        }
        try:
            with (
                httpx.Client(verify=_trust(), timeout=TIMEOUT_S, trust_env=False) as client,
                client.stream(
                    method, self._address + path, content=body, headers=headers
                ) as response,
            ):
                return response.status_code, read_json(_read(response))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise LineSilent(f"{type(error).__name__}: {error}"[:300]) from error
        except ValueError as error:
            raise LineSilent(f"The line's answer is no JSON: {error}"[:300]) from error


def _read(response: httpx.Response) -> bytes:
    parts, size, deadline = [], 0, monotonic() + DEADLINE_S
    for part in response.iter_bytes():
        size += len(part)
        if monotonic() > deadline:
            raise ValueError(f"slower than {DEADLINE_S:.0f} s")
        if size > MAX_ANSWER_BYTES:
            raise ValueError(f"longer than {MAX_ANSWER_BYTES} bytes")
        parts.append(part)
    return b"".join(parts)


def _refusal(answer: Any) -> str:
    if not isinstance(answer, dict):
        return "refused without a reason"
    return f"{answer.get('code', 'refused')}: {answer.get('detail', '')}"[:300]
