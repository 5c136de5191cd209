"""skill.serving.rehearsal: the conversation that is held before any request is taken."""

import json
import logging
from datetime import datetime, tzinfo
from types import SimpleNamespace
from typing import Self

import pytest

from skill.alexa import envelope, trust
from skill.alexa.handlers import Skill
from skill.alexa.trust import Trust
from skill.serving import rehearsal as rehearsals
from skill.serving.rehearsal import Rehearsal, RehearsalError
from skill.serving.worker import Worker
from skill.speech.catalogue import LOCALES


def test_rehearsal_in_every_locale() -> None:
    """Before it serves, the webhook holds a signed conversation in each locale, unlogged."""
    Rehearsal().play(LOCALES)


def test_rehearsal_with_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a screen shows is rehearsed too; a turn without it does not get to serve."""
    monkeypatch.setattr(envelope, "_has_screen", lambda _: False)
    with pytest.raises(RehearsalError, match="a launch was not answered in en-US"):
        Rehearsal().play(["en-US"])


def test_rehearsal_writes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The rehearsal is no request: the log does not have it, and goes on afterwards."""
    caplog.set_level(logging.DEBUG)
    Rehearsal().play(["en-US"])
    assert caplog.records == []
    logging.getLogger("skill.web").info("a line")
    assert len(caplog.records) == 1


@pytest.mark.parametrize(("part", "does"), [(Trust, "admit"), (Skill, "turn")])
def test_rehearsal_that_fails(monkeypatch: pytest.MonkeyPatch, part: type, does: str) -> None:
    """A webhook that refuses, or that can only apologise, does not get to serve."""

    def fail(*_: object) -> None:
        raise KeyError

    rehearsal = Rehearsal()
    monkeypatch.setattr(part, does, fail)
    with pytest.raises(RehearsalError):
        rehearsal.play(["en-US"])


def test_rehearsal_long_after_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that starts months later rehearses all the same."""
    rehearsal = Rehearsal()

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2099, 1, 1, tzinfo=tz)

    monkeypatch.setattr(rehearsals, "datetime", Later)
    monkeypatch.setattr(trust, "datetime", Later)
    rehearsal.play(["en-US"])


def test_a_worker_that_cannot_rehearse_serves(caplog: pytest.LogCaptureFixture) -> None:
    """A later worker whose rehearsal fails says so in one line, and goes on: it may well answer."""

    def fail(_: list[str]) -> None:
        raise RehearsalError("a launch was not answered in en-US")

    worker = Worker.__new__(Worker)
    worker.app = SimpleNamespace(rehearsal=SimpleNamespace(play=fail))
    worker._rehearse()
    said = json.loads(caplog.messages[0])
    assert len(caplog.messages) == 1
    assert said.pop("at").startswith("skill/serving/worker.py:")
    assert said == {"rehearsal": "failed", "cause": "RehearsalError"}
