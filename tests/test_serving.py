"""skill.serving: the webhook as a process."""

import json
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from http.client import HTTPConnection
from pathlib import Path

import pytest

from skill import serving, web
from skill.alexa import trust
from skill.speech.catalogue import LOCALES
from tests.chains import SKILL_ID, raw_request

TESTS = Path(__file__).parent
SERVE = (
    "from skill import serving\n"
    "serving.REQUEST_SECONDS = 1\n"
    "serving.serve({host!r}, {port}, {dev})\n"
)
POST = b"POST /alexa HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
LAUNCH = json.dumps(raw_request("LaunchRequest", timestamp=datetime.now(UTC))).encode()


def start(
    host: str = "127.0.0.1", port: int = 0, *, dev: bool, skill_id: str | None = None
) -> "subprocess.Popen[str]":
    """A process that serves."""
    environ = {key: value for key, value in os.environ.items() if key != "CRAMP_COACH_SKILL_ID"}
    if skill_id is not None:
        environ["CRAMP_COACH_SKILL_ID"] = skill_id
    return subprocess.Popen(
        [sys.executable, "-c", SERVE.format(host=host, port=port, dev=dev)],
        cwd=TESTS.parent,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class Served:
    """A process that is ready, and what it said until then."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        self.process = process
        self.said: list[str] = []
        while not self.said or not self.said[-1].startswith("ready: "):
            line = process.stdout.readline()
            assert line, process.communicate()
            self.said.append(line.rstrip("\n"))
        self.port = int(self.said[-1].rsplit(":", 1)[-1].removesuffix("/alexa"))

    def post(self, body: bytes = LAUNCH) -> int:
        """The status of the answer to this body."""
        http = HTTPConnection("127.0.0.1", self.port, timeout=10)
        http.request("POST", "/alexa", body, {"Content-Type": "application/json"})
        status = http.getresponse().status
        http.close()
        return status

    def send(self, *pieces: bytes) -> bytes:
        """All that comes back for these bytes on a bare connection, until it is closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as sock:
            for piece in pieces:
                sock.sendall(piece)
            answer = b""
            while piece := sock.recv(4096):
                answer += piece
        return answer

    def stop(self) -> tuple[str, str]:
        """Stop it gently; all that it wrote since."""
        self.process.terminate()
        written = self.process.communicate(timeout=15)
        assert self.process.returncode == 0
        return written


@contextmanager
def serving_process(*, dev: bool, skill_id: str | None = None) -> Iterator[Served]:
    process = start(dev=dev, skill_id=skill_id)
    try:
        yield Served(process)
    finally:
        process.terminate()
        process.communicate(timeout=15)


@pytest.fixture(scope="module")
def dev_server() -> Iterator[Served]:
    """A server that verifies nothing and gives a request one second."""
    with serving_process(dev=True) as served:
        yield served


# --- what it refuses


@pytest.mark.parametrize("skill_id", [None, "", " , "])
def test_no_skill_id(skill_id: str | None) -> None:
    """Without a skill id it does not start: one line on standard error names the setting."""
    process = start(dev=False, skill_id=skill_id)
    out, err = process.communicate(timeout=15)
    assert (process.returncode, out) == (2, "")
    assert err.count("\n") == 1
    assert "CRAMP_COACH_SKILL_ID" in err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "", "127.0.0.1.x"])
def test_development_is_for_loopback(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In development it refuses any host that others could reach."""
    monkeypatch.setattr(serving, "create_app", pytest.fail)
    with pytest.raises(SystemExit) as stopped:
        serving.serve(host, 0, dev=True)
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "loopback" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback(host: str) -> None:
    """Loopback is known in all its forms."""
    assert serving.is_loopback(host)


# --- what it serves


def test_development(dev_server: Served) -> None:
    """In development the first line says that nothing is verified; the last that it is ready."""
    assert dev_server.said == [
        "DEVELOPMENT: requests are not verified; loopback only",
        f"ready: http://127.0.0.1:{dev_server.port}/alexa",
    ]
    assert dev_server.post() == 200
    assert dev_server.post(b"{}") == 400


def test_rehearsal_in_every_locale() -> None:
    """Before it serves, the webhook holds a signed conversation in each locale, unlogged."""
    serving.Rehearsal().play(LOCALES)


def test_rehearsal_writes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The rehearsal is no request: the log does not have it, and goes on afterwards."""
    caplog.set_level(logging.DEBUG)
    serving.Rehearsal().play(["en-US"])
    assert caplog.records == []
    logging.getLogger("skill.web").info("a line")
    assert len(caplog.records) == 1


@pytest.mark.parametrize("where", ["_read", "_reply"])
def test_rehearsal_that_fails(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """A webhook that refuses, or that can only apologise, does not get to serve."""

    def fail(*_: object) -> None:
        raise KeyError

    rehearsal = serving.Rehearsal()
    monkeypatch.setattr(web.Webhook, where, fail)
    with pytest.raises(serving.RehearsalError):
        rehearsal.play(["en-US"])


def test_no_start_without_a_rehearsal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot answer its rehearsal does not start: one line on standard error says so."""

    def fail(*_: object) -> None:
        raise serving.RehearsalError("a launch was not answered in en-US")

    monkeypatch.setattr(serving.Rehearsal, "play", fail)
    with pytest.raises(SystemExit) as stopped:
        serving.serve("127.0.0.1", 0, dev=True)
    assert stopped.value.code == 2
    assert capsys.readouterr().err == "cramp-coach serve: a launch was not answered in en-US\n"


def test_rehearsal_long_after_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that starts months later rehearses all the same."""
    rehearsal = serving.Rehearsal()

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2099, 1, 1, tzinfo=tz)

    monkeypatch.setattr(serving, "datetime", Later)
    monkeypatch.setattr(trust, "datetime", Later)
    rehearsal.play(["en-US"])


def test_verifying() -> None:
    """With a skill id it serves, says that it is ready, refuses what is not signed, and stops."""
    with serving_process(dev=False, skill_id=f"other,{SKILL_ID}") as served:
        assert served.said == [f"ready: http://127.0.0.1:{served.port}/alexa"]
        assert served.post() == 400
        time.sleep(0.5)  # by now each of its workers has started
        out, err = served.stop()
    assert out == ""
    (line,) = err.splitlines()
    assert json.loads(line)["cause"] == "no-chain-url"


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
    with socket.create_connection(("127.0.0.1", dev_server.port)) as sock:
        sock.sendall(b"POST /alexa HTTP/1.1\r\nX: ")
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
        b"POST /" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n",
        b"POST /alexa HTTP/1.1\r\n" + b"X: calf\r\n" * 200 + b"\r\n",
        b"POST /alexa HTTP/1.1\r\nX: " + b"x" * 10_000 + b"\r\n\r\n",
    ],
    ids=["zeros", "version", "coding", "length", "name", "long line", "many lines", "long header"],
)
def test_no_http(dev_server: Served, request_: bytes) -> None:
    """What is not HTTP, or too much of it, is refused with 400 and one word, quoting nothing."""
    answer = dev_server.send(request_)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"\r\n\r\nrefused")


def test_bad_chunks(dev_server: Served) -> None:
    """A body in faulty chunks is refused."""
    answer = dev_server.send(POST, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_nothing_of_a_request_is_written() -> None:
    """Of good, bad and broken requests, nothing is written but the lines of the log."""
    with serving_process(dev=True) as served:
        served.post()
        served.post(b'{"calf": 1}')
        served.send(b"POST /alexa?calf HTTP/1.1\r\nHost: x\r\nContent-Length: calf\r\n\r\n")
        served.send(b"POST /alexa HTTP/1.1\r\nHost: x\r\nca lf: 1\r\n\r\n")
        out, err = served.stop()
    assert out == ""
    assert [json.loads(line)["outcome"] for line in err.splitlines()] == ["answered", "refused"]
    assert "calf" not in err
