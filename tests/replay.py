"""The plays again, through the coach alone: what each of them reaches.

`understood` says which event each sentence was; `test_plays.py` holds it to what the webhook was
sent. So a play needs neither a listener nor a webhook to be played again, and takes no time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from skill.alexa.intents import event_for
from skill.coach import interpreter
from skill.coach.conversation import aside, respond
from skill.coach.events import Event, Said
from skill.coach.outcomes import Outcome, When
from skill.coach.place import LATE, OUTSIDE_RELIEF, Session, Speaker, Stage
from skill.coach.turn import Turn
from tests.files import read_yaml

FOLDER = Path(__file__).parent / "conversations"
_UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1)}


@dataclass(frozen=True)
class Scene:
    """One turn of a play: where she was, what was understood, and what followed."""

    before: Session
    event: Event
    turn: Turn
    locale: str


@dataclass
class Replay:
    """All plays: their scenes, the outcomes and conditions that were read, what went wrong."""

    scenes: list[Scene] = field(default_factory=list)
    outcomes: set[type[Outcome]] = field(default_factory=set)
    conditions: set[When] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)


@cache
def replay() -> Replay:
    """The plays of tests/conversations. A play that goes wrong ends there, and is a trouble."""
    played = Replay()
    with _noting(played):
        for file in sorted(FOLDER.glob("*.yaml")):
            for play in read_yaml(file):
                try:
                    played.scenes += _scenes(play)
                except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
                    what = error if type(error) is ValueError else repr(error)
                    played.troubles.append(f"{file.name}, {play['play']!r}: {what}")
    return played


def _noting(played: Replay) -> Any:
    """The interpreter, noting the outcomes and conditions that it reads."""
    settled, holds = interpreter._settled, interpreter.holds

    def settling(outcome: Outcome, now: interpreter.Moment) -> Outcome:
        played.outcomes.add(type(outcome))
        played.outcomes.add(type(after := settled(outcome, now)))
        return after

    def holding(when: When, now: interpreter.Moment) -> bool:
        played.conditions.add(when)
        return holds(when, now)

    return patch.multiple(interpreter, _settled=settling, holds=holding)


def _scenes(play: Mapping[str, Any]) -> Iterator[Scene]:
    session = Session()
    cramping: timedelta | None = None  # how long this cramp has lasted so far
    for raw in play["turns"]:
        if cramping is not None and "after" in raw:
            count, unit = raw["after"].split()
            cramping += int(count) * _UNITS[unit]
        if raw["she"] == "(silence)":
            session, cramping = Session(), None
            continue
        told, event = _understood(session, raw)
        turn = respond(told, event, late=cramping is not None and cramping >= LATE)
        _same(turn, raw)
        yield Scene(told, event, turn, play.get("locale", "en-US"))
        session = turn.session if turn.open else Session()
        cramping = None if session.place.ask in OUTSIDE_RELIEF else cramping or timedelta()


def _understood(session: Session, raw: Mapping[str, Any]) -> tuple[Session, Event]:
    """The event of a turn, and the session with what the same breath told."""
    if "understood" not in raw:
        raise ValueError(f"{raw['she']!r} is not filled in yet: run `python -m tests.plays`")
    intent, *slots = raw["understood"].split()
    ids = dict(slot.split("=") for slot in slots)
    speaker = Speaker.HELPER if "helper" in ids else None
    told = aside(session, speaker, Stage(ids["stage"]) if "stage" in ids else None)
    return told, Said.LAUNCH if intent == "LaunchRequest" else event_for(intent, ids)


def _same(turn: Turn, raw: Mapping[str, Any]) -> None:
    follows = {
        "microphone": "open" if turn.open else "closed",
        "place": turn.session.place.ask.value if turn.open else "end",
        "level": turn.level and int(turn.level),
    }
    for name, value in follows.items():
        if raw.get(name) != value:
            found = f"{raw.get(name)!r} stands there"
            raise ValueError(f"after {raw['she']!r} the {name} is {value!r}, and {found}")
