"""Nothing that she says, and nothing of who or where she is, is written anywhere."""

from __future__ import annotations

import gc
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bench.fuzz import Fuzz
from skill import web
from skill.alexa.handlers import ANSWERED, Skill
from skill.alexa.refusal import Cause
from skill.alexa.trust import SKILL_EVENTS
from skill.coach.place import Ask
from skill.simulator.play import SILENCE
from skill.simulator.screen import SCREENS
from skill.simulator.understand import listener
from tests.chains import raw_request
from tests.plays import Stage, plays
from tests.test_web import Alexa

KINDS = {*ANSWERED, "SessionEndedRequest", "other", *SKILL_EVENTS}
OUTCOMES = {"answered", "apologised"}
VOCABULARY = {"request", "outcome", "refused", "cause", "at", "ms", "skill", "info", "web"} | {
    part for word in (*KINDS, *OUTCOMES, *Cause) for part in re.findall(r"\w+", word.lower())
}
"""The words that a log line is made of."""


class Listening(Stage):
    """A stage that remembers all that was sent to the webhook."""

    def __init__(self, locale: str) -> None:
        super().__init__(locale)
        self.sent: list[dict[str, Any]] = []

    def _send(self, envelope: dict[str, Any]) -> Any:
        self.sent.append(json.loads(json.dumps(envelope)))
        return super()._send(envelope)


@pytest.fixture
def written(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> pytest.LogCaptureFixture:
    """What all loggers write, at their finest level, those that keep to themselves included."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "level", logging.DEBUG)
        monkeypatch.setattr(logger, "propagate", True)
        monkeypatch.setattr(logger, "disabled", False)
    return caplog


def strings(value: object) -> Iterator[str]:
    """Every text in a request, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from (name, *strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def words_of(*texts: str) -> set[str]:
    """The words in texts that could be known again, without those that every log line has."""
    found = {word for text in texts for word in re.findall(r"\w{3,}", text.lower())}
    return found - VOCABULARY


def assert_only_log_lines(caplog: pytest.LogCaptureFixture) -> None:
    """What was written is lines of the log, and each is made of words that are fixed."""
    for record in caplog.records:
        assert record.name == "skill.web"
        line = json.loads(record.getMessage())
        if list(line) == ["refused"]:
            assert line["refused"].keys() <= set(Cause)
            continue
        assert list(line) == ["request", "outcome", "ms"]
        assert line["request"] in KINDS
        assert line["outcome"] in OUTCOMES
        assert isinstance(line["ms"], float)


def assert_not_written(words: set[str], caplog: pytest.LogCaptureFixture) -> None:
    """None of these words stands in what was written."""
    assert not words & set(re.findall(r"\w+", caplog.text.lower()))


@pytest.mark.fitting
@pytest.mark.parametrize("locale", sorted({play.locale for play in plays()}))
def test_plays(
    written: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], locale: str
) -> None:
    """Through every play of a locale, no word of hers, slot, id, token or place is written."""
    listener(locale).prepare().result()  # while it learns, it says so on standard error
    stage = Listening(locale)
    said: list[str] = []
    for play in plays():
        if play.locale == locale:
            stage._device.forget()
            stage._device.screen = SCREENS.get(play.screen)
            for turn in play.turns:
                stage.play(turn)
                said += [turn["she"], turn["hears"]]
    places = [ask.value.replace("_", " ") for ask in Ask]
    sent = [text for text in strings(stage.sent) if text != SILENCE]
    assert len(written.records) == len(stage.sent)
    assert_only_log_lines(written)
    assert_not_written(words_of(*said, *places, *sent), written)
    assert capfd.readouterr() == ("", "")


def test_fuzzed_requests(
    written: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of requests that were altered in every way, nothing is written but lines of fixed words."""
    monkeypatch.setattr(web, "TELLING_SECONDS", 0)
    fuzz = Fuzz(seed=3)
    for _ in range(400):
        fuzz.send()
    assert len(written.records) == 400
    assert_only_log_lines(written)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("error", [KeyError, ValueError, RecursionError, UnicodeError])
def test_errors_that_carry_her_words(
    written: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    """An error of ours that carries the whole request writes nothing but its type and its place."""

    def fail(_self: object, envelope: object) -> str:
        raise error(json.dumps(raw_request()))

    monkeypatch.setattr(Skill, "turn", fail)
    Alexa().post(raw_request())
    (record,) = written.records
    assert record.exc_info is None
    line = json.loads(record.getMessage())
    assert line["cause"] == error.__name__
    assert re.fullmatch(r"skill/alexa/handlers\.py:\d+", line["at"])
    assert_not_written(words_of(*strings(raw_request())) - {error.__name__.lower()}, written)
    assert capfd.readouterr() == ("", "")


def test_nothing_of_hers_is_kept(written: pytest.LogCaptureFixture) -> None:
    """After an answer, no object that outlives it holds her id, her token, or what she said."""
    known = "-".join(["known", "again"])  # whole, it would stand in this file's own lines
    alexa = Alexa()
    raw = raw_request()
    raw["session"]["user"]["userId"] = f"amzn1.ask.account.{known.upper()}"
    raw["request"]["intent"]["slots"]["part"]["value"] = f"my poor left {known} calf"
    alexa.post(raw)
    del raw
    gc.collect()
    kept = [
        each
        for each in gc.get_objects()
        if isinstance(each, dict | list | tuple | set)
        and any(isinstance(value, str) and known in value.lower() for value in _inside(each))
    ]
    assert kept == []


def _inside(each: Any) -> list[Any]:
    return list(each.values()) if isinstance(each, dict) else list(each)
