"""skill.serving.serve: what is checked before the webhook serves, and that it then does."""

import json
import time

import pytest

from skill.serving import serve as serving
from skill.serving.rehearsal import Rehearsal, RehearsalError
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


def test_verifying() -> None:
    """With a skill id it serves, says that it is ready, refuses what is not signed, and stops."""
    with serving_process(dev=False, skill_id=f"other,{SKILL_ID}") as served:
        assert served.said == [f"ready: http://127.0.0.1:{served.port}/alexa"]
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
