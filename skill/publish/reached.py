"""Every situation that a conversation can reach, and what the coach answers in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, partial
from typing import Any

from skill.coach.conversation import LOST, respond
from skill.coach.events import Denial, Event, Said
from skill.coach.interpreter import turn_for
from skill.coach.outcomes import Clear, Outcome
from skill.coach.place import Again, Ask, Manner, Part, Place, Session, Stage, Status
from skill.coach.tables import QUESTIONS
from skill.coach.tables.everywhere import EVERYWHERE
from skill.coach.turn import Turn
from skill.publish.hears import Answered, Hears, answered, hears

PARTS = {Ask.WHICH_PART: Part.LEG, Ask.WHICH_THIGH: Part.THIGH}
"""The part that is known at a question; elsewhere it is the calf."""


@dataclass(frozen=True, eq=False)
class Situation:
    """Where she is, and whether ten minutes have passed."""

    session: Session
    late: bool

    def when(self, again: Again) -> tuple[Place, Status, bool]:
        """The same where the question is asked again for this reason."""
        return replace(self.session.place, again=again), self.session.status, self.late


def _is_clear(outcome: object) -> bool:
    """Whether an outcome is a clear no, or becomes one."""
    if isinstance(outcome, Clear):
        return True
    inner = (getattr(outcome, name, None) for name in ("then", "otherwise"))
    return any(_is_clear(each) for each in inner if isinstance(each, Outcome))


CLEARING = [ask for ask in Ask if any(map(_is_clear, QUESTIONS[ask].answers.values()))]
"""The questions to which an answer can be a clear no."""


@cache
def may_clear(ask: Ask, event: Event) -> bool:
    """Whether the table of a question makes an event, under some condition, a clear no."""
    return _is_clear(QUESTIONS[ask].outcome(event, EVERYWHERE))


Heard = Event | Clear
"""What is answered: an event, or a clear no, whatever the event was."""

Turns = tuple[Turn, Turn]
"""Within ten minutes, and later."""

Both = tuple[Turns, tuple[Answered, Answered]]
"""Turns, and what they sound like."""

Column = tuple[Answered, ...]
"""What is heard in each situation of a question; the same object where it always sounds alike."""


class Conversations:
    """Every situation that some events can lead to, and what each event leads to in it."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = tuple(events)
        self._at: dict[Ask, _Question] = {}
        self._walk()
        for question in self._at.values():
            question.finish()

    def situations(self, ask: Ask) -> Sequence[Situation]:
        """Every situation in which a question is open."""
        return self._at[ask].situations

    def column(self, ask: Ask, event: Heard) -> Column:
        """What an event leads to at a question, situation by situation."""
        return self._at[ask].columns[event]

    def hears(self, ask: Ask, event: Heard, *, shared: bool = False) -> Iterator[tuple[Hears, ...]]:
        """What she hears in each situation, in every way of saying it, the best first."""
        column = self.column(ask, event)
        for answer, first_time in zip(column, self._at[ask].first_times, strict=True):
            narrows = answer.narrows
            if narrows is None:  # in its narrower form already: as it does the first time
                first = answer if first_time is None else column[first_time]
                narrows = first.lines == answer.lines and bool(first.narrows)
            yield hears(answer, narrows=narrows, shared=shared)

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
        if place.ask not in self._at:
            self._at[place.ask] = _Question(place.ask, self._events)
        session = Session(place, status, Manner(part=PARTS.get(place.ask, Part.CALF)))
        after = []
        for turn in self._at[place.ask].look(session):
            told, kept = turn.session, status
            if told.status is not status and not isinstance(told.status, _Unasked):
                kept = replace(told.status, speaker=status.speaker, stage=status.stage)
            if turn.open and (told.place is not place or kept is not status):
                after.append((told.place, kept))
        return dict.fromkeys(after)


class _Question:
    """The situations in which a question is open, and what is heard in each, event by event.

    first_times: for each situation the number of the one where it is asked for the first time.
    """

    def __init__(self, ask: Ask, events: Iterable[Event]) -> None:
        self.situations: list[Situation] = []
        self.first_times: list[int | None] = []
        self.columns: dict[Heard, Column] = {}
        groups: dict[object, list[Event]] = {}
        for event in events:  # one that carries something stands alone
            plain = isinstance(event, Said | Denial) and event is not Said.VIOLENCE
            key = QUESTIONS[ask].outcome(event, EVERYWHERE) if plain else event
            groups.setdefault(key, []).append(event)
        self._alike = [_Alike(ask, each) for each in groups.values()]
        self._whoever: dict[Place, list[Both | None]] = {}
        self._clear: list[Answered] = []
        self._clears = ask in CLEARING

    def look(self, session: Session) -> list[Turn]:
        """Every turn that can follow here, first within ten minutes and then later."""
        self.situations += [Situation(session, late) for late in (False, True)]
        if session.place not in self._whoever:
            self._whoever[session.place] = [each.for_whoever(session) for each in self._alike]
        clears = None
        if self._clears:
            clears = _early_and_late(partial(turn_for, Clear(), session, Said.NO))
            self._clear += _answered(session.place, clears, None)
        whoever = zip(self._alike, self._whoever[session.place], strict=True)
        both = [each.hear(session, clears, found) for each, found in whoever]
        later = [late for early, late in both if late is not early]
        return [*(early for early, _ in both), *later]

    def finish(self) -> None:
        """Makes the columns, once there is nothing more to look at."""
        known: dict[Column, Column] = {}
        for alike in self._alike:
            column = known.setdefault(tuple(alike.answers), tuple(alike.answers))
            self.columns |= dict.fromkeys(alike.events, column)
        self.columns[Clear()] = tuple(self._clear or ())
        numbers = {now.when(now.session.place.again): at for at, now in enumerate(self.situations)}
        self.first_times = [numbers.get(now.when(Again.FIRST_TIME)) for now in self.situations]


class _Alike:
    """Events that lead to the same at a question, and what is heard in each of its situations."""

    def __init__(self, ask: Ask, events: list[Event]) -> None:
        self.events = events
        self.answers: list[Answered] = []
        self._may_clear = may_clear(ask, events[0])

    def hear(self, session: Session, clears: Turns | None, whoever: Both | None) -> Turns:
        """The turns that follow.

        clears: those of a clear no, where there is one. whoever: what is known already.
        """
        if whoever is None:
            turns = _early_and_late(partial(respond, session, self.events[0]))
            against = clears if self._may_clear else None
            whoever = turns, _answered(session.place, turns, against)
        self.answers += whoever[1]
        return whoever[0]

    def for_whoever(self, session: Session) -> Both | None:
        """What follows whatever her status; None where something of it is asked."""
        status = _Unasked()
        turns = _early_and_late(partial(respond, replace(session, status=status), self.events[0]))
        known = not (self._may_clear or status.asked)
        return (turns, _answered(session.place, turns, None)) if known else None


class _Unasked(Status):
    """A status that knows whether anything of it was asked."""

    asked = False

    def __getattribute__(self, name: str) -> Any:
        if name in _OF_STATUS:
            object.__setattr__(self, "asked", True)
        return super().__getattribute__(name)


_OF_STATUS = {field.name for field in fields(Status)}


class _Clock:
    """Says that it is not late, and knows whether it was asked."""

    asked = False

    def __bool__(self) -> bool:
        self.asked = True
        return False


def _early_and_late(turn: Callable[..., Turn]) -> Turns:
    """A turn within ten minutes, and later: where nobody asks what time it is, the same."""
    clock = _Clock()
    early = turn(late=clock)
    return early, turn(late=True) if clock.asked else early


def _answered(place: Place, turns: Turns, clears: Turns | None) -> tuple[Answered, Answered]:
    """What two turns sound like, where these are the turns of a clear no."""
    early, late = zip(turns, clears or (None, None), strict=True)
    first = answered(place, *early)
    return first, first if early == late else answered(place, *late)
