"""What the store and Amazon's testers are told to say is understood, word for word."""

from __future__ import annotations

import json
import re

import pytest

from skill.publish import source
from skill.publish.breaches import bare, is_sample
from skill.publish.manifest import written
from skill.speech.catalogue import LOCALES
from tests.plays import Stage

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


CALF, SWOLLEN = "Alexa, tell cramp coach my calf is cramping", "my leg is swollen"
OPEN, WHERE = "Alexa, open cramp coach", "Is it your calf, your foot, or your thigh?"
ROUTINE_SAID = "Alexa, ask cramp coach to start the bedtime routine"
WALK: dict[str, list[tuple[str, str, str]]] = {
    "1. Relief.": [
        (CALF, "Has it let go?", "open"),
        ("it's gone", "breathing, or any pain in your chest?", "open"),
        ("no", "more swollen", "open"),
        ("no", "hotter, redder, or darker?", "open"),
        ("no", "Has the strong pain gone?", "open"),
        ("yes", "They don't replace", "closed"),
    ],
    "2. A sign.": [
        (OPEN, WHERE, "open"),
        (SWOLLEN, "Can you call now?", "open"),
        ("nobody answers", "Can you call now?", "open"),
        ("i can't breathe", "Call nine one one now", "open"),
        ("yes", "nine one one", "closed"),
    ],
    "3. Help.": [(OPEN, WHERE, "open"), ("help", "You can say", "open")],
    "4. By day.": [
        ("Alexa, ask cramp coach why do i get leg cramps", "Anything else?", "open"),
        (ROUTINE_SAID, "Sit on the edge of the bed", "open"),
    ],
    "5. Not understood.": [
        (OPEN, WHERE, "open"),
        (NOT_UNDERSTOOD, "Say calf, foot, or thigh.", "open"),
        (NOT_UNDERSTOOD, "call labor and delivery", "open"),
    ],
    "6. Stop.": [(CALF, "Has it let go?", "open"), ("stop", "If your leg's swollen", "closed")],
}
"""What a tester says in each part of the instructions, what is heard then, and the microphone."""


@pytest.mark.fitting
@pytest.mark.parametrize("part", WALK)
def test_a_tester_hears_what_the_instructions_say(part: str) -> None:
    """Whoever says what stands in a part hears what stands there, word for word understood."""
    text = written("testing", "en-US").split(part)[1].split("\n\n")[0]
    quoted = {each.casefold() for each in re.findall("“([^”]*)”", text)} - HEARD - {BUILT_IN}
    said = {she.casefold() for she, _, _ in WALK[part]}
    assert quoted <= said
    stage = Stage("en-US")
    for she, heard, microphone in WALK[part]:
        if she.startswith("Alexa"):
            stage = Stage("en-US")
        answer = stage.play({"she": LAUNCH if she == OPEN else bare(she, "cramp coach")})
        assert heard in answer["hears"]
        assert answer["microphone"] == microphone
