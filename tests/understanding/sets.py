"""Sets of sentences that nobody wrote as samples, and what an honest reader takes them for.

Never use them as samples, and never tune the model or the listener to a line of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from skill.alexa.intents import INTENTS, heard
from skill.coach.events import Denial, Question, Said, SignHeard
from skill.coach.signs import Sign
from tests.files import read_yaml

HERE = Path(__file__).parent
COUNTED = HERE / "counted"
"""Sets that were opened when the model was done: no sentence of them has had a say in it."""
FALLBACK = "AMAZON.FallbackIntent"
_SMALL_TALK = ("GoodbyeIntent", "SheSpeaksIntent", "SlowerIntent", "LouderIntent", "QuietIntent")


class Kind(Enum):
    """What a sentence is."""

    SIGN = "signs"
    DENIAL = "denials"
    ANSWER = "answers"
    QUESTION = "questions"
    SMALL_TALK = "small talk"
    OUTSIDE = "out of scope"


@dataclass(frozen=True)
class Sentence:
    """A sentence, the intents that it may be taken for (none: any but a sign), and its kind."""

    say: str
    kind: Kind
    intents: frozenset[str] = frozenset()
    slots: dict[str, str] = field(default_factory=dict, hash=False)
    group: str = ""

    @property
    def sign(self) -> Sign | None:
        """The sign that it names, if it names one."""
        signs = [heard(it, {}).event for it in sorted(self.intents)]
        levels = [it.sign for it in signs if isinstance(it, SignHeard)]
        return min(levels, key=lambda it: it.level) if self.kind is Kind.SIGN and levels else None

    @property
    def built(self) -> bool:
        """Whether the skill has what it should be taken for."""
        return not self.intents or bool(self.intents & INTENTS)


@dataclass(frozen=True)
class Answer:
    """What is said to an open question, what it means there, and what it must never lead to."""

    question: str
    say: str
    means: str
    never: tuple[str, ...]


@cache
def sentences(name: str, folder: Path = HERE) -> tuple[Sentence, ...]:
    """A set of a folder, in its order; empty where the folder has none of that name."""
    file = folder / f"{name}.yaml"
    if not file.is_file():
        return ()
    also = read_yaml(HERE / "also.yaml")
    return tuple(
        replace(it, intents=it.intents | set(also[it.say])) if it.say in also else it
        for it in _READERS[name](read_yaml(file))
    )


@cache
def answers(folder: Path = HERE) -> tuple[Answer, ...]:
    """The answers to open questions of a folder."""
    file = folder / "answers.yaml"
    listed = read_yaml(file) if file.is_file() else {}
    return tuple(
        Answer(question, each["say"], str(each["means"]), tuple(each["never"]))
        for question, entries in listed.items()
        for each in entries
    )


def kind_of(intent: str) -> Kind:
    """The kind of sentence that an intent stands for."""
    match heard(intent, {}).event:
        case SignHeard():
            return Kind.SIGN
        case Question():
            return Kind.QUESTION
        case Denial() | Said.SOFT_NO:
            return Kind.DENIAL
    if intent in ("DenialIntent", "NoInWordsIntent"):
        return Kind.DENIAL
    talk = intent.startswith("AMAZON.") or intent in _SMALL_TALK
    return Kind.SMALL_TALK if talk else Kind.ANSWER


def _paraphrases(listed: dict[str, list[Any]]) -> list[Sentence]:
    found = []
    for intent, items in listed.items():
        for item in items:
            raw: dict[str, Any] = {"say": item} if isinstance(item, str) else item
            intents = frozenset({intent, *raw.get("accept", ())})
            found.append(
                Sentence(raw["say"], kind_of(intent), intents, raw.get("slots", {}), intent)
            )
    return found


_SIGNS = {
    "violence": "ViolenceIntent",
    "high_blood_pressure": "HighPressureSignIntent",
    "heavy_tight_leg": "HeavyLegSignIntent",
    "soaking_pads": "HeavyBleedingSignIntent",
    "itch_and_dark_urine": "ItchAndDarkSignIntent",
    "after_birth_fever_bleeding": "FeverSignIntent",
}
"""Groups that have another name than their intent."""


def _signs(listed: dict[str, list[str]]) -> list[Sentence]:
    return [
        Sentence(
            say,
            Kind.SIGN,
            frozenset({_SIGNS.get(name, f"{_camel(name)}SignIntent")}),
            group=name,
        )
        for name, said in listed.items()
        for say in said
    ]


def _others(listed: dict[str, list[str]]) -> list[Sentence]:
    groups = read_yaml(HERE / "groups.yaml")
    return [
        Sentence(say, kind_of(groups[name][0]), frozenset(groups[name]), group=name)
        for name, said in listed.items()
        for say in said
    ]


_ORDINARY = {
    "denial": Kind.DENIAL,
    "question": Kind.QUESTION,
    "small_talk": Kind.SMALL_TALK,
    "complaint": Kind.SMALL_TALK,
}


def _ordinary(listed: list[dict[str, str]]) -> list[Sentence]:
    return [
        Sentence(it["say"], _ORDINARY.get(it["kind"], Kind.ANSWER), group=it["kind"])
        for it in listed
    ]


def _questions(listed: list[dict[str, str]]) -> list[Sentence]:
    return [Sentence(it["ask"], Kind.QUESTION, group=it["about"]) for it in listed]


def _daytime(listed: list[dict[str, Any]]) -> list[Sentence]:
    """Questions with each intent whose answer would be right; "none" where there is no answer."""
    return [
        Sentence(
            it["ask"], Kind.QUESTION, frozenset(it["right"]) - {"none"} or frozenset({FALLBACK})
        )
        for it in listed
    ]


def _outside(listed: list[str]) -> list[Sentence]:
    return [Sentence(say, Kind.OUTSIDE, frozenset({FALLBACK})) for say in listed]


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


_READERS: dict[str, Callable[[Any], list[Sentence]]] = {
    "paraphrases": _paraphrases,
    "paraphrases_unseen": _paraphrases,
    "signs": _signs,
    "others": _others,
    "ordinary": _ordinary,
    "questions": _questions,
    "daytime": _daytime,
    "outside": _outside,
}
SETS = tuple(_READERS)
