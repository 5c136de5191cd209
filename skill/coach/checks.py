"""The safety questions, and what each answer leads to.

Decided in conversation.md 3.3; the reasons are in clinical.md C2. An answer that is not in the
table of the open question counts for nothing there (it may still be a sign, which is heard first).
"""

from __future__ import annotations

from dataclasses import dataclass

from skill.coach.events import Denial, Denied, Event, Said
from skill.coach.place import Again, Ask, Check, Session
from skill.coach.signs import Sign


@dataclass(frozen=True)
class Clear:
    """A clear no to all that is open."""


@dataclass(frozen=True)
class Call:
    """The answer is a sign."""

    sign: Sign


@dataclass(frozen=True)
class Narrow:
    """Another, narrower question decides; `noted` keeps that breathing was mentioned."""

    ask: Ask
    noted: bool = False


@dataclass(frozen=True)
class OnceMore:
    """Asked once more for this reason; the same again counts as `then`."""

    reason: Again
    then: Clear | Call


Outcome = Clear | Call | Narrow | OnceMore

_CLEAR = Clear()
_A_BIT = Narrow(Ask.BREATHING_WORSE, noted=True)
_UNCLEAR = OnceMore(Again.NOT_UNDERSTOOD, Call(Sign.UNCLEAR))


def _breathing(sign: Sign, a_bit: Outcome) -> dict[Event, Outcome]:
    """Uncertain is yes, and "I don't think so" is never a no."""
    soft = OnceMore(Again.SOFT_NO, Call(Sign.UNCLEAR))
    return {
        Said.YES: Call(sign),
        Said.UNSURE: Call(Sign.BREATH_UNSURE),
        Said.A_BIT: a_bit,
        Said.AS_USUAL: a_bit,
        Said.A_BIT_BREATHLESS: a_bit,
        Said.SOFT_NO: soft,
        Said.FINE: soft,
        Said.NO: _CLEAR,
    }


def _leg(sign: Sign) -> dict[Event, Outcome]:
    """ "A bit" is yes; "I don't think so" twice is no; not sure twice is yes."""
    soft = OnceMore(Again.SOFT_NO, _CLEAR)
    unsure = OnceMore(Again.UNSURE, Call(Sign.LEG_UNSURE))
    return {
        Said.YES: Call(sign),
        Said.A_BIT: Call(sign),
        Said.AS_USUAL: Call(sign),
        Said.UNSURE: unsure,
        Said.CANT_SEE: unsure,
        Said.SOFT_NO: soft,
        Said.FINE: soft,
        Said.NO: _CLEAR,
    }


_ANSWERS: dict[Ask, dict[Event, Outcome]] = {
    Ask.BREATHING: {
        **_breathing(Sign.BREATH_OR_CHEST, _A_BIT),
        Said.BOTH: Call(Sign.BREATH_OR_CHEST),
    },
    Ask.BREATHLESS_ONLY: _breathing(Sign.BREATHLESS, _A_BIT),
    Ask.CHEST_ONLY: {
        **_breathing(Sign.CHEST_PAIN, Call(Sign.CHEST_PAIN)),
        Said.A_BIT_BREATHLESS: _A_BIT,
    },
    Ask.BREATHING_WORSE: {
        **_breathing(Sign.BREATH_OR_CHEST, Call(Sign.BREATH_OR_CHEST)),
        Said.BOTH: Call(Sign.BREATH_OR_CHEST),
        Said.WORSE: Call(Sign.BREATH_OR_CHEST),  # it answers "worse than usual?"
        Said.AS_USUAL: Narrow(Ask.CHEST_ONLY),  # and so does this, for one half of it
    },
    Ask.SWELLING: {
        **_leg(Sign.SWOLLEN_LEG),
        Said.BOTH: Narrow(Ask.FACE_OR_HANDS),
        Said.BOTH_SWOLLEN: Narrow(Ask.FACE_OR_HANDS),
    },
    Ask.FACE_OR_HANDS: {
        **_leg(Sign.FACE_HEAD_OR_EYES),
        Said.UNSURE: Call(Sign.FACE_HEAD_OR_EYES),
        Said.BOTH: Call(Sign.FACE_HEAD_OR_EYES),
        Said.SOFT_NO: OnceMore(Again.SOFT_NO, Call(Sign.FACE_HEAD_OR_EYES)),
        Said.FINE: OnceMore(Again.SOFT_NO, Call(Sign.FACE_HEAD_OR_EYES)),
    },
    Ask.HEAT_OR_COLOUR: {
        **_leg(Sign.HEAT_OR_COLOUR),
        Said.BOTH: Call(Sign.HEAT_OR_COLOUR),
    },
    Ask.HEAT_ONLY: _leg(Sign.HOT_LEG),
    Ask.COLOUR_ONLY: _leg(Sign.CHANGED_COLOUR),
    Ask.STRONG_OR_LASTING: _leg(Sign.LASTING_PAIN),
    Ask.TEN_MINUTES: {**_leg(Sign.LASTING_PAIN), Said.JUST_BEGAN: _CLEAR},
}

CHECKS = frozenset(_ANSWERS)
"""The questions whose answers stand in a table here."""

BREATHING = frozenset({Ask.BREATHING, Ask.BREATHLESS_ONLY, Ask.CHEST_ONLY, Ask.BREATHING_WORSE})
"""The breathing check, in all its forms."""

# Which halves a question asks for, and what is open when only the other half was denied.
_BREATH_HALVES = {Denied.BREATHLESS: Ask.BREATHLESS_ONLY, Denied.CHEST_PAIN: Ask.CHEST_ONLY}
_HEAT_HALVES = {Denied.HEAT: Ask.HEAT_ONLY, Denied.COLOUR: Ask.COLOUR_ONLY}
_HALVES: dict[Ask, dict[Denied, Ask]] = {
    Ask.BREATHING: _BREATH_HALVES,
    Ask.BREATHING_WORSE: _BREATH_HALVES,
    Ask.BREATHLESS_ONLY: {Denied.BREATHLESS: Ask.BREATHLESS_ONLY},
    Ask.CHEST_ONLY: {Denied.CHEST_PAIN: Ask.CHEST_ONLY},
    Ask.SWELLING: {Denied.SWELLING: Ask.SWELLING},
    Ask.HEAT_OR_COLOUR: _HEAT_HALVES,
    Ask.HEAT_ONLY: {Denied.HEAT: Ask.HEAT_ONLY},
    Ask.COLOUR_ONLY: {Denied.COLOUR: Ask.COLOUR_ONLY},
}

# What "they look the same" denies, as it answers each question.
_LOOKS = {
    Ask.SWELLING: Denied.SWELLING,
    Ask.HEAT_OR_COLOUR: Denied.COLOUR,
    Ask.HEAT_ONLY: Denied.HEAT,
    Ask.COLOUR_ONLY: Denied.COLOUR,
}

_STAGE_OF: dict[Ask, Check] = {
    Ask.BREATHING: Check.BREATHING,
    Ask.BREATHLESS_ONLY: Check.BREATHING,
    Ask.CHEST_ONLY: Check.BREATHING,
    Ask.BREATHING_WORSE: Check.BREATHING,
    Ask.SWELLING: Check.SWELLING,
    Ask.HEAT_OR_COLOUR: Check.ALL,
    Ask.HEAT_ONLY: Check.ALL,
    Ask.COLOUR_ONLY: Check.ALL,
}


def read(session: Session, event: Event) -> Outcome | None:
    """What an event answers to the open check; None when it answers nothing here."""
    place = session.place
    if place.ask not in CHECKS:
        return None
    outcome: Outcome | None
    noted = session.status.breathing_noted
    if isinstance(event, Denial):
        outcome = _read_denial(place.ask, event)
    elif event is Said.NOT_UNDERSTOOD:
        outcome = _UNCLEAR
    elif event is Said.AS_USUAL and place.ask is Ask.BREATHLESS_ONLY and noted:
        outcome = _CLEAR  # her chest was denied, and her breath is no worse
    else:
        outcome = _ANSWERS[place.ask].get(event)
    if outcome == _A_BIT and place.ask is not Ask.BREATHING and noted:
        return Call(Sign.BREATHLESS)  # "a bit" for the second time
    if isinstance(outcome, OnceMore) and place.again >= outcome.reason:
        return outcome.then
    return outcome


def _read_denial(ask: Ask, denial: Denial) -> Outcome | None:
    """A denial that names one half leaves the other half asked (conversation.md 3.3)."""
    halves = _HALVES.get(ask, {})
    denied = {_LOOKS.get(ask, what) if what is Denied.LOOKS else what for what in denial.of}
    left = [question for half, question in halves.items() if half not in denied]
    if len(left) == len(halves):
        return None
    if denial.soft:
        return _ANSWERS[ask][Said.SOFT_NO]
    return Narrow(left[0]) if left else _CLEAR


def passed(session: Session) -> Check:
    """How far the checks have come when the open one is cleared."""
    place = session.place
    return max(place.checked, _STAGE_OF.get(place.ask, place.checked))


NEXT_CHECK = {
    Check.NONE: Ask.BREATHING,
    Check.BREATHING: Ask.SWELLING,
    Check.SWELLING: Ask.HEAT_OR_COLOUR,
}
"""The question that follows when this much was clear."""
