"""The conversation: what the coach answers to an event, in any place.

`respond` is the one way in. Violence is answered with one line, and the end; a sign is heard
first, everywhere; then what the event tells of her; then the table of the open question
(`tables/`) says what it leads to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from skill.coach import urgent
from skill.coach.events import ClotHistory, Event, HelperSpeaks, Said, SignHeard, TellsStage
from skill.coach.interpreter import turn_for
from skill.coach.place import Aim, Ask, Place, Session, Speaker, Stage, Volume
from skill.coach.signs import Level
from skill.coach.tables import QUESTIONS
from skill.coach.tables.everywhere import EVERYWHERE
from skill.coach.turn import Turn, end

LOST = Session(place=Place(Ask.LOST, aim=Aim.RECHECK, given=Level.EMERGENCY))
"""Where she is when the session's attributes cannot be read: comfort shut, checks ahead."""

_MANNERS: dict[Event, dict[str, Any]] = {
    Said.SLOWER: {"slower": True},
    Said.QUIET: {"volume": Volume.QUIET},
    Said.LOUDER: {"volume": Volume.LOUD},
    Said.NORMAL_VOICE: {"slower": False, "volume": Volume.NORMAL},
}


def respond(session: Session, event: Event, *, late: bool = False) -> Turn:
    """The coach's turn for an event.

    session: where she is. late: ten minutes have passed since the start of this cramp.
    Returns a complete turn; never raises for any session and event.
    """
    if event is Said.VIOLENCE:  # one line that could be said to anybody (conversation.md 4)
        return end(session, "violence.at_any_time")
    if isinstance(event, SignHeard):
        return urgent.urge(session, event.sign)
    session = _told(session, event)
    outcome = QUESTIONS[session.place.ask].outcome(event, EVERYWHERE)
    return turn_for(outcome, session, event, late=late)


def aside(
    session: Session, speaker: Speaker | None, stage: Stage | None, *, no_rub: bool = False
) -> Session:
    """The session with what was said in the same breath about who speaks, and of her stage."""
    if speaker is None and stage is None and not no_rub:
        return session
    status = session.status
    told = replace(
        status,
        speaker=speaker or status.speaker,
        stage=stage or status.stage,
        no_rub=status.no_rub or no_rub,
    )
    return replace(session, status=told)


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
        case Said.AFTERPAINS:  # whoever feeds a baby has had it
            return aside(session, None, Stage.AFTER_BIRTH)
        case Said.LOSS:
            status = replace(session.status, stage=Stage.NEITHER, no_rub=True)
            return replace(session, status=status)
        case Said() if event in _MANNERS:
            return replace(session, manner=replace(session.manner, **_MANNERS[event]))
    return session
