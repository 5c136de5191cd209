"""Intent → event: what each intent of the interaction model means to the coach.

Names follow from the coach's: `Sign.SWOLLEN_LEG` is `SwollenLegSignIntent`, `Topic.WHY` is
`WhyQuestionIntent`, `Said.HANG_ON` is `HangOnIntent`. What does not follow stands below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from skill.alexa.envelope import SlotValue
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
from skill.coach.place import Part, Speaker, Stage, Way
from skill.coach.signs import HEARD, Sign
from skill.screen.shown import Touch

_E = TypeVar("_E", bound=Enum)

Slots = Mapping[str, SlotValue]
_EMPTY = SlotValue()


@dataclass(frozen=True)
class Heard:
    """An event, with what the same breath told of who speaks, of her stage, and against a rub."""

    event: Event
    speaker: Speaker | None = None
    stage: Stage | None = None
    no_rub: bool = False


NOT_A_LEG = {"tummy": Sign.TUMMY_CRAMP, "chest": Sign.CHEST_PAIN}
"""Ids in the list of parts that are no part of a leg: pain there is a sign."""

_AMAZON = {
    "AMAZON.YesIntent": Said.YES,
    "AMAZON.NoIntent": Said.NO,
    "AMAZON.HelpIntent": Said.HELP,
    "AMAZON.RepeatIntent": Said.REPEAT,
    "AMAZON.NextIntent": Said.NEXT,
    "AMAZON.PreviousIntent": Said.PREVIOUS,
    "AMAZON.PauseIntent": Said.PAUSE,
    "AMAZON.ResumeIntent": Said.RESUME,
    "AMAZON.StartOverIntent": Said.START_OVER,
    "AMAZON.StopIntent": Said.STOP,
    "AMAZON.CancelIntent": Said.STOP,
    "AMAZON.NavigateHomeIntent": Said.STOP,
    "AMAZON.FallbackIntent": Said.NOT_UNDERSTOOD,
}

# Whole-sentence forms of events that Amazon's own intents only hear word for word.
_IN_WORDS = {
    "YesInWordsIntent": Said.YES,
    "NoInWordsIntent": Said.NO,
    "GoodbyeIntent": Said.STOP,
}

_WAYS = {
    "InBedIntent": Way.BED,
    "CantReachIntent": Way.TOWEL,
    "StandingIntent": Way.STANDING,
    "WantsToStandIntent": Way.GETTING_UP,
    "PartnerHelpsIntent": Way.HELPER,
}

_STAGES = {
    "PregnantIntent": Stage.PREGNANT,
    "JustHadBabyIntent": Stage.AFTER_BIRTH,
    "NotPregnantIntent": Stage.NEITHER,
}

_LATE_AFTER_BIRTH = "late_after_birth"
"""The id of six to twelve weeks after birth: neither, and no rub (conversation.md 4)."""


_STAGE_IDS = frozenset(stage.value for stage in Stage) | {_LATE_AFTER_BIRTH}
_DENIED_IDS = frozenset(denied.value for denied in Denied)
IDS: Mapping[str, frozenset[str]] = {
    "part": frozenset(part.value for part in Part) | frozenset(NOT_A_LEG),
    "denied": _DENIED_IDS,
    "also_denied": _DENIED_IDS,
    "stage": _STAGE_IDS,
    "since_birth": _STAGE_IDS,
}
"""The ids that each slot may resolve to; `helper` has none that is read."""


def _camel(member: Enum) -> str:
    return "".join(word.capitalize() for word in str(member.value).split("_"))


def _member(kind: type[_E], slots: Slots, slot: str) -> _E | None:
    """The likeliest member that a slot resolved to; None where nothing of ours matched."""
    for ident in slots.get(slot, _EMPTY).ids:
        with suppress(ValueError):  # it is of another list
            return kind(ident)
    return None


def _part(slots: Slots) -> Part | None:
    return _member(Part, slots, "part")


def _denial(slots: Slots, *, soft: bool = False) -> Event:
    """What the filled slots deny; nothing if one matched nothing, or may be any of several."""
    filled = [name for name in ("denied", "also_denied") if slots.get(name, _EMPTY).value]
    denied = [
        _member(Denied, slots, name) if len(slots[name].ids) == 1 else None for name in filled
    ]
    known = frozenset(each for each in denied if each is not None)
    if not known or None in denied:
        return Said.NOT_UNDERSTOOD  # unclear is never no
    return Denial(known, soft)


def _soft_no(slots: Slots) -> Event:
    """ "I don't think so", or "I don't think it's swollen", which says so of that alone."""
    return _denial(slots, soft=True) if slots.get("denied", _EMPTY).value else Said.SOFT_NO


def _stretch(way: Way) -> Callable[[Slots], Event]:
    return lambda slots: Stretch(way, _part(slots))


def _stage(stage: Stage) -> Callable[[Slots], Event]:
    return lambda slots: TellsStage(_said_stage(slots) or stage, _part(slots))


def _said_stage(slots: Slots) -> Stage | None:
    """The stage that she told, or that follows from how long ago the birth was."""
    if _late_after_birth(slots):
        return Stage.NEITHER
    return _member(Stage, slots, "since_birth") or _member(Stage, slots, "stage")


def _late_after_birth(slots: Slots) -> bool:
    told = (slots.get(name, _EMPTY).ids for name in ("since_birth", "stage"))
    return any(_LATE_AFTER_BIRTH in ids for ids in told)


def _in_pain(slots: Slots) -> Event:
    """A cry: a cramp where it names a part that says how to stretch, which "my leg" does not."""
    part = _part(slots)
    return Said.IN_PAIN if part in (None, Part.LEG) else Cramp(part)


_WITH_SLOTS: dict[str, Callable[[Slots], Event]] = {
    "CrampIntent": lambda slots: Cramp(_part(slots)),
    "CrampInWordsIntent": lambda slots: Cramp(_part(slots)),
    "ShinCrampIntent": lambda _: Cramp(Part.SHIN),
    "ComingOnIntent": lambda slots: Cramp(_part(slots) or Part.LEG),
    "InPainIntent": _in_pain,
    "SoreIntent": lambda slots: Sore(_part(slots)),
    "HelperSpeaksIntent": lambda slots: HelperSpeaks(_part(slots)),
    "CantBearWeightIntent": lambda slots: CantBearWeight(_part(slots)),
    "ClotHistoryIntent": lambda slots: ClotHistory(_part(slots)),
    "DenialIntent": _denial,
    "LooksAlikeIntent": lambda _: Denial(frozenset({Denied.LOOKS})),
    "SoftNoIntent": _soft_no,
    **{name: _stretch(way) for name, way in _WAYS.items()},
    **{name: _stage(stage) for name, stage in _STAGES.items()},
}

_FIXED: dict[str, Event] = {
    **_AMAZON,
    **_IN_WORDS,
    **{
        f"{_camel(said)}Intent": said
        for said in Said
        if said not in (Said.LAUNCH, Said.SOFT_NO) and said not in _AMAZON.values()
    },
    **{f"{_camel(sign)}SignIntent": SignHeard(sign) for sign in HEARD},
    **{f"{_camel(topic)}QuestionIntent": Question(topic) for topic in Topic},
}

TOUCHED = {
    Touch.LET_GO.value: "EasedIntent",
    Touch.NEXT.value: "AMAZON.NextIntent",
    Touch.AGAIN.value: "AMAZON.RepeatIntent",
    Touch.EMERGENCY.value: "EmergencySignIntent",
}
"""The intent that each touch on the screen stands for: it means what is said, in every place."""

INTENTS = frozenset(_FIXED) | frozenset(_WITH_SLOTS)
"""The name of every intent that the skill answers."""


def heard(intent: str, slots: Slots) -> Heard:
    """What an intent with its slots stands for.

    Any intent may carry `helper` (somebody speaks of her) and `stage` ("I've just had a baby"),
    or `since_birth` ("six days").
    An intent that is not of this skill's model counts as not understood.
    """
    speaker = Speaker.HELPER if slots.get("helper", _EMPTY).value else None
    event = _worse(_event(intent, slots), slots)
    return Heard(event, speaker, _said_stage(slots), _late_after_birth(slots))


def touched(argument: str) -> Heard:
    """What a touch stands for; an argument that is none of ours counts as not understood."""
    return heard(TOUCHED.get(argument, ""), {})


def _event(intent: str, slots: Slots) -> Event:
    if intent in _WITH_SLOTS:
        return _WITH_SLOTS[intent](slots)
    return _FIXED.get(intent, Said.NOT_UNDERSTOOD)


def _worse(event: Event, slots: Slots) -> Event:
    """The event, or the worst sign that its part may be, where that is the worse of the two."""
    signs = [NOT_A_LEG[ident] for ident in slots.get("part", _EMPTY).ids if ident in NOT_A_LEG]
    if isinstance(event, SignHeard):
        signs.insert(0, event.sign)
    return SignHeard(min(signs, key=lambda sign: sign.level)) if signs else event


def event_for(intent: str, ids: Mapping[str, str | None]) -> Event:
    """The event of an intent whose slots resolved to these ids, whatever was said in them."""
    slots = {name: SlotValue(it, (it,) if it else ()) for name, it in ids.items()}
    return heard(intent, slots).event
