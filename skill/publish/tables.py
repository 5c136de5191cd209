"""The tables of the conversation as they are signed: shared ones, then what each question has."""

from __future__ import annotations

from collections.abc import Mapping

from skill.coach.events import Denied, Name, Named, Question, Said, Topic, name_of
from skill.coach.outcomes import Outcome
from skill.coach.place import Check
from skill.coach.tables import QUESTIONS
from skill.coach.tables.by_day import OUTSIDE
from skill.coach.tables.everywhere import EVERYWHERE, RELIEF
from skill.coach.tables.question import OpenQuestion
from skill.publish import labels
from skill.publish.leads import CHECKED, QUESTION, leads
from skill.publish.rows import group_of

Table = Mapping[str, str]
"""What she says, and what it leads to."""

KINDS_OF_HERS = "kinds of her questions"
OTHERWISE, REPEATS = "else", "repeats"
SHARED: Mapping[str, Mapping[Name, Outcome]] = {
    "everywhere": EVERYWHERE,
    "relief": RELIEF,
    "by_day": OUTSIDE,
}
"""Tables that several questions share, by the names under which they are signed."""


def tables() -> dict[str, Table]:
    """Every table by its name: the shared ones, then that of each question."""
    shared = {name: _rows(table) for name, table in SHARED.items()}
    return shared | {ask.value: own(question) for ask, question in QUESTIONS.items()}


def own(question: OpenQuestion) -> Table:
    """What a question has that no shared table before it says alike."""
    bases = _bases(question)
    return {
        **_rows(
            {
                name: outcome
                for name, outcome in question.answers.items()
                if _inherited(name, bases) != outcome
            }
        ),
        OTHERWISE: leads(question.otherwise),
        **_more(question),
        "also": _before(question, bases),
    }


def _bases(question: OpenQuestion) -> list[Mapping[Name, Outcome]]:
    """The shared tables that hold at a question; not one of which most does not."""
    shared = group_of(question.ask).shared
    held = len(shared) - len(_missing(question, shared))
    everywhere = {} if question.alone else EVERYWHERE
    return [shared if 2 * held >= len(shared) else {}, everywhere]


def _missing(question: OpenQuestion, shared: Mapping[Name, Outcome]) -> list[Name]:
    return [
        name
        for name in shared
        if name not in question.answers and (question.alone or name not in EVERYWHERE)
    ]


def _inherited(name: Name, bases: list[Mapping[Name, Outcome]]) -> Outcome | None:
    return next((base[name] for base in bases if name in base), None)


def _before(question: OpenQuestion, bases: list[Mapping[Name, Outcome]]) -> str:
    """The shared tables that hold at a question, and what of them does not."""
    tables = [name for name, table in SHARED.items() if any(table is base for base in bases)]
    missing = [_label(name) for name in _missing(question, bases[0])]
    return ", ".join(tables or ["none"]) + (f"; not: {', '.join(missing)}" if missing else "")


def _more(question: OpenQuestion) -> Table:
    """What a question has beside its answers."""
    found = {}
    if leads(question.repeats) != QUESTION:
        found[REPEATS] = leads(question.repeats)
    if question.check is not None:
        found["clears"] = CHECKED[Check(question.check)]
    for half, left in question.halves.items():
        others = " or ".join(labels.DENIED[each] for each in question.halves if each is not half)
        found[f"only “no {others}”" if others else f"“no {labels.DENIED[half]}”"] = (
            f"asks {left.value}" if others else "as no"
        )
    if question.halves and question.looks is not Denied.LOOKS:
        found["“they look the same”"] = f"as “no {labels.DENIED[question.looks]}”"
    return found


def _rows(table: Mapping[Name, Outcome]) -> dict[str, str]:
    return {_label(name): leads(outcome) for name, outcome in table.items()}


def _label(name: Name) -> str:
    """The short name of what she says."""
    return str(name.value).replace("_", " ")


def sayings() -> dict[str, str]:
    """Each short name, and how she would say it."""
    named = {_label(name): " · ".join(a.label for a in labels.NAMED[name]) for name in _NAMED}
    denials = {"denial": labels.ANY_DENIAL, "soft denial": labels.ANY_SOFT_DENIAL}
    return {_label(said): labels.SAID[said] for said in Said} | named | denials


_NAMED = tuple(n for n in Named if n not in (Named.DENIAL, Named.SOFT_DENIAL, Named.SIGN))


def kinds_of_questions() -> Table:
    """Her questions, by the kind that tables know them as."""
    kinds: dict[str, list[str]] = {}
    for topic in Topic:
        kinds.setdefault(_label(name_of(Question(topic))), []).append(topic.value)
    return {kind: ", ".join(topics) for kind, topics in kinds.items()}
