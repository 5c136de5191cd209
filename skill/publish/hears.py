"""What she hears: a turn of the coach in words, in every way in which a page may say it.

Words are those for a pregnant woman in the United States who speaks herself, with a cramp in her
calf.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from skill.coach.place import Again, Ask, Place, Session
from skill.coach.signs import Level
from skill.coach.tables.checks import NEXT_CHECK
from skill.coach.turn import Line, Turn, question_key
from skill.coach.urgent import urge
from skill.speech.catalogue import DEFAULT_LOCALE, Digits, Piece, Words, catalogue
from skill.speech.words import tags_of

SAME = "_the question again_"
NARROWER = "_the question again, in its narrower form_"
NEXT = "_the next safety question_"
CLEAR = "_what follows a clear no_"
CLEAR_AFTER = "_what follows a clear no; if that is an urgent line, it comes alone_"
SILENCE = "_the words under “after silence”_"
STRETCH = "_the stretch_"
ENDS = "_the conversation ends_"
AS_ABOVE = "_as for anything else above_"

LEVELS = {None: "—", Level.CALL_NOW: "2 call tonight", Level.EMERGENCY: "1 emergency"}
NOTED = {(Level.CALL_NOW, Level.EMERGENCY): r"2 call tonight \*"}
GIVEN = (Level.CALL_NOW, Level.EMERGENCY)
AS_GIVEN = "2 / 1 as given"

PLACES: dict[Ask, str] = {
    Ask.NOTHING: "Her first words",
    Ask.LOST: "When the coach has lost its place",
}
"""Headings where no question is asked."""

ASKED_WHEN: dict[Ask, str] = {
    Ask.BREATH_FROM_PAIN: "out of breath from the pain",
    Ask.HEART_FROM_PAIN: "heart racing from the pain",
    Ask.IS_THAT_RIGHT: "after a yes",
    Ask.IS_THAT_RIGHT_LEG: "after a yes about the leg",
    Ask.CAN_YOU_CALL: "after a sign that she named",
    Ask.CAN_YOU_CALL_AFTER_YES: "after a yes",
}
"""What tells apart headings of questions in the same words."""


class Hears(NamedTuple):
    """One turn, as it is heard: its lines, its question, and the level of its urgent line."""

    says: tuple[str, ...]
    asks: str
    level: str = "—"


Way = tuple[tuple[str, ...], Level | None, str]
"""The lines of a turn in words, the level to read them at, and the level as the page has it."""


@dataclass(frozen=True, eq=False)
class Answered:
    """What is heard in a turn, and what its question is to the one that was open.

    narrows: None where a question that is in its narrower form already stays as it is.
    before_clear: what is said before what follows a clear no; None where it is no clear no.
    """

    lines: tuple[Line, ...]
    question: Line | None
    level: Level | None
    ways: tuple[Way, ...]
    same: bool
    opening: bool
    narrows: bool | None
    next_check: bool
    before_clear: tuple[Line, ...] | None


@cache
def hears(answer: Answered, *, narrows: bool, shared: bool) -> tuple[Hears, ...]:
    """Every way of saying what is heard, the best first.

    narrows: its question is the one that was open, in its narrower form. shared: for a table of
    several questions, where what she would like, asked where no question is open yet, counts as the
    same question.
    """
    ways = [
        Hears(said, asks, level)
        for said, given, level in answer.ways
        for asks in _asks(answer, given, narrows, shared)
    ]
    if answer.before_clear is None:
        return tuple(ways)
    clear = CLEAR_AFTER if answer.before_clear else CLEAR
    return (Hears(says(answer.before_clear, None), clear), *ways)


def _asks(answer: Answered, given: Level | None, narrows: bool, shared: bool) -> Iterator[str]:
    same = answer.same or (shared and answer.opening)
    if same and not narrows:
        yield SAME
    yield words(answer.question, given) if answer.question else ENDS
    if same and narrows:
        yield NARROWER
    if answer.next_check and (shared or not same):
        yield NEXT


def answered(before: Place, turn: Turn, clear: Turn | None) -> Answered:
    """What a turn sounds like. clear: the turn of a clear no, where this may be one."""
    after = turn.session.place
    again = turn.question is not None and turn.question.form == "again"
    narrows = again and (before.again is Again.FIRST_TIME or after.again > before.again)
    return _answered(
        turn.lines,
        turn.question,
        turn.level,
        turn.level or after.given,
        turn.open and after.ask is before.ask,
        (before.ask, after.ask) == (Ask.NOTHING, Ask.WHAT_NEXT),
        None if again and not narrows else narrows,
        turn.open and NEXT_CHECK.get(after.checked) is after.ask,
        _before(turn, clear) if clear else None,
    )


def _before(turn: Turn, clear: Turn) -> tuple[Line, ...] | None:
    split = len(turn.lines) - len(clear.lines)
    same = turn.lines[max(split, 0) :] == clear.lines and turn.question == clear.question
    return turn.lines[:split] if same and turn.session == clear.session else None


@cache
def _answered(
    lines: tuple[Line, ...],
    question: Line | None,
    level: Level | None,
    given: Level | None,
    *more: Any,
) -> Answered:
    """One object for all turns that sound alike."""
    return Answered(lines, question, level, _ways(lines, level, given), *more)


@cache
def _ways(lines: tuple[Line, ...], level: Level | None, given: Level | None) -> tuple[Way, ...]:
    """The lines of a turn in words: as they are, and as they stand for more than one turn."""
    ways: list[Way] = []
    sign = lines[0].sign if lines else None
    noted = sign and (sign.level, sign.level_for(breathing_noted=True))
    if sign and noted in NOTED:
        calm = urge(Session(), sign)
        ways.append((says(calm.lines, calm.level), calm.level, NOTED[noted]))
    ways.append((says(lines, given), given, LEVELS[level]))
    if any(line.key.startswith("stretch.") for line in lines):
        ways.append((says(lines, given, stretch=STRETCH), given, LEVELS[level]))
    if level and not sign:
        ways.append((either(*(says(lines, each) for each in GIVEN)), given, AS_GIVEN))
    return tuple(ways)


@cache
def says(lines: tuple[Line, ...], level: Level | None, stretch: str = "") -> tuple[str, ...]:
    return tuple(
        stretch if stretch and line.key.startswith("stretch.") else words(line, level)
        for line in lines
    )


def either(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    """Two texts as one, with ⟨this / that⟩ where they differ."""
    return tuple(_both(*pair) for pair in zip(one, other, strict=True))


@cache
def _both(one: str, other: str) -> str:
    sentences = [re.split(r"(?<=[.?!]) ", text) for text in (one, other)]
    if len(sentences[0]) == len(sentences[1]):
        return " ".join(map(_difference, *sentences))
    return _difference(one, other)


def _difference(one: str, other: str) -> str:
    a, b = (re.findall(r"\w+|\W", text) for text in (one, other))
    if a == b:
        return one
    start = _alike(a, b)
    end = _alike(a[start:][::-1], b[start:][::-1])
    middle = " / ".join("".join(each[start : len(each) - end]) for each in (a, b))
    return f"{''.join(a[:start])}⟨{middle}⟩{''.join(a[len(a) - end :])}"


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many of their first words are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def title(ask: Ask) -> str:
    """A question as she hears it, and when, if another is asked in the same words."""
    if ask in ASKED_WHEN:
        return f"{words(Line(question_key(ask)))} ({ASKED_WHEN[ask]})"
    return PLACES.get(ask) or words(Line(question_key(ask)))


def has(line: Line) -> bool:
    """Whether a line has this form."""
    entry = catalogue(DEFAULT_LOCALE).entries.get(line.key)
    return entry is not None and line.form in entry.texts[frozenset()]


@cache
def words(line: Line, level: Level | None = None) -> str:
    """A line as it is read: pauses are spaces, and a phone number is digits."""
    sign = line.sign and line.sign.value
    pieces = catalogue(DEFAULT_LOCALE).pieces(line.key, line.form, tags_of(Session(), level), sign)
    return " ".join("".join(map(_read, pieces)).split())


def _read(piece: Piece) -> str:
    if isinstance(piece, Words):
        return piece.text
    return piece.digits if isinstance(piece, Digits) else " "
