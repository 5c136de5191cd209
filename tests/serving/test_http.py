"""skill.serving.http: clients that are slow, or that do not speak HTTP."""

import json
import os
import re
import resource
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
from waitress.adjustments import Adjustments
from waitress.utilities import BadRequest

from skill.alexa.authority import CHAIN_URL, new_rsa_key
from skill.serving import http
from skill.serving.http import MOST_HEADERS
from skill.web import MOST_BODY_BYTES, create_app
from tests.chains import GOOD, NOW, SKILL_ID, Signer, SlowHost, raw_request, signer
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


def chunked(size: int, data: bytes = LAUNCH) -> bytes:
    """A body in chunks of this size."""
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def received_by(parser: http._Parser, data: bytes, piece: int = 8192) -> None:
    """Feeds a parser as a connection would."""
    while data and not parser.completed:
        data = data[parser.received(data[:piece]) :]


@pytest.mark.parametrize(
    ("body", "most_read"),
    [
        pytest.param(chunked(1, b"x" * 10_000), 1300, id="one byte each"),
        pytest.param(b"1;" + b"a" * 60_000 + b"\r\nx\r\n0\r\n\r\n", 0, id="an extension"),
        pytest.param(b"0" * 60_000 + b"1\r\nx\r\n0\r\n\r\n", 0, id="zeros"),
        pytest.param(b"1\r\nx\r\n0\r\n" + b"a: b\r\n" * 9_000 + b"\r\n", 1, id="a trailer"),
        pytest.param(b"\r\n" * 30_000, 0, id="empty lines"),
    ],
)
def test_more_framing_than_data(body: bytes, most_read: int) -> None:
    """A body in chunks with more framing than data is refused soon, before all of it is read."""
    parser = http._Parser(Adjustments(max_request_body_size=MOST_BODY_BYTES + 1))
    received_by(parser, POST + CHUNKED + body)
    assert isinstance(parser.error, BadRequest)
    assert parser.body_bytes_received <= 4096 + most_read
    assert len(parser.body_rcv) <= most_read


@pytest.mark.parametrize("size", [8, 100, 100_000])
@pytest.mark.parametrize("piece", [1, 7, 8192])
def test_chunks_of_a_fair_size(size: int, piece: int) -> None:
    """Chunks of a fair size are read, in whatever pieces they come."""
    parser = http._Parser(Adjustments(max_request_body_size=MOST_BODY_BYTES + 1))
    received_by(parser, POST + CHUNKED + chunked(size), piece)
    assert parser.error is None
    assert parser.get_body_stream().read() == LAUNCH


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 9\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n9\r\n"]
)
def test_a_body_that_goes_on_with_an_empty_line(framing: bytes) -> None:
    """Empty lines are left out before a request, and never within its body."""
    parser = http._Parser(Adjustments(max_request_body_size=MOST_BODY_BYTES + 1))
    for piece in (POST + framing, b'{"a":', b"\r\n1}", b"\r\n0\r\n\r\n"):
        received_by(parser, piece)
    assert parser.body() == b'{"a":\r\n1}'


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(HEAD + b"Transfer-Encoding: chunked, chunked\r\n", id="chunked twice"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n" * 2, id="in two lines"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked,\r\n", id="and nothing"),
        pytest.param(
            HEAD.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n", id="in HTTP 1.0"
        ),
        pytest.param(HEAD + b"X: a\r\n b\r\nTransfer-Encoding: chunked\r\n", id="folded"),
        pytest.param(HEAD + b"Transfer-Encoding:\r\n\tchunked\r\n", id="folded coding"),
        pytest.param(
            HEAD.replace(b"Host: localhost\r\n", b"") + b"Transfer-Encoding: chunked\r\n",
            id="no host",
        ),
        pytest.param(HEAD + b"Host: localhost\r\nTransfer-Encoding: chunked\r\n", id="two hosts"),
        pytest.param(
            HEAD.replace(b"Host: localhost", b"Host: localhost, localhost")
            + b"Transfer-Encoding: chunked\r\n",
            id="two hosts in one",
        ),
        pytest.param(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n", id="two lengths"),
    ],
)
def test_ambiguous_framing(dev_server: Served, head: bytes) -> None:
    """What two servers could read in two ways is refused, and is the last (RFC 9112)."""
    answer = dev_server.send(head + b"\r\n" + chunked(100))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_length_and_chunks(dev_server: Served) -> None:
    """With a length beside chunks the chunks count, and it is the last on its connection."""
    answer = dev_server.send(HEAD + b"Content-Length: 5\r\n" + CHUNKED + chunked(100))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"\r\nConnection: close\r\n" in answer


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


def test_few_descriptors() -> None:
    """Where few files may be open fewer connections are, and she is answered all the same."""
    with (
        serving_process(patience=60, log=DEVNULL, descriptors=256) as served,
        ExitStack() as silent,
    ):
        for _ in range(300):
            silent.enter_context(served.connect())
        for _ in range(10):
            assert served.send(WHOLE).startswith(b"HTTP/1.1 200 ")
        (worker,) = served.workers()
        assert len(os.listdir(f"/proc/{worker}/fd")) < 256 - 60


@pytest.mark.parametrize(
    ("descriptors", "connections"),
    [(64, 32), (256, 156), (1024, 924), (2000, 1000), (-1, 1000), (10**6, 1000)],
)
def test_connections_follow_descriptors(
    descriptors: int, connections: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many connections are taken as descriptors allow, with a reserve for fetches."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (descriptors, descriptors))
    assert http.most_connections() == connections


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
    ],
)
def test_empty_lines(server: Served, nothing: bytes) -> None:
    """Empty lines are no request, and are not waited for."""
    assert server.send(nothing).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("lines", [1, 2, 9])
def test_empty_lines_before_a_request(dev_server: Served, lines: int) -> None:
    """Empty lines before a request are ignored (RFC 9112, 2.2)."""
    assert dev_server.send(b"\r\n" * lines + WHOLE).startswith(b"HTTP/1.1 200 ")


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


def signed(url: str, by: Signer = GOOD) -> bytes:
    """A request of Alexa's that names this chain, as it goes over the wire."""
    body = json.dumps(raw_request()).encode()
    headers = by.sign(body, url) | {"Content-Length": str(len(body))}
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


class ChangingHost:
    """Serves the good chain once, and then another, as soon as `here` is set."""

    def __init__(self, newer: Signer) -> None:
        self.here = threading.Event()
        self._newer = newer
        self._asked = 0

    def fetch(self, _url: str) -> bytes:
        self._asked += 1
        if self._asked == 1:
            return GOOD.chain_pem
        assert self.here.wait(10)
        return self._newer.chain_pem


def test_chain_that_changes() -> None:
    """While a known chain is fetched again nobody else waits; whoever it is for is answered."""
    newer = signer(key=new_rsa_key())
    host = ChangingHost(newer)
    app = create_app(skill_ids=[SKILL_ID], roots=GOOD.root_pem, now=lambda: NOW, fetch=host.fetch)
    with serving_thread(app) as port:
        ask(port, CHAIN_URL)
        with connect(port) as sock:
            sock.sendall(signed(CHAIN_URL, newer))
            for _ in range(3):
                ask(port, CHAIN_URL)
            assert not select.select([sock], [], [], 0)[0]
            host.here.set()
            assert sock.recv(100).startswith(b"HTTP/1.1 200 ")


def webhook() -> Flask:
    """An application that trusts the good chain, at the time of its requests."""
    return create_app(
        skill_ids=[SKILL_ID], roots=GOOD.root_pem, now=lambda: NOW, fetch=lambda _: GOOD.chain_pem
    )


def test_the_answer_is_the_applications() -> None:
    """Asked without WSGI, the webhook answers what the application answers any server."""
    app = webhook()
    body = json.dumps(raw_request()).encode()
    known = app.test_client().post(
        "/alexa", data=body, content_type="application/json", headers=GOOD.sign(body, CHAIN_URL)
    )
    with serving_thread(app) as port, connect(port) as sock:
        sock.sendall(signed(CHAIN_URL))
        head, _, answer = received(sock).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer == known.data
    for name, value in known.headers:
        assert f"\r\n{name}: {value}\r\n".encode() in head + b"\r\n"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(signed(CHAIN_URL), b"200", id="answered"),
        pytest.param(WHOLE, b"400", id="unsigned"),
        pytest.param(b"calf\r\n\r\n", b"400", id="not HTTP"),
    ],
)
def test_one_piece(monkeypatch: pytest.MonkeyPatch, request_: bytes, status: bytes) -> None:
    """Head and body of an answer are sent in one piece."""
    pieces: list[bytes] = []
    send = http._Channel.send

    def spy(channel: http._Channel, data: bytes, **more: bool) -> int:
        pieces.append(data)
        sent: int = send(channel, data, **more)
        return sent

    monkeypatch.setattr(http._Channel, "send", spy)
    with serving_thread(webhook()) as port, connect(port) as sock:
        sock.sendall(request_)
        assert sock.recv(100).startswith(b"HTTP/1.1 " + status)
    (piece,) = pieces
    assert b"\r\n\r\n" in piece[:-4]


@pytest.mark.parametrize("name", ["Signature-256", "signature-256", "SIGNATURE-256"])
def test_headers_by_name(name: str) -> None:
    """A header is found by its name in any case; one with an underscore for a dash is none."""
    parser = http._Parser(Adjustments())
    received_by(parser, POST + b"Signature_256: x\r\nSignature-256: y\r\n\r\n")
    assert parser.get(name) == "y"
    assert parser.get("Forwarded") is None
