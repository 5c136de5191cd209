"""The graph of places as text that is reviewed in diffs: each question, and where answers lead.

    python -m tests.coach.graph

Under a question stands each answer, or several that do the same, and where it leads, as far as
that differs: what the checks are to lead to, how far they have come, the level that was given, the
step of a routine. What a place keeps is not said again. What is alike in every place (help, stop,
signs, the voice) is left out; status and lateness are at their defaults.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path

from skill.coach.conversation import respond
from skill.coach.events import CantBearWeight, ClotHistory, Cramp, Denial, Event, Said, Sore
from skill.coach.place import (
    OUTSIDE_RELIEF,
    URGENT_PLACES,
    Again,
    Ask,
    Check,
    Part,
    Place,
    Session,
    Status,
)
from tests.coach.rules import BREATHING, LEG_CHECKS
from tests.coach.step import DENIALS
from tests.coach.walk import Walk

FILE = Path(__file__).parents[1] / "graph.txt"

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

CHECKS = BREATHING | LEG_CHECKS | {Ask.FACE_OR_HANDS}
_KINDS: dict[str, Iterable[Ask]] = {
    "outside a cramp": OUTSIDE_RELIEF,
    "checks": sorted(CHECKS, key=list(Ask).index),
    "in a cramp": [ask for ask in Ask if ask not in {*OUTSIDE_RELIEF, *URGENT_PLACES, *CHECKS}],
    "after an urgent line": URGENT_PLACES,
}
"""Questions to which most answers lead to the same."""

_MARKS: dict[str, Callable[[Place], str]] = {
    "to": lambda place: place.aim.value,
    "clear": lambda place: _checked(place),
    "given": lambda place: f"level {int(place.given)}" if place.given else "none",
    "again": lambda place: place.again.name.lower(),
    "step": lambda place: str(place.step + 1),
}
"""What tells the places of one question apart, as it is written."""

Leads = dict[Place, str]
"""Where an answer leads from each place of a question."""

Table = dict[str, str]
"""Each answer to a question, and where it leads."""


def graph(walk: Walk) -> str:
    """The graph as text: what most questions of a kind have in common, then the rest of each."""
    at: dict[Ask, list[Place]] = defaultdict(list)
    for session in walk.standing:
        if session.status == Status():
            at[session.place.ask].append(session.place)
    blocks = []
    for kind, asks in _KINDS.items():
        tables = {ask: _table(at[ask]) for ask in asks if at[ask]}
        usual = _usual(tables.values())
        blocks.append([f"==== {kind}: where half of them lead, or more ====", *_lines(usual)])
        for ask, table in tables.items():
            own = {answer: leads for answer, leads in table.items() if leads != usual.get(answer)}
            blocks.append([f"== {ask.value} == {_differences(at[ask])}".rstrip(), *_lines(own)])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _table(here: list[Place]) -> Table:
    here = sorted(here, key=_marks)
    return {
        _event(event): _leads({place: _where(place, event) for place in here}) for event in _EVENTS
    }


def _usual(tables: Iterable[Table]) -> Table:
    """Where each answer leads from half of the questions, or more."""
    tables = list(tables)
    usual = {}
    for answer in map(_event, _EVENTS):
        leads, count = Counter(table[answer] for table in tables).most_common(1)[0]
        if 1 < len(tables) <= count * 2:
            usual[answer] = leads
    return usual


def _lines(table: Table) -> Iterator[str]:
    """A line for all answers that lead to the same."""
    answers: dict[str, list[str]] = defaultdict(list)
    for answer, leads in table.items():
        answers[leads].append(answer)
    for leads, some in answers.items():
        yield f"{_joined(some)} -> {leads}"


def _joined(answers: list[str]) -> str:
    denials = [_event(denial) for denial in DENIALS]
    if set(denials) <= set(answers):
        answers = [*(answer for answer in answers if answer not in denials), "any denial"]
    return ", ".join(answers)


def _leads(leads: Leads) -> str:
    """Where an answer leads, by the fewest marks that tell it; last what is most common."""
    marks = _telling(leads)
    by_outcome: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for place, where in leads.items():
        told = tuple(_MARKS[mark](place) for mark in marks)
        if told not in by_outcome[where]:
            by_outcome[where].append(told)
    *rarer, common = sorted(by_outcome, key=lambda where: (len(by_outcome[where]), where))
    return " | ".join([*(f"{_when(marks, by_outcome[where])}: {where}" for where in rarer), common])


def _telling(leads: Leads) -> tuple[str, ...]:
    for count in range(len(_MARKS) + 1):
        for marks in combinations(_MARKS, count):
            told: dict[tuple[str, ...], str] = {}
            if all(
                told.setdefault(tuple(_MARKS[mark](place) for mark in marks), where) == where
                for place, where in leads.items()
            ):
                return marks
    raise AssertionError("places that nothing tells apart")


def _when(marks: tuple[str, ...], values: Iterable[tuple[str, ...]]) -> str:
    """Combinations of marks in words: those that differ in their last mark only are one."""
    joined: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for *first, last in values:
        joined[tuple(first)].append(last)
    return "; ".join(
        ", ".join(
            f"{mark} {value}" for mark, value in zip(marks, (*first, "/".join(last)), strict=True)
        )
        for first, last in joined.items()
    )


def _where(place: Place, event: Event) -> str:
    turn = respond(Session(place), event)
    after = turn.session.place
    if not turn.open:
        return f"end: {', '.join(line.key for line in turn.lines)}"
    if turn.level and place.ask not in URGENT_PLACES:
        line = turn.lines[0]
        return f"LEVEL {int(turn.level)}: {line.sign.value if line.sign else line.key}"
    changed = list(_changed(place, after))
    name = "the same question" if after.ask is place.ask else after.ask.value
    return name + (f" [{', '.join(changed)}]" if changed else "")


def _changed(place: Place, after: Place) -> Iterator[str]:
    """What is told of a place after another: nothing that was so, or begins anew, as it does."""
    if after.again is not place.again and after.again is not Again.FIRST_TIME:
        yield _MARKS["again"](after)
    if after.ask is place.ask and after.step == place.step + 1:
        yield "next step"
    elif after.step and after.step != place.step:
        yield f"step {_MARKS['step'](after)}"
    for mark in ("to", "clear", "given"):
        if _MARKS[mark](after) != _MARKS[mark](place):
            yield f"{mark} {_MARKS[mark](after)}"


def _differences(here: list[Place]) -> str:
    """What tells the places of a question apart, without what tells nothing."""
    marks = {mark: sorted(set(map(told, here))) for mark, told in _MARKS.items()}
    plain = {"clear": ["none"], "given": ["none"], "again": ["first_time"], "step": ["1"]}
    shown = {mark: some for mark, some in marks.items() if some != plain.get(mark)}
    return "; ".join(f"{mark}: {', '.join(some)}" for mark, some in shown.items())


def _marks(place: Place) -> tuple[str, ...]:
    return tuple(told(place) for told in _MARKS.values())


def _checked(place: Place) -> str:
    return {Check.NONE: "none", Check.ALL: "all"}.get(place.checked, place.checked.name.lower())


def _event(event: Event) -> str:
    if isinstance(event, Said):
        return event.value
    if isinstance(event, Denial):
        return "not " + " or ".join(sorted(denied.value for denied in event.of))
    name = type(event).__name__.lower()
    part = getattr(event, "part", None)
    return f"{name}({part.value})" if part else name


if __name__ == "__main__":
    FILE.write_text(graph(Walk()), "utf-8")
