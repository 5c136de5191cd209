"""Servers to be measured: started on one core, on loopback, and asked what memory they hold."""

import os
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
STACKS = Path(__file__).parent / "stacks"
START_SECONDS = 20

_CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = _CORES[0], _CORES[-1]


@dataclass(frozen=True)
class Server:
    """How to start a server: `port` is where it will be, 0 where it says so itself."""

    command: list[str]
    cwd: Path = REPOSITORY
    path: list[Path] = field(default_factory=list)
    port: int = 0


@dataclass(frozen=True)
class Running:
    """A server that is ready, and how many seconds it took to be."""

    process: "subprocess.Popen[str]"
    port: int
    start_seconds: float

    def megabytes(self) -> float:
        """Resident memory of the process that answers: the largest of its workers, or itself."""
        return max(_resident(pid) for pid in self.workers() or [self.process.pid])

    def workers(self) -> list[int]:
        """The processes below the one that was started."""
        return _descendants(self.process.pid)


@contextmanager
def running(
    server: Server, material: Path, *, pinned: bool = True, log: int = subprocess.DEVNULL
) -> Iterator[Running]:
    """Runs a server, pinned to one core; TimeoutError if it does not get ready."""
    path = os.pathsep.join(str(each) for each in [REPOSITORY, *server.path])
    started = time.monotonic()
    process = subprocess.Popen(
        server.command,
        cwd=server.cwd,
        env=os.environ | {"BENCH_FOLDER": str(material), "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        preexec_fn=_pin if pinned else None,
    )
    try:
        port = _wait_for_port(server.port, started) if server.port else _said_port(process)
        yield Running(process, port, time.monotonic() - started)
    finally:
        _stop(process)


def _pin() -> None:
    os.sched_setaffinity(0, {SERVER_CORE})


def ours() -> Server:
    """Cramp Coach with its default server."""
    return Server([sys.executable, "-m", "bench.stacks.serve_ours"])


def gunicorn(python: Path | str, stack: str, path: list[Path] | None = None) -> Server:
    """A file of `stacks/` with gunicorn's gthread as it comes."""
    files = [str(STACKS / "serve_gunicorn.py"), str(STACKS / stack)]
    return Server([str(python), "-P", "-W", "ignore", *files], path=path or [])


def node(home: Path, material: Path) -> Server:
    """Amazon's Node SDK."""
    return Server(["node", str(STACKS / "amazon_node.js"), str(material)], cwd=home)


def granian(path: Path) -> Server:
    """Cramp Coach with granian."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return Server(
        [sys.executable, "-m", "bench.stacks.serve_granian", str(port)], path=[path], port=port
    )


def _said_port(process: "subprocess.Popen[str]") -> int:
    assert process.stdout
    if not select.select([process.stdout], [], [], START_SECONDS)[0]:
        raise TimeoutError("the server did not get ready")
    line = process.stdout.readline()
    if line.endswith(" signed\n"):  # how much of the script is, before it is ready
        line = process.stdout.readline()
    match = re.search(r"(\d+)(/alexa)?$", line.strip())
    if match is None:
        raise TimeoutError(f"the server did not start: {line!r}")
    return int(match[1])


def _wait_for_port(port: int, started: float) -> int:
    while time.monotonic() - started < START_SECONDS:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return port
        except OSError:
            time.sleep(0.02)
    raise TimeoutError("the server did not get ready")


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _descendants(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    children = [int(each) for each in listed]
    return children + [below for child in children for below in _descendants(child)]


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    match = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(match[1]) / 1024 if match else 0.0
