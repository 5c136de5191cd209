"""Each sample of the built models means its own intent, and that alone."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from skill.publish import models
from skill.simulator.understand import listener
from skill.simulator.words import as_written, split_literal


@cache
def intents(locale: str) -> list[dict[str, Any]]:
    """The intents of a built model."""
    built: list[dict[str, Any]] = models.interaction_model(locale)["interactionModel"][
        "languageModel"
    ]["intents"]
    return built


def filled(sample: str, intent: str, locale: str) -> str:
    """A sample as it is said: with the usual word in each slot."""
    samples = listener(locale).samples
    for slot, list_name in samples.slots_of.get(intent, {}).items():
        usual = next(iter(samples.names[list_name].values()))
        sample = sample.replace("{" + slot + "}", usual)
    return sample


@pytest.mark.parametrize("locale", ["en-US", "en-IN"])
def test_samples_have_one_owner(locale: str) -> None:
    """No sentence of the templates that a sample stands for is another intent's too."""
    exact = listener(locale).samples.exact
    shared = [
        (sample, owners)
        for intent in intents(locale)
        for sample in intent["samples"]
        if (owners := exact[" ".join(as_written(split_literal(sample)).split())])
        != [intent["name"]]
    ]
    assert shared == []


@pytest.mark.parametrize("locale", ["en-US", "en-IN"])
def test_samples_mean_their_intent(locale: str) -> None:
    """Each sample, said with the usual word in each slot, is understood exactly as its intent."""
    ear = listener(locale)
    mistaken = []
    for intent in intents(locale):
        for sample in intent["samples"]:
            understood = ear.understand(filled(sample, intent["name"], locale))
            if (understood.intent, understood.how) != (intent["name"], "exact"):
                mistaken.append((intent["name"], sample, understood.intent))
    assert mistaken == []


def test_no_sample_is_the_invocation() -> None:
    """No sample is taken for opening the skill."""
    said = [sample for intent in intents("en-US") for sample in intent["samples"]]
    assert [it for it in said if it in ("open cramp coach", "start cramp coach")] == []
