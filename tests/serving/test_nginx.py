"""deploy/nginx.conf: what nginx lets through, and what it does with it."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.serving.nginx import Nginx, needs_nginx, nginx
from tests.serving.served import HEAD, LAST, LAUNCH, WHOLE, connect, received, serving_process

pytestmark = [needs_nginx, pytest.mark.processes, pytest.mark.xdist_group("nginx")]

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def webhook() -> Iterator[int]:
    """The port of a webhook that answers whoever asks on this machine."""
    with serving_process(log=subprocess.DEVNULL) as served:
        yield served.port


@pytest.fixture(scope="module")
def front(webhook: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """nginx before it."""
    with nginx(tmp_path_factory.mktemp("site") / "nginx", [webhook]) as it:
        yield it


class Dying:
    """A host that takes a request and breaks down before it answers, each time."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.asked = 0
        threading.Thread(target=self._die, daemon=True).start()

    def _die(self) -> None:
        with suppress(OSError):  # it is closed
            while True:
                sock, _ = self._listener.accept()
                self.asked += bool(sock.recv(100_000))
                sock.close()

    def close(self) -> None:
        """No further request."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def test_a_host_that_dies_with_her_turn(webhook: int, tmp_path: Path) -> None:
    """A turn that a host took and never answered is answered by the next: nothing is lost."""
    with (
        closing(Dying()) as dying,
        nginx(tmp_path / "nginx", [dying.port, webhook]) as front,
    ):
        for _ in range(4):
            assert asked(front, LAUNCH) == (200, True)
        assert dying.asked


def asked(front: Nginx, body: bytes, path: str = "/alexa") -> tuple[int, bool]:
    """The status of the answer to a body, and whether the webhook gave it."""
    with closing(front.connect()) as http:
        http.request("POST", path, body, JSON)
        response = http.getresponse()
        response.read()
        return response.status, response.headers["Answered-By"] is not None


def test_a_request_comes_through(front: Nginx) -> None:
    """A request is answered by the webhook, through TLS with a certificate that is checked."""
    assert asked(front, LAUNCH) == (200, True)


def test_the_largest_body_stays_in_memory(front: Nginx) -> None:
    """A body as large as may be comes through, and is never written to a file on the way."""
    padded = json.loads(LAUNCH) | {"padding": ""}
    padded["padding"] = "x" * (64 * 1024 - len(json.dumps(padded)))
    body = json.dumps(padded).encode()
    assert len(body) == 64 * 1024
    assert asked(front, body) == (200, True)
    assert asked(front, body + b" ") == (413, False)
    assert "temporary file" not in front.log()


@pytest.mark.parametrize("path", ["/", "/health", "/metrics", "/alexa/", "/alexa/../metrics"])
def test_nothing_else_is_reached(front: Nginx, path: str) -> None:
    """No other path comes to the webhook, and none to its counts."""
    assert asked(front, LAUNCH, path) == (404, False)


def raw(front: Nginx, sent: bytes) -> bytes:
    """All that comes back for these bytes on a connection by TLS."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(connect(front.port)) as sock:
        sock.sendall(sent)
        return received(sock)


@pytest.mark.parametrize(
    "framing",
    [
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Transfer-Encoding: chunked, chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nHost: example.com\r\n",
    ],
)
def test_what_can_be_read_in_two_ways(front: Nginx, framing: bytes) -> None:
    """Framing that two servers might read in two ways is refused before the webhook sees it."""
    answer = raw(front, HEAD + LAST + framing + b"\r\n0\r\n\r\n")
    assert answer.split(b" ")[1] in (b"400", b"501")
    assert b"Answered-By" not in answer


def test_without_tls(front: Nginx) -> None:
    """Who speaks without TLS is told so, and nothing comes through."""
    with connect(front.port) as sock:
        sock.sendall(WHOLE)
        answer = received(sock)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"Answered-By" not in answer
