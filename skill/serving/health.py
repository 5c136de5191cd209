"""For whoever runs the webhook: `/health` and `/metrics`, on a port of loopback of their own."""

import logging
import os
import socket
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import certifi
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from skill.alexa.certificates import root_store
from skill.log import Line, fault
from skill.serving.http import BoundedServer, most_connections
from skill.serving.log import Log
from skill.serving.metrics import Metrics

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
MOST_PORT = 65535

_log = logging.getLogger(__name__)


def port_of(settings: Mapping[str, str]) -> int | None:
    """The port that CRAMP_COACH_HEALTH_PORT names, None where it is not set. ValueError."""
    port = settings.get("CRAMP_COACH_HEALTH_PORT", "").strip()
    if not port:
        return None
    if not (port.isascii() and port.isdecimal() and int(port) <= MOST_PORT):
        raise ValueError(f"CRAMP_COACH_HEALTH_PORT is {port!r}: the ports are 0 to {MOST_PORT}")
    return int(port)


class Ailment(StrEnum):
    """What a worker lacks that answers `/health`, as its answer calls it."""

    REHEARSAL = "rehearsal"
    ROOTS = "roots"


class Health:
    """Answers `GET /health`: 200 and "ok", or 503 and each ailment; and `GET /metrics`.

    `metrics` answers the latter; `rehearsed` is whether the worker could hold its conversation with
    itself.
    """

    def __init__(self, metrics: "WSGIApplication", *, rehearsed: bool) -> None:
        self._metrics = metrics
        self._rehearsed = rehearsed

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
            case "GET", "/health":
                found = self.ailments()
                status = "503 Service Unavailable" if found else "200 OK"
                return _answer(start_response, status, ", ".join(found) or "ok")
            case "GET", "/metrics":
                return self._metrics(environ, start_response)
        return _answer(start_response, "404 Not Found", "there is /health, and /metrics")

    def ailments(self) -> list[Ailment]:
        """What is wrong now."""
        found = [] if self._rehearsed else [Ailment.REHEARSAL]
        return found if _roots_can_be_read() else [*found, Ailment.ROOTS]


def _roots_can_be_read() -> bool:
    """Whether a chain could be fetched and checked: the roots may be replaced while this runs."""
    try:
        root_store(certifi.contents().encode())
    except (OSError, ValueError):
        return False
    return True


def _answer(start_response: "StartResponse", status: str, text: str) -> list[bytes]:
    start_response(status, [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
    return [f"{text}\n".encode()]


class HealthServer(TcpWSGIServer):  # type: ignore[misc]
    """Serves `Health` on a bound socket, read by the loop that reads Alexa's requests.

    So who asks in vain knows that the worker does not answer her either. It begins to listen at
    once: who asks before that is refused a connection.
    """

    def __init__(self, health: Health, bound: socket.socket, loop: dict[int, Any]) -> None:
        super().__init__(
            health,
            map=loop,
            _start=False,
            _sock=bound,
            bind_socket=False,
            sockinfo=(bound.family, bound.type, bound.proto, bound.getsockname()),
            adj=Adjustments(threads=1, connection_limit=most_connections() + 50, ident=""),
        )
        try:
            self.accept_connections()
        except OSError:
            self.stop()
            raise

    def stop(self) -> None:
        """Takes no further connection."""
        wasyncore.dispatcher.close(self)


class HealthPort:
    """The port of loopback on which the workers of a server say how they are, and what they count.

    OSError where the port cannot be had; 0 takes a free one. `folder` is where the counts are,
    `log` says how many of its lines were lost.
    """

    def __init__(self, port: int, folder: Path, log: Log) -> None:
        self._bound = bound_to(port)
        self._log = log
        self.metrics = Metrics(folder)
        self.url = "http://{}:{}/health".format(*self._bound.getsockname())

    def begin(self) -> None:
        """In a worker: its requests are counted from now on, if there is room for the counts."""
        try:
            self.metrics.begin()
        except OSError as error:
            _log.warning(Line(metrics="not counted", **fault(error)))

    def serve(self, server: BoundedServer, *, rehearsed: bool) -> HealthServer | None:
        """Has the loop of a server answer here too. What cannot be had costs no answer of hers."""
        try:
            health = Health(self.metrics.page(), rehearsed=rehearsed)
            return HealthServer(health, self._bound, server.loop)
        except (OSError, ValueError) as error:
            _log.error(Line(health="not served", **fault(error)))
            return None

    def tell_lost_lines(self) -> None:
        """Counts the lines of the log that this worker lost since the last time."""
        self.metrics.dropped(self._log.newly_lost())


def bound_to(port: int) -> socket.socket:
    """A socket that is bound to this port of loopback; 0 takes a free one. OSError where it cannot.

    The server that takes the place of this one may have the port too, while both run.
    """
    if port and "GUNICORN_FD" not in os.environ:
        with socket.create_server((HOST, port)):  # nobody else has it
            pass
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((HOST, port))
    return sock
