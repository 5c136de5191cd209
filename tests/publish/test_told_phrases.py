"""What she is told to say is in the models, word for word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from skill.publish import source
from skill.speech.catalogue import LOCALES
from tests.files import read_yaml

ROOT = Path(__file__).parents[2]

TOLD = {
    "my calf is cramping": "CrampIntent",
    "leg cramp": "CrampIntent",
    "calf": "CrampIntent",
    "foot": "CrampIntent",
    "thigh": "CrampIntent",
    "front": "CrampIntent",
    "back": "CrampIntent",
    "leg": "CrampIntent",
    "tummy": "CrampIntent",
    "her calf is cramping": "HelperSpeaksIntent",
    "it's gone": "EasedIntent",
    "it still hurts": "StillHurtsIntent",
    "why do i get cramps": "WhyQuestionIntent",
    "why does she get cramps": "WhyQuestionIntent",
    "should i take magnesium": "MagnesiumQuestionIntent",
    "no but my leg is swollen": "SwollenLegSignIntent",
    "yes": "AMAZON.YesIntent",
    "no": "AMAZON.NoIntent",
    "stretch with me": "BedtimeRoutineIntent",
    "rubbing": "RubQuestionIntent",
    "warmth": "WarmthQuestionIntent",
    "walking": "StandingQuestionIntent",
    "it's still there": "StillHurtsIntent",  # to whoever answers the phone, but to the coach too
    "next": "AMAZON.NextIntent",
    "again": "AMAZON.RepeatIntent",
    "go on": "AMAZON.ResumeIntent",
    "stop": "AMAZON.StopIntent",
    "help": "AMAZON.HelpIntent",
}
"""What a line, a card or the README names, and the intent that it should reach."""

LIKELY = {
    "my calf": "CrampIntent",
    "it's my calf": "CrampIntent",
    "the front": "CrampIntent",
    "the back": "CrampIntent",
    "my tummy": "CrampIntent",
    "cramp": "CrampIntent",
    "my leg hurts": "SoreIntent",
    "that's not what i said": "NotWhatISaidIntent",
    "bedtime": "BedtimeRoutineIntent",
    "practise": "PractiseIntent",
    "practice": "PractiseIntent",
    "say that again": "AMAZON.RepeatIntent",
    "not yet": "StillHurtsIntent",
    "it's eased": "EasedIntent",
    "it's back": "BackAgainIntent",
    "it's worse": "WorseIntent",
    "i can't reach": "CantReachIntent",
    "another way": "AnotherWayIntent",
    "i'm pregnant": "PregnantIntent",
    "i'm standing": "StandingIntent",
    "i'm in bed": "InBedIntent",
    "whisper": "QuietIntent",
    "quit": "AMAZON.StopIntent",
    "thank you": "GoodbyeIntent",
}
"""What no line names, and what she answers with nonetheless."""

# "Say calf, foot, or thigh." "Or ask, why do I get cramps?" "If it's gone, say no."
_SAY = re.compile(r"(?:^|\bor |, |\bcan |Otherwise )(?:say,? |ask, )(?!Alexa|what you)(.+)", re.I)
_WORDS = re.compile(r"(?:when you say|the words) (.+?)(?:,| open)")
_ABOUT = re.compile(r"You can ask about (?!cost)(.+)")
_YES_OR_NO = re.compile(r"\byes or no\b")


EVIDENCE = {"sources.yaml", "claims.yaml", "sign_off.yaml", "store.yaml", "pages.yaml"}
"""Files of responses/ that nobody hears; what is read has tests of its own."""


@cache
def lines() -> tuple[str, ...]:
    """Every text that is heard or shown, in every locale."""
    return tuple(
        text
        for file in sorted((ROOT / "responses").rglob("*.yaml"))
        if file.name not in EVIDENCE
        for text in _texts(read_yaml(file))
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key != "sources":
                yield from _texts(each)
    elif isinstance(value, str):
        yield value


def told_in(text: str) -> set[str]:
    """The phrases that a text tells her to say."""
    told: set[str] = set()
    for sentence in re.split(r"[.?!]\s*|\{pause\}", text):
        found = [*_SAY.findall(sentence.strip()), *_WORDS.findall(sentence)]
        found += _ABOUT.findall(sentence)
        found += _YES_OR_NO.findall(sentence)
        told |= {
            re.sub(" if .*", "", each)  # "Say yes if it goes when you move."
            for phrases in found
            for each in re.split(r",? or |, ", phrases)
            if not each.startswith(("and ", "but "))  # "Say, stretch with me, and I'll lead you."
        }
    return {as_heard(phrase) for phrase in told}


def told_by_readme() -> set[str]:
    """The phrases that the README has somebody type or say."""
    readme = (ROOT / "README.md").read_text("utf-8")
    typed = re.findall(r"^ *you> *(\S.*)$", readme, re.M)
    typed += re.findall(r'"tell cramp coach ([^"]+)"|"Alexa, (?!open )([^"]+)"', readme)
    typed += re.findall(r'"([^"]+)"', next(re.finditer(r"Type what you would say: .*", readme))[0])
    return {as_heard("".join(phrase)) for phrase in typed}


def as_heard(phrase: str) -> str:
    """As Alexa writes down what it hears."""
    return phrase.strip(" ,.?!").lower()


@cache
def model(locale: str) -> dict[str, Any]:
    """The committed model."""
    text = source.text(f"{locale}.json")
    built: dict[str, Any] = json.loads(text)["interactionModel"]["languageModel"]
    return built


@cache
def values(locale: str) -> dict[str, frozenset[str]]:
    """What may be said for each slot type: values and synonyms."""
    return {
        each["name"]: frozenset(
            word
            for value in each["values"]
            for word in (value["name"]["value"], *value["name"]["synonyms"])
        )
        for each in model(locale)["types"]
    }


def held_by(slots: dict[str, frozenset[str]]) -> dict[str, list[str]]:
    """For each value of some slots, the slots that may hold it."""
    found: dict[str, list[str]] = {}
    for slot, said in slots.items():
        for value in said:
            found.setdefault(value, []).append(slot)
    return found


def readings(words: tuple[str, ...], held: dict[str, list[str]]) -> set[str]:
    """A phrase as it is, and with the words that a slot may hold replaced by the slot."""
    if not words:
        return {""}
    found = {f"{words[0]} {rest}" for rest in readings(words[1:], held)}
    for end in range(1, len(words) + 1):
        for slot in held.get(" ".join(words[:end]), ()):
            found |= {f"{{{slot}}} {rest}" for rest in readings(words[end:], held)}
    return {each.strip() for each in found}


def reached(phrase: str, locale: str) -> set[str]:
    """The intents that have this phrase as a sample, their slots filled by what they may hold."""
    words = tuple(phrase.split())
    return {
        intent["name"]
        for intent in model(locale)["intents"]
        if not readings(words, held(locale, intent["name"])).isdisjoint(intent["samples"])
    }


@cache
def held(locale: str, name: str) -> dict[str, list[str]]:
    """What the slots of an intent may hold."""
    (intent,) = (each for each in model(locale)["intents"] if each["name"] == name)
    return held_by({it["name"]: values(locale)[it["type"]] for it in intent.get("slots", [])})


def test_phrases_are_found() -> None:
    """What a line tells her to say is told from what it says itself."""
    assert told_in("Say calf, foot, or thigh. If you're breathless, call.") == {
        "calf", "foot", "thigh",
    }  # fmt: skip
    assert told_in("Say, my calf is cramping. Or ask, why do I get cramps?") == {
        "my calf is cramping", "why do i get cramps",
    }  # fmt: skip
    assert told_in("If so, or you can't say, call. Otherwise say no.") == {"no"}
    assert told_in("You can say it's gone, it still hurts, or stop.") == {
        "it's gone", "it still hurts", "stop",
    }  # fmt: skip
    assert told_in("Strong pain, yes or no?") == {"yes", "no"}
    assert (
        told_in("Or say, Alexa, stop. Shall I say that again? Call. Say what you told me.") == set()
    )


def test_every_phrase_is_known() -> None:
    """Each phrase that a line, a card or the README names has its intent in the table."""
    named = told_by_readme().union(*map(told_in, lines()))
    assert named - set(TOLD) == set(), "name the intent of each in TOLD"
    assert set(TOLD) - named == set(), "no line names these any more: move them to LIKELY"


@pytest.mark.parametrize("locale", LOCALES)
def test_each_phrase_is_a_sample(locale: str) -> None:
    """Each is a sample of the intent that it should reach, and of no other."""
    wrong = {
        phrase: reached(phrase, locale)
        for phrase, intent in (TOLD | LIKELY).items()
        if reached(phrase, locale) != {intent}
    }
    assert wrong == {}


NO_LEG = {"chest", "tummy", "belly", "stomach", "back"}
"""What {part} holds, and is no part of a leg."""


def is_written_out(said: str, intent: str) -> bool:
    """Whether a sample may be another's with its slots filled.

    "My chest hurts" is the same sign either way, and "my back hurts" is written out, with its own
    intent where it only aches, so that it is not only the back of a thigh.
    """
    words = set(said.split())
    aches = intent == "BackAchesIntent" and "back" in words
    return aches or (intent.endswith("SignIntent") and bool(NO_LEG & words))


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_of_two_intents(locale: str) -> None:
    """A sample without slots is no other intent's sample with its slots filled."""
    intents = model(locale)["intents"]
    slots = [slot for intent in intents for slot in intent.get("slots", [])]
    any_slot = held_by({slot["name"]: values(locale)[slot["type"]] for slot in slots})
    owner = {said: intent["name"] for intent in intents for said in intent["samples"]}
    twice = {
        (said, name, owner[reading])
        for said, name in owner.items()
        if "{" not in said and not is_written_out(said, name)
        for reading in readings(tuple(said.split()), any_slot) & owner.keys()
        if owner[reading] != name
    }
    assert twice == set()
