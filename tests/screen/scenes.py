"""Turns worth looking at: each kind of thing that a screen shows."""

from __future__ import annotations

from collections.abc import Sequence

from skill.coach.conversation import respond
from skill.coach.events import Cramp, Event, HelperSpeaks, Said, SignHeard, Stretch
from skill.coach.place import Ask, Manner, Part, Place, Session, Speaker, Status, Way
from skill.coach.relief import _WAYS, stretch_again
from skill.coach.signs import Sign
from skill.coach.turn import Line, Turn, question_key

_CALF: Sequence[Event] = (Cramp(Part.CALF),)
_CLEAR: Sequence[Event] = (*_CALF, Said.EASED, Said.NO, Said.NO, Said.NO)

CONVERSATIONS: dict[str, Sequence[Event]] = {
    "first_answer": (Said.LAUNCH,),
    "hold": _CALF,
    "helper": (HelperSpeaks(Part.CALF),),
    "check": (*_CALF, Said.EASED),
    "emergency": (*_CALF, SignHeard(Sign.CHEST_PAIN)),
    "call_tonight": (*_CALF, SignHeard(Sign.SWOLLEN_LEG)),
    "misheard": (*_CALF, SignHeard(Sign.CHEST_PAIN), Said.NOT_WHAT_I_SAID),
    "one_more": (*_CALF, *[Said.NO] * 6),
    "comfort": _CLEAR,
    "end": (*_CLEAR, Said.YES),
    "bedtime": (Said.BEDTIME_ROUTINE,),
    "thigh_not_known": (Cramp(Part.THIGH),),
    "towel": (*_CALF, Stretch(Way.TOWEL)),
}


def turn_after(events: Sequence[Event]) -> Turn:
    """The last turn of a conversation."""
    session, turn = Session(), None
    for event in events:
        turn = respond(session, event)
        session = turn.session
    assert turn
    return turn


def scenes() -> dict[str, Turn]:
    """The last turn of each conversation, by its name."""
    return {name: turn_after(events) for name, events in CONVERSATIONS.items()}


def stretches() -> dict[str, Turn]:
    """Each stretch, with the place in which it is held, by its name."""
    found = {}
    for part, ways in _WAYS.items():
        for way in ways:
            speaker = Speaker.HELPER if way is Way.HELPER else Speaker.SHE
            session = Session(Place(Ask.LET_GO), Status(speaker), Manner(part, way))
            turn = stretch_again(session)
            held = (*turn.lines, Line("relief.hold"))
            found[f"{part.value}_{way.value}"] = Turn(
                held, turn.question, turn.reprompt, turn.session
            )
    return found


def questions() -> dict[str, Turn]:
    """Each question, asked alone, by its name."""
    found = {}
    for ask in Ask:
        if ask not in (Ask.NOTHING, Ask.LOST):
            line = Line(question_key(ask))
            found[ask.value] = Turn((), line, (line,), Session(Place(ask)))
    return found
