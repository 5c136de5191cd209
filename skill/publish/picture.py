"""The picture of the conversation: which question follows which answer, as the coach has it.

    python -m skill.publish.picture docs/picture.md

The coach is asked, in every place that these answers can reach, what it does with each of them; the
boxes and arrows are its answers, in Mermaid, which lays them out where it is shown.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from skill.coach.conversation import respond
from skill.coach.events import Cramp, Event, Question, Said, SignHeard, Sore, Topic
from skill.coach.place import URGENT_PLACES, Aim, Ask, Check, Part, Place, Session
from skill.coach.signs import Level, Sign
from skill.publish import labels
from skill.publish.hears import title

START, ENDS, ASKED_AGAIN = "start", "the conversation ends", "recheck"
LEVELS = {Level.EMERGENCY: "level 1", Level.CALL_NOW: "level 2"}
OUTCOMES = (*LEVELS.values(), ENDS)
LATER = " (after ten minutes)"

_UNSURE_TOO = (Said.YES, Said.UNSURE, Said.NO)
_CHECK = (Said.YES, Said.A_BIT, Said.UNSURE, Said.NO)
_CALLING = (Said.YES, Said.NO, Said.NOT_WHAT_I_SAID, Said.STOP)
_WHY = Question(Topic.WHY)
_TUMMY, _THIGH_FRONT = SignHeard(Sign.TUMMY_CRAMP), Cramp(Part.THIGH_FRONT)

ANSWERS: dict[Ask, tuple[Event, ...]] = {
    Ask.NOTHING: (
        Cramp(Part.CALF),
        Cramp(Part.THIGH),
        Cramp(),
        Said.LAUNCH,
        Sore(Part.CALF),
        Said.SORE_AFTER,
        Said.BACK_AGAIN,
        Said.HELP,
        Said.WHAT_CAN_YOU_DO,
        _WHY,
    ),
    Ask.WHAT_NEXT: (Said.YES, Said.NO, _WHY),
    Ask.ANYTHING_ELSE: (Said.NO,),
    Ask.LEG_OR_TUMMY: (Cramp(Part.LEG), _TUMMY),
    Ask.WHICH_PART: (Cramp(Part.CALF), Cramp(Part.THIGH)),
    Ask.WHICH_THIGH: (_THIGH_FRONT,),
    Ask.GRAB: _UNSURE_TOO,
    Ask.TEN_MINUTES: _UNSURE_TOO,
    Ask.LET_GO: (Said.EASED, Said.STILL_HURTS, Said.WORSE),
    Ask.BREATHING: _CHECK,
    Ask.BREATHING_WORSE: _UNSURE_TOO,
    Ask.SWELLING: (*_CHECK, Said.BOTH),
    Ask.FACE_OR_HANDS: _UNSURE_TOO,
    Ask.HEAT_OR_COLOUR: _CHECK,
    Ask.GETTING_EASIER: _UNSURE_TOO,
    Ask.STRONG_OR_LASTING: _UNSURE_TOO,
    Ask.PAIN_GONE: (Said.YES, Said.NO),
    Ask.ONE_MORE: (Said.YES, Said.NO),
    Ask.IS_THAT_RIGHT: (Said.YES, Said.NO),
    Ask.IS_THAT_RIGHT_LEG: (Said.YES, Said.NO),
    Ask.CAN_YOU_CALL: _CALLING,
    Ask.CAN_YOU_CALL_AFTER_YES: _CALLING,
}
"""The answers that are drawn at each question."""

TITLES = {
    START: "She says something",
    "let_go 1": "The stretch. Has it let go?",
    "let_go 2": "Another way. Has it let go?",
    "let_go 3": "A third way. Has it let go?",
    "level 1": "LEVEL 1: the emergency number. Can you call now?",
    "level 2": "LEVEL 2: call tonight. Can you call now?",
    ASKED_AGAIN: "All checks again; comfort stays shut",
}
"""What stands in a box that is no question, or that stands for more than one."""


class Box(NamedTuple):
    """A box: its name, what stands in it, and by which answers she leaves it."""

    name: str
    title: str
    leads: dict[str, list[str]]


@cache
def boxes() -> tuple[Box, ...]:
    """Every box, in the order in which a conversation comes to it."""
    found: dict[str, Box] = {}
    for before, said, after in _steps():
        start, end = box_of(before), box_of(after) if after else ENDS
        box = found.setdefault(start, Box(start, _title(before), {}))
        if start != end and said not in box.leads.get(end, ()):
            box.leads.setdefault(end, []).append(said)
    return tuple(found.values())


def _title(place: Place) -> str:
    return TITLES.get(box_of(place)) or title(place.ask)


@cache
def _labels() -> dict[Event, str]:
    own: dict[Event, str] = {_TUMMY: "my tummy", _THIGH_FRONT: "the front of my thigh"}
    return {each.event: each.label for each in labels.answers()} | own


_PAIN = {
    Aim.COMFORT: "gone",
    Aim.STRETCH: "still hurts",
    Aim.CALL: "got worse",
    Aim.SORE: "sore",
    Aim.EASIER: "sore after a cramp",
}
_BY_THE_PAIN = (Ask.BREATHING, Ask.BREATHING_WORSE, Ask.HEAT_OR_COLOUR)


def _with_the_pain(label: str, before: Place) -> str:
    """The answer, with how the pain goes where what follows a clear no depends on it."""
    if label == "no" and before.ask in _BY_THE_PAIN and before.aim in _PAIN:
        return f"no; {_PAIN[before.aim]}"
    return label


def _steps() -> Iterator[tuple[Place, str, Place | None]]:
    """Every answer in every place that can be reached; after it no place where it ends.

    Once breathing was noted, all goes on as before but that a leg sign is level 1: not drawn.
    """
    seen, queue = {Session()}, [Session()]
    while queue:
        session = queue.pop(0)
        for event in ANSWERS.get(session.place.ask, ()):
            label = _with_the_pain(_labels()[event], session.place)
            early, late = (respond(session, event, late=late) for late in (False, True))
            for turn in [early] if late == early else [early, late]:
                said = label + LATER if turn is late else label
                yield session.place, said, turn.session.place if turn.open else None
                after = Session(turn.session.place, turn.session.status)
                noted = after.status.breathing_noted and after.place.ask is not Ask.BREATHING_WORSE
                if turn.open and not noted and after not in seen:
                    seen.add(after)
                    queue.append(after)


def box_of(place: Place) -> str:
    """The box of a place: its question, with the round of stretching; or its level."""
    if place.given is not None:
        return LEVELS[place.given] if place.ask in URGENT_PLACES else ASKED_AGAIN
    if place.ask is Ask.NOTHING:
        return START
    if place.ask is Ask.LET_GO:
        rounds = {Check.NONE: 1, Check.ALL: 3}
        return f"{place.ask.value} {rounds.get(place.checked, 2)}"
    return str(place.ask.value)


def follows() -> list[tuple[str, list[tuple[str, str]]]]:
    """Each box in words, with her answers and what follows them."""
    titles = {box.name: box.title for box in boxes()}
    return [
        (box.title, [(listed(said), titles.get(to, to)) for to, said in box.leads.items()])
        for box in boxes()
    ]


def listed(said: list[str]) -> str:
    """Answers after each other: a shared "no" once, and no time where it makes no difference."""
    kept = [each for each in said if each.removesuffix(LATER) not in said or LATER not in each]
    if kept[0].startswith("no; "):
        kept[1:] = [each.removeprefix("no; ") for each in kept[1:]]
    return " · ".join(kept)


# --- in Mermaid -------------------------------------------------------------------------------

PAGE = """# The places of the conversation

Which question follows which answer, drawn from the coach itself. A warning sign leads to its level
from every place. This page is written by `python -m skill.publish.picture docs/picture.md`; what
she hears, word for word, is in [flow.md](flow.md).

```mermaid
{}
```
"""


def page() -> str:
    """The whole page, in Markdown."""
    return PAGE.format("\n".join(["flowchart TD", *_mermaid()]))


def _mermaid() -> Iterator[str]:
    """Boxes, with what leads out of the conversation there, and the arrows to other boxes."""
    for box in boxes():
        out = [f"<i>{listed(box.leads[to])}</i>: {to}" for to in OUTCOMES if to in box.leads]
        text = "<br/>".join([f"<b>{box.title}</b>", *out])
        yield f'  {_id(box.name)}["{text}"]'
    for box in boxes():
        for to, said in box.leads.items():
            if to not in OUTCOMES:
                yield f'  {_id(box.name)} -->|"{listed(said)}"| {_id(to)}'


def _id(name: str) -> str:
    return name.replace(" ", "_")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
