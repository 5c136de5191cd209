"""What she hears: every situation that a conversation can reach, and the coach's turn in it.

Words are those for a pregnant woman in the United States who speaks herself, with a cramp in her
calf; who speaks, her stage and the part change words only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from skill.coach.conversation import LOST, respond
from skill.coach.events import Event, Said
from skill.coach.interpreter import turn_for
from skill.coach.outcomes import Clear, Outcome
from skill.coach.place import Again, Ask, Manner, Part, Place, Session, Stage, Status
from skill.coach.signs import Level
from skill.coach.tables import QUESTIONS
from skill.coach.tables.checks import NEXT_CHECK
from skill.coach.tables.everywhere import EVERYWHERE
from skill.coach.turn import Line, Turn
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

LEVELS = {None: "—", Level.CALL_NOW: "2 call tonight", Level.EMERGENCY: "1 emergency"}
NOTED = {(Level.CALL_NOW, Level.EMERGENCY): r"2 call tonight \*"}
GIVEN = (Level.CALL_NOW, Level.EMERGENCY)
AS_GIVEN = "2 / 1 as given"

PARTS = {Ask.WHICH_PART: Part.LEG, Ask.WHICH_THIGH: Part.THIGH}
"""The part that is known at a question; elsewhere it is the calf."""

PLACES: dict[Ask, str] = {
    Ask.NOTHING: "Her first words",
    Ask.LOST: "When the coach has lost its place",
}
"""Headings where no question is asked."""


@dataclass(frozen=True, eq=False)
class Situation:
    """Where she is, and whether ten minutes have passed."""

    session: Session
    late: bool


def _is_clear(outcome: object) -> bool:
    """Whether an outcome is a clear no, or becomes one."""
    if isinstance(outcome, Clear):
        return True
    inner = (getattr(outcome, name, None) for name in ("then", "otherwise"))
    return any(_is_clear(each) for each in inner if isinstance(each, Outcome))


class Hears(NamedTuple):
    """One turn, as it is heard: its lines, its question, and the level of its urgent line."""

    says: tuple[str, ...]
    asks: str
    level: str = "—"


@dataclass(frozen=True)
class Answered:
    """A turn, and what its question is to the one that was open.

    narrows: None where a question that is in its narrower form already stays as it is.
    """

    turn: Turn
    same: bool
    opening: bool
    narrows: bool | None
    next_check: bool


CLEARING = [ask for ask in Ask if any(map(_is_clear, QUESTIONS[ask].answers.values()))]
"""The questions to which an answer can be a clear no."""


@cache
def may_clear(ask: Ask, event: Event) -> bool:
    """Whether the table of a question makes an event, under some condition, a clear no."""
    return _is_clear(QUESTIONS[ask].outcome(event, EVERYWHERE))


Heard = Event | Clear
"""What is answered: an event, or a clear no, whatever the event was."""


class Conversations:
    """Every situation that some events can lead to, and what each event leads to in it."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.situations: dict[Ask, list[Situation]] = {}
        self._answered: dict[Heard, dict[Situation, Answered]] = {event: {} for event in events}
        self._answered[Clear()] = {}
        self._walk()
        every = [now for each in self.situations.values() for now in each]
        known = {(now.session.place, now.session.status, now.late): now for now in every}
        self._first = {now: known.get(_asked_first(now)) for now in every}

    def turn(self, now: Situation, event: Heard) -> Turn:
        """The coach's turn."""
        return self._answered[event][now].turn

    def names(self, now: Situation, event: Heard, *, shared: bool = False) -> Iterator[Hears]:
        """What she hears in a situation, in every way of saying it, the best first.

        shared: for a table of several questions, where what she would like, asked where no question
        is open yet, counts as the same question.
        """
        turn = self.turn(now, event)
        if (before := self._before_clear(now, event)) is not None:
            yield Hears(_says(before, None), CLEAR_AFTER if before else CLEAR)
        for says, given, level in _ways(turn):
            for asks in self._asks(now, event, given, shared):
                yield Hears(says, asks, level)

    def urgent_clear(self, now: Situation, event: Heard) -> bool:
        """Whether an event is a clear no there, and an urgent line follows."""
        turn = self.turn(now, event)
        return turn.level is not None and self._before_clear(now, event) == ()

    def _before_clear(self, now: Situation, event: Heard) -> tuple[Line, ...] | None:
        """What is said before what follows a clear no; None where an event is none."""
        if isinstance(event, Clear) or not may_clear(now.session.place.ask, event):
            return None
        turn, clear = self.turn(now, event), self.turn(now, Clear())
        split = len(turn.lines) - len(clear.lines)
        same = turn.lines[max(split, 0) :] == clear.lines and turn.question == clear.question
        return turn.lines[:split] if same and turn.session == clear.session else None

    def _asks(
        self, now: Situation, event: Heard, level: Level | None, shared: bool
    ) -> Iterator[str]:
        answered = self._answered[event][now]
        question = answered.turn.question
        same = answered.same or (shared and answered.opening)
        narrows = self._narrows(now, event)
        if same and not narrows:
            yield SAME
        yield words(question, level) if question else ENDS
        if same and narrows:
            yield NARROWER
        if answered.next_check and (shared or not same):
            yield NEXT

    def _narrows(self, now: Situation, event: Heard) -> bool:
        """A question that is in its narrower form already does as it does the first time."""
        answered, first_time = self._answered[event][now], self._first[now]
        if answered.narrows is not None or first_time is None:
            return bool(answered.narrows)
        first = self._answered[event][first_time]
        return first.turn.lines == answered.turn.lines and bool(first.narrows)

    def _walk(self) -> None:
        found = dict.fromkeys((each.place, each.status) for each in (Session(), LOST))
        queue = list(found)
        while queue:
            place, status = queue.pop()
            after = self._look(place, status)
            queue += [each for each in after if each not in found]
            found |= after
            if place.given is None or place.again is Again.FIRST_TIME:
                self._look(place, replace(status, stage=Stage.AFTER_BIRTH))

    def _look(self, place: Place, status: Status) -> dict[tuple[Place, Status], None]:
        """Hears every answer in a place; where they lead. Speaker and stage lead nowhere else."""
        after = []
        session = Session(place, status, Manner(part=PARTS.get(place.ask, Part.CALF)))
        for now in (Situation(session, late) for late in (False, True)):
            self.situations.setdefault(place.ask, []).append(now)
            if place.ask in CLEARING:
                cleared = turn_for(Clear(), session, Said.NO, late=now.late)
                self._answered[Clear()][now] = _answered(place, cleared)
            for event, answered in self._answered.items():
                if isinstance(event, Clear):
                    continue
                turn = respond(session, event, late=now.late)
                answered[now] = _answered(place, turn)
                told = turn.session
                if turn.open and not (told.place is place and told.status is status):
                    kept = replace(told.status, speaker=status.speaker, stage=status.stage)
                    after.append((told.place, kept))
        return dict.fromkeys(after)


def _asked_first(now: Situation) -> tuple[Place, Status, bool]:
    place = replace(now.session.place, again=Again.FIRST_TIME)
    return place, now.session.status, now.late


def _answered(before: Place, turn: Turn) -> Answered:
    after = turn.session.place
    again = turn.question is not None and turn.question.form == "again"
    narrows = again and (before.again is Again.FIRST_TIME or after.again > before.again)
    return Answered(
        turn,
        same=turn.open and after.ask is before.ask,
        opening=(before.ask, after.ask) == (Ask.NOTHING, Ask.WHAT_NEXT),
        narrows=None if again and not narrows else narrows,
        next_check=turn.open and NEXT_CHECK.get(after.checked) is after.ask,
    )


def _ways(turn: Turn) -> Iterator[tuple[tuple[str, ...], Level | None, str]]:
    """The lines of a turn in words: as they are, and as they stand for more than one turn."""
    given = turn.level or turn.session.place.given
    if turn.lines and (sign := turn.lines[0].sign):
        noted = (sign.level, sign.level_for(breathing_noted=True))
        if noted in NOTED:
            calm = urge(Session(), sign)
            yield _says(calm.lines, calm.level), calm.level, NOTED[noted]
    yield _says(turn.lines, given), given, LEVELS[turn.level]
    if any(line.key.startswith("stretch.") for line in turn.lines):
        yield _says(turn.lines, given, stretch=STRETCH), given, LEVELS[turn.level]
    if turn.level and not turn.lines[0].sign:
        yield either(*(_says(turn.lines, level) for level in GIVEN)), given, AS_GIVEN


@cache
def _says(lines: tuple[Line, ...], level: Level | None, stretch: str = "") -> tuple[str, ...]:
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
    """A question as she hears it."""
    return PLACES.get(ask) or words(Line(f"ask.{ask.value}"))


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
