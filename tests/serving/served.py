"""The webhook as a process, and what a client does to it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from tests.chains import SKILL_ID, raw_request

ROOT = Path(__file__).parents[2]
SERVE = """
from skill.serving import http, serve
http.REQUEST_SECONDS = {patience}
serve.serve({host!r}, {port}, {dev})
"""
FEW = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({0}, {0}))"
LAUNCH = json.dumps(raw_request("LaunchRequest", timestamp=datetime.now(UTC))).encode()

HEAD = b"POST /alexa HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
LAST = b"Connection: close\r\n"
_LENGTH = f"Content-Length: {len(LAUNCH)}\r\n\r\n".encode()
KEPT = HEAD + _LENGTH + LAUNCH
"""A whole request, after which the connection is kept."""

WHOLE = HEAD + LAST + _LENGTH + LAUNCH
"""A whole request, after which the connection ends."""


def start(
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    dev: bool,
    skill_id: str | None = None,
    patience: int = 1,
    log: int = subprocess.PIPE,
    descriptors: int | None = None,
) -> "subprocess.Popen[str]":
    """A process that serves, and gives a request so many seconds to arrive.

    `descriptors` is how many files it may have open, where that is not the usual number.

    Its log has to be read while it serves, or must not be kept.
    """
    code = SERVE.format(host=host, port=port, dev=dev, patience=patience)
    return subprocess.Popen(
        [sys.executable, "-c", code if descriptors is None else FEW.format(descriptors) + code],
        cwd=ROOT,
        env=_environ(skill_id),
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )


def _environ(skill_id: str | None) -> dict[str, str]:
    """The environment as it is, but for the skill's id."""
    environ = {key: value for key, value in os.environ.items() if key != "CRAMP_COACH_SKILL_ID"}
    return environ if skill_id is None else environ | {"CRAMP_COACH_SKILL_ID": skill_id}


def connect(port: int) -> socket.socket:
    """A bare connection to a port of loopback."""
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def received(sock: socket.socket) -> bytes:
    """All that comes back until the other side ends the connection."""
    answer = b""
    try:
        while piece := sock.recv(4096):
            answer += piece
    except ConnectionResetError:
        pass
    return answer


@contextmanager
def running() -> Iterator["subprocess.Popen[str]"]:
    """`cramp-coach serve` by its command; whatever it has started is gone after the block."""
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("cramp-coach")), "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=_environ(SKILL_ID),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=15)


def said_until_ready(process: "subprocess.Popen[str]") -> list[str]:
    """What a server says, line by line, until it is ready."""
    assert process.stdout
    said: list[str] = []
    while not said or not said[-1].startswith("ready: "):
        line = process.stdout.readline()
        assert line, process.communicate()
        said.append(line.rstrip("\n"))
    return said


class Served:
    """A process that is ready, and what it said until then."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said = said_until_ready(process)
        self.port = int(self.said[-1].rsplit(":", 1)[-1].removesuffix("/alexa"))

    def post(self, body: bytes = LAUNCH) -> int:
        """The status of the answer to this body."""
        http = HTTPConnection("127.0.0.1", self.port, timeout=10)
        http.request("POST", "/alexa", body, {"Content-Type": "application/json"})
        status = http.getresponse().status
        http.close()
        return status

    def connect(self, *pieces: bytes) -> socket.socket:
        """A bare connection that has sent these bytes."""
        sock = connect(self.port)
        for piece in pieces:
            sock.sendall(piece)
        return sock

    def send(self, *pieces: bytes) -> bytes:
        """All that comes back for these bytes on a bare connection, until it is closed."""
        with self.connect(*pieces) as sock:
            return received(sock)

    def workers(self) -> list[int]:
        """The processes that answer."""
        pid = self.process.pid
        return [int(w) for w in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def post_often(self, count: int) -> set[int]:
        """The statuses of so many answers on one connection, each within ten seconds."""
        http = HTTPConnection("127.0.0.1", self.port, timeout=10)
        statuses = set()
        for _ in range(count):
            http.request("POST", "/alexa", LAUNCH, {"Content-Type": "application/json"})
            response = http.getresponse()
            response.read()
            statuses.add(response.status)
        http.close()
        return statuses

    def stop(self) -> tuple[str, str]:
        """Stop it gently; all that it wrote since."""
        self.process.terminate()
        written = self.process.communicate(timeout=15)
        assert self.process.returncode == 0
        return written


@contextmanager
def serving_process(
    *,
    dev: bool = True,
    skill_id: str | None = None,
    patience: int = 1,
    log: int = subprocess.PIPE,
    descriptors: int | None = None,
) -> Iterator[Served]:
    """Runs a process that serves until the end of the block."""
    process = start(dev=dev, skill_id=skill_id, patience=patience, log=log, descriptors=descriptors)
    try:
        yield Served(process)
    finally:
        process.terminate()
        process.communicate(timeout=15)
