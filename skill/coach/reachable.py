"""The sessions that a conversation can be left in, and no other.

The walk goes through every conversation, and its test holds this table equal to what it found
(tests/coach/test_walk.py); `python -m tests.coach.reached` prints both. Speaker, stage, no rub and
manner can be any at every place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from skill.coach.place import Again, Aim, Ask, Check, Session
from skill.coach.signs import Level
from skill.coach.tables.by_day import STEPS


@dataclass(frozen=True)
class _Reach:
    """At a question: for each aim how far the checks can have come, and why it is asked again."""

    checked: Mapping[Aim, frozenset[Check]]
    again: frozenset[Again]


def _each(aims: Iterable[Aim], *checks: Check) -> dict[Aim, frozenset[Check]]:
    return {aim: frozenset(checks) for aim in aims}


_ONCE = frozenset({Again.FIRST_TIME})
_NOISE = _ONCE | {Again.NOT_UNDERSTOOD}
_OKAYS = _NOISE | {Again.OKAY, Again.OKAY_TWICE, Again.NOISE_AND_OKAY}
_SURE = frozenset(Again) - {Again.UNSURE}
_ANY = frozenset(Again)
_NO_OKAY = _ANY - {Again.OKAY, Again.OKAY_TWICE, Again.NOISE_AND_OKAY}

_BY_DAY = _Reach(_each([Aim.TALK], Check.NONE), _NOISE)
_PART = _Reach(_each([Aim.STRETCH], Check.NONE), _NOISE)
_BREATH = _Reach(_each(Aim, Check.NONE), _SURE)
_FROM_PAIN = _Reach(_each(Aim, Check.NONE), _ANY)
_SWOLLEN = _Reach(_each(Aim, Check.BREATHING), _ANY)
_HEAT = _Reach(_each(Aim, Check.SWELLING), _ANY)
_URGENT = _Reach(_each([Aim.RECHECK], Check.NONE), _ONCE)

_REACHED = {
    Ask.WHAT_NEXT: _BY_DAY,
    Ask.ANYTHING_ELSE: _BY_DAY,
    Ask.MOVING_HELPS: _BY_DAY,
    Ask.BEDTIME: _BY_DAY,
    Ask.PRACTICE: _BY_DAY,
    Ask.WHICH_PART: _PART,
    Ask.WHICH_THIGH: _PART,
    Ask.LEG_OR_TUMMY: _PART,
    Ask.TEN_MINUTES: _Reach(
        _each([Aim.COMFORT, Aim.SORE, Aim.STRETCH, Aim.TALK, Aim.RECHECK], Check.NONE), _ANY
    ),
    Ask.GRAB: _Reach(_each([Aim.STRETCH, Aim.TALK], Check.NONE), _OKAYS),
    Ask.STOPPED: _Reach(
        _each([Aim.STRETCH], *Check)
        | _each([Aim.COMFORT, Aim.EASIER, Aim.RECHECK], Check.ALL)
        | _each([Aim.TALK], Check.NONE),
        _ONCE,
    ),
    Ask.LET_GO: _Reach(_each([Aim.STRETCH], *Check) | _each([Aim.RECHECK], Check.ALL), _NOISE),
    Ask.BREATHING: _BREATH,
    Ask.BREATHLESS_ONLY: _BREATH,
    Ask.CHEST_ONLY: _BREATH,
    Ask.BREATHING_WORSE: _BREATH,
    Ask.BREATH_FROM_PAIN: _FROM_PAIN,
    Ask.HEART_FROM_PAIN: _FROM_PAIN,
    Ask.BACK_BREATHING: _BREATH,
    Ask.COMES_AND_GOES: _BREATH,
    Ask.NUMB: _Reach(_each([Aim.COMFORT, Aim.STRETCH], Check.NONE), _ANY),
    Ask.GOES_ON_MOVING: _BREATH,
    Ask.SWELLING: _SWOLLEN,
    Ask.FACE_OR_HANDS: _Reach(
        _each(Aim, *Check)
        | _each(
            [Aim.CALL, Aim.MENTION, Aim.SCIATICA, Aim.TALK],
            Check.NONE,
            Check.BREATHING,
            Check.SWELLING,
        ),
        _SURE,
    ),
    Ask.HEAT_OR_COLOUR: _HEAT,
    Ask.HEAT_ONLY: _HEAT,
    Ask.COLOUR_ONLY: _HEAT,
    Ask.BY_TOUCH: _SWOLLEN,
    Ask.STRONG_OR_LASTING: _Reach(_each([Aim.COMFORT, Aim.SORE, Aim.STRETCH], Check.ALL), _ANY),
    Ask.GETTING_EASIER: _Reach(_each([Aim.EASIER], Check.ALL), _SURE),
    Ask.PAIN_GONE: _Reach(_each([Aim.COMFORT], Check.ALL), _NO_OKAY),
    Ask.ONE_MORE: _Reach(_each([Aim.STRETCH, Aim.RECHECK], Check.ALL), _NOISE),
    Ask.IS_THAT_RIGHT: _URGENT,
    Ask.IS_THAT_RIGHT_LEG: _URGENT,
    Ask.CAN_YOU_CALL: _URGENT,
    Ask.CAN_YOU_CALL_AFTER_YES: _URGENT,
}


def is_reachable(session: Session) -> bool:
    """Whether some conversation leads to this session and leaves it open."""
    place = session.place
    reach = _REACHED.get(place.ask)
    return (
        reach is not None
        and place.checked in reach.checked.get(place.aim, ())
        and place.again in reach.again
        and 0 <= place.step < max(len(STEPS.get(place.ask, ())) - 1, 1)
        and (place.given is not None) == (place.aim is Aim.RECHECK)
        and _fits_her_breathing(session)
    )


def _fits_her_breathing(session: Session) -> bool:
    """Whether what was noted of her breathing fits the question: some are asked for it."""
    noted = session.status.breathing_noted
    match session.place.ask:
        case Ask.BREATHING_WORSE:
            return noted
        case Ask.IS_THAT_RIGHT_LEG:  # a sign in a leg is an emergency where breathing was noted
            return noted == (session.place.given is Level.EMERGENCY)
    return True
