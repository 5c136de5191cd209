"""skill.serving.serve: what is checked before the webhook serves, and that it then does."""

import json
import resource
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from skill.alexa.anyone import is_loopback
from skill.serving import serve as serving
from skill.serving.http import MOST_CONNECTIONS
from skill.serving.rehearsal import Rehearsal, RehearsalError
from skill.speech import signed
from tests.chains import SKILL_ID
from tests.serving.served import (
    ROOT,
    WHOLE,
    Served,
    connect,
    received,
    serving_process,
    start,
)
from tests.serving.test_worker import until

pytestmark = pytest.mark.processes

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


def test_what_is_not_signed_is_not_served_where_all_has_to_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With CRAMP_COACH_REQUIRE_SIGNED=1 it does not start below M of M signed, and says so."""
    monkeypatch.setenv("CRAMP_COACH_REQUIRE_SIGNED", "1")
    monkeypatch.setattr(signed, "tally", lambda: (638, 639))
    with pytest.raises(SystemExit) as stopped:
        serving.serve("127.0.0.1", 0, dev=True)
    assert stopped.value.code == 2
    assert "638 of 639 signed" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback(host: str) -> None:
    """Loopback is known in all its forms."""
    assert is_loopback(host)


UNFIT = {
    "port": ("127.0.0.1", 99999, "there is no port 99999"),
    "negative": ("127.0.0.1", -1, "there is no port -1"),
    "host": ("", 8080, "no host"),
    "elsewhere": ("192.0.2.1", 0, "cannot listen on '192.0.2.1', port 0: "),
    "long name": ("x" * 99, 0, "cannot listen on "),
    "no name": ("\u00e9" * 99, 0, "this is no name of a host"),
}


def refusal(capsys: pytest.CaptureFixture[str], host: str, port: int, *, dev: bool = False) -> str:
    """The one line in which it is refused to serve, with exit code 2."""
    with pytest.raises(SystemExit) as stopped:
        serving.serve(host, port, dev=dev)
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cramp-coach serve: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("kind", UNFIT)
def test_an_address_that_is_none(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where it cannot listen it does not start, and says why in one line."""
    host, port, reason = UNFIT[kind]
    assert reason in refusal(capsys, host, port)


def test_a_port_in_use(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is in use is named in one line; a socket that `--dev` drops is none instead."""
    monkeypatch.setenv("LISTEN_FDS", "1")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refusal(capsys, "127.0.0.1", port, dev=True)
    assert f"port {port}: Address already in use" in said


@pytest.mark.parametrize("skill_id", ["YOUR-SKILL-ID", "amzn1.ask.skill...", f"{SKILL_ID},\x1b[2J"])
def test_an_id_that_is_none(
    skill_id: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an id that no skill has, it does not start and then refuse everything."""
    monkeypatch.setenv("CRAMP_COACH_SKILL_ID", skill_id)
    said = refusal(capsys, "127.0.0.1", 0)
    assert repr(skill_id.split(",")[-1]) in said
    assert "amzn1.ask.skill." in said


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_standard_files_that_are_closed(closed: str) -> None:
    """With standard files closed it serves; no connection gets what is meant for one of them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = f"from skill.serving.serve import serve; serve('127.0.0.1', {port}, True)"
    process = subprocess.Popen(
        ["sh", "-c", f'exec "$0" -c "$1" {closed}', sys.executable, code],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    until(lambda: answers(port))
    with connect(port) as sock:
        sock.sendall(WHOLE)
        assert received(sock).startswith(b"HTTP/1.1 200 ")
    process.terminate()
    _, err = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert '"cause"' not in err


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        connect(port).close()
    except ConnectionRefusedError:
        return False
    return True


# --- what it serves


def test_development() -> None:
    """In development the first line says that nothing is verified; the last that it is ready."""
    with serving_process(dev=True) as served:
        assert served.said == [
            "DEVELOPMENT: requests are not verified; loopback only",
            signed.at_start({}),
            f"ready: http://127.0.0.1:{served.port}/alexa",
        ]
        assert served.post() == 200
        assert served.post(b"{}") == 400


INHERITED = """
import os, socket
inherited = socket.create_server(("0.0.0.0", {port}))
os.dup2(inherited.fileno(), 3)
if inherited.fileno() != 3: inherited.close()
else: inherited.detach()
os.environ |= {{"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid()), "GUNICORN_FD": "3"}}
from skill.serving import serve
serve.serve("127.0.0.1", 0, dev=True)
"""


def test_development_drops_inherited_sockets() -> None:
    """In development a socket that the service manager opened to others is closed, not served."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", INHERITED.format(port=port)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        served = Served(process)
        assert served.port != port
        assert served.said[-1].startswith("ready: http://127.0.0.1:")
        with pytest.raises(ConnectionRefusedError):
            connect(port)
        assert served.post() == 200
    finally:
        process.terminate()
        process.communicate(timeout=15)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_development_checks_the_socket_itself(
    host: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the host was called, in development it stops where the socket is open to others."""
    stopped: list[bool] = []
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as sock:
        listeners = [SimpleNamespace(sock=sock)]
        arbiter = SimpleNamespace(LISTENERS=listeners, stop=lambda: stopped.append(True))
        with pytest.raises(SystemExit) as end:
            serving._check_sockets(arbiter)
    assert end.value.code == 2
    assert stopped == [True]
    assert "loopback" in capsys.readouterr().err


def test_no_start_without_a_rehearsal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot answer its rehearsal does not start: one line on standard error says so."""

    def fail(*_: object) -> None:
        raise RehearsalError("a launch was not answered in en-US")

    monkeypatch.setattr(Rehearsal, "play", fail)
    with pytest.raises(SystemExit) as stopped:
        serving.serve("127.0.0.1", 0, dev=True)
    assert stopped.value.code == 2
    assert capsys.readouterr().err == "cramp-coach serve: a launch was not answered in en-US\n"


@pytest.mark.parametrize(
    ("soft", "hard", "wanted"),
    [
        (256, 100_000, [(2 * MOST_CONNECTIONS, 100_000)]),
        (256, 1024, [(1024, 1024)]),
        (256, resource.RLIM_INFINITY, [(2 * MOST_CONNECTIONS, resource.RLIM_INFINITY)]),
        (100_000, 100_000, []),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, []),
    ],
)
def test_room_for_connections(
    soft: int, hard: int, wanted: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where too few files may be open for all connections, as many as are allowed may be."""
    allowed: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: allowed.append(limits))
    serving._allow_connections()
    assert allowed == wanted


def test_verifying() -> None:
    """With a skill id it serves, says that it is ready, refuses what is not signed, and stops."""
    with serving_process(dev=False, skill_id=f"amzn1.ask.skill.1-2,{SKILL_ID}") as served:
        assert served.said == [signed.at_start({}), f"ready: http://127.0.0.1:{served.port}/alexa"]
        assert served.post() == 400
        time.sleep(0.5)  # by now each of its workers has started
        out, err = served.stop()
    assert out == ""
    lines = list(map(json.loads, err.splitlines()))
    assert [line["refused"] for line in lines if "refused" in line] == [{"no-chain-url": 1}]


def test_refusals_cannot_fill_the_log() -> None:
    """A thousand refusals are a line or two of the log of each worker, and none is lost."""
    with serving_process(dev=False, skill_id=SKILL_ID) as served:
        assert served.post_often(1000) == {400}
        time.sleep(0.5)  # by now each of its workers has started
        _, err = served.stop()
    told = [line["refused"] for line in map(json.loads, err.splitlines()) if "refused" in line]
    assert len(told) <= 4
    assert sum(counts["no-chain-url"] for counts in told) == 1000
