"""Urgent lines: the sign echoed, and whom to call.

Decided in conversation.md 5. Nothing of relief, rub, warmth or walking is said here.
"""

from __future__ import annotations

from skill.coach.place import URGENT_PLACES, Aim, Ask, Check, Place, Session
from skill.coach.signs import Level, Sign
from skill.coach.turn import Line, Turn, ask, lines


def urge(session: Session, sign: Sign) -> Turn:
    """The urgent turn for a sign; a worse level that was given already stays (worst wins)."""
    place = session.place
    level = sign.level_for(breathing_noted=session.status.breathing_noted)
    if place.ask in URGENT_PLACES and place.given is not None and place.given < level:
        return number(session, "calling.that_too")
    name = level.name.lower()
    return _urgent(
        session,
        level,
        Ask.URGENT,
        (Line(f"urgent.{name}.{sign.family.value}", sign=sign),),
        (Line(f"urgent.{name}.reprompt", sign=sign),),
    )


def number(session: Session, key: str, to: Ask = Ask.URGENT) -> Turn:
    """A line that ends in whom to call, at the level that was given."""
    level = session.place.given or Level.EMERGENCY
    return _urgent(session, level, to, lines(key), lines("calling.reprompt"))


def recheck(session: Session, *say: str) -> Turn:
    """All checks again from breathing; comfort stays shut (conversation.md 5)."""
    place = Place(ask=Ask.BREATHING, aim=Aim.RECHECK, checked=Check.NONE, given=session.place.given)
    return ask(session, place, *say)


def end_with_the_number(session: Session, key: str) -> Turn:
    """The last line names the number, so it must still know which."""
    place = Place(Ask.NOTHING, given=session.place.given)
    return Turn(lines(key), None, (), session.at(place), session.place.given)


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
        session=session.at(Place(ask=to, aim=Aim.RECHECK, given=level)),
        level=level,
    )
