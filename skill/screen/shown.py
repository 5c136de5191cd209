"""A turn → what is shown of it: one text, perhaps a drawing, and what may be touched.

Of the conversation it knows the turn and nothing else. A line that is drawn is shown in short;
another has something to show where `responses/en/screen.yaml` has a line of its name; otherwise
the open question is shown. What she answered is never shown, nor is a sign: an urgent turn shows
whom to call, and nothing else (conversation.md 8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from skill.coach.place import Ask
from skill.coach.signs import Choice, Level
from skill.coach.turn import Turn
from skill.speech.catalogue import Catalogue, Pause, Piece, Tags
from skill.speech.words import BETWEEN_LINES, in_digits, seconds, speed_of, tags_of


class Touch(Choice):
    """What a touch says: each has the meaning of something that can be spoken."""

    LET_GO = "let_go"
    NEXT = "next"
    AGAIN = "again"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class Button:
    """A touch that is offered, and what stands on it."""

    touch: Touch
    label: str


@dataclass(frozen=True)
class Breath:
    """A breath of a hold: when it begins, counted from the first word, and its length, in ms."""

    after: int
    lasts: int


@dataclass(frozen=True)
class Shown:
    """What a turn shows.

    text: the one instruction or question. also: whom to call, where an urgent line was given.
    urgent: whether the text is whom to call. drawing: the name of a file in `drawings/`.
    """

    text: str
    also: str = ""
    urgent: bool = False
    drawing: str | None = None
    buttons: tuple[Button, ...] = ()
    breaths: tuple[Breath, ...] = ()


COUNTED = ("relief.hold", "bedtime.count", "bedtime.circles")
"""Lines that hold for some breaths: the screen counts them."""

_SHORTEST_BREATH = 2.0  # seconds; what is shorter is a comma

_OFFERED: dict[Ask, tuple[tuple[Touch, str], ...]] = {
    Ask.LET_GO: ((Touch.LET_GO, "let_go"), (Touch.NEXT, "still_hurts")),
    Ask.ONE_MORE: ((Touch.LET_GO, "let_go"), (Touch.NEXT, "one_more")),
    Ask.PAIN_GONE: ((Touch.LET_GO, "gone"),),
    Ask.WHICH_PART: ((Touch.LET_GO, "let_go"),),
    Ask.WHICH_THIGH: ((Touch.LET_GO, "let_go"),),
    Ask.BEDTIME: ((Touch.NEXT, "next"),),
    Ask.PRACTICE: ((Touch.NEXT, "next"),),
}
"""What may be touched beside the two that every open question has, and its label."""

_ALWAYS = ((Touch.AGAIN, "again"), (Touch.EMERGENCY, "emergency"))

Text = tuple[str, str]
"""The key of a line, and the form of it that is said or shown."""


class View(NamedTuple):
    """All of a turn that decides what is shown, so that turns with the same show the same.

    lines: what is said, but for what is urgent. question: what is asked, None at the end. ask: its
    place. level: of what is urgent. given: whether an urgent line was given before. tags, speed:
    in which words, and how quick. No sign that she named is in it, nor where else she was.
    """

    lines: tuple[Text, ...]
    question: Text | None
    ask: Ask
    level: Level | None
    given: bool
    tags: Tags
    speed: float


def view(turn: Turn) -> View:
    """What of a turn decides what is shown."""
    session, question = turn.session, turn.question
    return View(
        lines=() if turn.level else tuple((line.key, line.form) for line in turn.lines),
        question=(question.key, question.form) if question else None,
        ask=session.place.ask,
        level=turn.level,
        given=session.place.given is not None,
        tags=tags_of(session, turn.level),
        speed=speed_of(session.manner),
    )


def shown(it: View, words: Catalogue) -> Shown:
    """What is shown, in the words of a locale."""

    def text(key: str, form: str = "say") -> str:
        return in_digits(words.pieces(key, form, it.tags))

    if it.level is not None:
        return Shown(text(f"screen.urgent.{it.level.name.lower()}"), urgent=True)
    key, form = _line(it, words)
    return Shown(
        text(key, form),
        also=text("screen.given") if it.given and it.question else "",
        drawing=words.entries[key].drawing,
        buttons=tuple(Button(touch, text(f"screen.touch.{label}")) for touch, label in _may(it)),
        breaths=tuple(_breaths(it, words)),
    )


def _line(it: View, words: Catalogue) -> Text:
    """The line that is shown: the first that has something for the eyes, or the question."""
    for key, form in it.lines:
        if words.entries[key].drawing:
            return key, "short"
        if form == "say" and (short := f"screen.{key}") in words.entries:
            return short, "say"
    return it.question or ("screen.end", "say")


def _may(it: View) -> tuple[tuple[Touch, str], ...]:
    """Nothing after an end, nor while somebody may be driving."""
    if it.question is None or it.ask is Ask.STOPPED:
        return ()
    return (*_OFFERED.get(it.ask, ()), *_ALWAYS)


def _breaths(it: View, words: Catalogue) -> Iterator[Breath]:
    at = 0.0
    for key, form in it.lines:
        for piece in (*words.pieces(key, form, it.tags), BETWEEN_LINES):
            lasts = _seconds(piece, it.speed)
            if key in COUNTED and isinstance(piece, Pause) and lasts >= _SHORTEST_BREATH:
                yield Breath(round(at * 1000), round(lasts * 1000))
            at += lasts


def _seconds(piece: Piece, speed: float) -> float:
    return piece.seconds if isinstance(piece, Pause) else seconds((piece,)) / speed
