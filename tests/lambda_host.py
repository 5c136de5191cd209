"""Lambda as its runtime client sees it: events are handed out, answers and errors taken in.

The client is Amazon's own, the package awslambdaric, which runs the function in a process of its
own, as on Lambda; this is the other side, the runtime API, on loopback.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

API = "/2018-06-01/runtime"
PATIENCE_SECONDS = 60


class Outcome(NamedTuple):
    """What became of an event: `how` is "response" or "error", and at the start "init"."""

    how: str
    body: bytes


class _Api(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, events: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.events = iter(list(enumerate(events)))
        self.wanted = len(events)
        self.outcomes: list[Outcome] = []
        self.done = threading.Event()

    def take(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        if outcome.how == "init" or len(self.outcomes) == self.wanted:
            self.done.set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece, or each waits 40 ms for the other's receipt
    server: _Api

    def do_GET(self) -> None:
        """The next event; where there is none, none comes."""
        number, event = next(self.server.events, (None, None))
        if number is None:
            self.server.done.wait()
            return
        body = json.dumps(event).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Lambda-Runtime-Aws-Request-Id", f"request-{number}")
        self.send_header("Lambda-Runtime-Deadline-Ms", "4102444800000")
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:0:f")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """An answer or an error."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        *_, of, how = self.path.split("/")
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.take(Outcome("init" if of == "init" else how, body))

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def _serving(events: Sequence[Mapping[str, Any]]) -> Iterator[_Api]:
    api = _Api(events)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    try:
        yield api
    finally:
        api.done.set()
        api.shutdown()
        api.server_close()


def invoke(events: Sequence[Mapping[str, Any]], **settings: str) -> tuple[list[Outcome], str]:
    """What the function answers to these events, one after another, and all that it wrote."""
    with _serving(events) as api:
        environ = {**os.environ, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}"}
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", "skill.aws_lambda.handler"],
            env={**environ, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        api.done.wait(PATIENCE_SECONDS)
        process.kill()
        written, _ = process.communicate()
    return api.outcomes, written
