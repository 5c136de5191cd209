"""Answers to the open question: what each leads to (conversation.md 3).

The checks' own tables are in `checks.py`; here is what follows from an outcome, and the questions
about the pain and the part.
"""

from __future__ import annotations

from dataclasses import replace

from skill.coach import checks, relief, urgent
from skill.coach.events import Denial, Event, Said
from skill.coach.place import Again, Aim, Ask, Check, Part, Session
from skill.coach.signs import Sign
from skill.coach.turn import Turn, ask, ask_again


def answer(session: Session, event: Event, *, late: bool) -> Turn | None:
    """The turn for an answer to the open question; None where the event answers nothing there."""
    outcome = checks.read(session, event)
    if outcome is not None:
        return _check_answered(session, outcome, late)
    match session.place.ask:
        case Ask.MOVING_HELPS:
            return _moving_helps(session, event)
        case Ask.LET_GO:
            return _has_it_let_go(session, event, late)
        case Ask.STRONG_PAIN:
            return _is_it_strong(session, event, late)
        case Ask.ONE_MORE:
            return _one_more(session, event, late)
        case Ask.LEG_OR_TUMMY | Ask.WHICH_PART | Ask.WHICH_THIGH:
            return _which(session, event)
    return _beside_the_check(session, event) if session.place.ask in checks.CHECKS else None


def _check_answered(session: Session, outcome: checks.Outcome, late: bool) -> Turn:
    place = session.place
    match outcome:
        case checks.Call(sign):
            return urgent.urge(session, sign)
        case checks.Narrow(narrower, noted):
            return _narrower(session, narrower, noted)
        case checks.OnceMore(reason):
            lead = {
                Again.NOT_UNDERSTOOD: ("anywhere.not_understood",),
                Again.UNSURE: ("checks.more_light",),
            }.get(reason, ())
            return ask(session, replace(place, again=reason), *lead)
        case checks.Clear():
            return _check_clear(session, late)


def _narrower(session: Session, narrower: Ask, noted: bool) -> Turn:
    place = session.place
    checked = place.checked
    if narrower is Ask.FACE_OR_HANDS:
        checked = Check.SWELLING  # "both" answers the swelling question
    status = replace(session.status, breathing_noted=session.status.breathing_noted or noted)
    return ask(replace(session, status=status), place.to(narrower, checked=checked))


def _check_clear(session: Session, late: bool) -> Turn:
    place = session.place
    told = replace(session, place=replace(place, checked=checks.passed(session)))
    match place.ask:
        case Ask.TEN_MINUTES:
            return relief.first_round(told)
        case Ask.STRONG_OR_LASTING:
            return relief.close(told, "close.sore")
        case Ask.BREATHING_WORSE:
            return relief.after_check(told, "checks.mention_breathing", late=late)
        case Ask.FACE_OR_HANDS:
            return relief.after_check(told, "checks.mention_swelling", late=late)
    return relief.after_check(told, late=late)


def _beside_the_check(session: Session, event: Event) -> Turn | None:
    """At a check, how the pain goes changes what the checks lead to, and never answers them."""
    place = session.place
    match event:
        case Said.EASED if place.aim is Aim.STRETCH:
            place = replace(place, aim=Aim.COMFORT)
        case Said.STILL_HURTS | Said.ANOTHER_WAY if place.aim is Aim.COMFORT:
            place = replace(place, aim=Aim.STRETCH)
        case Said.EASED | Said.STILL_HURTS | Said.ANOTHER_WAY:
            pass
        case Said.NEXT | Said.JUST_BEGAN | Denial():
            pass
        case _:
            return None
    return ask(session, place, "checks.this_first")


def _moving_helps(session: Session, event: Event) -> Turn | None:
    """Restless legs told apart from a cramp in one question, without a diagnosis."""
    after = session.place.to(Ask.ANYTHING_ELSE)
    match event:
        case Said.YES | Said.A_BIT | Said.AS_USUAL:
            return ask(session, after, "questions.moving_eases_it")
        case Said.NO | Said.SOFT_NO | Said.UNSURE:
            return ask(session, after, "questions.moving_does_not")
    return None


def _has_it_let_go(session: Session, event: Event, late: bool) -> Turn | None:
    match event:
        case Said.EASED | Said.YES | Said.FINE:
            return relief.eased(session)
        case Said.NOT_UNDERSTOOD | Denial() | Said.BOTH | Said.CANT_SEE:
            return None
        case Said():
            return relief.not_eased(session, late=late)
    return None


def _is_it_strong(session: Session, event: Event, late: bool) -> Turn | None:
    """Unclear is asked once more; unclear again counts as pain that stays."""
    match event:
        case Said.NO | Said.EASED | Said.FINE:
            return relief.close(session, "close.net")
        case Said.YES | Said.STILL_HURTS | Said.ANOTHER_WAY:
            return relief.strong_pain_stays(session, late=late)
        case Said.SOFT_NO if session.place.again is Again.SOFT_NO:
            return relief.close(session, "close.net")
        case Said.SOFT_NO:
            return ask(session, replace(session.place, again=Again.SOFT_NO))
        case Said.A_BIT | Said.AS_USUAL | Said.UNSURE if (
            session.place.again is not Again.FIRST_TIME
        ):
            return relief.strong_pain_stays(session, late=late)
        case Said.A_BIT | Said.AS_USUAL | Said.UNSURE:
            return ask(session, replace(session.place, again=Again.UNSURE))
        case Said.NEXT | Said.JUST_BEGAN | Denial():
            return ask_again(session)
    return None


def _one_more(session: Session, event: Event, late: bool) -> Turn | None:
    """The pain is on: a yes is another round, a no is whom to call."""
    match event:
        case Said.EASED:
            return relief.eased(session)
        case Said() if late and event is not Said.NOT_UNDERSTOOD:
            return urgent.urge(session, Sign.LASTING_PAIN)
        case Said.YES | Said.STILL_HURTS | Said.ANOTHER_WAY | Said.NEXT:
            return relief.next_round(session)
        case Said.NO | Said.SOFT_NO | Said.FINE:
            return relief.close(session, "close.still_there")
        case Said.A_BIT | Said.AS_USUAL | Said.UNSURE | Said.JUST_BEGAN | Denial():
            return ask_again(session)
    return None


def _which(session: Session, event: Event) -> Turn | None:
    place = session.place
    match event:
        case Said.EASED:
            return relief.eased(session)
        case Said.BOTH if place.ask is Ask.WHICH_PART:
            return relief.start(session, Part.BOTH_LEGS)
        case Said.BOTH if place.ask is Ask.LEG_OR_TUMMY:
            return urgent.urge(session, Sign.TUMMY_CRAMP)
        case Said.UNSURE | Said.NEXT if place.ask is not Ask.LEG_OR_TUMMY:
            return relief.first_round(session)
        case Said.JUST_BEGAN | Denial():
            return ask_again(session)
    return None
