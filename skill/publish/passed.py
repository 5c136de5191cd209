"""Which samples a reader has passed: `passed.txt`, one section an intent."""

from __future__ import annotations

import json
from pathlib import Path

from skill.publish import source
from skill.speech.catalogue import LOCALES

PASSED = "passed.txt"

Samples = dict[str, set[str]]
"""Intents with their samples, of all locales together."""


def built_samples() -> Samples:
    """The samples of the models that lie in the folder, `<locale>.json`."""
    built: Samples = {}
    for locale in LOCALES:
        model = json.loads(source.text(f"{locale}.json"))
        for intent in model["interactionModel"]["languageModel"]["intents"]:
            built.setdefault(intent["name"], set()).update(intent["samples"])
    return built


def passed_samples() -> Samples:
    """The samples that a reader has passed, from `passed.txt`."""
    passed: Samples = {}
    name = ""
    lines = source.text(PASSED).splitlines() if (source.folder() / PASSED).is_file() else []
    for line in lines:
        if line.endswith(":"):
            name = line.removesuffix(":")
        elif line:
            passed.setdefault(name, set()).add(line)
    return passed


def unread() -> list[tuple[str, str]]:
    """Each built sample that no reader has passed, with its intent."""
    return _in_the_first_alone(built_samples(), passed_samples())


def not_built() -> list[tuple[str, str]]:
    """Each sample in `passed.txt` that no model has any more, with its intent."""
    return _in_the_first_alone(passed_samples(), built_samples())


def _in_the_first_alone(first: Samples, second: Samples) -> list[tuple[str, str]]:
    return [
        (name, sample)
        for name, said in first.items()
        for sample in sorted(said - second.get(name, set()))
    ]


def pass_all() -> None:
    """Takes every built sample for read: writes `passed.txt`."""
    sections = [
        "\n".join([f"{name}:", *sorted(said)]) + "\n"
        for name, said in sorted(built_samples().items())
        if said
    ]
    Path(str(source.folder() / PASSED)).write_text("\n".join(sections), encoding="utf-8")
