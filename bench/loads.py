"""What genuine requests take while strangers do fourteen things, one after another.

    python -m bench.loads --help

The server is `cramp-coach serve`'s own with one worker, on a core of its own. On another one
genuine requests go over one connection, each as soon as the last was answered: without any load,
then with it, for each load anew. Strangers are a process of the least priority on that core, so
that what they cost the client is left out, as far as the kernel can.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import echo_show, scratch, servers
from bench.load import Load, as_http, load
from skill.alexa.authority import CHAIN_URL

PATIENCE_SECONDS = 1.0
BEGIN_SECONDS = 0.5
OLD = "old.http"
ALEXAS = "https://s3.amazonaws.com/echo.api/"

Pieces = Iterable[bytes | float]
"""What is sent on a connection, and for how many seconds nothing is."""


@dataclass(frozen=True)
class Stranger:
    """One kind of load: what each connection sends, before it is closed and opened anew."""

    name: str
    pieces: Callable[[Path], Pieces]
    connections: int = 8


def _get(_: Path) -> Pieces:
    yield b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def _unsigned(_: Path) -> Pieces:
    yield _post(b"{}")


def _badly_signed(_: Path) -> Pieces:
    yield _made_up(CHAIN_URL)


def _elsewhere(_: Path) -> Pieces:
    yield _made_up(f"{ALEXAS}{random.randbytes(8).hex()}.pem")


def _usual(_: Path) -> Pieces:
    yield _made_up(f"{ALEXAS}echo-api-cert-{random.randbytes(8).hex()}.pem")


def _old(material: Path) -> Pieces:
    yield (material / OLD).read_bytes()


def _long_junk(_: Path) -> Pieces:
    yield _post(b"[" * 65_000)


def _too_long(_: Path) -> Pieces:
    yield _post(b"x" * 70_000)


def _chunks(_: Path) -> Pieces:
    yield _head("Transfer-Encoding: chunked") + b"1\r\nx\r\n" * 65_000 + b"0\r\n\r\n"


def _slow_head(_: Path) -> Pieces:
    yield b"POST /alexa HTTP/1.1\r\n"
    for _each in range(50):
        yield 0.2
        yield b"x"


def _slow_body(_: Path) -> Pieces:
    yield _head("Content-Length: 4096")
    for _each in range(50):
        yield 0.2
        yield b"x"


def _silent(_: Path) -> Pieces:
    yield 0.5


def _in_one_piece(_: Path) -> Pieces:
    yield b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 1000


def _no_http(_: Path) -> Pieces:
    yield random.randbytes(4096)


def _head(framing: str) -> bytes:
    lines = ["POST /alexa HTTP/1.1", "Host: x", "Content-Type: application/json", framing, "", ""]
    return "\r\n".join(lines).encode()


def _post(body: bytes) -> bytes:
    return _head(f"Content-Length: {len(body)}") + body


def _made_up(url: str) -> bytes:
    """A request that is worth a look at its chain, with a signature that fits none."""
    body = f'"{echo_show.SKILL_ID}"'.encode()
    signature = b64encode(random.randbytes(256)).decode()
    signed = {"SignatureCertChainUrl": url, "Signature-256": signature}
    return as_http(echo_show.Signed(body, {"Content-Type": "application/json"} | signed))


STRANGERS = (
    Stranger("GET /, unsigned", _get),
    Stranger("POST /alexa, unsigned", _unsigned),
    Stranger("badly signed, the chain known", _badly_signed),
    Stranger("made-up addresses of chains", _elsewhere),
    Stranger("made-up ones in Amazon's form", _usual),
    Stranger("signed by Alexa, ten minutes old", _old),
    Stranger("65 kB of brackets", _long_junk),
    Stranger("70 kB, more than is read", _too_long),
    Stranger("chunks of a byte", _chunks),
    Stranger("heads that never end", _slow_head, 200),
    Stranger("bodies that never end", _slow_body, 200),
    Stranger("700 silent connections, reopened", _silent, 700),
    Stranger("a thousand requests in one piece", _in_one_piece),
    Stranger("what is no HTTP", _no_http),
)


# --- the strangers, in a process of their own


def molest(stranger: Stranger, port: int) -> None:
    """Has a stranger at the server until this process ends; a dot says that he has begun."""
    os.nice(19)
    for _ in range(stranger.connections):
        threading.Thread(target=_go_on, args=(stranger, port), daemon=True).start()
    print(".", flush=True)
    sys.stdin.read()


def _go_on(stranger: Stranger, port: int) -> None:
    material = Path(os.environ["BENCH_FOLDER"])
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as sock:
            sock.settimeout(PATIENCE_SECONDS)
            for piece in stranger.pieces(material):
                if isinstance(piece, bytes):
                    sock.sendall(piece)
                else:
                    time.sleep(piece)
            sock.recv(65536)


@contextmanager
def _molested(stranger: Stranger, port: int, material: Path) -> Iterator[None]:
    number = str(STRANGERS.index(stranger))
    command = [sys.executable, "-m", "bench.loads", "--molest", number, "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=servers.REPOSITORY,
        env=os.environ | {"BENCH_FOLDER": str(material)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout
        process.stdout.read(1)
        time.sleep(BEGIN_SECONDS)
        yield
    finally:
        process.kill()
        process.communicate()


# --- the table


def measure(alexa: echo_show.Alexa, material: Path, seconds: float) -> None:
    """Prints the table, a row for each load."""
    print("\nGenuine requests over one connection: p50 / p99 in ms, without a load and with it")
    print("| load | without | with | answered | not |")
    print("|---|---|---|---|---|", flush=True)
    alexa.save(material, echo_show.requests(alexa, 1))
    past = datetime.now(UTC) - timedelta(minutes=10)
    (material / OLD).write_bytes(as_http(alexa.sign(echo_show.cramp(past))))
    with servers.running(servers.ours(), material) as running:
        load(running.port, _genuine(alexa), 1, 1.0)
        for stranger in STRANGERS:
            without = load(running.port, _genuine(alexa), 1, seconds)
            with _molested(stranger, running.port, material):
                started = time.monotonic()
                under = load(running.port, _genuine(alexa), 1, seconds)
                took = time.monotonic() - started
            _print_row(stranger, without, under, took)


def _genuine(alexa: echo_show.Alexa) -> list[bytes]:
    return [as_http(request) for request in echo_show.requests(alexa, 20)]


def _print_row(stranger: Stranger, without: Load, under: Load, seconds: float) -> None:
    print(
        f"| {stranger.name} | {_times(without)} | {_times(under)} "
        f"| {under.a_second * seconds:,.0f} | {under.lost} |",
        flush=True,
    )


def _times(it: Load) -> str:
    return f"{it.p50:.2f} / {it.p99:.2f}"


def main() -> None:
    """Measures; or is a stranger, for a measurement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0, help="for each figure (default: 4)")
    parser.add_argument("--molest", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.sched_setaffinity(0, {servers.CLIENT_CORE})
    if options.molest is not None:
        molest(STRANGERS[options.molest], options.port)
        return
    material = scratch.folder() / f"loads-{os.getpid()}"
    try:
        measure(echo_show.Alexa(), material, options.seconds)
    finally:
        shutil.rmtree(material)


if __name__ == "__main__":
    main()
