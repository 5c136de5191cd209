"""What she may answer where she is, and where each answer leads: the coach is asked, each time.

Which table an answer is from is told by `skill/publish/rows.py`, as in docs/flow.md; but what
follows is that of this very session, at this very time, in its locale: no condition is left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from skill.alexa.intents import INTENTS, event_for
from skill.coach.conversation import respond
from skill.coach.events import Denied, Event, Said, name_of
from skill.coach.outcomes import Repeat
from skill.coach.place import Ask, Part, Session
from skill.coach.tables import QUESTIONS
from skill.coach.tables.everywhere import EVERYWHERE
from skill.coach.turn import Turn
from skill.publish.labels import Answer
from skill.publish.rows import everything, group_of, heard_first, outcome
from skill.publish.worked import written
from skill.simulator.model import built, read_model
from skill.simulator.understand import LAUNCH
from skill.speech.catalogue import DEFAULT_LOCALE, Catalogue
from skill.speech.words import speak

OWN, GROUP, OTHERWISE, SIGN, EVERYWHERE_ALIKE = "own", "group", "otherwise", "sign", "everywhere"
KINDS = (OWN, GROUP, OTHERWISE, SIGN, EVERYWHERE_ALIKE)
"""Where an answer is decided: by the question's own table, as in every question of its kind, by
what the question makes of all that no table names, before every table, or as in every place."""

ENDS = "end"


class Choice(NamedTuple):
    """An intent that means an answer, with the ids in its slots."""

    intent: str
    ids: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """Answers of one table that lead to the same."""

    kind: str
    answers: tuple[Answer, ...]
    turn: Turn

    def as_json(self, words: Catalogue) -> dict[str, Any]:
        """As the page reads it; `choice` is what to send for an answer, if anything means it."""
        return {
            "kind": self.kind,
            "answers": [{"label": it.label, "choice": _choice(it.event)} for it in self.answers],
            "hears": written(speak(self.turn, words).speech),
            "to": self.turn.session.place.ask.value if self.turn.open else ENDS,
            "level": self.turn.level,
        }


def rows(session: Session, *, late: bool) -> list[Row]:
    """Every answer in a place, with the turn that follows; what leads to the same shares a row."""
    alike: dict[tuple[str, Any], list[Answer]] = {}
    turns: dict[tuple[str, Any], Turn] = {}
    for answer in everything():
        turn = respond(session, answer.event, late=late)
        kind = kind_of(session.place.ask, answer)
        key = kind, (turn.lines, turn.question, turn.level, turn.session.place)
        alike.setdefault(key, []).append(answer)
        turns.setdefault(key, turn)
    found = [Row(key[0], tuple(said), turns[key]) for key, said in alike.items()]
    return sorted(found, key=lambda row: KINDS.index(row.kind))


@cache
def kind_of(ask: Ask, answer: Answer) -> str:
    """Where the answer to a question is decided: one of KINDS."""
    question, name = QUESTIONS[ask], name_of(answer.event)
    found = outcome(ask, answer.event)
    if heard_first(answer):
        return SIGN
    for kind, shared in ((GROUP, group_of(ask).shared), (EVERYWHERE_ALIKE, EVERYWHERE)):
        said = None if question.alone else shared.get(name)
        if said is not None and (isinstance(said, Repeat) or said == found):
            return kind
    return OTHERWISE if found == question.otherwise else OWN


def _choice(event: Event) -> dict[str, Any] | None:
    found = choices().get(event)
    return {"intent": found.intent, "ids": dict(found.ids)} if found else None


@cache
def choices() -> dict[Event, Choice]:
    """For each event the plainest intent that means it, of those that the model can hold."""
    found: dict[Event, Choice] = {Said.LAUNCH: Choice(LAUNCH, {})}
    model = read_model(built(DEFAULT_LOCALE))
    intents = sorted(INTENTS, key=_plainness)
    for ids in _ids():
        for intent in intents:
            types = model.slots.get(intent, {})
            if all(it in model.types.get(types.get(slot, ""), ()) for slot, it in ids.items()):
                found.setdefault(event_for(intent, ids), Choice(intent, ids))
    return found


def _plainness(intent: str) -> tuple[bool, int, str]:
    return not intent.startswith("AMAZON."), len(intent), intent


def _ids() -> Iterator[dict[str, str]]:
    """What the slots may hold: nothing, a part, or what is denied."""
    yield {}
    yield from ({"part": part.value} for part in Part)
    for denied in Denied:
        yield {"denied": denied.value}
        yield from ({"denied": denied.value, "also_denied": it.value} for it in Denied)
