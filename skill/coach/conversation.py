"""The conversation: what the coach answers to an event, in any place.

`respond` is the one way in. A sign is heard first, everywhere; then what an urgent line shut;
then what is answered alike in every place; then relief, and the answers to the open question.
"""

from __future__ import annotations

from dataclasses import replace

from skill.coach import answers, checks, guided, pain, questions, relief, urgent
from skill.coach.events import (
    ClotHistory,
    Event,
    HelperSpeaks,
    Question,
    Said,
    SignHeard,
    TellsStage,
    Topic,
)
from skill.coach.place import (
    OUTSIDE_RELIEF,
    URGENT_PLACES,
    Again,
    Aim,
    Ask,
    Check,
    Place,
    Session,
    Speaker,
    Stage,
    Volume,
)
from skill.coach.signs import Level, Sign
from skill.coach.turn import Line, Turn, ask, ask_again, end

LOST = Session(place=Place(Ask.LOST, aim=Aim.RECHECK, given=Level.EMERGENCY))
"""Where she is when the session's attributes cannot be read: comfort shut, checks ahead."""

_MANNERS = {
    Said.SLOWER: {"slower": True},
    Said.QUIET: {"volume": Volume.QUIET},
    Said.LOUDER: {"volume": Volume.LOUD},
    Said.NORMAL_VOICE: {"slower": False, "volume": Volume.NORMAL},
}
_ON_THE_WAY = {
    Said.CALL_FOR_ME: "not_yet.i_cannot_call",
    Said.ALONE: "not_yet.alone",
    Said.PHONE_AWAY: "not_yet.phone_away",
    Said.NOBODY_ANSWERS: "not_yet.nobody_answers",
    Said.NO_MIDWIFE: "not_yet.nobody_answers",
    Said.SHALL_I_DRIVE: "not_yet.drive",
    Said.WHAT_DO_I_SAY: "not_yet.what_to_say",
    Said.SCARED: "not_yet.scared",
    Said.NOT_WHAT_I_SAID: "not_yet.sorry",
}


def respond(session: Session, event: Event, *, late: bool = False) -> Turn:
    """The coach's turn for an event.

    session: where she is. late: ten minutes have passed since the start of this cramp.
    Returns a complete turn; never raises for any session and event.
    """
    if isinstance(event, SignHeard):
        return urgent.urge(session, event.sign)
    session = _told(session, event)
    if session.place.ask in URGENT_PLACES:
        return urgent.respond(session, event)
    if event is Said.STOP:
        return _stop(session)
    if session.place.ask is Ask.LOST:
        return urgent.recheck(session, "recheck.lost")
    return (
        _by_day(session, event)
        or _anywhere(session, event)
        or pain.about_the_pain(session, event, late=late)
        or answers.answer(session, event, late=late)
        or _first_words(session, event)
        or _not_understood(session)
    )


def aside(session: Session, speaker: Speaker | None, stage: Stage | None) -> Session:
    """The session with what was said in the same breath about who speaks."""
    if speaker is None and stage is None:
        return session
    status = session.status
    return replace(
        session,
        status=replace(status, speaker=speaker or status.speaker, stage=stage or status.stage),
    )


def _told(session: Session, event: Event) -> Session:
    """Status and manner that an event tells, in every place."""
    match event:
        case HelperSpeaks():
            return aside(session, Speaker.HELPER, None)
        case Said.SHE_SPEAKS:
            return aside(session, Speaker.SHE, None)
        case TellsStage(stage):
            return aside(session, None, stage)
        case ClotHistory():
            return replace(session, status=replace(session.status, no_rub=True))
        case Said() if event in _MANNERS:
            manner = replace(session.manner, **_MANNERS[event])  # type: ignore[arg-type]
            return replace(session, manner=manner)
    return session


# --- routines by day --------------------------------------------------------------------------


def _by_day(session: Session, event: Event) -> Turn | None:
    """A routine is for the day: in a relief conversation it waits."""
    if session.place.ask in guided.STEPS and (turn := guided.answer(session, event)):
        return turn
    if session.place.ask in OUTSIDE_RELIEF:
        return guided.start(session, event)
    if event in (Said.BEDTIME_ROUTINE, Said.PRACTISE):
        return ask_again(session, "anywhere.later")
    return None


# --- answered alike in every place -----------------------------------------------------------


def _anywhere(session: Session, event: Event) -> Turn | None:
    match event:
        case Said.LAUNCH | Said.START_OVER:
            return _start_over(session)
        case Said.HELP:
            return _help(session)
        case Said.REPEAT | Said.PREVIOUS | Said.RESUME:
            return _repeat(session, event)
        case Said.HANG_ON | Said.PAUSE:
            return _orient(session, "anywhere.quiet")
        case Said.SHE_SPEAKS | HelperSpeaks(None) | TellsStage(_, None):
            return _orient(session, "anywhere.noted")
        case Said() if event in _MANNERS:
            return _repeat(session, Said.RESUME)
        case Said() if event in _ON_THE_WAY:
            return _orient(session, _ON_THE_WAY[event])
        case Question(topic):
            return _question(session, topic)
    return None


def _orient(session: Session, *say: str | Line) -> Turn:
    """Lines, and the open question; in a new session, what she would like."""
    if session.place.ask is Ask.NOTHING:
        return ask(session, session.place.to(Ask.WHAT_NEXT), *say)
    return ask_again(session, *say)


def _start_over(session: Session) -> Turn:
    """From the start; an urgent level that was given stays."""
    if session.place.given is not None:
        return urgent.recheck(session, "recheck.again")
    return relief.launch(session)


def _help(session: Session) -> Turn:
    if session.place.ask in OUTSIDE_RELIEF:
        return _orient(session, "help.what_i_do")
    return ask(session, session.place, "help.urgent_first", shortly=True)


def _repeat(session: Session, event: Said) -> Turn:
    place = session.place
    if place.ask is Ask.NOTHING and event is not Said.PREVIOUS:
        return ask(session, place.to(Ask.TEN_MINUTES))  # "again", "carry on" as first words
    if event is Said.PREVIOUS and place.ask in (Ask.SWELLING, Ask.HEAT_OR_COLOUR):
        return relief.next_check(replace(session, place=_one_check_back(place)))
    match place.ask:
        case Ask.LET_GO:
            return relief.stretch_again(session)
        case Ask.WHICH_PART:
            return ask_again(session, "relief.launch", "relief.watch")
        case Ask.WHICH_THIGH:
            return ask_again(session, "relief.which_thigh", "relief.watch")
        case Ask.STRONG_PAIN:
            return relief.comfort(session)
        case Ask.ONE_MORE:
            return ask_again(session, "relief.keep_the_stretch")
    return _orient(session)


def _one_check_back(place: Place) -> Place:
    return replace(place, checked=Check(max(place.checked - 1, Check.NONE)))


def _stop(session: Session) -> Turn:
    place = session.place
    if place.ask in (Ask.ANYTHING_ELSE, Ask.MOVING_HELPS, *guided.STEPS):
        return end(session, "close.disclaimer")
    if place.ask in OUTSIDE_RELIEF:
        return end(session, "stop.bye")
    return end(session, "stop.checked" if place.checked is Check.ALL else "stop.checks_open")


def _question(session: Session, topic: Topic) -> Turn:
    place = session.place
    answer = Line(f"questions.{topic.value}")
    if place.ask in OUTSIDE_RELIEF:
        after = Ask.MOVING_HELPS if topic is Topic.RESTLESS_LEGS else Ask.ANYTHING_ELSE
        return ask(session, place.to(after), answer)
    short = replace(answer, form="short")
    if topic is Topic.BREATHLESS_NORMAL:
        return pain.breathing_noted(session)
    if topic is Topic.SWOLLEN_ANKLES_NORMAL:
        return pain.both_swollen(session)
    if topic in questions.COMFORT:
        return _about_comfort(session, topic, short)
    if topic in questions.HALF_A_SIGN and place.checked is not Check.ALL:
        return _to_the_check(session, "questions.cannot_tell")
    return ask_again(session, short)


def _about_comfort(session: Session, topic: Topic, short: Line) -> Turn:
    """Before the checks: ask first. Shut after an urgent line, and while it has not let go."""
    place, status = session.place, session.status
    if place.given is not None:
        return ask_again(session, "questions.not_now")
    if place.checked is not Check.ALL:
        return _to_the_check(session, "questions.ask_first")
    if place.aim is not Aim.COMFORT:
        return ask_again(session, "questions.once_it_lets_go")
    no_rub = status.no_rub or status.stage is Stage.AFTER_BIRTH
    return ask_again(session, "comfort.no_rub" if no_rub and topic in questions.RUBBING else short)


def _to_the_check(session: Session, key: str) -> Turn:
    """The check that is open, or the next one."""
    if session.place.ask in checks.CHECKS:
        return ask_again(session, key)
    return relief.next_check(session, key)


# --- first words, and what is not understood --------------------------------------------------


def _first_words(session: Session, event: Event) -> Turn | None:
    """What is answered outside a relief conversation; a hint where nothing else fits."""
    if session.place.ask not in OUTSIDE_RELIEF:
        return None
    match event:
        case Said.EASED:
            return relief.eased(replace(session, place=Place()))
        case Said.STILL_HURTS:
            return ask(session, session.place.to(Ask.TEN_MINUTES))
        case Said.YES if session.place.ask is Ask.WHAT_NEXT:
            return relief.launch(session)
        case Said.YES if session.place.ask is Ask.ANYTHING_ELSE:
            return ask(session, session.place.to(Ask.WHAT_NEXT))
        case Said.NO | Said.FINE | Said.SOFT_NO if session.place.ask is not Ask.NOTHING:
            return _stop(session)
        case Said.JUST_BEGAN:
            return relief.launch(session)
        case Said.NOT_UNDERSTOOD:
            return None
    return _help(session)


def _not_understood(session: Session) -> Turn:
    """Once more, narrower; the second time whom to call, and on (conversation.md 3.3)."""
    place = session.place
    if place.again is Again.FIRST_TIME:
        asked = place.to(Ask.WHAT_NEXT) if place.ask is Ask.NOTHING else place
        again = replace(asked, again=Again.NOT_UNDERSTOOD)
        return ask(session, again, "anywhere.not_understood")
    if place.ask in OUTSIDE_RELIEF:
        return ask_again(session, "anywhere.whom_to_call")
    match place.ask:
        case Ask.LET_GO if place.checked is Check.NONE:
            return relief.next_check(session, "anywhere.whom_to_call")
        case Ask.WHICH_PART | Ask.WHICH_THIGH:
            turn = relief.first_round(session)
            return replace(
                turn, lines=(*turn.lines[:-1], Line("anywhere.whom_to_call"), turn.lines[-1])
            )
    return urgent.urge(session, Sign.UNCLEAR)
