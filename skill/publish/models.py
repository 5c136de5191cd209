"""What Alexa listens for: from `interaction_model/en.yaml` to Amazon's interaction models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from hassil import Intents, merge_dict
from hassil.expression import Sentence
from hassil.intents import TextSlotList

from skill.alexa.intents import INTENTS
from skill.publish.templates import TemplateError, expand, reversals, spread
from skill.speech.catalogue import LOCALES

INVOCATION_NAME = "cramp coach"
FALLBACK_SENSITIVITY = "MEDIUM"  # LOW guesses too readily for answers that must not be guessed

FEWEST_SAMPLES, MOST_SAMPLES = 40, 180

PASSED = "passed.txt"
"""The samples that a reader has passed, one section an intent."""

_WAKE_WORDS = frozenset("alexa amazon echo computer ziggy".split())
_LAUNCH = re.compile(rf"(?:ask|launch|load|open|play|run|start|talk to|tell|use) {INVOCATION_NAME}")
_BARE_SLOTS = frozenset({("CrampIntent", "{part}")})
"""What may stand alone: it answers "which part?". Written out, a part would arrive as no slot."""

_WORD = r"(?:[a-z][a-z'.\-]*|\{[a-z_]+\}(?:'s)?)"
_LEGAL_SAMPLE = re.compile(rf"{_WORD}(?: {_WORD})*")
_SLOTS_ONLY = re.compile(r"(?:\{[a-z_]+\} ?)+")
_OWNING = re.compile(r"(\{[a-z_]+\})'s")

# libyaml's loader reads the source ten times as fast, where it was compiled in.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Values = dict[str, list[str]]
"""A slot list: each id with what is said for it, the usual word first."""


class ModelError(ValueError):
    """The source of the interaction model breaks a rule of Amazon's."""


def folder() -> Traversable:
    """Where the sources and the built models lie."""
    return files("skill.interaction_model")


def source(locale: str) -> dict[str, Any]:
    """The source for a locale: `en.yaml` with what `<locale>.yaml` adds. KeyError if unknown."""
    merged: dict[str, Any] = {}
    for name in source_files(locale):
        merge_dict(merged, yaml.load(_read(name), _Loader))
    return merged


def source_files(locale: str) -> tuple[str, ...]:
    """The files that a locale's model is built from; locales that share them share the model.

    KeyError if the locale is unknown.
    """
    if locale not in LOCALES:
        raise KeyError(locale)
    additions = f"{locale}.yaml"
    return ("en.yaml", additions) if (folder() / additions).is_file() else ("en.yaml",)


def _read(name: str) -> str:
    return (folder() / name).read_text(encoding="utf-8")


def parse(source: dict[str, Any]) -> Intents:
    """The source as hassil's intents."""
    return Intents.from_dict({"language": "en", **source})


def slot_values(intents: Intents) -> dict[str, Values]:
    """The values of each list by id."""
    return {name: _values(intents, name) for name in intents.slot_lists}


def _values(intents: Intents, name: str) -> Values:
    slot_list = intents.slot_lists[name]
    if not isinstance(slot_list, TextSlotList):
        raise ModelError(f"the list {{{name}}} is not a list of words")
    values: Values = {}
    for value in slot_list.values:
        said = expand(value.text_in, intents.expansion_rules)
        values.setdefault(str(value.value_out), []).extend(said)
    return {ident: list(dict.fromkeys(said)) for ident, said in values.items()}


def slots(intents: Intents) -> dict[str, dict[str, str]]:
    """For each intent its slots in order of appearance, each with the list of its values."""
    return {
        name: {
            reference.slot_name: reference.list_name
            for sentence in sentences(intents, name)
            for reference in _references(sentence, intents)
        }
        for name in intents.intents
    }


def _references(sentence: Sentence, intents: Intents) -> Iterator[Any]:
    yield from sentence.expression.list_references(intents.expansion_rules)  # type: ignore[attr-defined]


def sentences(intents: Intents, intent: str) -> list[Sentence]:
    """The templates of an intent."""
    return [each for data in intents.intents[intent].data for each in data.sentences]


def types(intents: Intents) -> dict[str, str]:
    """The slot type of each list. Lists with the same values share the first one's type."""
    named: dict[str, str] = {}
    known: list[tuple[Values, str]] = []
    for name, values in slot_values(intents).items():
        alike = [type_name for others, type_name in known if others == values]
        named[name] = alike[0] if alike else name.upper()
        known.append((values, named[name]))
    return named


def samples(intents: Intents, intent: str) -> list[str]:
    """The sample utterances of an intent, at most MOST_SAMPLES.

    Each template gives the few sentences that together use each of its alternatives (`spread`).
    First comes the first of every template, then the second of every template, and so on, so that
    a cut falls on further wordings and never on a template. An intent with fewer than
    FEWEST_SAMPLES gets more: of all that its templates stand for, some at even distances. Nothing
    is drawn by chance, and no other intent has a say.
    """
    templates = sentences(intents, intent)
    rules = intents.expansion_rules
    rows = [list(spread(template.expression, rules)) for template in templates]
    chosen = dict.fromkeys(_in_turns(rows))
    if len(chosen) < FEWEST_SAMPLES and not intent.startswith("AMAZON."):
        every = [each for one in templates for each in expand(one.expression, rules)]
        others = [each for each in dict.fromkeys(every) if each not in chosen]
        chosen |= dict.fromkeys(_at_even_distances(others, FEWEST_SAMPLES - len(chosen)))
    return list(chosen)[:MOST_SAMPLES]


def _in_turns(rows: list[list[str]]) -> Iterator[str]:
    for turn in range(max(map(len, rows), default=0)):
        yield from (row[turn] for row in rows if turn < len(row))


def _at_even_distances(all_of_them: list[str], count: int) -> list[str]:
    count = min(count, len(all_of_them))
    return [all_of_them[place * len(all_of_them) // count] for place in range(count)]


def interaction_model(locale: str) -> dict[str, Any]:
    """Amazon's interaction model for a locale.

    KeyError if the locale is unknown, ModelError if the source breaks a rule.
    """
    return model_from(parse(source(locale)))


def model_from(intents: Intents) -> dict[str, Any]:
    """Amazon's interaction model from parsed sources. ModelError if they break a rule."""
    listed = [*intents.intents, *sorted(_built_in() - set(intents.intents))]
    chosen = {name: _samples_or_none(intents, name) for name in listed}
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
        told = [] if name.endswith("QuestionIntent") else sentences(intents, name)
        for template in told:
            for negation, other in reversals(template.expression, intents.expansion_rules):
                raise ModelError(
                    f"{name}: {negation!r} may become {other!r}, which turns it round, "
                    f"in {template.text!r}"
                )
        return samples(intents, name)
    except TemplateError as error:
        raise ModelError(f"{name}: {error}") from error


def _intents(intents: Intents, chosen: dict[str, list[str]]) -> list[dict[str, Any]]:
    type_of = types(intents)
    slots_of = slots(intents)
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
    type_of = types(intents)
    by_type = {type_of[name]: values for name, values in slot_values(intents).items()}
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
            if fault := _fault(name, sample, said):
                raise ModelError(f"{name}: {fault}")
            if sample in owner:
                raise ModelError(f"{sample!r} is a sample of {owner[sample]} and of {name}")
            owner[sample] = name


def _fault(name: str, sample: str, beside: list[str]) -> str | None:
    """What Amazon, or what may go wrong at hers, has against a sample."""
    if not _LEGAL_SAMPLE.fullmatch(sample):
        return f"Amazon does not take the sample {sample!r}"
    if _SLOTS_ONLY.fullmatch(sample) and (name, sample) not in _BARE_SLOTS:
        return f"nothing but slots in {sample!r}"
    if _WAKE_WORDS & set(sample.split()):
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
        path = Path(str(folder() / f"{locale}.json"))
        files = source_files(locale)
        if files not in texts:
            texts[files] = json.dumps(interaction_model(locale), indent=2) + "\n"
        text = texts[files]
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        drifting.append(path)
        if not check:
            path.write_text(text, encoding="utf-8")
    return drifting


Samples = dict[str, set[str]]
"""Intents with their samples, of all locales together."""


def built_samples() -> Samples:
    """The samples of the models that lie in the folder, `<locale>.json`."""
    built: Samples = {}
    for locale in LOCALES:
        model = json.loads(_read(f"{locale}.json"))
        for intent in model["interactionModel"]["languageModel"]["intents"]:
            built.setdefault(intent["name"], set()).update(intent["samples"])
    return built


def passed_samples() -> Samples:
    """The samples that a reader has passed, from `passed.txt`."""
    passed: Samples = {}
    name = ""
    lines = _read(PASSED).splitlines() if (folder() / PASSED).is_file() else []
    for line in lines:
        if line.endswith(":"):
            name = line.removesuffix(":")
        elif line:
            passed.setdefault(name, set()).add(line)
    return passed


def unread() -> list[tuple[str, str]]:
    """Each built sample that no reader has passed, with its intent."""
    passed = passed_samples()
    return [
        (name, sample)
        for name, said in built_samples().items()
        for sample in sorted(said - passed.get(name, set()))
    ]


def not_built() -> list[tuple[str, str]]:
    """Each sample in `passed.txt` that no model has any more, with its intent."""
    built = built_samples()
    return [
        (name, sample)
        for name, said in passed_samples().items()
        for sample in sorted(said - built.get(name, set()))
    ]


def pass_all() -> None:
    """Takes every built sample for read: writes `passed.txt`."""
    sections = [
        "\n".join([f"{name}:", *sorted(said)]) + "\n"
        for name, said in sorted(built_samples().items())
        if said
    ]
    Path(str(folder() / PASSED)).write_text("\n".join(sections), encoding="utf-8")
