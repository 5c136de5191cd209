"""HTTP as the webhook takes it: waitress's server, with bounds on time and size.

One thread reads requests and answers each that is whole, which takes less than a millisecond. Only
those that have to wait for a certificate chain go to other threads. So a slow client holds a
connection and nothing else; and where there are too many connections, the oldest silent one goes.
"""

import math
import re
import resource
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import BadRequest, RequestEntityTooLarge

from skill.alexa.refusal import Cause
from skill.alexa.trust import CHAIN_URL_HEADER, SIGNATURE_256_HEADER
from skill.web import MOST_BODY_BYTES, PATHS, Answer, Webhook, is_json

MOST_WAITING = 32
"""Threads for requests that wait for a chain."""

REQUEST_SECONDS = 10  # Alexa gives up after about 8 (alexa.md 3)
IDLE_SECONDS = 15
LINGER_SECONDS = 2  # for a request that is on its way while the server stops
MOST_CONNECTIONS = 1000
RESERVED_DESCRIPTORS = 100  # twenty fetches of chains, which need three each, and the worker's own
MOST_LINE_BYTES = 1024
MOST_HEADERS = 64
MOST_HEAD_BYTES = 8192
MOST_FRAMING_BYTES = 1024  # beside as many as there are of data

_CODINGS = re.compile(rb"(?im)^transfer-encoding:([^\r\n]*)")
_HOST = re.compile(r"[^\s,/@]*", re.ASCII)


class _Chunks(ChunkedReceiver):  # type: ignore[misc]
    """A body in chunks, with hardly more framing than data.

    Chunks of a byte cost two hundred times what the same data costs in one, before anything is
    verified. waitress cuts each off what is left of a piece, so it is given small ones.
    """

    error: BadRequest | None
    _PIECE_BYTES = 512
    _framing = 0

    def received(self, data: bytes) -> int:
        """Takes in what was sent; the number of bytes that belong to this body."""
        taken = 0
        while taken < len(data) and not (self.completed or self.error):
            before = len(self)
            new: int = super().received(data[taken : taken + self._PIECE_BYTES])
            taken += new
            self._framing += new - (len(self) - before)
            if self._framing > MOST_FRAMING_BYTES + len(self):
                self.error = BadRequest("more framing than data")
        return taken


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Reads HTTP 1.0 and 1.1, with few and short lines, and only such bodies as may be JSON."""

    empty: bool
    header_plus: bytes
    headers_finished: bool
    body_rcv: Any

    def received(self, data: bytes) -> int:
        """Takes in what was sent; the number of bytes that belong to this request.

        Empty lines before it do not count (RFC 9112, 2.2); where there is nothing else, it is none.
        What was sent along with a whole request is dropped, and the answer is the last: a thousand
        requests in one piece would be answered before anybody else's.
        """
        begun = self.header_plus or self.headers_finished
        request = data if begun else data.lstrip(b"\r\n") or data
        taken: int = len(data) - len(request) + super().received(request)
        if self.empty:
            self.empty, self.error = False, BadRequest("no request")
        if self.completed:
            self.expect_continue = False
            if data[taken:].strip():
                self.headers["CONNECTION"] = "close"
            taken = len(data)
        return taken

    def parse_header(self, head: bytes) -> None:
        """Raises ParsingError where the head of a request is not as it must be."""
        lines = head.count(b"\r\n") - 2  # but for the first and the empty one
        if head.find(b"\r\n") > MOST_LINE_BYTES or lines > MOST_HEADERS:
            raise ParsingError("too much")
        try:
            super().parse_header(head)
        except ValueError:  # addresses and lengths that cannot be read
            raise ParsingError("not HTTP") from None
        if self.version not in ("1.0", "1.1"):
            raise ParsingError("another version of HTTP")
        self._check_framing(head)
        if self.chunked:
            self.body_rcv = _Chunks(self.body_rcv.getbuf())
        if self.body_rcv is not None and not self.is_for_the_webhook():
            self._leave_the_body()

    def _check_framing(self, head: bytes) -> None:
        """Refuses what two servers might read in two ways (RFC 9112, 3.2, 5.2 and 6.1)."""
        if b"\r\n " in head or b"\r\n\t" in head:
            raise ParsingError("a folded line")
        named = self.headers.get("HOST")  # of two, waitress makes one, with a comma
        if named is None and self.version == "1.1":
            raise ParsingError("no host")
        if named is not None and not _HOST.fullmatch(named):
            raise ParsingError("no host's name, or several")
        fields = _CODINGS.findall(head) if b"transfer-encoding" in head.lower() else ()
        codings = [value.strip(b" \t").lower() for value in fields]
        if codings and (self.version == "1.0" or codings != [b"chunked"]):
            raise ParsingError("codings that are not one of chunks")
        if codings and "CONTENT_LENGTH" in self.headers:
            self.headers["CONNECTION"] = "close"

    def is_for_the_webhook(self) -> bool:
        """Whether it posts what may be JSON to where the webhook is."""
        media_type = self.headers.get("CONTENT_TYPE", "")
        return self.command == "POST" and self.path in PATHS and is_json(media_type)

    def get(self, name: str) -> str | None:
        """A header's value, by its name in any case; None where there is none."""
        value: str | None = self.headers.get(name.upper().replace("-", "_"))
        return value

    def body(self) -> bytes:
        """All bytes of the body of a request that is whole."""
        body: bytes = self.get_body_stream().getvalue()
        return body

    def _leave_the_body(self) -> None:
        """The application refuses by the head alone; what follows is not read, so it is the end."""
        self.body_rcv = None
        self.content_length = 0
        self.headers["CONNECTION"] = "close"


class _Answer(WSGITask):  # type: ignore[misc]
    """Answers a request; while the server stops, the last one on its connection."""

    def start(self) -> None:
        super().start()
        if self.channel.server.stopping:
            self.set_close_on_finish()

    def execute(self) -> None:
        """Asks the webhook itself, without WSGI between; of all else the application."""
        if self.request.is_for_the_webhook():
            webhook: Webhook = self.channel.server.webhook
            _send(self, webhook.answer_read(self.request, self.request.body()))
        else:
            super().execute()


class _Refusal(ErrorTask):  # type: ignore[misc]
    """Answers what is no HTTP, or too much of it, with the webhook's one word."""

    def execute(self) -> None:
        too_large = isinstance(self.request.error, RequestEntityTooLarge)
        answer = self.channel.server.webhook.refuse(Cause.SIZE if too_large else Cause.HTTP)
        self.version = "1.1"
        self.set_close_on_finish()
        _send(self, answer)


def _send(task: Task, answer: Answer) -> None:
    """Sends head and body in one piece; a second one costs as much as a look at a signature."""
    task.status = answer.status
    task.response_headers.extend(answer.headers())
    task.channel.write_soon(task.build_response_header() + answer.body)
    task.wrote_header = True


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection, and until when it may be silent, or what it now sends must be whole."""

    parser_class = _Parser
    task_class = _Answer
    error_task_class = _Refusal

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = time.monotonic() + REQUEST_SECONDS

    def received(self, data: bytes) -> bool:
        """Takes in what was sent; each request has its own time, from its first byte."""
        before = self.request
        taken: bool = super().received(data)
        if self.request is None:
            self._deadline = time.monotonic() + IDLE_SECONDS
        elif self.request is not before:
            self._deadline = time.monotonic() + REQUEST_SECONDS
        return taken

    def handle_expt(self) -> None:
        """Urgent data, which nobody reads, so that it would be there for ever."""
        self.will_close = True

    def handle_close(self) -> None:
        """Ends the connection; what was sent in vain is read, or the last answer may be lost."""
        left = MOST_BODY_BYTES if self.connected else 0
        with suppress(OSError):  # there is nothing more
            while left > 0 and (piece := self.socket.recv(left)):
                left -= len(piece)
        super().handle_close()

    def is_overdue(self, moment: float) -> bool:
        """Whether it was silent, or a request not whole, for too long."""
        return not self.requests and moment > self._deadline

    def is_idle(self) -> bool:
        """Whether nothing is being sent or answered."""
        return not self.requests and self.request is None


def most_connections() -> int:
    """How many connections may be open: as many as file descriptors allow, but for a reserve."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    return min(MOST_CONNECTIONS, max(allowed // 2, allowed - RESERVED_DESCRIPTORS))


class BoundedServer(TcpWSGIServer):  # type: ignore[misc]
    """Serves an application on a listening socket, on the thread that makes it.

    It takes no connection before `accept_connections()`, and no further one after `stop()`.
    """

    channel_class = _Channel

    def __init__(self, app: Flask, listener: socket.socket) -> None:
        self.webhook: Webhook = app.extensions["webhook"]
        self.stopping = False
        self._most_connections = most_connections()
        self._linger_until = math.inf
        self._next_look = 0.0
        self._ready: deque[_Channel] = deque()
        self._thread = threading.get_ident()
        super().__init__(
            app,
            map={},
            _start=False,
            _sock=listener,
            bind_socket=False,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
            adj=Adjustments(
                threads=MOST_WAITING,
                connection_limit=self._most_connections + 50,  # handle_accept() comes before it
                max_request_header_size=MOST_HEAD_BYTES,
                max_request_body_size=MOST_BODY_BYTES + 1,
                clear_untrusted_proxy_headers=False,  # none is read
                ident="",
            ),
        )

    @property
    def loop(self) -> dict[int, Any]:
        """All that `serve_once()` reads and writes, by file descriptor; other servers may join."""
        loop: dict[int, Any] = self._map
        return loop

    def serve_once(self) -> None:
        """Waits for what comes, a second at most, and answers what needs no waiting."""
        wasyncore.loop(timeout=1, use_poll=True, map=self._map, count=1)
        while self._ready:
            self._answer(self._ready.popleft())
        moment = time.monotonic()
        if moment > self._next_look:
            self._next_look = moment + 1
            self._end_overdue(moment)
            self.webhook.tell_refusals()

    def _answer(self, channel: _Channel) -> None:
        """Answers here and now, or has it done by a thread that may wait for a chain."""
        if self._must_wait(channel.requests[0]):
            super().add_task(channel)
        else:
            channel.service()

    def _must_wait(self, request: _Parser) -> bool:
        if request.error:
            return False
        url, signature = map(request.get, (CHAIN_URL_HEADER, SIGNATURE_256_HEADER))
        return self.webhook.trust.must_wait(url, signature, request.body())

    def _end_overdue(self, moment: float) -> None:
        for channel in list(self.active_channels.values()):
            leaving = moment > self._linger_until and channel.is_idle()
            if leaving or channel.is_overdue(moment):
                channel.will_close = True

    def stop(self) -> None:
        """Takes the connections that wait already, but no further one; the open ones may finish."""
        for _ in range(self.adj.backlog):
            before = len(self.active_channels)
            self.handle_accept()
            if len(self.active_channels) == before:
                break
        wasyncore.dispatcher.close(self)  # the listening socket; the trigger is still needed
        self.stopping = True
        self._linger_until = time.monotonic() + LINGER_SECONDS

    def is_done(self) -> bool:
        """Whether no connection is open."""
        return not self.active_channels

    def shut_down(self) -> None:
        """Ends all connections and threads, whatever is under way."""
        self.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)

    def wake(self) -> None:
        """Ends the waiting of `serve_once()`, from a signal or another thread."""
        self.trigger.pull_trigger()

    # what waitress calls

    def add_task(self, channel: _Channel) -> None:
        """The channel's first request is whole, and has to be answered."""
        self._ready.append(channel)

    def pull_trigger(self) -> None:
        """A connection has to be looked at: on the server's own thread that comes next anyway."""
        if threading.get_ident() != self._thread:
            self.wake()

    def handle_accept(self) -> None:
        """Takes a connection; where there are too many, the oldest silent one has to go."""
        super().handle_accept()
        if len(self.active_channels) > self._most_connections:
            silent = (c for c in self.active_channels.values() if not c.requests)
            oldest = next((channel for channel in silent if not channel.will_close), None)
            if oldest is not None:
                oldest.will_close = True

    def maintenance(self, _now: float) -> None:
        """Nothing: waitress goes by a clock that may be set; see `serve_once()`."""
