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
SUBJECTS = (
    "tokens",
    "relief",
    "checks",
    "urgent",
    "signs",
    "comfort",
    "questions",
    "everywhere",
    "screen",
)
"""The files of `responses/en/`, in the order in which they are reviewed."""

ELSEWHERE = "elsewhere"
"""The file of `responses/` for every other locale: it has no number of any country."""

SPOKEN = (*LOCALES, ELSEWHERE)
"""All that has words of its own: each locale, and every other one together."""

STORE, PAGES = "store.yaml", "pages.yaml"
"""The files of `responses/` with what is read: in Amazon's store, and on the pages."""

OPERATOR = "[who runs it]"
CONTACT = "[where to write to]"
FORMS = ("heading", "say", "again", "short", "reprompt", "tell", "agreed", "write")
"""The texts that a line can have: a paragraph of a page has a heading; a sign is told on the phone,
and agreed to by a bare yes. What is read, and not heard, is written."""

SIGN_TOKENS = ("Sign", "sign", "Yes")
"""Tokens for the sign that a line echoes."""

PAUSES = {"pause": 0.7, "breath": 5.0, "quiet": 15.0}
"""Pause tokens, in seconds. Bedtime counts with them too: lengthen a line, not these."""

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

    `card` is the key of the card that goes with it, where there is something to keep; `drawing`
    is the name of what is drawn beside it on a screen.
    """

    key: str
    texts: Mapping[Tags, Mapping[str, str]]
    sources: tuple[str, ...]
    card: str | None = None
    drawing: str | None = None


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


def catalogue(locale: str) -> Catalogue:
    """The catalogue of a locale; where the locale has no file, the one for elsewhere.

    So she never hears the number of a country that she is not in. It is kept for as many locales
    as there are files, whatever is asked for. SlipError where a file has a slip.
    """
    return _catalogue(locale if locale in LOCALES else ELSEWHERE)


@cache
def _catalogue(locale: str) -> Catalogue:
    entries, tokens = _base()
    own = edited.read(f"{locale}.yaml")
    tokens = {**tokens, **own.pop("tokens", {})}
    return _held_to_tokens(Catalogue(locale, {**entries, **_entries(own)}, tokens))


@cache
def _base() -> tuple[dict[str, Entry], dict[str, Any]]:
    """The entries and tokens that all locales share: read once, as reading takes 50 ms."""
    sections = _english()
    tokens = sections.pop("tokens")
    return _entries(sections), tokens


@cache
def paragraphs(locale: str) -> Catalogue:
    """The paragraphs of the pages in a locale, which are read and not heard.

    Who runs the skill, and where to write to, stand there as OPERATOR and CONTACT.
    """
    spoken = catalogue(locale)
    tokens = {**spoken._tokens, "operator": OPERATOR, "contact": CONTACT}
    return _held_to_tokens(Catalogue(spoken.locale, _entries(edited.read(PAGES)), tokens))


@cache
def store(locale: str) -> Catalogue:
    """The lines of Amazon's store in a locale, which are read and not heard."""
    heard = catalogue(locale)
    return _held_to_tokens(Catalogue(heard.locale, _entries(edited.read(STORE)), heard._tokens))


def tokens(name: str) -> Mapping[str, Any]:
    """The tokens of a locale's own file, or of `BASE` for those of every English."""
    content = _english() if name == BASE else edited.read(f"{name}.yaml")
    found = content.get("tokens", {})
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
    files += [f"{locale}.yaml" for locale in SPOKEN] + [STORE, PAGES]
    holding = [path for path in files if edited.holds(edited.read(path), key.split("."))]
    edited.slip(holding[0] if holding else files[0], keys, reason)


def _held_to_tokens(words: Catalogue) -> Catalogue:
    """The catalogue. SlipError for a token in it that no file has."""
    known = {*words._tokens, *PAUSES, *SIGN_TOKENS}
    for entry in words.entries.values():
        for tags, forms in entry.texts.items():
            for form, text in forms.items():
                if unknown := set(_TOKEN.findall(text)) - known:
                    names = ", ".join(f"{{{name}}}" for name in sorted(unknown))
                    where = (*(["+".join(sorted(tags))] if tags else []), form)
                    wrong(entry.key, f"no token {names}: correct it, or add it to tokens", *where)
    return words


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
        if variant not in (*FORMS, "sources", "card", "drawing"):
            if not isinstance(forms, Mapping):
                wrong(key, f"a form is one of {', '.join(FORMS)}: correct the name", variant)
            texts[_tags(variant)] = dict(forms)
    for tags, forms in texts.items():
        for form, text in forms.items():
            if form not in FORMS or not isinstance(text, str):
                wrong(key, "no text of a form: write it in quotes", *tags, form)
    if not isinstance(node["sources"], list):
        wrong(key, "write the codes in brackets: [NHS-LEG, D]", "sources")
    return Entry(key, texts, tuple(node["sources"]), node.get("card"), node.get("drawing"))


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
