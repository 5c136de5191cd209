"""What Alexa listens for: Amazon's interaction models, made from their source and checked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from hassil import Intents

from skill.alexa.intents import INTENTS
from skill.publish import own_words, source
from skill.publish.own_words import OwnWords
from skill.publish.source import ModelError
from skill.publish.templates import TemplateError, reversals
from skill.speech.catalogue import LOCALES

INVOCATION_NAME = "cramp coach"
FALLBACK_SENSITIVITY = "MEDIUM"  # LOW guesses too readily for answers that must not be guessed

WAKE_WORDS = frozenset("alexa amazon echo computer ziggy".split())
_LAUNCH = re.compile(rf"(?:ask|launch|load|open|play|run|start|talk to|tell|use) {INVOCATION_NAME}")
_BARE_SLOTS = frozenset({("CrampIntent", "{part}")})
"""What may stand alone: it answers "which part?". Written out, a part would arrive as no slot."""

_WORD = r"(?:[a-z][a-z'.\-]*|\{[a-z_]+\}(?:'s)?)"
_LEGAL_SAMPLE = re.compile(rf"{_WORD}(?: {_WORD})*")
_SLOTS_ONLY = re.compile(r"(?:\{[a-z_]+\} ?)+")
_OWNING = re.compile(r"(\{[a-z_]+\})'s")


def interaction_model(locale: str) -> dict[str, Any]:
    """Amazon's interaction model for a locale.

    KeyError if the locale is unknown, ModelError if the source breaks a rule.
    """
    return model_from(source.parse(source.read(locale)), own_words.own_words())


def model_from(intents: Intents, own: OwnWords | None = None) -> dict[str, Any]:
    """Amazon's interaction model from parsed sources and whole sentences.

    ModelError if the sources break a rule, SlipError if the sentences do.
    """
    own = own or {}
    own_words.check(own, source.slots(intents))
    listed = [*intents.intents, *sorted(_built_in() - set(intents.intents))]
    chosen = {name: _samples_or_none(intents, name) for name in listed}
    chosen = {
        name: list(dict.fromkeys([*said, *own.get(name, ())])) for name, said in chosen.items()
    }
    _check(chosen)
    language_model = {
        "invocationName": INVOCATION_NAME,
        "modelConfiguration": {"fallbackIntentSensitivity": {"level": FALLBACK_SENSITIVITY}},
        "intents": _intents(intents, chosen),
        "types": _types(intents),
    }
    return {"interactionModel": {"languageModel": language_model}}


def _built_in() -> set[str]:
    return {name for name in INTENTS if name.startswith("AMAZON.")}


def _samples_or_none(intents: Intents, name: str) -> list[str]:
    if name not in intents.intents:
        return []
    try:
        # A question asks the same with a "not" in it; whatever else is said turns round.
        told = [] if name.endswith("QuestionIntent") else source.sentences(intents, name)
        for template in told:
            for negation, other in reversals(template.expression, intents.expansion_rules):
                raise ModelError(
                    f"{source.at(name, template.text or '')}{negation!r} may become {other!r}, "
                    f"which turns it round, in {template.text!r}: write them as two templates"
                )
        return source.samples(intents, name)
    except TemplateError as error:
        raise ModelError(f"{source.at(name, _quoted(error))}{error}") from error


def _quoted(error: TemplateError) -> str:
    """What a fault of a template names: a rule, as it stands in the template."""
    found = re.search(r"<\w+>", str(error))
    return found[0] if found else ""


def _intents(intents: Intents, chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
    type_of = source.types(intents)
    slots_of = source.slots(intents)
    listed = []
    for name, said in chosen.items():
        intent: dict[str, Any] = {"name": name, "samples": said}
        if own := slots_of.get(name):
            intent["slots"] = [
                {"name": slot, "type": type_of[list_name]} for slot, list_name in own.items()
            ]
        listed.append(intent)
    return listed


def _types(intents: Intents) -> list[dict[str, Any]]:
    type_of = source.types(intents)
    by_type = {type_of[name]: values for name, values in source.slot_values(intents).items()}
    return [
        {
            "name": name,
            "values": [
                {"id": ident, "name": {"value": said[0], "synonyms": said[1:]}}
                for ident, said in values.items()
            ],
        }
        for name, values in by_type.items()
    ]


def _check(chosen: dict[str, list[str]]) -> None:
    owner: dict[str, str] = {}
    for name, said in chosen.items():
        for sample in said:
            if fault := sample_fault(name, sample, said):
                raise ModelError(f"{_at(name, sample)}{fault}: correct its template")
            if sample in owner:
                raise ModelError(
                    f"{_at(name, sample)}{sample!r} is a sample of {owner[sample]} and of "
                    f"{name}: leave it to one of them"
                )
            owner[sample] = name


def _at(name: str, sample: str) -> str:
    return own_words.at(name, sample) or source.at(name, sample)


def sample_fault(name: str, sample: str, beside: list[str]) -> str | None:
    """What Amazon, or what may go wrong at hers, has against a sample."""
    if not _LEGAL_SAMPLE.fullmatch(sample):
        return f"Amazon does not take the sample {sample!r}"
    if _SLOTS_ONLY.fullmatch(sample) and (name, sample) not in _BARE_SLOTS:
        return f"nothing but slots in {sample!r}"
    if WAKE_WORDS & set(sample.split()):
        return f"a wake word in {sample!r}"
    if _LAUNCH.search(sample):
        return f"launch wording in {sample!r}"
    without = {_OWNING.sub(rf"\1 {verb}", sample) for verb in ("is", "has")}
    if _OWNING.search(sample) and without.isdisjoint(beside):
        return f'{sample!r} needs the same with "is" or "has" beside it'
    return None


def build(*, check: bool = False) -> list[Path]:
    """Writes `<locale>.json` for every locale; with `check` writes nothing.

    Returns the files that are not, or were not, what the sources say. ModelError as above.
    """
    drifting = []
    texts: dict[tuple[str, ...], str] = {}
    for locale in LOCALES:
        path = Path(str(source.folder() / f"{locale}.json"))
        files = source.files_of(locale)
        if files not in texts:
            texts[files] = json.dumps(interaction_model(locale), separators=(",", ":")) + "\n"
        text = texts[files]
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        drifting.append(path)
        if not check:
            path.write_text(text, encoding="utf-8")
    return drifting
