"""skill.serving.serve: what is checked before the webhook serves, and that it then does."""

import json
import resource
import time

import pytest

from skill.serving import serve as serving
from skill.serving.http import MOST_CONNECTIONS
from skill.serving.rehearsal import Rehearsal, RehearsalError
from skill.speech import signed
from tests.chains import SKILL_ID
from tests.serving.served import serving_process, start

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
    assert serving.is_loopback(host)


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
    with serving_process(dev=False, skill_id=f"other,{SKILL_ID}") as served:
        assert served.said == [signed.at_start({}), f"ready: http://127.0.0.1:{served.port}/alexa"]
        assert served.post() == 400
        time.sleep(0.5)  # by now each of its workers has started
        out, err = served.stop()
    assert out == ""
    (line,) = err.splitlines()
    assert json.loads(line)["cause"] == "no-chain-url"
