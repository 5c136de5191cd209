"""Urgent lines: the sign echoed, whom to call, and what is answered from then on.

Decided in conversation.md 5. Nothing of relief, rub, warmth or walking is said here.
"""

from __future__ import annotations

from dataclasses import replace

from skill.coach.events import Event, Question, Said
from skill.coach.place import URGENT_PLACES, Aim, Ask, Check, Place, Session
from skill.coach.questions import COMFORT
from skill.coach.signs import Level, Sign
from skill.coach.turn import Line, Turn, ask, end, lines

# What she may say on the way to a call, and the line that answers it.
_ON_THE_WAY = {
    Said.CALL_FOR_ME: "calling.i_cannot_call",
    Said.ALONE: "calling.alone",
    Said.PHONE_AWAY: "calling.phone_away",
    Said.NOBODY_ANSWERS: "calling.nobody_answers",
    Said.NO_MIDWIFE: "calling.no_midwife",
    Said.SHALL_I_DRIVE: "calling.shall_i_drive",
    Said.WHAT_DO_I_SAY: "calling.what_to_say",
    Said.SCARED: "calling.scared",
    Said.EASED: "calling.still_call",
    Said.FINE: "calling.still_call",
}


def urge(session: Session, sign: Sign) -> Turn:
    """The urgent turn for a sign; a worse level that was given already stays (worst wins)."""
    place = session.place
    level = sign.level_for(breathing_noted=session.status.breathing_noted)
    if place.ask in URGENT_PLACES and place.given is not None and place.given < level:
        return _number(session, "calling.that_too")
    name = level.name.lower()
    return _urgent(
        session,
        level,
        Ask.URGENT,
        (Line(f"urgent.{name}.{sign.family.value}", sign=sign),),
        (Line(f"urgent.{name}.reprompt", sign=sign),),
    )


def respond(session: Session, event: Event) -> Turn:
    """Anything but a sign, after an urgent line: the number, until it was a mishearing."""
    place = session.place
    match event:
        case Said.NOT_WHAT_I_SAID:
            return recheck(session, "recheck.mishearing")
        case Said.STOP:
            return _end(session, "stop.urgent")
        case Said.YES if place.ask is Ask.CAN_YOU_CALL:
            return _end(session, "calling.go")
        case Said.NO if place.ask is Ask.CAN_YOU_CALL:
            return _number(session, "calling.no_phone", to=Ask.CAN_YOU_CALL)
        case Said.NO:
            return _number(session, "calling.number", to=Ask.CAN_YOU_CALL)
        case Question(topic) if topic in COMFORT:
            return _number(session, "calling.please_dont")
        case Question():
            return _number(session, "calling.call_first")
        case Said() if event in _ON_THE_WAY:
            return _number(session, _ON_THE_WAY[event])
        case _:
            return _number(session, "calling.number")


def recheck(session: Session, *say: str) -> Turn:
    """All checks again from breathing; comfort stays shut (conversation.md 5)."""
    place = Place(ask=Ask.BREATHING, aim=Aim.RECHECK, checked=Check.NONE, given=session.place.given)
    return ask(session, place, *say)


def _number(session: Session, key: str, to: Ask = Ask.URGENT) -> Turn:
    level = session.place.given or Level.EMERGENCY
    return _urgent(session, level, to, lines(key), lines("calling.reprompt"))


def _urgent(
    session: Session,
    level: Level,
    to: Ask,
    say: tuple[Line, ...],
    reprompt: tuple[Line, ...],
) -> Turn:
    return Turn(
        lines=say,
        question=Line(f"ask.{to.value}"),
        reprompt=reprompt,
        session=replace(session, place=Place(ask=to, aim=Aim.RECHECK, given=level)),
        level=level,
    )


def _end(session: Session, key: str) -> Turn:
    """The last line names the number, so it must still know which."""
    turn = end(session, key)
    place = replace(turn.session.place, given=session.place.given)
    return replace(turn, session=replace(session, place=place), level=session.place.given)
