"""`serve()` checks the settings, rehearses, and has gunicorn keep the workers."""

import json
import logging
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.systemd import SD_LISTEN_FDS_START, listen_fds  # type: ignore[import-untyped]

from skill.alexa.anyone import is_loopback
from skill.serving.http import MOST_CONNECTIONS, MOST_WAITING, REQUEST_SECONDS
from skill.serving.rehearsal import Rehearsal, RehearsalError
from skill.serving.shelf import Shelf
from skill.serving.worker import Worker
from skill.speech.catalogue import LOCALES
from skill.web import create_app

_log = logging.getLogger(__name__)

MEMORY = "/dev/shm"  # can be written to where no other folder can, and no disk makes it wait
WORKERS = 2  # one answers while the other is replaced


def serve(host: str, port: int, dev: bool) -> None:
    """Answer `POST /alexa` on host and port until stopped; port 0 takes a free one.

    The skill's id comes from CRAMP_COACH_SKILL_ID, and CRAMP_COACH_STATE_DIR names the folder where
    certificate chains are kept over restarts; without it they are kept in memory. With `dev` no
    request is verified, and only loopback is served. What cannot be started is a line on standard
    error and SystemExit(2).
    """
    if dev and not is_loopback(host):
        _refuse(f"--dev verifies nothing and serves loopback only, not {host}")
    if dev:
        print("DEVELOPMENT: requests are not verified; loopback only", flush=True)
        _drop_inherited_sockets()
    skill_ids = os.environ.get("CRAMP_COACH_SKILL_ID", "").split(",")
    _log_to_stderr()
    try:
        app = create_app(
            skill_ids=skill_ids, verify=not dev, most_waiting=MOST_WAITING, shelf=_shelf()
        )
    except ValueError as error:
        _refuse(str(error))
    rehearsal = _rehearsed()
    _allow_connections()
    _Server(app, host, port, rehearsal, dev=dev).run()


def _refuse(reason: str) -> NoReturn:
    print(f"cramp-coach serve: {reason}", file=sys.stderr)
    raise SystemExit(2)


def _log_to_stderr() -> None:
    """Each line as it is, and none of waitress's, whose messages quote requests."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    logging.getLogger("waitress").disabled = True
    logging.getLogger("waitress.queue").disabled = True


def _shelf() -> Shelf | None:
    """Where chains are left for those that start later. What cannot be kept costs no start."""
    named = os.environ.get("CRAMP_COACH_STATE_DIR")
    for folder in [Path(named), None] if named else [None]:
        try:
            return Shelf(folder)
        except OSError as error:
            where = "state folder" if folder else "memory"
            line = {"chains": f"not kept in the {where}", "cause": type(error).__name__}
            _log.warning(json.dumps(line))
    return None


def _rehearsed() -> Rehearsal:
    """What the workers will rehearse, played here first: what it loads is shared by them all."""
    rehearsal = Rehearsal()
    try:
        rehearsal.play(LOCALES)
    except RehearsalError as error:
        _refuse(str(error))
    return rehearsal


def _drop_inherited_sockets() -> None:
    """Sockets that the service manager, or a server before this one, opened to whomever."""
    for file in range(listen_fds()):
        with suppress(OSError):
            os.close(SD_LISTEN_FDS_START + file)
    for name in ("GUNICORN_PID", "GUNICORN_FD", "LISTEN_FDS", "LISTEN_PID"):
        os.environ.pop(name, None)


def _check_sockets(arbiter: Any) -> None:
    """Gunicorn's hook once it listens: what nobody verifies is open to nobody else."""
    for listener in arbiter.LISTENERS:
        address = listener.sock.getsockname()[0]
        if not is_loopback(address):
            arbiter.stop()
            _refuse(f"--dev verifies nothing and serves loopback only, not {address}")


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
        self, app: Flask, host: str, port: int, rehearsal: Rehearsal, *, dev: bool
    ) -> None:
        self.rehearsal = rehearsal
        self._app = app
        self._options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "worker_class": Worker,
            "workers": 1 if dev else WORKERS,
            "preload_app": True,  # a fault shows before a worker starts, and memory is shared
            "timeout": 30,
            "graceful_timeout": REQUEST_SECONDS,
            "loglevel": "error",
            "control_socket_disable": True,
            "worker_tmp_dir": MEMORY if os.access(MEMORY, os.W_OK) else None,
        }
        if dev:
            self._options["when_ready"] = _check_sockets
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app
