"""The walk: every place that a conversation can reach, with every event, late or not.

Manner is left at its default: `test_manner.py` shows that it changes words only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from skill.coach.conversation import LOST, respond
from skill.coach.events import (
    CantBearWeight,
    ClotHistory,
    Cramp,
    Denial,
    Denied,
    Event,
    HelperSpeaks,
    Question,
    Said,
    SignHeard,
    Sore,
    Stretch,
    TellsStage,
    Topic,
)
from skill.coach.place import Ask, Manner, Part, Place, Session, Stage, Status, Way
from skill.coach.signs import HEARD, Level
from skill.coach.turn import Line, Turn

DENIALS = [
    Denial(frozenset(what))
    for what in (
        {Denied.BREATHLESS},
        {Denied.CHEST_PAIN},
        {Denied.BREATHLESS, Denied.CHEST_PAIN},
        {Denied.SWELLING},
        {Denied.HEAT},
        {Denied.COLOUR},
        {Denied.HEAT, Denied.COLOUR},
        {Denied.LOOKS},
        {Denied.OTHER},
    )
]
SOFT_DENIALS = [Denial(denial.of, soft=True) for denial in DENIALS]

EVENTS: list[Event] = [
    *Said,
    *(Cramp(part) for part in (None, *Part)),
    *(Sore(part) for part in (None, Part.CALF, Part.GROIN)),
    *(Stretch(way) for way in Way),
    Stretch(Way.STANDING, Part.CALF),
    *(HelperSpeaks(part) for part in (None, Part.CALF)),
    *(TellsStage(stage, part) for stage in Stage for part in (None, Part.CALF)),
    *(CantBearWeight(part) for part in (None, Part.CALF)),
    *(ClotHistory(part) for part in (None, Part.CALF)),
    *(SignHeard(sign) for sign in HEARD),
    *DENIALS,
    *SOFT_DENIALS,
    *(Question(topic) for topic in Topic),
]


class Step:
    """One turn of the walk: where she was, what happened, and the coach's answer."""

    __slots__ = ("after", "before", "event", "keys", "late", "turn")

    def __init__(self, before: Session, event: Event, late: bool) -> None:
        self.before = before
        self.event = event
        self.late = late
        self.turn = respond(before, event, late=late)
        self.after = self.turn.session
        self.keys = [line.key for line in self.turn.lines]
        """The keys of all that is said, the question last."""
        if self.turn.question:
            self.keys.append(self.turn.question.key)

    def __str__(self) -> str:
        heard = f"{self.event} late={self.late}"
        return f"{self.before.place} {self.before.status}\n  {heard}\n  {self.keys} -> {self.after}"


class Walk:
    """One walk over every turn of every conversation.

    sessions: every session, of default manner, that a conversation can be in. broken: for each
    rule, the steps that break it. spoken: every different turn, as what is said, to whom.
    """

    def __init__(self, rules: Iterable[Callable[[Step], bool]] = ()) -> None:
        self.broken: dict[str, list[str]] = defaultdict(list)
        self.spoken: set[Spoken] = set()
        self.sessions = [Session(), LOST]
        found = set(self.sessions)
        queue = list(found)
        rules = tuple(rules)
        while queue:
            for step in steps_from(queue.pop()):
                self._look_at(step, rules)
                after = Session(step.after.place, step.after.status)
                if step.turn.open and after not in found:
                    found.add(after)
                    self.sessions.append(after)
                    queue.append(after)

    def _look_at(self, step: Step, rules: Iterable[Callable[[Step], bool]]) -> None:
        self.spoken.add(_spoken(step.turn))
        for check in rules:
            if not check(step):
                self.broken[check.__name__].append(str(step))


def steps_from(session: Session) -> Iterator[Step]:
    """All turns that can follow in a session."""
    for event in EVENTS:
        for late in (False, True):
            yield Step(session, event, late)


class Spoken(NamedTuple):
    """What is said in a turn, and to whom."""

    lines: tuple[Line, ...]
    question: Line | None
    reprompt: tuple[Line, ...]
    status: Status
    level: Level | None
    ask: Ask
    given: Level | None

    def turn(self, manner: Manner) -> Turn:
        """The turn again, in a manner."""
        session = Session(Place(self.ask, given=self.given), self.status, manner)
        return Turn(self.lines, self.question, self.reprompt, session, self.level)


def _spoken(turn: Turn) -> Spoken:
    place, status = turn.session.place, turn.session.status
    to_whom = Status(status.speaker, status.stage)  # the rest of it changes no words
    return Spoken(
        turn.lines, turn.question, turn.reprompt, to_whom, turn.level, place.ask, place.given
    )
