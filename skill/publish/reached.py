"""Every situation that a conversation can reach, and what the coach answers in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from skill.coach.conversation import LOST, respond
from skill.coach.events import Denial, Event, Said
from skill.coach.interpreter import turn_for
from skill.coach.outcomes import Clear, Outcome
from skill.coach.place import Again, Ask, Manner, Part, Place, Session, Stage, Status
from skill.coach.tables import QUESTIONS
from skill.coach.tables.everywhere import EVERYWHERE
from skill.publish.hears import Answered, Hears, answered

PARTS = {Ask.WHICH_PART: Part.LEG, Ask.WHICH_THIGH: Part.THIGH}
"""The part that is known at a question; elsewhere it is the calf."""


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
        self._groups: dict[Ask, list[list[Event]]] = {}
        self._walk()
        every = [now for each in self.situations.values() for now in each]
        known = {(now.session.place, now.session.status, now.late): now for now in every}
        self._first = {now: known.get(_asked_first(now)) for now in every}

    def answered(self, now: Situation, event: Heard) -> Answered:
        """What an event leads to in a situation; the same object where it sounds alike."""
        return self._answered[event][now]

    def hears(self, now: Situation, event: Heard, *, shared: bool = False) -> list[Hears]:
        """What she hears in a situation, in every way of saying it, the best first."""
        narrows = self._narrows(now, event)
        return list(self.answered(now, event).hears(narrows=narrows, shared=shared))

    def _narrows(self, now: Situation, event: Heard) -> bool:
        """A question that is in its narrower form already does as it does the first time."""
        answer, first_time = self.answered(now, event), self._first[now]
        if answer.narrows is not None or first_time is None:
            return bool(answer.narrows)
        first = self.answered(first_time, event)
        return first.lines == answer.lines and bool(first.narrows)

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
            clear = None
            if place.ask in CLEARING:
                clear = turn_for(Clear(), session, Said.NO, late=now.late)
                self._answered[Clear()][now] = answered(place, clear, None)
            for events in self._alike(place.ask):
                turn = respond(session, events[0], late=now.late)
                clears = may_clear(place.ask, events[0])
                answer = answered(place, turn, clear if clears else None)
                for event in events:
                    self._answered[event][now] = answer
                told = turn.session
                if turn.open and not (told.place is place and told.status is status):
                    kept = replace(told.status, speaker=status.speaker, stage=status.stage)
                    after.append((told.place, kept))
        return dict.fromkeys(after)

    def _alike(self, ask: Ask) -> list[list[Event]]:
        """Events by what they lead to at a question; one that carries something stands alone."""
        if ask not in self._groups:
            groups: dict[object, list[Event]] = {}
            for event in (event for event in self._answered if not isinstance(event, Clear)):
                plain = isinstance(event, Said | Denial) and event is not Said.VIOLENCE
                key = QUESTIONS[ask].outcome(event, EVERYWHERE) if plain else event
                groups.setdefault(key, []).append(event)
            self._groups[ask] = list(groups.values())
        return self._groups[ask]


def _asked_first(now: Situation) -> tuple[Place, Status, bool]:
    place = replace(now.session.place, again=Again.FIRST_TIME)
    return place, now.session.status, now.late
