"""`serve()` checks the settings, rehearses, and has gunicorn keep the workers."""

import ipaddress
import logging
import os
import resource
import sys
from typing import Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from skill.serving.http import MOST_CONNECTIONS, MOST_WAITING, REQUEST_SECONDS
from skill.serving.rehearsal import Rehearsal, RehearsalError
from skill.serving.shelf import Shelf
from skill.serving.worker import Worker
from skill.speech import signed
from skill.speech.catalogue import LOCALES
from skill.web import create_app

WORKERS = 2  # one answers while the other is replaced


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
    _log_to_stderr()
    try:
        app = create_app(
            skill_ids=skill_ids, verify=not dev, most_waiting=MOST_WAITING, shelf=Shelf()
        )
    except ValueError as error:
        _refuse(str(error))
    _say_what_is_signed()
    rehearsal = _rehearsed()
    _allow_connections()
    _Server(app, host, port, 1 if dev else WORKERS, rehearsal).run()


def _say_what_is_signed() -> None:
    try:
        print(signed.at_start(os.environ), flush=True)
    except ValueError as error:
        _refuse(str(error))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(reason: str) -> NoReturn:
    print(f"cramp-coach serve: {reason}", file=sys.stderr)
    raise SystemExit(2)


def _log_to_stderr() -> None:
    """Each line as it is, and none of waitress's, whose messages quote requests."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    logging.getLogger("waitress").disabled = True
    logging.getLogger("waitress.queue").disabled = True


def _rehearsed() -> Rehearsal:
    """What the workers will rehearse, played here first: what it loads is shared by them all."""
    rehearsal = Rehearsal()
    try:
        rehearsal.play(LOCALES)
    except RehearsalError as error:
        _refuse(str(error))
    return rehearsal


def _allow_connections() -> None:
    """Each connection needs a file descriptor: as many as are allowed, up to twice the need."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    want = 2 * MOST_CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < want:
        most = want if hard == resource.RLIM_INFINITY else min(want, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, with the application, the workers and what they rehearse."""

    def __init__(
        self, app: Flask, host: str, port: int, workers: int, rehearsal: Rehearsal
    ) -> None:
        self.rehearsal = rehearsal
        self._app = app
        self._options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "worker_class": Worker,
            "workers": workers,
            "preload_app": True,  # a fault shows before a worker starts, and memory is shared
            "timeout": 30,
            "graceful_timeout": REQUEST_SECONDS,
            "loglevel": "error",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app
