"""A client with keep-alive connections: how many requests a second, and how long each takes.

One thread and one selector; it reads no more of an answer than its status and its length, so
that it costs less than what it measures.
"""

import itertools
import selectors
import socket
import statistics
import time
from dataclasses import dataclass, field

from bench.echo_show import Signed

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Load:
    """What a load saw. Times are in milliseconds; `lost` counts all but answers of 200."""

    a_second: float
    p50: float
    p99: float
    lost: int


def as_http(request: Signed, path: str = "/alexa") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(request.body)}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + request.body


@dataclass
class _Connection:
    port: int
    sent: float = 0.0
    answer: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.sock = socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self.answer.clear()
        self.sent = time.perf_counter()
        self.sock.sendall(request)

    def receive(self) -> bool | None:
        """Whether the answer is whole and 200; None while more of it is to come."""
        piece = self.sock.recv(65536)
        self.answer += piece
        head = self.answer.find(b"\r\n\r\n")
        if not piece:
            return False
        if head < 0:
            return None
        if _is_whole(bytes(self.answer), head):
            return self.answer.startswith(b"HTTP/1.1 200")
        return None


def _is_whole(answer: bytes, head: int) -> bool:
    headers = answer[:head].lower()
    start = headers.find(b"\r\ncontent-length:")
    if start < 0:
        return answer.endswith(b"0\r\n\r\n")
    length = int(headers[start + 17 :].split(b"\r\n", 1)[0])
    return len(answer) >= head + 4 + length


def load(port: int, requests: list[bytes], connections: int, seconds: float) -> Load:
    """Sends requests over so many connections, each as soon as the last was answered."""
    times: list[float] = []
    lost = 0
    turn = itertools.cycle(requests)
    started = time.perf_counter()
    end = started + seconds
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            _open(port, selector).send(next(turn))
        while time.perf_counter() < end:
            for key, _ in selector.select(0.1):
                connection = key.data
                whole = connection.receive()
                if whole is None:
                    continue
                times.append(time.perf_counter() - connection.sent)
                if not whole:
                    lost += 1
                    connection = _replace(connection, selector)
                connection.send(next(turn))
        for key in list(selector.get_map().values()):
            key.data.sock.close()
    return _summary(times, lost, time.perf_counter() - started)


def _open(port: int, selector: selectors.BaseSelector) -> _Connection:
    """A new connection, which the selector watches."""
    connection = _Connection(port)
    selector.register(connection.sock, selectors.EVENT_READ, connection)
    return connection


def _replace(broken: _Connection, selector: selectors.BaseSelector) -> _Connection:
    """A new connection for one whose server may have closed it."""
    selector.unregister(broken.sock)
    broken.sock.close()
    return _open(broken.port, selector)


def _summary(times: list[float], lost: int, seconds: float) -> Load:
    if len(times) < 2:
        return Load(0.0, float("nan"), float("nan"), lost + 1)
    cuts = statistics.quantiles(times, n=100)
    return Load((len(times) - lost) / seconds, cuts[49] * 1e3, cuts[98] * 1e3, lost)


def one(port: int, request: bytes) -> float:
    """Milliseconds of one request on a connection that is already open."""
    connection = _Connection(port)
    try:
        time.sleep(0.05)
        connection.send(request)
        while (whole := connection.receive()) is None:
            continue
        took = (time.perf_counter() - connection.sent) * 1000
    finally:
        connection.sock.close()
    if not whole:
        raise OSError("the request was not answered with 200")
    return took
