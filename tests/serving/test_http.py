"""skill.serving.http: clients that are slow, or that do not speak HTTP."""

import json
import re
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from subprocess import DEVNULL

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.alexa.authority import CHAIN_URL
from skill.serving import http
from skill.serving.http import MOST_HEADERS
from skill.web import MOST_BODY_BYTES, create_app
from tests.chains import GOOD, NOW, SKILL_ID, SlowHost, raw_request
from tests.serving.served import (
    HEAD,
    KEPT,
    LAST,
    LAUNCH,
    WHOLE,
    Served,
    connect,
    received,
    serving_process,
)

pytestmark = pytest.mark.processes

POST = HEAD + LAST
EXPECT = b"Expect: 100-continue\r\n"


@pytest.fixture(scope="module")
def dev_server() -> Iterator[Served]:
    """A server that verifies nothing and gives a request one second."""
    with serving_process(log=DEVNULL) as served:
        yield served


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A server that verifies."""
    with serving_process(dev=False, skill_id=SKILL_ID, log=DEVNULL) as served:
        yield served


@pytest.mark.parametrize(
    "pieces",
    [
        [b""],
        [b"POST /al"],
        [b"POST /alexa HTTP/1.1\r\nHost: x\r\nContent-"],
        [POST, b"Content-Length: 50\r\n\r\n{"],
        [POST, b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"],
    ],
)
def test_slow_client(dev_server: Served, pieces: list[bytes]) -> None:
    """A client that stops in the middle of a request is cut off."""
    started = time.monotonic()
    answer = dev_server.send(*pieces)
    assert time.monotonic() - started < 8
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
    assert dev_server.post() == 200


def _is_open(sock: socket.socket) -> bool:
    """Whether the other side still waits, as far as a tenth of a second tells."""
    try:
        return bool(sock.recv(1))
    except TimeoutError:
        return True
    except OSError:
        return False


def test_dripping_client(dev_server: Served) -> None:
    """A client that sends a byte now and then is cut off as well."""
    started = time.monotonic()
    with dev_server.connect(b"POST /alexa HTTP/1.1\r\nX: ") as sock:
        sock.settimeout(0.1)
        while _is_open(sock) and time.monotonic() - started < 8:
            sock.sendall(b"x")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "request_",
    [
        b"\r\n\r\n\x00\r\n\r\n",
        b"POST /alexa HTTP/9.9\r\nHost: x\r\n\r\n",
        b"POST /alexa HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: calf\r\n\r\n",
        b"POST /alexa HTTP/1.1\r\nHost: x\r\nContent-Length: calf\r\n\r\n",
        b"POST /alexa HTTP/1.1\r\nHost: x\r\nca lf: 1\r\n\r\n",
        b"POST http://[/alexa HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /alexa HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        EXPECT.join([b"POST /alexa HTTP/1.1\r\nHost: x\r\n", b"Content-Length: calf\r\n\r\n"]),
        b"POST /" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n",
        b"POST /alexa HTTP/1.1\r\n" + b"X: calf\r\n" * 200 + b"\r\n",
        b"POST /alexa HTTP/1.1\r\nX: " + b"x" * 10_000 + b"\r\n\r\n",
    ],
    ids=[
        "zeros",
        "version",
        "coding",
        "length",
        "name",
        "address",
        "digits",
        "expecting",
        "long line",
        "many lines",
        "long header",
    ],
)
def test_no_http(server: Served, request_: bytes) -> None:
    """What is not HTTP, or too much of it, is refused with 400 and one word, quoting nothing."""
    answer = server.send(request_)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"\r\n\r\nrefused")


def test_bad_chunks(server: Served) -> None:
    """A body in faulty chunks is refused."""
    answer = server.send(POST, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_number_of_headers(dev_server: Served) -> None:
    """As many headers as are allowed are read, and not one more."""
    for more, status in ((MOST_HEADERS - 4, b"200"), (MOST_HEADERS - 3, b"400")):
        head, _, rest = WHOLE.partition(b"\r\n")
        answer = dev_server.send(head + b"\r\n" + b"X: x\r\n" * more + rest)
        assert answer.startswith(b"HTTP/1.1 " + status)


def test_too_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many connections the oldest silent one goes, and she is answered."""
    monkeypatch.setattr(http, "MOST_CONNECTIONS", 20)
    app = create_app(skill_ids=[], verify=False)
    with serving_thread(app) as port, ExitStack() as silent:
        socks = [silent.enter_context(connect(port)) for _ in range(30)]
        for _ in range(10):
            with connect(port) as sock:
                sock.sendall(WHOLE)
                assert sock.recv(100).startswith(b"HTTP/1.1 200 ")
        assert received(socks[0]) == b""
        assert not select.select([socks[-1]], [], [], 0)[0]


def test_many_slow_clients() -> None:
    """However many clients stall in the middle of a request, she is answered."""
    with serving_process(patience=60, log=DEVNULL) as served, ExitStack() as stalled:
        for pieces in [[b"POST /al"], [POST, b"Content-Length: 50\r\n\r\n{"]] * 50:
            stalled.enter_context(served.connect(*pieces))
        assert served.post() == 200


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(KEPT, id="another request"),
        pytest.param(b"x", id="a letter"),
        pytest.param(b"\r\n\r\n\r\n\r\nx", id="empty lines and a letter"),
    ],
)
def test_more_at_once(dev_server: Served, more: bytes) -> None:
    """What is sent along with a request is dropped: it is answered, and is the last."""
    answer = dev_server.send(KEPT + more * 3)
    assert answer.count(b"HTTP/1.1") == 1
    assert answer.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "nothing",
    [
        pytest.param(b"\r\n\r\n", id="two"),
        pytest.param(b"\r\n" * 500, id="five hundred"),
        pytest.param(b"\r\n\r\n" + KEPT, id="two before a request"),
    ],
)
def test_empty_lines(server: Served, nothing: bytes) -> None:
    """Empty lines are no request, and are not waited for."""
    assert server.send(nothing).startswith(b"HTTP/1.1 400 ")


def test_urgent_data(dev_server: Served) -> None:
    """A client that sends urgent data is cut off: it could not be read."""
    with dev_server.connect(KEPT) as sock:
        assert sock.recv(9999).startswith(b"HTTP/1.1 200 ")
        sock.send(b"x", socket.MSG_OOB)
        received(sock)  # raises TimeoutError where the connection stays


def test_pause_between_requests(dev_server: Served) -> None:
    """A connection may be silent between requests for longer than a request may take."""
    client = HTTPConnection("127.0.0.1", dev_server.port, timeout=10)
    client.connect()
    with closing(client), client.sock as sock:
        for _ in range(2):
            client.request("POST", "/alexa", LAUNCH, {"Content-Type": "application/json"})
            answer = client.getresponse()
            assert (answer.status, bool(answer.read())) == (200, True)
            assert client.sock is sock
            time.sleep(2.5)


def test_in_pieces(dev_server: Served) -> None:
    """A request that comes in pieces, or in chunks, is answered."""
    for at in (10, 100, len(WHOLE) - 10):
        assert dev_server.send(WHOLE[:at], WHOLE[at:]).startswith(b"HTTP/1.1 200 ")
    chunk = f"{len(LAUNCH):x}\r\n".encode() + LAUNCH + b"\r\n0\r\n\r\n"
    answer = dev_server.send(POST, b"Transfer-Encoding: chunked\r\n\r\n", chunk)
    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (HEAD.replace(b"POST", b"PUT"), b"405"),
        (HEAD.replace(b"/alexa", b"/other"), b"404"),
        (HEAD.replace(b"/json", b"/xml"), b"415"),
    ],
)
def test_body_unread(server: Served, head: bytes, status: bytes) -> None:
    """What is refused by its head is refused without waiting for its body, and is the last."""
    for announced in (b"Content-Length: 9", b"Transfer-Encoding: chunked"):
        for expected in (b"", EXPECT):
            for body in (b"", KEPT):
                answer = server.send(head + expected + announced + b"\r\n\r\n" + body)
                assert answer.startswith(b"HTTP/1.1 " + status)
                assert answer.endswith(b"\r\n\r\nrefused")
                assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "pieces",
    [
        [POST, f"Content-Length: {MOST_BODY_BYTES + 1}\r\n\r\n".encode()],
        [POST, EXPECT, f"Content-Length: {MOST_BODY_BYTES + 1}\r\n\r\n".encode()],
        [POST, b"Transfer-Encoding: chunked\r\n\r\n10001\r\n", b"x" * 0x10001],
    ],
    ids=["length", "expecting", "chunked"],
)
def test_large_body(server: Served, pieces: list[bytes]) -> None:
    """A body that is announced as too large is refused unread; any other, once it is too large."""
    answer = server.send(*pieces)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b"\r\n\r\nrefused")


def test_largest_body(dev_server: Served) -> None:
    """A body of the size that is allowed is read."""
    assert dev_server.post(LAUNCH.ljust(MOST_BODY_BYTES)) == 200


def test_nothing_of_a_request_is_written() -> None:
    """Of good, bad and broken requests, nothing is written but the lines of the log."""
    with serving_process() as served:
        served.post()
        served.post(b'{"calf": 1}')
        served.send(b"POST /alexa?calf HTTP/1.1\r\nHost: x\r\nContent-Length: calf\r\n\r\n")
        served.send(b"POST /alexa HTTP/1.1\r\nHost: x\r\nca lf: 1\r\n\r\n")
        out, err = served.stop()
    assert out == ""
    lines = [json.loads(line) for line in err.splitlines()]
    assert [line["request"] for line in lines if "request" in line] == ["LaunchRequest"]
    refused = [line["refused"] for line in lines if "refused" in line]
    assert refused == [{"shape": 1}, {"http": 2}]
    assert "calf" not in err


BITS = [b"\r", b"\n", b"\r\n\r\n", b":", b" ", b"\x00", b"\xff", b"Transfer-Encoding: chunked\r\n"]


@st.composite
def near_requests(draw: st.DrawFn) -> bytes:
    """Bytes that were a request before something was cut, put in or put twice."""
    sent = WHOLE
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(POST) + 40)] * 2)))
        put = draw(st.sampled_from(BITS) | st.binary(max_size=20))
        sent = draw(
            st.sampled_from(
                [sent[:start] + put + sent[end:], sent[:end] + sent[start:], sent[:end]]
            )
        )
    return sent


@settings(max_examples=300, deadline=None)
@given(near=near_requests())
def test_near_requests(server: Served, near: bytes) -> None:
    """Whatever bytes come, the answer is a refusal or none, and the server goes on."""
    with connect(server.port) as sock:
        sock.sendall(near)
        sock.shutdown(socket.SHUT_WR)
        answer = received(sock)
    statuses = set(re.findall(rb"HTTP/1.1 (\d+)", answer))
    assert statuses <= {b"400", b"404", b"405", b"413", b"415"}
    assert answer.count(b"refused") == answer.count(b"HTTP/1.1")


@contextmanager
def serving_thread(app: Flask) -> Iterator[int]:
    """Serves an application on a thread until the end of the block; gives the port."""
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            server = http.BoundedServer(app, listener)
            server.accept_connections()
            while not stopped.is_set():
                server.serve_once()
            server.shut_down()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopped.set()
            thread.join()


def signed(url: str) -> bytes:
    """A request of Alexa's that names this chain, as it goes over the wire."""
    body = json.dumps(raw_request()).encode()
    headers = GOOD.sign(body, url) | {"Content-Length": str(len(body))}
    return POST + "".join(f"{n}: {v}\r\n" for n, v in headers.items()).encode() + b"\r\n" + body


def ask(port: int, url: str) -> None:
    """A request that names this chain is answered."""
    with connect(port) as sock:
        sock.sendall(signed(url))
        assert sock.recv(100).startswith(b"HTTP/1.1 200 ")


def test_waiting_for_a_chain() -> None:
    """Requests that wait for a chain keep nobody else waiting, and are answered once it is here."""
    host = SlowHost()
    app = create_app(
        skill_ids=[SKILL_ID],
        roots=GOOD.root_pem,
        now=lambda: NOW,
        fetch=host.fetch,
        most_waiting=http.MOST_WAITING,
    )
    with serving_thread(app) as port, ExitStack() as stack:
        ask(port, CHAIN_URL)
        waiting = [stack.enter_context(connect(port)) for _ in range(http.MOST_WAITING)]
        for sock in waiting:
            sock.sendall(signed(CHAIN_URL.replace("cert", "cert-2")))
        for _ in range(3):
            ask(port, CHAIN_URL)
        assert not select.select(waiting, [], [], 0)[0]
        host.here.set()
        for sock in waiting:
            assert sock.recv(100).startswith(b"HTTP/1.1 200 ")
