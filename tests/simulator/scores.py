"""What share of paraphrases the local simulator understands (`make understand`).

Samples were improved on the failures of tests/paraphrases.yaml; of tests/paraphrases_unseen.yaml
only two missed emergencies were acted on, so its shares are the honest ones.

This is not Alexa's own understanding, and says nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from skill.alexa.envelope import SlotValue
from skill.alexa.intents import heard
from skill.coach.events import Event, SignHeard
from skill.simulator.understand import FALLBACK, Understood, understand

PARAPHRASES = Path(__file__).parents[1] / "paraphrases.yaml"
UNSEEN = PARAPHRASES.with_name("paraphrases_unseen.yaml")
DENIAL = "DenialIntent"
NOT_ALEXA = "Measured on the local simulator. This is not Alexa's own understanding."


class Result(Enum):
    """What became of a paraphrase."""

    RIGHT = "right"
    FALLBACK = "fallback"
    WRONG = "wrong"


@dataclass(frozen=True)
class Paraphrase:
    """A sentence, what it means, and what else an honest reader could take it for."""

    intent: str
    say: str
    slots: dict[str, str] = field(default_factory=dict)
    accept: tuple[str, ...] = ()

    @property
    def is_sign(self) -> bool:
        """Whether it names a warning sign."""
        return self.intent.endswith("SignIntent")

    @property
    def is_denial(self) -> bool:
        """Whether it denies one."""
        return self.intent == DENIAL


@dataclass(frozen=True)
class Score:
    """A paraphrase and how it was understood."""

    paraphrase: Paraphrase
    understood: Understood

    @property
    def result(self) -> Result:
        """Right, fallen back, or wrong."""
        intent = self.understood.intent
        if intent == self.paraphrase.intent:
            return Result.RIGHT if self._has_its_slots() else Result.WRONG
        if intent in self.paraphrase.accept:
            return Result.RIGHT
        return Result.FALLBACK if intent == FALLBACK else Result.WRONG

    @property
    def event(self) -> Event:
        """What the coach hears."""
        slots = {name: SlotValue(it.value, it.ids) for name, it in self.understood.slots.items()}
        return heard(self.understood.intent, slots).event

    @property
    def heard_as_a_sign(self) -> bool:
        """Whether the coach hears a warning sign."""
        return isinstance(self.event, SignHeard)

    def _has_its_slots(self) -> bool:
        filled = self.understood.slots
        return all(
            name in filled and filled[name].id == ident
            for name, ident in self.paraphrase.slots.items()
        )


def paraphrases(file: Path) -> list[Paraphrase]:
    """A set, in its order."""
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [_paraphrase(intent, item) for intent, items in listed.items() for item in items]


def _paraphrase(intent: str, item: str | dict[str, Any]) -> Paraphrase:
    if isinstance(item, str):
        return Paraphrase(intent, item)
    return Paraphrase(intent, item["say"], item.get("slots", {}), tuple(item.get("accept", ())))


@cache
def scores(file: Path = PARAPHRASES) -> tuple[Score, ...]:
    """Each paraphrase of a set as it is understood."""
    return tuple(Score(each, understand(each.say)) for each in paraphrases(file))


def share(result: Result, among: Iterable[Score]) -> float:
    """What part of `among` has this result."""
    results = [score.result for score in among]
    return results.count(result) / len(results)


def of_signs(file: Path = PARAPHRASES) -> list[Score]:
    """The paraphrases of warning signs."""
    return [score for score in scores(file) if score.paraphrase.is_sign]


def of_denials(file: Path = PARAPHRASES) -> list[Score]:
    """The paraphrases of denials."""
    return [score for score in scores(file) if score.paraphrase.is_denial]


def _print_shares(name: str, among: list[Score]) -> None:
    shares = "  ".join(f"{result.value} {share(result, among):6.1%}" for result in Result)
    print(f"{name:8} {len(among):4}  {shares}")


def _print_misses(name: str, among: list[Score]) -> None:
    print(f"\n{name}")
    for score in among:
        wanted, got = score.paraphrase, score.understood
        print(f"  {wanted.intent}: {wanted.say!r} was {got.intent} ({got.how})")
    if not among:
        print("  none")


def main() -> None:
    """Prints the shares, and by name each sign that was missed and each denial that fired."""
    print(NOT_ALEXA)
    for file in (PARAPHRASES, UNSEEN):
        print(f"\n== {file.name}")
        _print_shares("all", list(scores(file)))
        _print_shares("signs", of_signs(file))
        _print_shares("denials", of_denials(file))
        _print_by_name(file)


def _print_by_name(file: Path) -> None:
    missed = [it for it in of_signs(file) if it.result is not Result.RIGHT]
    _print_misses("Signs that the coach does not hear:", [it for it in missed if not _heard(it)])
    _print_misses("Signs heard as another sign:", [it for it in missed if _heard(it)])
    fired = [it for it in of_denials(file) if _heard(it)]
    _print_misses("Denials heard as a sign:", fired)
    _print_misses(
        "All else that is wrong:",
        [
            it
            for it in scores(file)
            if it.result is Result.WRONG and not it.paraphrase.is_sign and it not in fired
        ],
    )


def _heard(score: Score) -> bool:
    return score.heard_as_a_sign


if __name__ == "__main__":
    main()
