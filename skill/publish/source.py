"""The source of the interaction model, `en.yaml` and its like, and what its templates stand for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any

from hassil import Intents, merge_dict, parse_sentence
from hassil.expression import Sentence
from hassil.intents import TextSlotList
from hassil.parser import ParseError

from skill.publish.templates import expand, spread
from skill.speech import edited
from skill.speech.catalogue import LOCALES
from skill.speech.edited import SlipError

FEWEST_SAMPLES, MOST_SAMPLES = 40, 130

PACKAGE = "interaction_model"

Values = dict[str, list[str]]
"""A slot list: each id with what is said for it, the usual word first."""


class ModelError(SlipError):
    """The source of the interaction model breaks a rule of Amazon's."""


def folder() -> Traversable:
    """Where the sources and the built models lie."""
    return edited.folder(PACKAGE)


def read(locale: str) -> dict[str, Any]:
    """The source for a locale: `en.yaml` with what `<locale>.yaml` adds.

    KeyError if the locale is unknown, SlipError where a file cannot be read.
    """
    merged: dict[str, Any] = {}
    for name in files_of(locale):
        part = edited.read(name, PACKAGE)
        for intent, node in part.get("intents", {}).items():
            if not _has_sentences(node):
                wrong = "write `data:`, under it `- sentences:`, and a template on each line"
                edited.slip(name, ["intents", intent], wrong, PACKAGE)
        merge_dict(merged, part)
    return merged


def _has_sentences(node: Any) -> bool:
    data = node.get("data") if isinstance(node, dict) else None
    return isinstance(data, list) and all(
        isinstance(each, dict) and _are_words(each.get("sentences")) for each in data
    )


def _are_words(templates: Any) -> bool:
    return isinstance(templates, list) and all(isinstance(each, str) for each in templates)


def at(intent: str, template: str = "") -> str:
    """Where an intent stands, or a template of it: how an error begins.

    As "interaction_model/en.yaml, line 12: CrampIntent: "; without a file where it is in none.
    """
    for name in ("en.yaml", *(f"{locale}.yaml" for locale in LOCALES)):
        keys = ["intents", intent]
        if (folder() / name).is_file() and edited.holds(edited.read(name, PACKAGE), keys):
            written = edited.text(name, PACKAGE)
            line = edited.line_of(written, keys)
            following = written.splitlines()[line - 1 :]
            more = next((at for at, each in enumerate(following) if template in each), 0)
            return f"{PACKAGE}/{name}, line {line + more}: {intent}: "
    return f"{intent}: "


def files_of(locale: str) -> tuple[str, ...]:
    """The files that a locale's model is built from; locales that share them share the model.

    KeyError if the locale is unknown.
    """
    if locale not in LOCALES:
        raise KeyError(locale)
    additions = f"{locale}.yaml"
    return ("en.yaml", additions) if (folder() / additions).is_file() else ("en.yaml",)


def text(name: str) -> str:
    """A file of the folder."""
    return (folder() / name).read_text(encoding="utf-8")


def parse(source: dict[str, Any]) -> Intents:
    """The source as hassil's intents. ModelError for a template that is none, or names no list."""
    intents = Intents.from_dict({"language": "en", **source})
    for intent in intents.intents:
        for sentence in _parsed(intents, intent):
            for name in _names_of_lists(sentence, intents) - set(intents.slot_lists):
                wrong = f"no list {{{name}}}: correct it, or add it to `lists:`"
                raise ModelError(f"{at(intent, sentence.text or '')}{wrong}")
    return intents


def _parsed(intents: Intents, intent: str) -> list[Sentence]:
    try:
        return sentences(intents, intent)
    except ParseError:
        for template in (
            each for data in intents.intents[intent].data for each in data.sentence_texts
        ):
            try:
                parse_sentence(template)
            except ParseError as error:
                raise ModelError(f"{at(intent, template)}{error}: close each bracket") from error
        raise


def _names_of_lists(sentence: Sentence, intents: Intents) -> set[str]:
    try:
        return {each.list_name for each in _references(sentence, intents)}
    except KeyError:  # a rule that is not there, which `samples` tells with its name
        return set()


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
