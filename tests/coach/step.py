"""One turn of the walk, and all that can happen in one."""

from __future__ import annotations

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
from skill.coach.place import Part, Session, Stage, Way
from skill.coach.signs import HEARD
from skill.coach.turn import Turn

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
        {Denied.NUMB},
        {Denied.SWELLING, Denied.HEAT},
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
    """One turn of the walk: where she was, what happened, and the coach's answer.

    Whether it was late is shown, and is for no rule to read: a rule about it says `late=True`.
    """

    __slots__ = ("_late", "after", "before", "event", "keys", "turn")

    def __init__(self, before: Session, event: Event, turn: Turn, *, late: bool = False) -> None:
        self.before = before
        self.event = event
        self.turn = turn
        self.after = turn.session
        self.keys = [line.key for line in turn.lines]
        """The keys of all that is said, the question last."""
        if turn.question:
            self.keys.append(turn.question.key)
        self._late = late

    def __str__(self) -> str:
        heard = f"{self.event} late={self._late}"
        return f"{self.before.place} {self.before.status}\n  {heard}\n  {self.keys} -> {self.after}"
