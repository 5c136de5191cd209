"""Plays: conversations in a file, line by line, with what follows each (tests/conversations)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import yaml

from skill.simulator.device import ENDED, Answered
from skill.simulator.screen import SCREENS
from skill.speech.catalogue import DEFAULT_LOCALE, LOCALES

SILENCE = "(silence)"
MOST_LETTERS = 500
"""In a line of hers."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as quick, where it is
_TOUCH = re.compile(r"\(touch (\w+)\)")
_TIME = re.compile(r"(\d{1,5}) (s|min)")


class PlayError(ValueError):
    """A play that cannot be read, or that would change more than its words."""


@dataclass(frozen=True)
class Play:
    """A conversation: its name, its locale, and its turns, as they stand in the file.

    screen: which of `SCREENS` she touches, "" for none.
    """

    name: str
    locale: str
    turns: list[dict[str, Any]]
    screen: str = ""


def touching(name: str) -> str:
    """The line of a play in which she touches a button, as "(touch let_go)"."""
    return f"(touch {name})"


def touched(line: str) -> str | None:
    """The button that she touches in a line of a play; None where it is said, or silent."""
    found = _TOUCH.fullmatch(line)
    return found[1] if found else None


def follows(said: Answered, answer: Mapping[str, Any], level: int | None) -> dict[str, Any]:
    """What a play tells of a turn: how it was understood, what she hears, where she is.

    answer: what the webhook answered. level: that of the urgent line, if it gave one.
    """
    place = (answer.get("sessionAttributes") or {}).get("place", {})
    told: dict[str, Any] = {} if said.intent == ENDED else {"understood": _understood(said)}
    told |= {"hears": said.speech, "microphone": "open" if said.open else "closed"}
    told["place"] = place.get("ask", "end") if said.open else "end"
    return told | ({"level": level} if level else {})


def _understood(said: Answered) -> str:
    """The intent and what its slots resolved to; `?` for what matched nothing."""
    slots = sorted(said.slots.items())
    return " ".join([said.intent, *(f"{name}={value.id or '?'}" for name, value in slots)])


def duration(text: str) -> timedelta:
    """The time that passes before a turn. PlayError for what is no time."""
    found = _TIME.fullmatch(text)
    if not found:
        raise PlayError(f"after: {text!r} is no time; write 30 s or 9 min")
    return timedelta(**{{"s": "seconds", "min": "minutes"}[found[2]]: int(found[1])})


def written(play: Play) -> str:
    """The file of one play."""
    locale = {} if play.locale == DEFAULT_LOCALE else {"locale": play.locale}
    screen = {"screen": play.screen} if play.screen else {}
    raw = [{"play": play.name, **locale, **screen, "turns": play.turns}]
    return yaml.safe_dump(raw, sort_keys=False, width=96, allow_unicode=True)


def read_plays(text: str) -> list[Play]:
    """The plays of a file. PlayError where it is none."""
    try:
        raw = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise PlayError(f"this is no file of plays: {reason}") from error
    if not isinstance(raw, list) or not raw:
        raise PlayError("this is no file of plays: it is not a list")
    return [_play(each) for each in raw]


def _play(raw: Any) -> Play:
    if not isinstance(raw, dict) or not isinstance(raw.get("play"), str):
        raise PlayError("a play has no name")
    name, locale, turns = raw["play"], raw.get("locale", DEFAULT_LOCALE), raw.get("turns")
    if locale not in LOCALES:
        raise PlayError(f"{name!r}: there is no locale {locale!r}")
    if (screen := raw.get("screen", "")) not in ("", *SCREENS):
        raise PlayError(f"{name!r}: there is no screen {screen!r}")
    if not isinstance(turns, list) or not turns:
        raise PlayError(f"{name!r} has no turns")
    for turn in turns:
        _check(name, turn)
    return Play(name, locale, turns, screen)


def _check(name: str, turn: Any) -> None:
    said = turn.get("she") if isinstance(turn, dict) else None
    if not isinstance(said, str) or not 0 < len(said.strip()) <= MOST_LETTERS:
        raise PlayError(f"{name!r}: a turn has no line of hers (she: ...)")
    if "after" in turn:
        duration(str(turn["after"]))
