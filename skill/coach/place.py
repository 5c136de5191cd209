"""Where she is in the conversation, and the few facts that travel with her to the next turn.

An answer chooses the next place and is gone (conversation.md 2). What travels, in Amazon's session
attributes and until the session ends, is this and no more:

- the place: the open question, why it is asked again, how far the checks have come, what they lead
  to, and the level of an urgent line that was given, which nothing lowers by itself;
- who speaks, and whether the one with the cramp is pregnant, has just had a baby, or neither: the
  words and whom to call depend on it;
- *breathing noted*: she spoke of being a bit breathless, so that a leg sign is an emergency now;
- *no rub*: rubbing is shut, after a clot, on blood thinners, or after a loss;
- the manner: the part, the way of stretching and the voice, which change words only.

The last two of her facts come from what she said. They say nothing but how strict the coach is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    GRAB = "grab"
    STOPPED = "stopped"
    LET_GO = "let_go"
    BREATHING = "breathing"
    BREATHLESS_ONLY = "breathless_only"
    CHEST_ONLY = "chest_only"
    BREATHING_WORSE = "breathing_worse"
    BREATH_FROM_PAIN = "breath_from_pain"
    HEART_FROM_PAIN = "heart_from_pain"
    BACK_BREATHING = "back_breathing"
    COMES_AND_GOES = "comes_and_goes"
    NUMB = "numb"
    GOES_ON_MOVING = "goes_on_moving"
    SWELLING = "swelling"
    FACE_OR_HANDS = "face_or_hands"
    HEAT_OR_COLOUR = "heat_or_colour"
    HEAT_ONLY = "heat_only"
    COLOUR_ONLY = "colour_only"
    BY_TOUCH = "by_touch"
    STRONG_OR_LASTING = "strong_or_lasting"
    GETTING_EASIER = "getting_easier"
    PAIN_GONE = "pain_gone"
    ONE_MORE = "one_more"
    IS_THAT_RIGHT = "is_that_right"
    IS_THAT_RIGHT_LEG = "is_that_right_leg"
    CAN_YOU_CALL = "can_you_call"
    CAN_YOU_CALL_AFTER_YES = "can_you_call_after_yes"


OUTSIDE_RELIEF = (
    Ask.NOTHING,
    Ask.WHAT_NEXT,
    Ask.ANYTHING_ELSE,
    Ask.MOVING_HELPS,
    Ask.BEDTIME,
    Ask.PRACTICE,
)
"""The questions outside a relief conversation: first words, questions, and routines by day."""

URGENT_PLACES = (
    Ask.IS_THAT_RIGHT,
    Ask.IS_THAT_RIGHT_LEG,
    Ask.CAN_YOU_CALL,
    Ask.CAN_YOU_CALL_AFTER_YES,
)
"""The questions that are open after an urgent line."""

LATE = timedelta(minutes=10)
"""A cramp that lasts longer is a reason to call (clinical.md C3-9)."""


class Aim(Choice):
    """What the checks lead to."""

    COMFORT = "comfort"  # it has let go
    STRETCH = "stretch"  # it has not
    CALL = "call"  # stretching made it worse
    SORE = "sore"  # pain that was never called a cramp
    EASIER = "easier"  # sore after a cramp that let go some time ago
    MENTION = "mention"  # pain that is worth a mention at the next visit
    SCIATICA = "sciatica"  # pain that shoots from the back to the foot
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
    OKAY = 1  # an acknowledgement is no answer
    OKAY_TWICE = 2
    NOT_UNDERSTOOD = 3
    NOISE_AND_OKAY = 4
    UNSURE = 5
    SOFT_NO = 6
    SOFT_AND_NOISE = 7  # noise after "I don't think so" is the first misunderstanding


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

    def to(
        self,
        ask: Ask,
        *,
        aim: Aim | None = None,
        checked: Check | None = None,
        again: Again = Again.FIRST_TIME,
    ) -> Place:
        """The place in which `ask` is open, for the first time; what is not told stays as here."""
        checked = self.checked if checked is None else checked
        return Place(ask, aim or self.aim, checked, again, self.given)


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
        """Ruled out (a clot, blood thinners, a loss, six to twelve weeks), or just after a birth.

        clinical.md C4, G19.
        """
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
