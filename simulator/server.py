"""A small HTTP/1.1 server on asyncio and h11: a broken line must be able to break off a call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import h11

from simulator.problems import Problem

MAX_BODY = 1024 * 1024
PATIENCE_S = 30.0
CHUNK = 65536


@dataclass(frozen=True, slots=True)
class Request:
    """Header names are lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: dict[str, Any]
    media_type: str = "application/json"

    @classmethod
    def of_problem(cls, problem: Problem) -> Answer:
        return cls(problem.status, problem.body(), "application/problem+json")


class BrokenOff(Exception):
    """Raised by a door: close the connection without an answer."""


Doors = Callable[[Request], Awaitable[Answer]]


@asynccontextmanager
async def serving(doors: Doors, *, host: str, port: int) -> AsyncIterator[str]:
    """Listen, and yield the address; port 0 takes a free one."""
    open_transports: set[asyncio.WriteTransport] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_transports.add(writer.transport)
        try:
            await Conversation(doors, reader, writer).run()
        finally:
            open_transports.discard(writer.transport)

    async with await asyncio.start_server(meet, host, port) as server:
        name, number = server.sockets[0].getsockname()[:2]
        try:
            yield f"http://{name}:{number}"
        finally:
            # Closing the server would wait for callers that keep their connection open.
            for transport in list(open_transports):
                transport.abort()


class Conversation:
    """One connection, with as many requests as the caller likes."""

    def __init__(
        self, doors: Doors, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._doors = doors
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)

    async def run(self) -> None:
        try:
            while await self._turn():
                self._http.start_next_cycle()
        except (BrokenOff, ConnectionError, TimeoutError, h11.LocalProtocolError):
            self._writer.transport.abort()
        finally:
            self._writer.close()

    async def _turn(self) -> bool:
        """Answer one request; False when the connection is to be closed."""
        try:
            request = await self._read_request()
            if request is None:
                return False
            answer = await self._doors(request)
        except Problem as problem:
            answer = Answer.of_problem(problem)
        except h11.RemoteProtocolError as error:
            text = f"The request is no HTTP/1.1: {error}."
            answer = Answer.of_problem(Problem(400, "bad_request", text))
        await self._send(answer)
        return self._http.our_state is h11.DONE and self._http.their_state is h11.DONE

    async def _next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            if self._http.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                self._writer.write(self._http.send(go_on) or b"")
            async with asyncio.timeout(PATIENCE_S):
                self._http.receive_data(await self._reader.read(CHUNK))

    async def _read_request(self) -> Request | None:
        head = await self._next_event()
        if not isinstance(head, h11.Request):
            return None
        body = bytearray()
        while isinstance(event := await self._next_event(), h11.Data):
            body += event.data
            if len(body) > MAX_BODY:
                raise Problem(413, "too_large", f"The body is above {MAX_BODY} bytes.")
        try:
            target = urlsplit(head.target.decode("latin-1"))
        except ValueError as error:
            raise Problem(400, "bad_request", f"The address cannot be read: {error}.") from error
        return Request(
            method=head.method.decode("latin-1"),
            path=target.path,
            query={name: values[-1] for name, values in parse_qs(target.query).items()},
            headers={name.decode("latin-1"): text.decode("latin-1") for name, text in head.headers},
            body=bytes(body),
        )

    async def _send(self, answer: Answer) -> None:
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            raise BrokenOff
        body = json.dumps(answer.body).encode()
        headers = [("content-type", answer.media_type), ("content-length", str(len(body)))]
        if self._http.their_state is not h11.DONE:
            headers.append(("connection", "close"))
        response = h11.Response(status_code=answer.status, headers=headers)
        for event in (response, h11.Data(data=body), h11.EndOfMessage()):
            self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()
