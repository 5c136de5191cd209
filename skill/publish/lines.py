"""A line as it is spoken, in each form, to everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from skill.coach.place import Speaker, Stage
from skill.coach.signs import Level, Sign
from skill.publish.worked import written
from skill.speech.catalogue import (
    FORMS,
    Catalogue,
    Entry,
    Piece,
    Tags,
    catalogue,
    paragraphs,
    store,
)
from skill.speech.words import in_digits

_WHO = {
    "she": "to her",
    "helper": "to a helper",
    "pregnant": "pregnant",
    "after_birth": "just had a baby",
    "neither": "not pregnant, no new baby",
    "emergency": "at level 1",
    "call_now": "at level 2",
}
_EVERYBODY: tuple[tuple[str, ...], ...] = (
    tuple(speaker.value for speaker in Speaker),
    tuple(stage.value for stage in Stage),
    tuple(level.name.lower() for level in Level),
)
_FIRST = frozenset(values[0] for values in _EVERYBODY)


@dataclass(frozen=True)
class Variant:
    """The texts of a line, by form, as somebody else than she hears them, where they differ."""

    who: str
    forms: Mapping[str, str]


@dataclass(frozen=True)
class Version:
    """A line as it is spoken in some locales: to a pregnant woman, and to others."""

    locales: tuple[str, ...]
    forms: Mapping[str, str]
    variants: tuple[Variant, ...]


def entries(locale: str) -> dict[str, Entry]:
    """All that is signed: what is heard in a locale, and what is read."""
    return {key: entry for each in _catalogues(locale) for key, entry in each.entries.items()}


def words_of(locale: str, key: str) -> Catalogue:
    """The catalogue of a locale that has this line."""
    return next(each for each in _catalogues(locale) if key in each.entries)


def _catalogues(locale: str) -> tuple[Catalogue, ...]:
    return catalogue(locale), store(locale), paragraphs(locale)


def versions(locales: Sequence[str], key: str) -> Iterable[Version]:
    """Locales that say the same share a version."""
    spoken = {locale: _version(words_of(locale, key), key) for locale in locales}
    different = list(spoken.values())
    for number, version in enumerate(different):
        if version not in different[:number]:
            alike = tuple(locale for locale in locales if spoken[locale] == version)
            yield Version(alike, *version)


def _version(words: Catalogue, key: str) -> tuple[dict[str, str], tuple[Variant, ...]]:
    forms = _forms(words.entries[key])
    texts = {
        frozenset(who): {form: _as_met(words, key, form, frozenset(who)) for form in forms}
        for who in product(*_EVERYBODY)
    }
    return texts[_FIRST], tuple(_variants(texts))


def _as_met(words: Catalogue, key: str, form: str, who: Tags) -> str:
    pieces = _pieces(words, key, form, who)
    return in_digits(pieces) if form == "write" else written(pieces)


def _variants(texts: Mapping[Tags, Mapping[str, str]]) -> Iterable[Variant]:
    """What others hear, each text once, with all who hear it."""
    base = texts[_FIRST]
    differing = [said for said in texts.values() if said != base]
    for number, said in enumerate(differing):
        if said not in differing[:number]:
            hearers = [who for who in texts if texts[who] == said]
            forms = {form: text for form, text in said.items() if text != base[form]}
            yield Variant(_named(hearers, texts), forms)


def _named(hearers: list[Tags], texts: Mapping[Tags, Mapping[str, str]]) -> str:
    """Who hears a text, by what matters to this line."""
    named = []
    for values in _EVERYBODY:
        if all(texts[who] == texts[_swapped(who, values, values[0])] for who in texts):
            continue
        named.append(" or ".join(_WHO[v] for v in values if any(v in who for who in hearers)))
    return ", ".join(named)


def _swapped(who: Tags, values: Iterable[str], value: str) -> Tags:
    return who - frozenset(values) | {value}


def _forms(entry: Entry) -> list[str]:
    return [form for form in FORMS if form in entry.texts[frozenset()]]


def _pieces(words: Catalogue, key: str, form: str, tags: Tags) -> tuple[Piece, ...]:
    sign = echoed(key).value
    return words.pieces(key, form, tags, sign if f"sign.{sign}" in words.entries else None)


@cache
def echoed(key: str) -> Sign:
    """The sign with which an urgent line is shown; signs are lines of their own as well."""
    *_, level, family = ("", "", *key.split("."))
    fitting = [sign for sign in Sign if sign.family.value == family]
    at_level = [sign for sign in fitting if sign.level.name.lower() == level]
    return next(iter(at_level or fitting or Sign))


def all_that_is_said(words: Catalogue, key: str) -> list[tuple[str, str, str]]:
    """The pieces of a line, for each form and each who hears it."""
    return [
        (form, " ".join(who), repr(_pieces(words, key, form, frozenset(who))))
        for form in _forms(words.entries[key])
        for who in product(*_EVERYBODY)
    ]
