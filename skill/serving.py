"""Serving the webhook: `serve()` checks the settings, rehearses, and runs gunicorn.

A worker takes requests only after it has answered a whole conversation, signed by a throw-away
authority, so that the first real request is as fast as the thousandth.
"""

import ipaddress
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NoReturn

from flask import Flask
from flask.testing import FlaskClient
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from skill.simulator.authority import Authority
from skill.speech.catalogue import DEFAULT_LOCALE, LOCALES
from skill.web import PATH, create_app

WORKERS = 2  # one answers while the other is replaced
THREADS = 16
REQUEST_SECONDS = 10  # Alexa gives up after about 8 (alexa.md 3)

_log = logging.getLogger(__name__)

_REFUSED = (
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
    b"Content-Type: text/plain\r\nContent-Length: 7\r\n\r\nrefused"
)


def serve(host: str, port: int, dev: bool) -> None:
    """Answer `POST /alexa` on host and port until stopped; port 0 takes a free one.

    The skill's id comes from CRAMP_COACH_SKILL_ID. With `dev` no request is verified, and only
    loopback is served. What cannot be started is a line on standard error and SystemExit(2).
    """
    if dev and not is_loopback(host):
        _refuse(f"--dev verifies nothing and serves loopback only, not {host}")
    if dev:
        print("DEVELOPMENT: requests are not verified; loopback only", flush=True)
    skill_ids = os.environ.get("CRAMP_COACH_SKILL_ID", "").split(",")
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    try:
        app = create_app(skill_ids=skill_ids, verify=not dev)
    except ValueError as error:
        _refuse(str(error))
    rehearsal = Rehearsal()
    try:
        rehearsal.play(LOCALES)  # here first: what it loads is shared by all workers
    except RehearsalError as error:
        _refuse(str(error))
    _Server(app, host, port, 1 if dev else WORKERS, rehearsal).run()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(reason: str) -> NoReturn:
    print(f"cramp-coach serve: {reason}", file=sys.stderr)
    raise SystemExit(2)


class RehearsalError(Exception):
    """The webhook did not answer as it must, so it may not serve."""


class Rehearsal:
    """A conversation through the whole stack: HTTP's environment, trust, words and bytes.

    It has an application of its own that trusts a throw-away authority; all that is loaded,
    compiled or remembered on the way is shared with the real one.
    """

    _SKILL_ID = "rehearsal"
    _INTENTS = (None, "CrampIntent", "AMAZON.NoIntent", "AMAZON.HelpIntent", "AMAZON.YesIntent")

    def __init__(self) -> None:
        # The time stands still: a worker may start when the certificates are long over.
        self._now = datetime.now(UTC)
        self._authority = Authority(now=self._now)

    def play(self, locales: Sequence[str]) -> None:
        """Holds the conversation in each locale; RehearsalError where it is not answered."""
        authority = self._authority
        app = create_app(
            skill_ids=[self._SKILL_ID],
            roots=authority.root_pem,
            now=lambda: self._now,
            fetch=authority.fetch,
        )
        with _no_logging():
            for locale in locales:
                attributes: dict[str, Any] = {}
                for intent in self._INTENTS:
                    answer = self._answer(app.test_client(), locale, intent, attributes)
                    attributes = answer.get("sessionAttributes") or {}
        if app.extensions["errors"].counts():
            raise RehearsalError("an answer was an apology for an error")

    def _answer(
        self, http: FlaskClient, locale: str, intent: str | None, attributes: dict[str, Any]
    ) -> dict[str, Any]:
        body = json.dumps(self._envelope(locale, intent, attributes)).encode()
        response = http.post(
            PATH, data=body, headers=self._authority.sign(body), content_type="application/json"
        )
        answer: dict[str, Any] = json.loads(response.data) if response.status_code == 200 else {}
        if "outputSpeech" not in answer.get("response", {}):
            raise RehearsalError(f"{intent or 'a launch'} was not answered in {locale}")
        return answer

    def _envelope(
        self, locale: str, intent: str | None, attributes: dict[str, Any]
    ) -> dict[str, Any]:
        request: dict[str, Any] = {
            "type": "IntentRequest" if intent else "LaunchRequest",
            "timestamp": self._now.isoformat(),
            "locale": locale,
        }
        if intent:
            request["intent"] = {"name": intent, "slots": {"part": {"value": "calf"}}}
        return {
            "session": {"new": intent is None, "attributes": attributes},
            "context": {"System": {"application": {"applicationId": self._SKILL_ID}}},
            "request": request,
        }


@contextmanager
def _no_logging() -> Iterator[None]:
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, without patience for a request that takes too long to arrive.

    gthread reads from a blocking socket without a limit, so one client that sends a byte now and
    then holds a thread for good.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadlines: dict[TConn, float] = {}

    def handle(self, conn: TConn) -> Any:
        self._deadlines[conn] = time.monotonic() + REQUEST_SECONDS
        try:
            return super().handle(conn)
        finally:
            del self._deadlines[conn]

    def murder_keepalived(self, *args: Any, **kwargs: Any) -> None:
        """Called about once a second: also ends what is past its deadline."""
        super().murder_keepalived(*args, **kwargs)
        for conn, deadline in list(self._deadlines.items()):
            if time.monotonic() > deadline:
                _shut(conn.sock)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """HTTP that gunicorn cannot read: the same word as ever, and nothing of it in a log."""
        try:
            client.sendall(_REFUSED)
        except OSError:
            return


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it
    except OSError:
        return


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(
        self, app: Flask, host: str, port: int, workers: int, rehearsal: Rehearsal
    ) -> None:
        self._app = app
        self._rehearsal = rehearsal
        self._options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "worker_class": f"{__name__}.Worker",  # by name: older versions take no class
            "workers": workers,
            "threads": THREADS,
            "preload_app": True,  # a fault shows before a worker starts, and memory is shared
            "timeout": 30,
            "graceful_timeout": REQUEST_SECONDS,
            "keepalive": 15,
            "limit_request_line": 1024,
            "limit_request_fields": 64,
            "loglevel": "error",  # its warnings quote requests
            "control_socket_disable": True,
            "post_worker_init": self._begin,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            if name in self.cfg.settings:  # older versions know fewer
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app

    def _begin(self, worker: ThreadWorker) -> None:
        # On the thread that will answer first: a new thread's first allocations take a millisecond.
        rehearsed = worker.tpool.submit(self._rehearsal.play, [DEFAULT_LOCALE])
        try:
            rehearsed.result(REQUEST_SECONDS)
        except Exception as error:  # noqa: BLE001 gunicorn would give up, and she have no answer
            line = {"rehearsal": "failed", "cause": type(error).__name__, "worker": worker.pid}
            _log.error(json.dumps(line))
        _say_ready(worker)


def _say_ready(worker: ThreadWorker) -> None:
    if worker.age != 1:  # said once, by the first
        return
    host, port, *_ = worker.sockets[0].getsockname()
    host = f"[{host}]" if ":" in host else host
    print(f"ready: http://{host}:{port}/alexa", flush=True)
