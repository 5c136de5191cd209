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
from skill.speech import edited
from skill.speech.catalogue import DEFAULT_LOCALE, LOCALES
from skill.speech.edited import SlipError

SILENCE = "(silence)"
MOST_LETTERS = 500
"""In a line of hers."""

TURN = ("after", "she", "understood", "hears", "microphone", "place", "level")
"""What a turn may have: the first two are hers."""

_TOUCH = re.compile(r"\(touch (\w+)\)")
_TIME = re.compile(r"(\d{1,5}) (s|min)")


class PlayError(SlipError):
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
        raise PlayError(_no_time(text))
    return timedelta(**{{"s": "seconds", "min": "minutes"}[found[2]]: int(found[1])})


def _no_time(text: str) -> str:
    return f"after: {text!r} is no time; write 30 s or 9 min"


def written(play: Play) -> str:
    """The file of one play."""
    locale = {} if play.locale == DEFAULT_LOCALE else {"locale": play.locale}
    screen = {"screen": play.screen} if play.screen else {}
    raw = [{"play": play.name, **locale, **screen, "turns": play.turns}]
    return yaml.safe_dump(raw, sort_keys=False, width=96, allow_unicode=True)


def read_plays(text: str, shown: str = "the file") -> list[Play]:
    """The plays of a text that people see as a file. SlipError where it is none: which line."""
    raw = edited.loaded(text, shown)
    if not isinstance(raw, list) or not raw:
        raise PlayError(f"{shown}, line 1: this is no list of plays: begin one with `- play: NAME`")
    found = []
    for number, each in enumerate(raw):
        if wrong := _wrong(each):
            *keys, reason = wrong
            line = edited.line_of(text, [number, *keys])
            raise PlayError(f"{shown}, line {line}: {reason}")
        locale, screen = each.get("locale", DEFAULT_LOCALE), each.get("screen", "")
        found.append(Play(each["play"], locale, each["turns"], screen))
    return found


def _wrong(raw: Any) -> tuple[Any, ...] | None:
    """What is wrong with a play: the keys under which it stands, then why and the fix."""
    if not isinstance(raw, dict) or not isinstance(raw.get("play"), str):
        return ("a play has no name: write `play: NAME`",)
    name, locale, turns = raw["play"], raw.get("locale", DEFAULT_LOCALE), raw.get("turns")
    if locale not in LOCALES:
        return "locale", f"{name!r}: there is no locale {locale!r}: {', '.join(LOCALES)}"
    if (screen := raw.get("screen", "")) not in ("", *SCREENS):
        return "screen", f"{name!r}: there is no screen {screen!r}: {', '.join(SCREENS)}"
    if not isinstance(turns, list) or not turns:
        return "turns", f"{name!r} has no turns: write `- she: ...` for each"
    for number, turn in enumerate(turns):
        if reason := _wrong_turn(turn):
            return "turns", number, f"{name!r}: {reason}"
    return None


def _wrong_turn(turn: Any) -> str:
    said = turn.get("she") if isinstance(turn, dict) else None
    if not isinstance(said, str) or not 0 < len(said.strip()) <= MOST_LETTERS:
        return f"a turn has no line of hers: write `she: ...`, at most {MOST_LETTERS} letters"
    if unknown := [name for name in turn if name not in TURN]:
        return f"there is no {unknown[0]} in a turn: correct it, or leave it out"
    if "after" in turn and not _TIME.fullmatch(str(turn["after"])):
        return _no_time(str(turn["after"]))
    return ""
