"""Serving the webhook: `serve()` checks the settings and runs gunicorn."""

import ipaddress
import logging
import os
import socket
import sys
import time
from typing import Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from skill.web import create_app

WORKERS = 2  # one answers while the other is replaced
THREADS = 16
REQUEST_SECONDS = 10  # Alexa gives up after about 8 (alexa.md 3)

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
    _Server(app, host, port, 1 if dev else WORKERS).run()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(reason: str) -> NoReturn:
    print(f"cramp-coach serve: {reason}", file=sys.stderr)
    raise SystemExit(2)


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
    def __init__(self, app: Flask, host: str, port: int, workers: int) -> None:
        self._app = app
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
            "post_worker_init": _say_ready,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            if name in self.cfg.settings:  # older versions know fewer
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def _say_ready(worker: ThreadWorker) -> None:
    if worker.age != 1:  # said once, by the first
        return
    host, port, *_ = worker.sockets[0].getsockname()
    host = f"[{host}]" if ":" in host else host
    print(f"ready: http://{host}:{port}/alexa", flush=True)
