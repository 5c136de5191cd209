"""The graph of places, grouped by level, as text that is reviewed in diffs.

    python -m tests.coach.graph

What is alike in every place (help, stop, signs, the voice) is left out; so are places in which a
question is merely asked again. Status and lateness are at their defaults.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from skill.coach.conversation import respond
from skill.coach.events import CantBearWeight, ClotHistory, Cramp, Denial, Event, Said, Sore
from skill.coach.place import Again, Check, Part, Place, Session, Status
from skill.coach.turn import Turn
from tests.coach.walk import DENIALS, Walk

_ALIKE = {
    Said.HELP,
    Said.REPEAT,
    Said.PREVIOUS,
    Said.RESUME,
    Said.PAUSE,
    Said.HANG_ON,
    Said.STOP,
    Said.START_OVER,
    Said.LAUNCH,
    Said.SHE_SPEAKS,
    Said.SLOWER,
    Said.QUIET,
    Said.LOUDER,
    Said.NORMAL_VOICE,
    Said.CALL_FOR_ME,
    Said.ALONE,
    Said.PHONE_AWAY,
    Said.NOBODY_ANSWERS,
    Said.NO_MIDWIFE,
    Said.SHALL_I_DRIVE,
    Said.WHAT_DO_I_SAY,
    Said.SCARED,
}
_EVENTS: list[Event] = [
    *(said for said in Said if said not in _ALIKE),
    Cramp(),
    Cramp(Part.CALF),
    Cramp(Part.LEG),
    Cramp(Part.THIGH),
    Cramp(Part.GROIN),
    Sore(),
    CantBearWeight(),
    ClotHistory(),
    *DENIALS,
]


def graph(walk: Walk) -> str:
    """The graph as text: for each place, where each event leads."""
    places = {
        session.place
        for session in walk.sessions
        if session.status == Status() and session.place.again is Again.FIRST_TIME
    }
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        groups[_group(place)].append(place)
    blocks = []
    for group in sorted(groups):
        blocks.append(f"== {group} ==")
        blocks += [_block(place) for place in sorted(groups[group], key=_name)]
    return "\n\n".join(blocks) + "\n"


def _group(place: Place) -> str:
    return "no urgent line given" if place.given is None else f"level {int(place.given)} given"


def _block(place: Place) -> str:
    leads: dict[str, list[str]] = defaultdict(list)
    for event in _EVENTS:
        leads[_where(place, respond(Session(place), event))].append(_event(event))
    lines = [f"  {', '.join(events)}\n    -> {where}" for where, events in sorted(leads.items())]
    return "\n".join([_name(place), *lines])


def _where(place: Place, turn: Turn) -> str:
    after = turn.session.place
    if not turn.open:
        return f"end: {', '.join(line.key for line in turn.lines)}"
    if turn.level and place.given is None:
        sign = turn.lines[0].sign
        return f"LEVEL {int(turn.level)}: {sign.value if sign else ''}"
    if after == place:
        return "the same question"
    if after.again is not Again.FIRST_TIME:
        return f"once more ({after.again.name.lower()}): {_name(after)}"
    return _name(after)


def _name(place: Place) -> str:
    checked = {Check.NONE: "none", Check.ALL: "all"}.get(place.checked, place.checked.name.lower())
    step = f" {place.step + 1}" if place.step else ""
    return f"{place.ask.value}{step} [to {place.aim.value}, clear: {checked}]"


def _event(event: Event) -> str:
    if isinstance(event, Said):
        return event.value
    if isinstance(event, Denial):
        return "not " + " or ".join(sorted(denied.value for denied in event.of))
    name = type(event).__name__.lower()
    part = getattr(event, "part", None)
    return f"{name}({part.value})" if part else name


if __name__ == "__main__":
    Path(__file__).parents[1].joinpath("graph.txt").write_text(graph(Walk()), "utf-8")
