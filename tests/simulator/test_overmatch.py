"""Each sample of the built models means its own intent, and that alone."""

from __future__ import annotations

from functools import cache

import pytest

from skill.simulator.understand import Understood, listener


def filled(sample: str, intent: str, locale: str) -> str:
    """A sample as it is said: with the usual word in each slot."""
    model = listener(locale).model
    for slot, type_name in model.slots.get(intent, {}).items():
        usual = next(iter(model.types[type_name].values()))[0]
        sample = sample.replace("{" + slot + "}", usual)
    return sample


@cache
def samples(locale: str) -> list[tuple[str, str, Understood]]:
    """Each sample of a model, as it is said, with its intent, and as it is understood."""
    said = [
        (filled(sample, intent, locale), intent)
        for intent, own in listener(locale).model.samples.items()
        for sample in own
    ]
    return [(it, intent, listener(locale).understand(it)) for it, intent in said]


@pytest.mark.parametrize("locale", ["en-US", "en-IN"])
def test_samples_mean_their_intent(locale: str) -> None:
    """Each sample, said with the usual word in each slot, is understood exactly as its intent."""
    mistaken = [
        (intent, said, found.intent)
        for said, intent, found in samples(locale)
        if not said.startswith("alexa ")  # the wake word is no part of what is understood
        and (found.how != "exact" or found.intent != intent)
    ]
    assert mistaken == []


@pytest.mark.parametrize("locale", ["en-US", "en-IN"])
def test_no_sample_is_the_invocation(locale: str) -> None:
    """No sample is taken for opening the skill."""
    assert [said for said, _, found in samples(locale) if found.how == "launch"] == []
