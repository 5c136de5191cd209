"""Where a sentence is said, and what it leads to there, through the real coach."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from skill.alexa.intents import heard
from skill.coach.conversation import aside, respond
from skill.coach.events import Cramp, Denial, Event, HelperSpeaks, Question, Said, SignHeard, Sore
from skill.coach.place import URGENT_PLACES, Ask, Check, Part, Session
from skill.coach.signs import Sign
from skill.coach.turn import Turn
from skill.simulator.understand import Understood

_CRAMP, _SWOLLEN = Cramp(Part.CALF), SignHeard(Sign.SWOLLEN_LEG)
_EASED = (_CRAMP, Said.EASED)

PATHS: dict[str, tuple[Event, ...]] = {
    "first": (),
    "day": (),
    "let_go": (_CRAMP,),
    "stretch": (_CRAMP,),
    "helper": (HelperSpeaks(Part.CALF),),
    "breathing": _EASED,
    "swelling": (*_EASED, Said.NO),
    "heat_or_colour": (*_EASED, Said.NO, Said.NO),
    "colour": (*_EASED, Said.NO, Said.NO),
    "pain_gone": (*_EASED, Said.NO, Said.NO, Said.NO),
    "comfort": (*_EASED, Said.NO, Said.NO, Said.NO),
    "ten_minutes": (Said.STILL_HURTS,),
    "can_you_call": (_SWOLLEN, Said.NO),
    "urgent2": (_SWOLLEN,),
    "grab": (Sore(None),),
    "is_that_right": (*_EASED, Said.YES),
    "getting_easier": (Said.SORE_AFTER, Said.NO, Said.NO, Said.NO),
}
"""What goes before, so that the question is open."""

_ASKS = {ask.value for ask in Ask}


def is_built(question: str) -> bool:
    """Whether the coach has this question, and there is a way to it here."""
    return question in PATHS and question in _ASKS


@cache
def session_at(place: str) -> Session:
    """Where she is when she has come to a place."""
    session = Session()
    for event in PATHS[place]:
        session = respond(session, event).session
    if place in _ASKS and session.place.ask is not Ask(place):
        raise ValueError(f"the way to {place} now ends at {session.place.ask.value}")
    return session


def turn_for(place: str, understood: Understood) -> tuple[Event, Turn]:
    """What the coach hears at a place, and answers."""
    told = heard(understood.intent, understood.slots)
    session = aside(session_at(place), told.speaker, told.stage)
    return told.event, respond(session, told.event)


def leads_to(place: str, understood: Understood) -> set[str]:
    """What an utterance does at a place, in the words of answers.yaml."""
    before = session_at(place)
    event, turn = turn_for(place, understood)
    asked = before.place.ask
    done = {
        "fires": isinstance(event, SignHeard) or _is_sent_to_the_phone(before, turn),
        "yes": event is Said.YES,
        "denial": isinstance(event, Denial),
        "end": not turn.open,
        "stretch": any(line.key.startswith("stretch.") for line in turn.lines),
        "eased": event is Said.EASED or (asked is Ask.LET_GO and event in (Said.YES, Said.FINE)),
        "still_hurts": event in (Said.STILL_HURTS, Said.EASING)
        or (asked is Ask.LET_GO and event is Said.NO),
        "clear": _is_cleared(before, turn),
    }
    return {name for name, is_so in done.items() if is_so}


def _is_sent_to_the_phone(before: Session, turn: Turn) -> bool:
    return turn.level is not None and before.place.ask not in URGENT_PLACES


def _is_cleared(before: Session, turn: Turn) -> bool:
    """Whether the open question counts as a clear no, wholly."""
    asked, now = before.place, turn.session.place
    if asked.ask is Ask.TEN_MINUTES:
        return now.ask is Ask.LET_GO
    if asked.ask is Ask.PAIN_GONE or asked.ask in URGENT_PLACES:
        return not turn.open
    is_ahead = now.checked > asked.checked and now.ask is not Ask.FACE_OR_HANDS
    return turn.open and turn.level is None and asked.checked is not Check.ALL and is_ahead


def described(place: str, understood: Understood) -> set[str]:
    """What an utterance leads to at a place, in the words of real_words.tsv."""
    before = session_at(place)
    event, turn = turn_for(place, understood)
    found = {turn.session.place.ask.value if turn.open else "end"}
    if _is_sent_to_the_phone(before, turn):
        return {f"level{turn.level:d}"}
    if any(line.key.startswith("stretch.") for line in turn.lines):
        found.add("relief")
    if _is_cleared(before, turn):
        found.add("clear")
    if turn.session.place == replace(before.place, again=turn.session.place.again):
        found.add("once_more")
    if isinstance(event, Question):
        found.add(f"topic:{event.topic.value}")
    if event is Said.NOT_UNDERSTOOD:
        found.add("not_understood")
    return found | {f"line:{line.key}" for line in turn.lines}
