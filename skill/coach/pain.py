"""The pain: a cramp, soreness, a way of stretching, and what is half a sign (conversation.md 4)."""

from __future__ import annotations

from dataclasses import replace

from skill.coach import answers, checks, relief, urgent
from skill.coach.events import (
    CantBearWeight,
    ClotHistory,
    Cramp,
    Event,
    HelperSpeaks,
    Said,
    Sore,
    Stretch,
    TellsStage,
)
from skill.coach.place import OUTSIDE_RELIEF, Aim, Ask, Check, Part, Place, Session, Way
from skill.coach.signs import Sign
from skill.coach.turn import Turn, ask, ask_again


def about_the_pain(session: Session, event: Event, *, late: bool) -> Turn | None:
    """The turn for what is said of the pain, in any place; None for all else."""
    match event:
        case Cramp(None):
            return _cramp_somewhere(session, late)
        case Cramp(part) | HelperSpeaks(part) | TellsStage(_, part) if part is not None:
            return _cramp(session, part)
        case Stretch(way, part):
            return _stretch(session, way, part)
        case Sore(part):
            return _sore(session, part, late)
        case Said.OTHER_LEG | Said.BACK_AGAIN:
            return _back_again(session, event)
        case CantBearWeight(part):
            return _cant_bear_weight(session, part)
        case ClotHistory(part):
            return _clot_history(session, part)
        case Said.DIZZY:
            return _dizzy(session)
        case Said.A_BIT_BREATHLESS if session.place.ask not in checks.BREATHING:
            return breathing_noted(session)
        case Said.BOTH_SWOLLEN if session.place.ask is not Ask.SWELLING:
            return both_swollen(session)
        case Said.WORSE if session.place.ask is not Ask.BREATHING_WORSE:
            return _worse(session)
    return None


def _cramp_somewhere(session: Session, late: bool) -> Turn | None:
    """ "Cramp" alone: leg or tummy, before anything else; later it still hurts."""
    ask_now = session.place.ask
    if ask_now in OUTSIDE_RELIEF:
        place = session.place.to(Ask.LEG_OR_TUMMY, aim=Aim.STRETCH)
        return ask(session, place)
    if ask_now in (Ask.LEG_OR_TUMMY, Ask.WHICH_PART, Ask.WHICH_THIGH):
        return None
    return answers.answer(session, Said.STILL_HURTS, late=late)


def _cramp(session: Session, part: Part) -> Turn | None:
    place = session.place
    if place.ask is Ask.TEN_MINUTES:
        return ask_again(replace(session, manner=replace(session.manner, part=part)))
    if part is Part.LEG and place.ask in (Ask.WHICH_PART, Ask.WHICH_THIGH):
        return None
    if part is Part.THIGH and place.ask is Ask.WHICH_THIGH:
        return None
    return relief.start(session, part, session.manner.way)


def _stretch(session: Session, way: Way, part: Part | None) -> Turn:
    place = session.place
    told = replace(session, manner=replace(session.manner, way=way))
    if part is not None:
        return relief.start(told, part, way)
    if place.ask in OUTSIDE_RELIEF:
        return relief.launch(told)
    if place.given is not None or place.aim not in (Aim.STRETCH, Aim.COMFORT):
        return ask_again(session, "anywhere.noted")
    return relief.stretch_another_way(session, way)


def _sore(session: Session, part: Part | None, late: bool) -> Turn | None:
    """Pain without tightness: as first words no stretch; in a relief conversation it hurts."""
    place = session.place
    if place.ask in (*OUTSIDE_RELIEF, Ask.LEG_OR_TUMMY, Ask.WHICH_PART, Ask.WHICH_THIGH):
        return relief.sore(session, part)
    return answers.answer(session, Said.STILL_HURTS, late=late)


def _back_again(session: Session, event: Event) -> Turn:
    place = session.place
    if place.ask in OUTSIDE_RELIEF:
        if event is Said.OTHER_LEG:
            return relief.launch(session)
        return ask(session, place.to(Ask.TEN_MINUTES))
    if place.aim in (Aim.CALL, Aim.SORE) or place.ask is Ask.TEN_MINUTES:
        return ask_again(session, "relief.leg_still")
    if place.given is not None:
        return relief.start(session, session.manner.part)
    return relief.first_round(session)


def _cant_bear_weight(session: Session, part: Part | None) -> Turn:
    """In the cramp: the in-bed way, breathing now. After it, or without one: the call."""
    place = session.place
    in_a_cramp = place.aim is Aim.STRETCH or (part is not None and place.ask in OUTSIDE_RELIEF)
    if not in_a_cramp or place.given is not None:
        return urgent.urge(session, Sign.CANT_BEAR_WEIGHT)
    return relief.in_bed_and_breathing(session, part)


def _clot_history(session: Session, part: Part | None) -> Turn:
    """No rub from now on; with pain that goes on, the call (clinical.md C3 row 17)."""
    place = session.place
    if part is not None and place.ask in (*OUTSIDE_RELIEF, Ask.WHICH_PART):
        return relief.start(session, part)
    if place.ask in OUTSIDE_RELIEF:
        return ask(session, place.to(Ask.ANYTHING_ELSE), "questions.had_a_clot")
    first_try = place.checked is Check.NONE and place.aim is Aim.STRETCH
    goes_on = place.aim in (Aim.CALL, Aim.SORE, Aim.STRETCH) and not first_try
    if goes_on or place.ask is Ask.TEN_MINUTES:
        return urgent.urge(session, Sign.PAIN_AFTER_CLOT)
    return ask_again(session, "relief.then_no_rub")


def _dizzy(session: Session) -> Turn:
    place = session.place.to(Ask.BREATHING, checked=Check.NONE)
    return ask(session, place, "relief.dizzy")


def breathing_noted(session: Session) -> Turn:
    """A bit breathless, as always: the narrower question decides (clinical.md E1b)."""
    told = replace(session, status=replace(session.status, breathing_noted=True))
    return ask(told, session.place.to(Ask.BREATHING_WORSE, checked=Check.NONE))


def both_swollen(session: Session) -> Turn:
    """Both ankles puffy: face, hands, head or eyes first, then on with the checks."""
    return ask(session, session.place.to(Ask.FACE_OR_HANDS))


def _worse(session: Session) -> Turn | None:
    if session.place.ask is Ask.STRONG_PAIN:
        return urgent.urge(session, Sign.PAIN_GOT_WORSE)
    if session.place.ask in OUTSIDE_RELIEF:
        return relief.worse(replace(session, place=Place()))
    return relief.worse(session)
