"""A worker: gunicorn starts it, watches it and replaces it; it serves with waitress."""

import logging
import os
import sys
import threading
import time
from types import FrameType

from gunicorn.workers.base import Worker as BaseWorker  # type: ignore[import-untyped]

from skill.log import Line, fault
from skill.serving.health import HealthPort
from skill.serving.http import BoundedServer
from skill.speech.catalogue import DEFAULT_LOCALE

_log = logging.getLogger(__name__)


class Worker(BaseWorker):  # type: ignore[misc]
    """Rehearses, serves until it is told to stop, then answers what is under way."""

    _server: BoundedServer | None = None

    def run(self) -> None:
        """The worker's life; gunicorn calls it once, in the new process.

        An error is not left to gunicorn, which would print its text, and wait until it is read.
        """
        try:
            self._serve()
        except Exception as error:  # noqa: BLE001 another worker takes its place
            _log.critical(Line(worker="failed", **fault(error)))
            sys.exit(1)

    def _serve(self) -> None:
        (listener,) = self.sockets
        server = self._server = BoundedServer(self.wsgi, listener.sock)
        port: HealthPort | None = self.app.health_port
        if port:
            port.begin()
        rehearsed = self._rehearse()
        server.webhook.trust.recall()
        server.accept_connections()
        health = port.serve(server, rehearsed=rehearsed) if port else None
        self._say_ready()
        while self.alive and os.getppid() == self.ppid:
            self.notify()
            server.serve_once()
            if port:
                port.tell_lost_lines()
        if health:
            health.stop()
        server.stop()
        end = time.monotonic() + self.cfg.graceful_timeout
        while not server.is_done() and time.monotonic() < end:
            self.notify()
            server.serve_once()
        server.webhook.tell_refusals(at_once=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Gunicorn's signal to stop."""
        super().handle_exit(sig, frame)
        if self._server:
            self._server.wake()

    def _rehearse(self) -> bool:
        """Whether it could hold the conversation with itself."""
        try:
            self.app.rehearsal.play([DEFAULT_LOCALE])
        except Exception as error:  # noqa: BLE001 gunicorn would give up, and she have no answer
            _log.error(Line(rehearsal="failed", **fault(error)))
            return False
        return True

    def _say_ready(self) -> None:
        if self.age != 1:  # said once, by the first
            return
        host, port, *_ = self.sockets[0].getsockname()
        host = f"[{host}]" if ":" in host else host
        line = f"ready: http://{host}:{port}/alexa\n".encode()
        if self.app.health_port:
            line = f"health: {self.app.health_port.url}\n".encode() + line
        # On a thread: a pipe that nobody reads would keep it here, and her waiting.
        threading.Thread(target=os.write, args=(1, line), daemon=True).start()
