"""A turn → what is shown of it: one text, perhaps a drawing, and what may be touched.

Of the conversation it knows the turn and nothing else. A line that is drawn is shown in short;
another has something to show where `responses/en/screen.yaml` has a line of its name; otherwise
the open question is shown. What she answered is never shown, nor is a sign: an urgent turn shows
whom to call, and nothing else (conversation.md 8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skill.coach.place import Ask
from skill.coach.signs import Choice
from skill.coach.turn import Line, Turn
from skill.speech.catalogue import Catalogue, Pause, Piece
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


def shown(turn: Turn, words: Catalogue) -> Shown:
    """What a turn shows, in the words of a locale."""
    tags = tags_of(turn.session, turn.level)

    def text(key: str, form: str = "say") -> str:
        return in_digits(words.pieces(key, form, tags))

    if turn.level is not None:
        return Shown(text(f"screen.urgent.{turn.level.name.lower()}"), urgent=True)
    line = _line(turn, words)
    given = turn.open and turn.session.place.given is not None
    return Shown(
        text(line.key, line.form),
        also=text("screen.given") if given else "",
        drawing=words.entries[line.key].drawing,
        buttons=tuple(Button(touch, text(f"screen.touch.{label}")) for touch, label in _may(turn)),
        breaths=tuple(_breaths(turn, words)),
    )


def _line(turn: Turn, words: Catalogue) -> Line:
    """The line that is shown: the first that has something for the eyes, or the question."""
    for line in turn.lines:
        if words.entries[line.key].drawing:
            return Line(line.key, "short")
        if line.form == "say" and (key := f"screen.{line.key}") in words.entries:
            return Line(key)
    return turn.question or Line("screen.end")


def _may(turn: Turn) -> tuple[tuple[Touch, str], ...]:
    """Nothing after an end, nor while somebody may be driving."""
    ask = turn.session.place.ask
    return (*_OFFERED.get(ask, ()), *_ALWAYS) if turn.open and ask is not Ask.STOPPED else ()


def _breaths(turn: Turn, words: Catalogue) -> Iterator[Breath]:
    at, tags, speed = 0.0, tags_of(turn.session), speed_of(turn.session.manner)
    for line in turn.lines:
        for piece in (*words.pieces(line.key, line.form, tags), BETWEEN_LINES):
            lasts = _seconds(piece, speed)
            if line.key in COUNTED and isinstance(piece, Pause) and lasts >= _SHORTEST_BREATH:
                yield Breath(round(at * 1000), round(lasts * 1000))
            at += lasts


def _seconds(piece: Piece, speed: float) -> float:
    return piece.seconds if isinstance(piece, Pause) else seconds((piece,)) / speed
