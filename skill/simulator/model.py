"""What a listener is given: a locale's interaction model as Amazon gets it, and no more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

import yaml

from skill.speech.catalogue import LOCALES

FALLBACK = "AMAZON.FallbackIntent"

Ids = dict[str, list[str]]
"""The ids of a slot type, each with what is said for it, the usual word first."""


@dataclass(frozen=True)
class Model:
    """The samples of each intent, its slots with their types, and the values of each type.

    `phrases` are Amazon's, for Amazon's own intents; they are heard word for word alone.
    """

    samples: dict[str, list[str]]
    phrases: dict[str, list[str]]
    slots: dict[str, dict[str, str]]
    types: dict[str, Ids]


def built(locale: str) -> str:
    """The built model of a locale, as JSON. KeyError if the locale is unknown."""
    if locale not in LOCALES:
        raise KeyError(locale)
    return (files("skill.interaction_model") / f"{locale}.json").read_text(encoding="utf-8")


def read_model(text: str) -> Model:
    """The model in `text`."""
    language = json.loads(text)["interactionModel"]["languageModel"]
    samples = {intent["name"]: intent["samples"] for intent in language["intents"]}
    slots = {
        intent["name"]: {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        for intent in language["intents"]
    }
    types = {
        each["name"]: {
            value["id"]: [value["name"]["value"], *value["name"].get("synonyms", ())]
            for value in each["values"]
        }
        for each in language["types"]
    }
    return Model(samples, yaml.safe_load(packaged("builtins.yaml")), slots, types)


def background() -> list[str]:
    """Sentences that are not meant for the skill, to learn what to leave alone."""
    lines = packaged("background.txt").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def packaged(name: str) -> str:
    """A data file of the simulator."""
    return (files("skill.simulator") / name).read_text(encoding="utf-8")
