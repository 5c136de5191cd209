"""CPU that a WSGI application spends on a warm signed request, called as a server would call it.

    python in_process.py STACK FOLDER [SECONDS]

Runs in the environment of the stack it measures, so it needs nothing but the standard library.
STACK is a file that defines `app`; FOLDER holds `root.pem`, `chain.pem` and `requests.json`.
Prints one JSON line: microseconds a request (median and best of batches), answers seen.
"""

import io
import json
import os
import runpy
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

BATCH = 50
Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def environs(requests: list[dict[str, Any]]) -> list[tuple[Environ, bytes]]:
    """What a server passes to an application for each request, and the body."""
    return [
        (environ_of(each["body"].encode(), each["headers"]), each["body"].encode())
        for each in requests
    ]


def environ_of(body: bytes, headers: dict[str, str], method: str = "POST") -> Environ:
    """What a server passes to an application for one request."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    named["CONTENT_TYPE"] = named.pop("HTTP_CONTENT_TYPE", "")
    named["CONTENT_LENGTH"] = named.pop("HTTP_CONTENT_LENGTH", str(len(body)))
    return named | {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/alexa",
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def call(app: App, environ: Environ, body: bytes) -> tuple[str, bytes]:
    """The status and body of one answer."""
    status: list[str] = []
    answer = app(environ | {"wsgi.input": io.BytesIO(body)}, lambda line, *_: status.append(line))
    text = b"".join(answer)
    close = getattr(answer, "close", None)
    if close:
        close()
    return status[0], text


def measure(app: App, requests: list[tuple[Environ, bytes]], seconds: float) -> dict[str, float]:
    """Microseconds of CPU a request, after a warm-up of one batch."""
    batch = [requests[each % len(requests)] for each in range(BATCH)]
    for environ, body in batch:
        status, text = call(app, environ, body)
        assert status.startswith("200"), (status, text)
    figures: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(figures) < 5:
        before = time.process_time()
        for environ, body in batch:
            call(app, environ, body)
        figures.append((time.process_time() - before) / BATCH * 1e6)
    return {"median": statistics.median(figures), "best": min(figures), "batches": len(figures)}


if __name__ == "__main__":
    stack, folder, *rest = sys.argv[1:]
    os.environ["BENCH_FOLDER"] = folder
    found = runpy.run_path(stack)
    listed = environs(json.loads((Path(folder) / "requests.json").read_text()))
    print(json.dumps(measure(found["app"], listed, float(rest[0]) if rest else 2.0)))
