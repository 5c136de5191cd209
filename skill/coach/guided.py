"""Guided by day: stretches before bed, and practising for the night, step by step.

Sources: clinical.md A33, A34, B3; the steps' words are in `responses/`.
"""

from __future__ import annotations

from dataclasses import replace

from skill.coach.events import Event, Said
from skill.coach.place import Ask, Session
from skill.coach.turn import Turn, ask, ask_again, end

STEPS: dict[Ask, tuple[tuple[str, ...], ...]] = {
    Ask.BEDTIME: (
        ("bedtime.start", "bedtime.calf", "bedtime.count"),
        ("bedtime.other_leg", "bedtime.count"),
        ("bedtime.thigh", "bedtime.count"),
        ("bedtime.other_foot", "bedtime.count"),
        ("bedtime.ankles", "bedtime.circles"),
    ),
    Ask.PRACTICE: (
        ("practice.stretch",),
        ("practice.checks",),
        ("practice.prepare",),
    ),
}
"""The lines of each step of a routine."""

_TIMED = ("bedtime.count", "bedtime.circles")
_START = {Said.BEDTIME_ROUTINE: Ask.BEDTIME, Said.PRACTISE: Ask.PRACTICE}


def start(session: Session, event: Event) -> Turn | None:
    """The first step of the routine that an event asks for; None where it asks for none."""
    routine = _START.get(event) if isinstance(event, Said) else None
    return None if routine is None else _step(session, routine, 0)


def answer(session: Session, event: Event) -> Turn | None:
    """What follows in a routine; None for what is answered as anywhere else."""
    place = session.place
    match event:
        case Said.YES | Said.NEXT | Said.FINE | Said.EASED:
            return _step(session, place.ask, place.step + 1)
        case Said.PREVIOUS:
            return _step(session, place.ask, max(place.step - 1, 0))
        case Said.REPEAT | Said.RESUME:
            lines = STEPS[place.ask][place.step]
            return ask_again(session, *(line for line in lines if line not in _TIMED))
        case Said.NO | Said.SOFT_NO:
            return end(session, "bedtime.enough", "close.disclaimer")
    return None


def _step(session: Session, routine: Ask, step: int) -> Turn:
    steps = STEPS[routine]
    if step == len(steps) - 1:
        return end(session, *steps[step], f"{routine.value}.done", "close.disclaimer")
    place = replace(session.place.to(routine), step=step)
    return ask(session, place, *steps[step])
