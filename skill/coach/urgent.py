"""Urgent lines: the sign echoed, and whom to call.

Decided in conversation.md 5. Nothing of relief, rub, warmth or walking is said here.
"""

from __future__ import annotations

from skill.coach.place import URGENT_PLACES, Aim, Ask, Check, Place, Session
from skill.coach.signs import Family, Level, Sign
from skill.coach.turn import Line, Turn, ask, lines, question_key


def urge(session: Session, sign: Sign) -> Turn:
    """The urgent turn for a sign; a worse level that was given already stays (worst wins)."""
    place = session.place
    level = sign.level_for(breathing_noted=session.status.breathing_noted)
    if place.ask in URGENT_PLACES and place.given is not None and place.given < level:
        return number(session, "calling.that_too", Ask.CAN_YOU_CALL)
    name = level.name.lower()
    return _urgent(
        session,
        level,
        Ask.CAN_YOU_CALL,
        (Line(f"urgent.{name}.{sign.family.value}", sign=sign),),
        (Line(f"urgent.{name}.{_reprompt_of(sign)}", sign=sign),),
    )


def said_yes(session: Session, sign: Sign) -> Turn:
    """A bare yes to a check: whom to call, what she said yes to, and whether that is right."""
    level = sign.level_for(breathing_noted=session.status.breathing_noted)
    leg = sign.family is Family.LEG
    key = f"urgent.{level.name.lower()}.{'said_yes_leg' if leg else 'said_yes'}"
    to = Ask.IS_THAT_RIGHT_LEG if leg else Ask.IS_THAT_RIGHT
    return _urgent(session, level, to, (Line(key, sign=sign),), lines("calling.did_you_say_yes"))


def number(session: Session, key: str, to: Ask | None = None) -> Turn:
    """A line that ends in whom to call, at the level that was given, and an urgent question.

    to: the question; by default the one that is open, "Can you call now?" outside urgent places.
    """
    place = session.place
    if to is None:
        to = place.ask if place.ask in URGENT_PLACES else Ask.CAN_YOU_CALL
    asked_again = to in (Ask.IS_THAT_RIGHT, Ask.IS_THAT_RIGHT_LEG)
    reprompt = "calling.did_you_say_yes" if asked_again else "calling.reprompt"
    return _urgent(session, place.given or Level.EMERGENCY, to, lines(key), lines(reprompt))


def recheck(session: Session, *say: str) -> Turn:
    """All checks again from breathing; comfort stays shut (conversation.md 5)."""
    place = Place(ask=Ask.BREATHING, aim=Aim.RECHECK, checked=Check.NONE, given=session.place.given)
    return ask(session, place, *say)


def _reprompt_of(sign: Sign) -> str:
    """Whom to call, and what to say; harm to herself has words of its own (conversation.md 4)."""
    own = sign.family in (Family.SELF_HARM, Family.OVERDOSE)
    return f"{sign.family.value}_reprompt" if own else "reprompt"


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
    asked_before = session.place.ask is to and to in (Ask.IS_THAT_RIGHT, Ask.IS_THAT_RIGHT_LEG)
    return Turn(
        lines=say,
        question=Line(question_key(to), "again" if asked_before else "say"),
        reprompt=reprompt,
        session=session.at(Place(ask=to, aim=Aim.RECHECK, given=level)),
        level=level,
    )
