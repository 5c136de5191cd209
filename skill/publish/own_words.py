"""Whole sentences as women say them, beside the templates: `own_words.yaml`.

A template stands for what she may say with its words changed; these were thought of without sight
of one. A listener learns more from them than from further wordings of a template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from skill.publish.source import PACKAGE
from skill.speech import edited
from skill.speech.edited import SlipError

FILE = "own_words.yaml"

OwnWords = Mapping[str, list[str]]
"""Intents with their sentences, in Amazon's form: {slot} where a value may stand."""


def own_words() -> OwnWords:
    """The sentences of `own_words.yaml`. SlipError where it cannot be read."""
    found = edited.read(FILE, PACKAGE)
    for intent, said in found.items():
        if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
            edited.slip(
                FILE, [intent], "write a sentence in quotes on each line, after `- `", PACKAGE
            )
    return found


def check(said: OwnWords, slots: Mapping[str, Mapping[str, Any]]) -> None:
    """That every intent has templates too, and each slot is one of theirs; else SlipError."""
    for intent, sentences in said.items():
        if intent not in slots:
            edited.slip(FILE, [intent], "no intent of en.yaml has this name: correct it", PACKAGE)
        for sentence in sentences:
            for slot in re.findall(r"\{(\w+)\}", sentence):
                if slot not in slots[intent]:
                    wrong = f"no template of {intent} has a slot {{{slot}}}: write out the words"
                    raise SlipError(f"{at(intent, sentence)}{wrong}")


def at(intent: str, sentence: str) -> str:
    """Where a sentence of an intent stands: how an error begins; "" if it does not stand there."""
    text = edited.text(FILE, PACKAGE)
    if sentence not in (found := edited.read(FILE, PACKAGE).get(intent, [])):
        return ""
    line = edited.line_of(text, [intent, found.index(sentence)])
    return f"{PACKAGE}/{FILE}, line {line}: {intent}: "
