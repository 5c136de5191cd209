"""Each sample of the built models means its own intent, and that alone."""

from __future__ import annotations

import pytest

from skill.simulator.understand import listener


def filled(sample: str, intent: str, locale: str) -> str:
    """A sample as it is said: with the usual word in each slot."""
    model = listener(locale).model
    for slot, type_name in model.slots.get(intent, {}).items():
        usual = next(iter(model.types[type_name].values()))[0]
        sample = sample.replace("{" + slot + "}", usual)
    return sample


def samples(locale: str) -> list[tuple[str, str]]:
    """Each sample of a model, as it is said, with its intent."""
    return [
        (filled(sample, intent, locale), intent)
        for intent, said in listener(locale).model.samples.items()
        for sample in said
    ]


@pytest.mark.parametrize("locale", ["en-US", "en-IN"])
def test_samples_mean_their_intent(locale: str) -> None:
    """Each sample, said with the usual word in each slot, is understood exactly as its intent."""
    ear = listener(locale)
    mistaken = [
        (intent, said, found.intent)
        for said, intent in samples(locale)
        if not said.startswith("alexa ")  # the wake word is no part of what is understood
        and ((found := ear.understand(said)).how != "exact" or found.intent != intent)
    ]
    assert mistaken == []


@pytest.mark.parametrize("locale", ["en-US", "en-IN"])
def test_no_sample_is_the_invocation(locale: str) -> None:
    """No sample is taken for opening the skill."""
    ear = listener(locale)
    assert [it for it, _ in samples(locale) if ear.understand(it).how == "launch"] == []
