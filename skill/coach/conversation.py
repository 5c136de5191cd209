"""The conversation: what the coach answers to an event, in any place.

`respond` is the one way in. A sign is heard first, everywhere; then what an urgent line shut;
then what is answered alike in every place; then relief, and the answers to the open question.
"""

from __future__ import annotations

from dataclasses import replace

from skill.coach import checks, guided, questions, relief, urgent
from skill.coach.events import (
    CantBearWeight,
    ClotHistory,
    Cramp,
    Denial,
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
from skill.coach.place import (
    Again,
    Ask,
    Check,
    Part,
    Path,
    Place,
    Session,
    Speaker,
    Stage,
    Volume,
    Way,
)
from skill.coach.signs import Level, Sign
from skill.coach.turn import Line, Turn, ask, ask_again, end

LOST = Session(place=Place(Ask.LOST, path=Path.RECHECK, given=Level.EMERGENCY))
"""Where she is when the session's attributes cannot be read: comfort shut, checks ahead."""

BEFORE_A_CONVERSATION = (
    Ask.NOTHING,
    Ask.WHAT_NEXT,
    Ask.ANYTHING_ELSE,
    Ask.MOVING_HELPS,
    *guided.STEPS,
)
"""Places outside a relief conversation."""

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
    if session.place.ask in urgent.URGENT_PLACES:
        return urgent.respond(session, event)
    if event is Said.STOP:
        return _stop(session)
    if session.place.ask is Ask.LOST:
        return urgent.recheck(session, "recheck.lost")
    for answer in (_by_day, _anywhere, _about_the_pain, _to_the_question):
        turn = answer(session, event, late)
        if turn is not None:
            return turn
    return _not_understood(session, late)


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


def _by_day(session: Session, event: Event, _late: bool) -> Turn | None:
    """A routine is for the day: in a relief conversation it waits."""
    if session.place.ask in guided.STEPS and (turn := guided.answer(session, event)):
        return turn
    if session.place.ask in BEFORE_A_CONVERSATION:
        return guided.start(session, event)
    if event in (Said.BEDTIME_ROUTINE, Said.PRACTISE):
        return ask_again(session, "anywhere.later")
    return None


# --- answered alike in every place -----------------------------------------------------------


def _anywhere(session: Session, event: Event, late: bool) -> Turn | None:
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
    if session.place.ask in BEFORE_A_CONVERSATION:
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
    if place.ask in BEFORE_A_CONVERSATION:
        return end(session, "stop.bye")
    return end(session, "stop.checked" if place.checked is Check.ALL else "stop.checks_open")


def _question(session: Session, topic: Topic) -> Turn:
    place = session.place
    answer = Line(f"questions.{topic.value}")
    if place.ask in BEFORE_A_CONVERSATION:
        after = Ask.MOVING_HELPS if topic is Topic.RESTLESS_LEGS else Ask.ANYTHING_ELSE
        return ask(session, place.to(after), answer)
    short = replace(answer, form="short")
    if topic is Topic.BREATHLESS_NORMAL:
        return _breathing_noted(session)
    if topic is Topic.SWOLLEN_ANKLES_NORMAL:
        return _both_swollen(session)
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
    if place.path is not Path.COMFORT:
        return ask_again(session, "questions.once_it_lets_go")
    no_rub = status.no_rub or status.stage is Stage.AFTER_BIRTH
    return ask_again(session, "comfort.no_rub" if no_rub and topic in questions.RUBBING else short)


def _to_the_check(session: Session, key: str) -> Turn:
    """The check that is open, or the next one."""
    if session.place.ask in checks.CHECKS:
        return ask_again(session, key)
    return relief.next_check(session, key)


# --- the pain, and what is half a sign -------------------------------------------------------


def _about_the_pain(session: Session, event: Event, late: bool) -> Turn | None:
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
            return _breathing_noted(session)
        case Said.BOTH_SWOLLEN if session.place.ask is not Ask.SWELLING:
            return _both_swollen(session)
        case Said.WORSE if session.place.ask is not Ask.BREATHING_WORSE:
            return _worse(session)
    return None


def _cramp_somewhere(session: Session, late: bool) -> Turn | None:
    """ "Cramp" alone: leg or tummy, before anything else; later it still hurts."""
    ask_now = session.place.ask
    if ask_now in BEFORE_A_CONVERSATION:
        place = session.place.to(Ask.LEG_OR_TUMMY, path=Path.STRETCH)
        return ask(session, place)
    if ask_now in (Ask.LEG_OR_TUMMY, Ask.WHICH_PART, Ask.WHICH_THIGH):
        return None
    return _to_the_question(session, Said.STILL_HURTS, late)


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
    if place.ask in BEFORE_A_CONVERSATION:
        return relief.launch(told)
    if place.given is not None or place.path not in (Path.STRETCH, Path.COMFORT):
        return ask_again(session, "anywhere.noted")
    return relief.stretch_another_way(session, way)


def _sore(session: Session, part: Part | None, late: bool) -> Turn | None:
    """Pain without tightness: as first words no stretch; in a relief conversation it hurts."""
    place = session.place
    if place.ask in (*BEFORE_A_CONVERSATION, Ask.LEG_OR_TUMMY, Ask.WHICH_PART, Ask.WHICH_THIGH):
        return relief.sore(session, part)
    return _to_the_question(session, Said.STILL_HURTS, late)


def _back_again(session: Session, event: Event) -> Turn:
    place = session.place
    if place.ask in BEFORE_A_CONVERSATION:
        if event is Said.OTHER_LEG:
            return relief.launch(session)
        return ask(session, place.to(Ask.TEN_MINUTES))
    if place.path in (Path.CALL, Path.SORE) or place.ask is Ask.TEN_MINUTES:
        return ask_again(session, "relief.leg_still")
    if place.given is not None:
        return relief.start(session, session.manner.part)
    return relief.first_round(session)


def _cant_bear_weight(session: Session, part: Part | None) -> Turn:
    """In the cramp: the in-bed way, breathing now. After it, or without one: the call."""
    place = session.place
    in_a_cramp = place.path is Path.STRETCH or (
        part is not None and place.ask in BEFORE_A_CONVERSATION
    )
    if not in_a_cramp or place.given is not None:
        return urgent.urge(session, Sign.CANT_BEAR_WEIGHT)
    return relief.in_bed_and_breathing(session, part)


def _clot_history(session: Session, part: Part | None) -> Turn:
    """No rub from now on; with pain that goes on, the call (clinical.md C3 row 17)."""
    place = session.place
    if part is not None and place.ask in (*BEFORE_A_CONVERSATION, Ask.WHICH_PART):
        return relief.start(session, part)
    if place.ask in BEFORE_A_CONVERSATION:
        return ask(session, place.to(Ask.ANYTHING_ELSE), "questions.had_a_clot")
    first_try = place.checked is Check.NONE and place.path is Path.STRETCH
    goes_on = place.path in (Path.CALL, Path.SORE, Path.STRETCH) and not first_try
    if goes_on or place.ask is Ask.TEN_MINUTES:
        return urgent.urge(session, Sign.PAIN_AFTER_CLOT)
    return ask_again(session, "relief.then_no_rub")


def _dizzy(session: Session) -> Turn:
    place = session.place.to(Ask.BREATHING, checked=Check.NONE)
    return ask(session, place, "relief.dizzy")


def _breathing_noted(session: Session) -> Turn:
    """A bit breathless, as always: the narrower question decides (clinical.md E1b)."""
    told = replace(session, status=replace(session.status, breathing_noted=True))
    return ask(told, session.place.to(Ask.BREATHING_WORSE, checked=Check.NONE))


def _both_swollen(session: Session) -> Turn:
    """Both ankles puffy: face, hands, head or eyes first, then on with the checks."""
    return ask(session, session.place.to(Ask.FACE_OR_HANDS))


def _worse(session: Session) -> Turn | None:
    if session.place.ask is Ask.STRONG_PAIN:
        return urgent.urge(session, Sign.PAIN_GOT_WORSE)
    if session.place.ask in BEFORE_A_CONVERSATION:
        return relief.worse(replace(session, place=Place()))
    return relief.worse(session)


# --- answers to the open question ------------------------------------------------------------


def _to_the_question(session: Session, event: Event, late: bool) -> Turn | None:
    outcome = checks.read(session, event)
    if outcome is not None:
        return _check_answered(session, outcome, late)
    match session.place.ask:
        case Ask.NOTHING | Ask.WHAT_NEXT | Ask.ANYTHING_ELSE | Ask.BEDTIME | Ask.PRACTICE:
            return _first_words(session, event)
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
    return _beside_the_check(session, event)


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
        case Said.EASED if place.path is Path.STRETCH:
            place = replace(place, path=Path.COMFORT)
        case Said.STILL_HURTS | Said.ANOTHER_WAY if place.path is Path.COMFORT:
            place = replace(place, path=Path.STRETCH)
        case Said.EASED | Said.STILL_HURTS | Said.ANOTHER_WAY:
            pass
        case Said.NEXT | Said.JUST_BEGAN | Denial():
            pass
        case _:
            return None
    return ask(session, place, "checks.this_first")


def _first_words(session: Session, event: Event) -> Turn | None:
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


def _moving_helps(session: Session, event: Event) -> Turn | None:
    """Restless legs told apart from a cramp in one question, without a diagnosis."""
    after = session.place.to(Ask.ANYTHING_ELSE)
    match event:
        case Said.YES | Said.A_BIT | Said.AS_USUAL:
            return ask(session, after, "questions.moving_eases_it")
        case Said.NO | Said.SOFT_NO | Said.UNSURE:
            return ask(session, after, "questions.moving_does_not")
        case Said.NOT_UNDERSTOOD:
            return None
    return _first_words(session, event)


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


# --- not understood --------------------------------------------------------------------------


def _not_understood(session: Session, late: bool) -> Turn:
    """Once more, narrower; the second time whom to call, and on (conversation.md 3.3)."""
    place = session.place
    if place.again is Again.FIRST_TIME:
        asked = place.to(Ask.WHAT_NEXT) if place.ask is Ask.NOTHING else place
        again = replace(asked, again=Again.NOT_UNDERSTOOD)
        return ask(session, again, "anywhere.not_understood")
    if place.ask in BEFORE_A_CONVERSATION:
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
