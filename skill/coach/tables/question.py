"""The form of a table: what an open question makes of each thing that can be said to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from skill.coach.events import Denial, Denied, Event, Name, Named, Said, name_of
from skill.coach.outcomes import AskAgain, Narrow, Outcome
from skill.coach.place import Ask, Check

Rows = Mapping[Any, Outcome]
"""Outcomes by answer; a key is a name, or several in a tuple that share the row."""


def rows(*parts: Rows) -> dict[Name, Outcome]:
    """Rows with one answer each; a later part's row replaces an earlier part's.

    ValueError where one part names an answer twice, TypeError where a key is no name.
    """
    merged: dict[Name, Outcome] = {}
    for part in parts:
        single = [(name, out) for names, out in part.items() for name in _each(names)]
        if len(single) != len(dict(single)):
            raise ValueError(f"an answer stands twice: {single}")
        merged |= dict(single)
    return merged


def _each(key: object) -> tuple[Name, ...]:
    names = key if isinstance(key, tuple) else (key,)
    if not all(isinstance(name, Said | Named) for name in names):
        raise TypeError(f"{key!r} names nothing that can be said")
    return names


@dataclass(frozen=True)
class OpenQuestion:
    """One question, and all that is decided about it.

    answers: what each answer leads to. otherwise: what all that no table names leads to.
    check: the check that a clear no passes. halves: what else is open when only one half was
    denied. looks: what "they look the same" denies here. repeats: what is said on "repeat".
    alone: nothing that is answered alike everywhere is answered here.
    """

    ask: Ask
    answers: Mapping[Name, Outcome]
    otherwise: Outcome
    check: Check | None = None
    halves: Mapping[Denied, Ask] = field(default_factory=dict)
    looks: Denied = Denied.LOOKS
    repeats: Outcome = field(default_factory=AskAgain)
    alone: bool = False

    def outcome(self, event: Event, everywhere: Mapping[Name, Outcome]) -> Outcome:
        """What an event leads to: its row here, else everywhere's, else `otherwise`."""
        if isinstance(event, Denial) and (denied := self._denied(event)):
            return denied
        name = name_of(event)
        if found := self.answers.get(name):
            return found
        return self.otherwise if self.alone else everywhere.get(name, self.otherwise)

    def _denied(self, denial: Denial) -> Outcome | None:
        """A denial that names one half leaves the other half asked (conversation.md 3.3)."""
        denied = {self.looks if what is Denied.LOOKS else what for what in denial.of}
        left = [ask for half, ask in self.halves.items() if half not in denied]
        if len(left) == len(self.halves):
            return None
        if denial.soft:
            return self.answers[Said.SOFT_NO]
        return Narrow(left[0]) if left else self.answers[Said.NO]


QUESTIONS_OF_HERS = (
    Named.QUESTION,
    Named.CLOT_QUESTION,
    Named.BREATHLESS_QUESTION,
    Named.SWOLLEN_QUESTION,
    Named.RESTLESS_QUESTION,
    Named.COMFORT_QUESTION,
    Named.RUB_QUESTION,
    Named.SCAN_QUESTION,
    Named.CARE_QUESTION,
    Named.LINE_QUESTION,
)
"""Every kind of question that she may ask."""
