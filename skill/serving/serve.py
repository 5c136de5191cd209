"""`serve()` checks the settings, rehearses, and has gunicorn keep the workers."""

import logging
import os
import re
import resource
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.systemd import SD_LISTEN_FDS_START, listen_fds  # type: ignore[import-untyped]

from skill.alexa.anyone import is_loopback
from skill.log import Line
from skill.serving import log
from skill.serving.health import MOST_PORT, HealthPort, port_of
from skill.serving.http import MOST_CONNECTIONS, MOST_WAITING, REQUEST_SECONDS
from skill.serving.no_core import leave_no_core
from skill.serving.rehearsal import Rehearsal, RehearsalError
from skill.serving.shelf import Shelf
from skill.serving.worker import Worker
from skill.speech import signed
from skill.speech.catalogue import LOCALES
from skill.web import create_app

_log = logging.getLogger(__name__)

SKILL_ID = "CRAMP_COACH_SKILL_ID"
MEMORY = "/dev/shm"  # can be written to where no other folder can, and no disk makes it wait
WORKERS = 2  # one answers while the other is replaced

_AN_ID = re.compile(r"amzn1\.[\w.-]*\d[\w.-]*", re.ASCII)  # all have digits; "YOUR-ID" has none


def serve(host: str, port: int, dev: bool) -> None:
    """Answer `POST /alexa` on host and port until stopped; port 0 takes a free one.

    The skill's id comes from CRAMP_COACH_SKILL_ID, and CRAMP_COACH_STATE_DIR names the folder where
    certificate chains are kept over restarts; without it they are kept in memory.
    CRAMP_COACH_HEALTH_PORT is the port of loopback for `/health` and `/metrics`; without it there
    is none. With `dev` no request is verified, and only loopback is served. What cannot be started
    is a line on standard error and SystemExit(2).
    """
    _fill_standard_files()
    if dev:
        if not is_loopback(host):
            _refuse(f"--dev verifies nothing and serves loopback only, not {host}")
        _drop_inherited_sockets()
    _check_address(host, port)
    leave_no_core()
    if dev:
        print("DEVELOPMENT: requests are not verified; loopback only", flush=True)
    skill_ids = [] if dev else _skill_ids()
    _say_what_is_signed()
    with _health_port(log.begin()) as health_port:
        app = _app(skill_ids, health_port, dev=dev)
        rehearsal = _rehearsed()
        _allow_connections()
        _Server(app, (host, port), rehearsal, health_port, dev=dev).run()


def _app(skill_ids: list[str], health_port: HealthPort | None, *, dev: bool) -> Flask:
    return create_app(
        skill_ids=skill_ids,
        verify=not dev,
        most_waiting=MOST_WAITING,
        shelf=_shelf(),
        meter=health_port.metrics if health_port else None,
    )


def _skill_ids() -> list[str]:
    """The ids that are set; with another, each request would be refused, and nobody told why."""
    ids = [each.strip() for each in os.environ.get(SKILL_ID, "").split(",") if each.strip()]
    if not ids:
        _refuse(f"no skill id: set {SKILL_ID} to the id of the skill")
    for each in ids:
        if not _AN_ID.fullmatch(each):
            _refuse(f"{SKILL_ID} is {each!r}, and an id is like amzn1.ask.skill.0a1b2c3d-...")
    return ids


def _say_what_is_signed() -> None:
    """How much a clinician has signed; refuses where all was asked for, and it is not."""
    try:
        print(signed.at_start(os.environ), flush=True)
    except ValueError as error:
        _refuse(str(error))


def _fill_standard_files() -> None:
    """Opens nothing in place of each standard file that is closed.

    Otherwise a connection would get its number, and on it what is meant for the log.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free


def _check_address(host: str, port: int) -> None:
    """Refuses an address that cannot be listened on: gunicorn would say so in eleven lines.

    Where sockets were handed over (by systemd, or to a new master), they are used instead.
    """
    if not host:
        _refuse("no host: name an address, as 127.0.0.1, or 0.0.0.0 for all that there are")
    if not 0 <= port <= MOST_PORT:
        _refuse(f"there is no port {port}: the ports are 0 to {MOST_PORT}")
    if {"LISTEN_FDS", "GUNICORN_FD"} & os.environ.keys():
        return
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except (OSError, TypeError, ValueError) as error:  # the last two: a name that is none
        reason = getattr(error, "strerror", None) or "this is no name of a host"
        _refuse(f"cannot listen on {host!r}, port {port}: {reason}")


def _refuse(reason: str) -> NoReturn:
    print(f"cramp-coach serve: {reason}", file=sys.stderr)
    raise SystemExit(2)


@contextmanager
def _health_port(lines: log.Log) -> Iterator[HealthPort | None]:
    """The port for `/health` and `/metrics`, if one is set, and a folder in memory for its counts.

    The folder goes at the end of this process, and not at that of a fork.
    """
    try:
        port = port_of(os.environ)
    except ValueError as error:
        _refuse(str(error))
    if port is None:
        yield None
        return
    owner, folder = (
        os.getpid(),
        Path(tempfile.mkdtemp(prefix=f"cramp-coach-{os.getpid()}-", dir=_memory())),
    )
    try:
        yield _bound_health_port(port, folder, lines)
    finally:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def _bound_health_port(port: int, folder: Path, lines: log.Log) -> HealthPort:
    try:
        return HealthPort(port, folder, lines)
    except OSError as error:
        _refuse(f"CRAMP_COACH_HEALTH_PORT: cannot listen on port {port}: {error.strerror}")


def _memory() -> str | None:
    """Where files are in memory; None where that is no folder that can be written to."""
    return MEMORY if os.access(MEMORY, os.W_OK) else None


def _shelf() -> Shelf | None:
    """Where chains are left for those that start later. What cannot be kept costs no start."""
    named = os.environ.get("CRAMP_COACH_STATE_DIR")
    for folder in [Path(named), None] if named else [None]:
        try:
            return Shelf(folder)
        except OSError as error:
            where = "state folder" if folder else "memory"
            _log.warning(Line(chains=f"not kept in the {where}", cause=type(error).__name__))
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


_OPTIONS: dict[str, Any] = {
    "worker_class": Worker,
    "preload_app": True,  # a fault shows before a worker starts, and memory is shared
    "timeout": 30,
    "graceful_timeout": REQUEST_SECONDS,
    "loglevel": "info",  # starts, stops, and workers that are replaced
    "logger_class": log.GunicornsLog,
    "errorlog": None,
    "control_socket_disable": True,
}


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, with the application, the workers and what they rehearse."""

    def __init__(
        self,
        app: Flask,
        address: tuple[str, int],
        rehearsal: Rehearsal,
        health_port: HealthPort | None,
        *,
        dev: bool,
    ) -> None:
        self.rehearsal = rehearsal
        self.health_port = health_port
        self._app = app
        host, port = address
        self._options = _OPTIONS | {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": 1 if dev else WORKERS,
            "worker_tmp_dir": _memory(),
        }
        if dev:
            self._options["when_ready"] = _check_sockets
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app
