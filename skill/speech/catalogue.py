"""The catalogue of a locale: its lines, read from `responses/`, with their variants and tokens.

Lines are written once, by subject, in `responses/en/`; a locale's own file holds what differs.

A text holds tokens in braces. `{breath}` and the like are pauses; `{emergency}` is digits to be
read out; all others are words. Variants are chosen by tags: who speaks, her stage, the level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NoReturn

from skill.speech import edited

BASE = "en"
LOCALES = tuple(
    sorted(
        file.name.removesuffix(".yaml")
        for file in edited.folder(edited.RESPONSES).iterdir()
        if file.name.startswith(f"{BASE}-") and file.name.endswith(".yaml")
    )
)
"""The locales that have a file in `responses/`."""

DEFAULT_LOCALE = "en-US"
SUBJECTS = ("tokens", "relief", "checks", "urgent", "signs", "comfort", "questions", "everywhere")
"""The files of `responses/en/`, in the order in which they are reviewed."""

FORMS = ("say", "again", "short", "reprompt", "tell", "agreed")
"""The texts that a line can have; a sign is told on the phone, and agreed to by a bare yes."""

SIGN_TOKENS = ("Sign", "sign", "Yes")
"""Tokens for the sign that a line echoes."""

PAUSES = {"pause": 0.7, "breath": 5.0, "quiet": 15.0}
"""Pause tokens, in seconds."""

_TOKEN = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Words:
    """Words to be spoken."""

    text: str


@dataclass(frozen=True)
class Digits:
    """A phone number, read digit by digit."""

    digits: str


@dataclass(frozen=True)
class Pause:
    """Silence, in seconds."""

    seconds: float


Piece = Words | Digits | Pause

BETWEEN_GROUPS = Pause(0.3)
"""Between the groups of a long phone number (conversation.md 1)."""

Tags = frozenset[str]


class MissingLine(KeyError):
    """A line, form or token that the catalogue does not have."""


@dataclass(frozen=True)
class Entry:
    """A line as it stands in the file: its texts by tags and form, and its sources.

    `card` is the key of the card that goes with it, where there is something to keep.
    """

    key: str
    texts: Mapping[Tags, Mapping[str, str]]
    sources: tuple[str, ...]
    card: str | None = None


class Catalogue:
    """All lines of one locale."""

    def __init__(self, locale: str, entries: Mapping[str, Entry], tokens: Mapping[str, Any]):
        self.locale = locale
        self.entries = entries
        self._tokens = tokens
        self.pieces = lru_cache(maxsize=20_000)(self._pieces)

    def _pieces(
        self, key: str, form: str, tags: Tags, sign: str | None = None
    ) -> tuple[Piece, ...]:
        """The pieces of a line: `sign` is the key of the sign that it echoes.

        Raises MissingLine for a key, form or token that is not there.
        """
        text = self.text(key, form, tags)
        named = self._sign_tokens(sign, tags) if sign else {}
        return tuple(_merged(self._expanded(text, tags, named)))

    def token(self, name: str, tags: Tags) -> tuple[Piece, ...]:
        """What stands for a token. MissingLine where the locale has none for these tags."""
        return tuple(_merged(self._token(name, tags)))

    def text(self, key: str, form: str, tags: Tags) -> str:
        """The text of a line as it stands in the file, in its most particular variant."""
        entry = self.entries.get(key)
        if entry is None:
            raise MissingLine(f"{self.locale}: no line {key}")
        fitting = [t for t in entry.texts if t <= tags and form in entry.texts[t]]
        if not fitting:
            raise MissingLine(f"{self.locale}: line {key} has no {form}")
        return entry.texts[max(fitting, key=len)][form]

    def _sign_tokens(self, sign: str, tags: Tags) -> dict[str, str]:
        texts = self.entries[f"sign.{sign}"].texts[frozenset()]
        return {"Sign": texts["say"], "sign": texts["tell"], "Yes": texts.get("agreed", "")}

    def _expanded(self, text: str, tags: Tags, named: Mapping[str, str]) -> Iterable[Piece]:
        for index, part in enumerate(_TOKEN.split(text)):
            if index % 2 == 0:
                yield Words(part)
            elif part in PAUSES:
                yield Pause(PAUSES[part])
            elif part in named:
                yield from self._expanded(named[part], tags, {})
            else:
                yield from self._token(part, tags)

    def _token(self, name: str, tags: Tags) -> Iterable[Piece]:
        value = self._tokens.get(name)
        if isinstance(value, dict) and "digits" in value:
            yield from _grouped(value["digits"])
            return
        if isinstance(value, dict):
            fitting = [key for key in value if _tags(key) <= tags]
            value = value[max(fitting, key=lambda key: len(_tags(key)))] if fitting else None
        if value is None:
            raise MissingLine(f"{self.locale}: no token {{{name}}} for {sorted(tags)}")
        yield from self._expanded(value, tags, {})


@cache
def catalogue(locale: str) -> Catalogue:
    """The catalogue of a locale; of the default one where the locale has no file."""
    if locale not in LOCALES:
        return catalogue(DEFAULT_LOCALE)
    base, own = _english(), edited.read(f"{locale}.yaml")
    tokens = {**base.pop("tokens"), **own.pop("tokens", {})}
    entries = {**_entries(base), **_entries(own)}
    _hold_to_tokens(entries.values(), {*tokens, *PAUSES, *SIGN_TOKENS})
    return Catalogue(locale, entries, tokens)


def tokens(name: str) -> Mapping[str, Any]:
    """The tokens of a locale's own file, or of `BASE` for those of every English."""
    path = f"{BASE}/tokens.yaml" if name == BASE else f"{name}.yaml"
    found = edited.read(path).get("tokens", {})
    assert isinstance(found, dict)
    return found


def _english() -> dict[str, Any]:
    """Every section; one that has lines of several subjects stands in several files."""
    sections: dict[str, Any] = {}
    for subject in SUBJECTS:
        path = f"{BASE}/{subject}.yaml"
        for section, lines in edited.read(path).items():
            if not isinstance(lines, dict):
                edited.slip(path, [section], "no line stands under it: indent them by two spaces")
            sections.setdefault(section, {}).update(lines)
    return sections


def wrong(key: str, reason: str, *more: str) -> NoReturn:
    """SlipError for a line, or what stands under `more` in it: with the file that holds it."""
    keys = [*key.split("."), *more]
    files = [f"{BASE}/{subject}.yaml" for subject in SUBJECTS]
    files += [f"{locale}.yaml" for locale in LOCALES]
    holding = [path for path in files if edited.holds(edited.read(path), key.split("."))]
    edited.slip(holding[0] if holding else files[0], keys, reason)


def _hold_to_tokens(entries: Iterable[Entry], known: set[str]) -> None:
    """SlipError for a token that no file has."""
    for entry in entries:
        for tags, forms in entry.texts.items():
            for form, text in forms.items():
                if unknown := set(_TOKEN.findall(text)) - known:
                    names = ", ".join(f"{{{name}}}" for name in sorted(unknown))
                    where = (*(["+".join(sorted(tags))] if tags else []), form)
                    wrong(entry.key, f"no token {names}: correct it, or add it to tokens", *where)


def _entries(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for name, node in tree.items():
        key = f"{prefix}{name}"
        if not isinstance(node, Mapping):
            wrong(key, "a line needs `say:` and `sources:` under its name")
        if "sources" in node:
            found[key] = _entry(key, node)
        else:
            found |= _entries(node, f"{key}.")
    return found


def _entry(key: str, node: Mapping[str, Any]) -> Entry:
    texts: dict[Tags, dict[str, str]] = {frozenset(): {f: node[f] for f in FORMS if f in node}}
    for variant, forms in node.items():
        if variant not in (*FORMS, "sources", "card"):
            if not isinstance(forms, Mapping):
                wrong(key, f"a form is one of {', '.join(FORMS)}: correct the name", variant)
            texts[_tags(variant)] = dict(forms)
    for tags, forms in texts.items():
        for form, text in forms.items():
            if form not in FORMS or not isinstance(text, str):
                wrong(key, "no text of a form: write it in quotes", *tags, form)
    if not isinstance(node["sources"], list):
        wrong(key, "write the codes in brackets: [NHS-LEG, D]", "sources")
    return Entry(key, texts, tuple(node["sources"]), node.get("card"))


def _tags(variant: str) -> Tags:
    return frozenset(variant.split("+"))


def _grouped(number: str) -> Iterable[Piece]:
    """A number in the groups that people say it in: "1800 022 222"."""
    for index, digits in enumerate(number.split()):
        if index:
            yield from (BETWEEN_GROUPS, Words(" "))
        yield Digits(digits)


def _merged(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Neighbouring words as one piece, with single spaces."""
    words = ""
    for piece in pieces:
        if isinstance(piece, Words):
            words += piece.text
            continue
        if words:
            yield Words(_single_spaced(words))
        words = ""
        yield piece
    if words:
        yield Words(_single_spaced(words))


def _single_spaced(text: str) -> str:
    return re.sub(r" {2,}", " ", text)
