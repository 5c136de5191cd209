"""skill.doctor.here: what is looked at on this machine, a test for each finding."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import certifi
import pytest

from skill import cli, doctor
from skill.doctor import asking, here
from skill.doctor.asking import Reply
from skill.doctor.finding import Finding, State, bad, good
from skill.publish import models
from skill.publish.source import ModelError
from skill.speech import signed
from skill.speech.edited import SlipError
from tests.chains import SKILL_ID

Patch = pytest.MonkeyPatch


def reply(ahead: float = 0, **headers: str) -> Reply:
    """A reply whose clock is ahead by so many seconds."""
    told = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    return Reply(200, {"date": told, **headers}, b"", 0.2)


def looked(look: Any) -> tuple[State, str]:
    """The state of a finding, and its line; a finding that is not good says what to do."""
    finding: Finding = look()
    assert (finding.state is State.GOOD) != bool(finding.fix)
    return finding.state, str(finding)


@pytest.mark.parametrize(
    ("version", "state"),
    [((3, 10), State.NOTE), ((3, 11), State.GOOD), ((3, 13), State.GOOD), ((3, 14), State.NOTE)],
)
def test_python(version: tuple[int, int], state: State, monkeypatch: Patch) -> None:
    """An interpreter that is not tested is told."""
    monkeypatch.setattr(sys, "version_info", version)
    assert looked(here.python)[0] is state


@pytest.mark.parametrize(
    ("setting", "state", "said"),
    [
        ("", State.BAD, "is not set"),
        (" , ", State.BAD, "is not set"),
        ('"amzn1.ask.skill.x"', State.BAD, "is none"),
        (f"{SKILL_ID},amzn1.ask.skill.x", State.BAD, "'amzn1.ask.skill.x' is none"),
        (f" {SKILL_ID} ", State.GOOD, SKILL_ID),
    ],
)
def test_skill_id(setting: str, state: State, said: str, monkeypatch: Patch) -> None:
    """Without a skill's id, or with what is none, nobody is answered."""
    monkeypatch.setenv("CRAMP_COACH_SKILL_ID", setting)
    found, line = looked(here.skill_id)
    assert found is state
    assert said in line


def test_operator(monkeypatch: Patch) -> None:
    """It is told whether the pages name who runs it."""
    monkeypatch.setenv("CRAMP_COACH_OPERATOR", "The Midwives")
    monkeypatch.delenv("CRAMP_COACH_CONTACT", raising=False)
    state, line = looked(here.run_by)
    assert state is State.NOTE
    assert "CRAMP_COACH_CONTACT not set" in line
    assert "OPERATOR" not in line
    monkeypatch.setenv("CRAMP_COACH_CONTACT", "a@b.example")
    assert looked(here.run_by) == (State.GOOD, "ok    operator: The Midwives, a@b.example")
    monkeypatch.setenv("CRAMP_COACH_CONTACT", "ask the midwives")
    assert "CONTACT is 'ask the midwives'" in looked(here.run_by)[1]


@pytest.mark.parametrize(
    ("setting", "state"),
    [("", State.GOOD), ("9100", State.GOOD), ("65536", State.BAD), ("http", State.BAD)],
)
def test_health_port(setting: str, state: State, monkeypatch: Patch) -> None:
    """A port that is none keeps the server from starting."""
    monkeypatch.setenv("CRAMP_COACH_HEALTH_PORT", setting)
    assert looked(here.health_port)[0] is state


def test_roots(monkeypatch: Patch) -> None:
    """Roots that cannot be read, or do not have Amazon's, refuse everybody."""
    assert looked(here.roots)[0] is State.GOOD
    others = certifi.contents().replace("Amazon Root CA 1", "")
    for pem, said in (("", "cannot be read"), (others, "is not among")):
        monkeypatch.setattr(certifi, "contents", lambda pem=pem: pem)
        state, line = looked(here.roots)
        assert state is State.BAD
        assert said in line


def test_chains_host(monkeypatch: Patch) -> None:
    """The host of the chains answers, whatever it says; else nobody is answered."""
    monkeypatch.setattr(asking, "ask", lambda *_: reply()._replace(status=403))
    assert [each.state for each in here.network()] == [State.GOOD, State.GOOD]

    def unreached(*_: object) -> Reply:
        raise OSError("no route")

    monkeypatch.setattr(asking, "ask", unreached)
    host, clock = here.network()
    assert host.state is State.BAD
    assert "s3.amazonaws.com out" in host.fix
    assert clock.state is State.NOTE


@pytest.mark.parametrize(
    ("ahead", "state", "said"),
    [
        (0, State.GOOD, "within 0 s"),
        (29, State.GOOD, ""),
        (-60, State.NOTE, "ahead of X"),
        (151, State.BAD, "151 s behind X"),
        (-151, State.BAD, "151 s ahead of X"),
        (None, State.NOTE, "tells no time"),
    ],
)
def test_clock(ahead: float | None, state: State, said: str) -> None:
    """A clock that is further off than a request may be old refuses everybody."""
    found, line = looked(lambda: here.clock("clock", "X", ahead))
    assert found is state
    assert said in line


def test_clock_of_a_reply() -> None:
    """The other's clock is read from its reply, where it tells one that can be read."""
    now = datetime.now(UTC)
    assert abs((reply(90).clock_ahead(now) or 0) - 90) < 2
    assert reply(date="yesterday").clock_ahead(now) is None
    assert Reply(200, {}, b"", 0).clock_ahead(now) is None


def test_signatures(monkeypatch: Patch) -> None:
    """What is not signed is counted; what keeps the server from starting is bad.

    That is a signature that cannot be read, or one that is missing where all have to be there.
    """

    def odd() -> tuple[int, int]:
        raise SlipError("responses/signed/a-midwife.yaml, line 3: no date")

    monkeypatch.setattr(signed, "tally", lambda: (2, 639))
    state, line = looked(here.signatures)
    assert state is State.NOTE
    assert "2 of 639 signed" in line
    monkeypatch.setattr(signed, "tally", odd)
    state, line = looked(here.signatures)
    assert state is State.BAD
    assert "line 3: no date" in line
    monkeypatch.setattr(signed, "tally", lambda: (2, 639))
    monkeypatch.setenv("CRAMP_COACH_REQUIRE_SIGNED", "1")
    state, line = looked(here.signatures)
    assert state is State.BAD
    assert "asks for all" in line
    monkeypatch.setattr(signed, "tally", lambda: (639, 639))
    assert looked(here.signatures)[0] is State.GOOD


def test_models(monkeypatch: Patch) -> None:
    """A model that is not what its source says, or cannot be built, is bad."""

    def broken(*, check: bool) -> list[Path]:
        raise ModelError("A: nothing but slots")

    monkeypatch.setattr(models, "build", lambda *, check: [])
    assert looked(here.models)[0] is State.GOOD
    monkeypatch.setattr(models, "build", lambda *, check: [Path("x/en-GB.json")])
    assert looked(here.models)[0] is State.BAD
    assert "en-GB not what" in looked(here.models)[1]
    monkeypatch.setattr(models, "build", broken)
    assert "nothing but slots" in looked(here.models)[1]


def test_models_without_their_builder(monkeypatch: Patch) -> None:
    """Where models cannot be built, it is said how they can."""

    def without(name: str) -> ModuleSpec | None:
        return None

    monkeypatch.setattr(here, "find_spec", without)
    state, line = looked(here.models)
    assert state is State.NOTE
    assert "cramp-coach[publish]" in line


# --- the command


def test_command(monkeypatch: Patch, capsys: pytest.CaptureFixture[str]) -> None:
    """A line a finding, and exit 1 where she would not be answered; a note is no reason."""
    both = [good("a", "well"), bad("b", "no", "Do it")]
    monkeypatch.setattr(here, "findings", lambda: iter(both))
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr().out == "ok    a: well\nBAD   b: no. Do it\n"
    monkeypatch.setattr(doctor.there, "findings", lambda url: iter([good("c", url)]))
    assert cli.main(["doctor", "--url", "https://a.example/alexa"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == ["note  b: no. Do it", "ok    c: https://a.example/alexa"]


def test_everything_is_looked_at(monkeypatch: Patch) -> None:
    """What is looked at on this machine: each once."""
    monkeypatch.setattr(models, "build", lambda *, check: [])
    monkeypatch.setattr(asking, "ask", lambda *_: reply())
    what = [each.what for each in here.findings()]
    assert what == [
        *("Python", "skill id", "health port", "operator", "roots", "chain's host", "clock"),
        *("signatures", "models"),
    ]
