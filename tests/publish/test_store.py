"""What the store and Amazon's testers are told to say is understood, word for word."""

from __future__ import annotations

import json
import re

import pytest

from skill.publish import source
from skill.publish.breaches import bare, is_sample
from skill.publish.manifest import written
from skill.speech.catalogue import LOCALES

HEARD = {"has it let go?", "has the strong pain gone?"}
"""What stands in quotes, and the coach says."""
NOT_UNDERSTOOD = "what is the capital of france"
LAUNCH = "open cramp coach"
BUILT_IN = "cancel"
"""What Alexa understands without a sample."""

ROUTINE = "leg cramp"
"""What she says to a routine of her own, in the Alexa app."""


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", ["description", "testing"])
def test_what_one_is_told_to_say_is_a_sample(locale: str, name: str) -> None:
    """Each phrase in quotes opens the skill, is a sample of the locale's model, or is no phrase."""
    model = json.loads(source.text(f"{locale}.json"))["interactionModel"]["languageModel"]
    quoted = [each.casefold() for each in re.findall("“([^”]*)”", written(name, locale))]
    assert len(quoted) >= 4
    for phrase in quoted:
        if phrase in {*HEARD, NOT_UNDERSTOOD, BUILT_IN, ROUTINE}:
            continue
        opens = phrase == f"alexa, {LAUNCH}"
        assert opens or is_sample(bare(phrase, "cramp coach"), model), phrase
        assert opens is (bare(phrase, "cramp coach") == "")


@pytest.mark.parametrize(
    ("about", "words"),
    {
        "it starts at once": "starts stretching at once",
        "it keeps nothing": "keeps nothing",
        "it calls nobody": "calls nobody",
        "relief": "1. Relief.",
        "a sign": "2. A sign.",
        "help": "3. Help.",
        "not understood": "5. Not understood.",
        "stop": "6. Stop.",
    }.items(),
)
def test_a_tester_is_told(about: str, words: str) -> None:
    """The instructions walk a tester through everything that is tested."""
    assert words in written("testing", "en-US"), about
