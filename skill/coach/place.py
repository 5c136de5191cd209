"""Where she is in the conversation, and the few facts that travel with her.

Nothing here is an answer of hers: an answer chooses the next place and is gone
(conversation.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import IntEnum

from skill.coach.signs import Choice, Level


class Ask(Choice):
    """The question that is open."""

    NOTHING = "nothing"  # a new session
    LOST = "lost"  # the session's attributes could not be read
    WHAT_NEXT = "what_next"
    ANYTHING_ELSE = "anything_else"  # health information was given
    MOVING_HELPS = "moving_helps"
    BEDTIME = "bedtime"
    PRACTICE = "practice"
    WHICH_PART = "which_part"
    WHICH_THIGH = "which_thigh"
    LEG_OR_TUMMY = "leg_or_tummy"
    TEN_MINUTES = "ten_minutes"
    LET_GO = "let_go"
    BREATHING = "breathing"
    BREATHLESS_ONLY = "breathless_only"
    CHEST_ONLY = "chest_only"
    BREATHING_WORSE = "breathing_worse"
    SWELLING = "swelling"
    FACE_OR_HANDS = "face_or_hands"
    HEAT_OR_COLOUR = "heat_or_colour"
    HEAT_ONLY = "heat_only"
    COLOUR_ONLY = "colour_only"
    STRONG_OR_LASTING = "strong_or_lasting"
    STRONG_PAIN = "strong_pain"
    ONE_MORE = "one_more"
    URGENT = "urgent"
    CAN_YOU_CALL = "can_you_call"


OUTSIDE_RELIEF = (
    Ask.NOTHING,
    Ask.WHAT_NEXT,
    Ask.ANYTHING_ELSE,
    Ask.MOVING_HELPS,
    Ask.BEDTIME,
    Ask.PRACTICE,
)
"""The questions outside a relief conversation: first words, questions, and routines by day."""

URGENT_PLACES = (Ask.URGENT, Ask.CAN_YOU_CALL)
"""The questions that are open after an urgent line."""

LATE = timedelta(minutes=10)
"""A cramp that lasts longer is a reason to call (clinical.md C3 row 9)."""


class Aim(Choice):
    """What the checks lead to."""

    COMFORT = "comfort"  # it has let go
    STRETCH = "stretch"  # it has not
    CALL = "call"  # stretching made it worse
    SORE = "sore"  # pain that was never called a cramp
    TALK = "talk"  # no cramp was spoken of
    RECHECK = "recheck"  # after an urgent line was taken back, or a lost session


class Check(IntEnum):
    """How far the safety checks have come: the last one that was a clear no."""

    NONE = 0
    BREATHING = 1
    SWELLING = 2
    ALL = 3


class Again(IntEnum):
    """Why the open question is being asked again; a later reason is the better one."""

    FIRST_TIME = 0
    NOT_UNDERSTOOD = 1
    UNSURE = 2
    SOFT_NO = 3


@dataclass(frozen=True)
class Place:
    """Which question is open, and what is behind and ahead of it.

    ask: the open question. aim: what the checks lead to. checked: the last check that was a
    clear no; it also tells the round of stretching: none before breathing was asked is round one,
    then two, and three once all are clear. again: why the question is asked again.
    given: the level of an urgent line that was given; it shuts comfort for good.
    step: the step of a routine by day.
    """

    ask: Ask = Ask.NOTHING
    aim: Aim = Aim.TALK
    checked: Check = Check.NONE
    again: Again = Again.FIRST_TIME
    given: Level | None = None
    step: int = 0

    def to(self, ask: Ask, **changes: object) -> Place:
        """The place in which `ask` is open for the first time, all else as here or changed."""
        return replace(self, ask=ask, **{"again": Again.FIRST_TIME, "step": 0, **changes})  # type: ignore[arg-type]


class Speaker(Choice):
    """Who speaks."""

    SHE = "she"
    HELPER = "helper"


class Stage(Choice):
    """Whether the one with the cramp is pregnant, has just had a baby, or neither."""

    PREGNANT = "pregnant"
    AFTER_BIRTH = "after_birth"
    NEITHER = "neither"


@dataclass(frozen=True)
class Status:
    """Who speaks and how strict the rules are. Rules only ever get stricter."""

    speaker: Speaker = Speaker.SHE
    stage: Stage = Stage.PREGNANT
    breathing_noted: bool = False
    no_rub: bool = False

    @property
    def must_not_rub(self) -> bool:
        """After a clot, on blood thinners, or just after a birth (clinical.md C4)."""
        return self.no_rub or self.stage is Stage.AFTER_BIRTH


class Part(Choice):
    """The part of the leg or foot, as far as it was said."""

    CALF = "calf"
    FOOT = "foot"
    TOES = "toes"
    TOES_UP = "toes_up"
    THIGH = "thigh"
    THIGH_FRONT = "thigh_front"
    THIGH_BACK = "thigh_back"
    SHIN = "shin"
    INNER_THIGH = "inner_thigh"
    LEG = "leg"
    BOTH_LEGS = "both_legs"
    HIP = "hip"
    GROIN = "groin"
    WHOLE_LEG = "whole_leg"


class Way(Choice):
    """The way of stretching."""

    BED = "bed"
    WALL = "wall"
    TOWEL = "towel"
    STANDING = "standing"
    GETTING_UP = "getting_up"
    HELPER = "helper"


class Volume(Choice):
    """How loud she wants it; urgent lines are never whispered."""

    QUIET = "quiet"
    NORMAL = "normal"
    LOUD = "loud"


@dataclass(frozen=True)
class Manner:
    """What changes words only, never level, openness or the next question."""

    part: Part = Part.LEG
    way: Way = Way.BED
    slower: bool = False
    volume: Volume = Volume.NORMAL


@dataclass(frozen=True)
class Session:
    """All that the coach is told of what went before."""

    place: Place = field(default_factory=Place)
    status: Status = field(default_factory=Status)
    manner: Manner = field(default_factory=Manner)

    def at(self, place: Place) -> Session:
        """The session in another place."""
        return Session(place, self.status, self.manner)
