"""The script for review: every line as she hears it, what it rests on, and who has signed it.

A line is signed in `responses/` with `reviewed: {by, role, date, hash}`. The hash is of the line
as it is spoken in every locale, so that whatever changes its words, the line itself or a token of
one locale, makes it unsigned again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import groupby, product
from pathlib import Path
from typing import Any

import jinja2
import yaml

from skill.coach.place import Speaker, Stage
from skill.coach.signs import Level, Sign
from skill.publish import picture
from skill.publish.worked import Exchange, worked_conversations, written
from skill.speech.catalogue import (
    FORMS,
    LOCALES,
    Catalogue,
    Entry,
    Piece,
    Tags,
    catalogue,
)

HASH_LENGTH = 12
SIGNED_WITH = ("by", "role", "date", "hash")

CHAPTERS = {
    "relief": "Relief",
    "stretch": "The stretches",
    "ask": "Questions that it asks",
    "checks": "Around the checks",
    "comfort": "Comfort, after every check was clear",
    "close": "The end of a conversation",
    "stop": "Stop",
    "anywhere": "In any place",
    "bedtime": "The bedtime stretch",
    "practice": "Practice, by day",
    "help": "Help",
    "urgent": "Urgent lines",
    "questions": "Questions that she asks",
    "calling": "After an urgent line",
    "not_yet": "On the way to a call, with nothing urgent heard",
    "recheck": "When something was misheard",
    "sign": "The signs, as they are echoed",
    "card": "On a card",
    "screen": "On the screen of an Echo Show",
}
"""What the parts of the file are called for a reader; another part goes by its own name."""

FORM_NAMES = {
    "say": "Says",
    "again": "Asked again",
    "short": "In short, during relief",
    "reprompt": "After silence",
    "tell": "Told on the phone",
    "agreed": "After a bare yes",
}
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


class ReviewError(ValueError):
    """Something in `responses/` that cannot be read as it stands: names the line and the fix."""


# --- what a line rests on --------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """A code in a line's `sources`: a source with its grade, a row of the facts, or a mark."""

    code: str
    what: str
    grade: str = ""
    url: str = ""
    kind: str = "source"


@cache
def sources() -> dict[str, Source]:
    """Every code that a line may name, from `responses/sources.yaml`."""
    data = _data("sources.yaml")
    found = {
        code: Source(code, known["what"], known["grade"], known["url"])
        for code, known in data["sources"].items()
    }
    for kind in ("row", "mark", "document"):
        for code, what in data[f"{kind}s"].items():
            found[code] = Source(code, what, kind=kind)
    return found


def sources_of(entry: Entry) -> tuple[Source, ...]:
    """What a line rests on. ReviewError for a code that is not known."""
    unknown = [code for code in entry.sources if code not in sources()]
    if unknown:
        raise ReviewError(
            f"{entry.key}: {', '.join(unknown)} is not in responses/sources.yaml: add it there, "
            "with its grade and address, or correct the code"
        )
    return tuple(sources()[code] for code in entry.sources)


def _data(name: str) -> dict[str, Any]:
    text = resources.files("skill.responses").joinpath(name).read_text("utf-8")
    content = yaml.safe_load(text)
    assert isinstance(content, dict)
    return content


# --- who has signed it -----------------------------------------------------------------------


@dataclass(frozen=True)
class Signature:
    """Whether a line is signed: who, in which role, when; `changed` when its words are not
    those that were signed."""

    by: str = ""
    role: str = ""
    date: str = ""
    changed: bool = False

    @property
    def holds(self) -> bool:
        """Whether somebody has signed the line as it is now."""
        return bool(self.by) and not self.changed

    def __str__(self) -> str:
        if not self.by:
            return "not signed"
        signed = f"signed by {self.by}, {self.role}, {self.date}"
        return f"changed since it was {signed}" if self.changed else signed


def signature(entry: Entry) -> Signature:
    """Who has signed a line. ReviewError where `reviewed` is not as it should be."""
    if entry.reviewed is None:
        return Signature()
    given = _checked(entry.key, entry.reviewed)
    return Signature(
        given["by"], given["role"], given["date"], changed=given["hash"] != hash_of(entry.key)
    )


def _checked(key: str, reviewed: Any) -> dict[str, str]:
    whole = f"reviewed: {{by: …, role: …, date: 2026-01-31, hash: {hash_of(key)!r}}}"
    if not isinstance(reviewed, Mapping) or set(reviewed) != set(SIGNED_WITH):
        raise ReviewError(
            f"{key}: reviewed needs {', '.join(SIGNED_WITH)} and nothing else: {whole}"
        )
    given = dict(reviewed)
    if isinstance(given["date"], date):
        given["date"] = given["date"].isoformat()
    for name in SIGNED_WITH:
        if not isinstance(given[name], str) or not given[name].strip():
            raise ReviewError(f"{key}: reviewed has no {name} in words; put it in quotes: {whole}")
    try:
        date.fromisoformat(given["date"])
    except ValueError as error:
        raise ReviewError(f"{key}: {given['date']!r} is not a date: write it 2026-01-31") from error
    return given


@cache
def hash_of(key: str) -> str:
    """The hash that a signature of a line has to carry.

    It is of the line's words and pauses in every form, to everybody, in every locale. Where all
    locales say the same, it does not depend on which locales there are.
    """
    spoken = [_all_that_is_said(catalogue(locale), key) for locale in LOCALES]
    alike = all(each == spoken[0] for each in spoken)
    said = spoken[0] if alike else dict(zip(LOCALES, spoken, strict=True))
    text = json.dumps(said, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def _all_that_is_said(words: Catalogue, key: str) -> list[tuple[str, str, str]]:
    return [
        (form, " ".join(who), repr(_pieces(words, key, form, frozenset(who))))
        for form in _forms(words.entries[key])
        for who in product(*_EVERYBODY)
    ]


def unsigned(locale: str = LOCALES[0]) -> list[tuple[str, Signature]]:
    """The lines that nobody has signed as they are now. ReviewError as `signature`."""
    signed = ((key, signature(entry)) for key, entry in catalogue(locale).entries.items())
    return [(key, found) for key, found in signed if not found.holds]


# --- a line as it is spoken ------------------------------------------------------------------


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


@dataclass(frozen=True)
class ScriptLine:
    """A line of the script, with all that a reviewer needs."""

    key: str
    versions: tuple[Version, ...]
    sources: tuple[Source, ...]
    signature: Signature
    hash: str

    @property
    def entry(self) -> str:
        """What to put into the file to sign the line."""
        return f'reviewed: {{by: NAME, role: ROLE, date: YYYY-MM-DD, hash: "{self.hash}"}}'


def script(locales: Sequence[str]) -> list[ScriptLine]:
    """Every line in the order of its file, as spoken in these locales. ReviewError as above."""
    return [
        ScriptLine(
            key,
            tuple(_versions(locales, key)),
            sources_of(entry),
            signature(entry),
            hash_of(key),
        )
        for key, entry in catalogue(locales[0]).entries.items()
    ]


def chapters(lines: Iterable[ScriptLine]) -> list[tuple[str, list[ScriptLine]]]:
    """The script in its parts, each with its name."""
    parts = groupby(lines, key=lambda line: line.key.split(".")[0])
    return [(CHAPTERS.get(name, name.replace("_", " ")), list(part)) for name, part in parts]


def _versions(locales: Sequence[str], key: str) -> Iterable[Version]:
    """Locales that say the same share a version."""
    spoken = {locale: _version(catalogue(locale), key) for locale in locales}
    different = list(spoken.values())
    for number, version in enumerate(different):
        if version not in different[:number]:
            alike = tuple(locale for locale in locales if spoken[locale] == version)
            yield Version(alike, *version)


def _version(words: Catalogue, key: str) -> tuple[dict[str, str], tuple[Variant, ...]]:
    forms = _forms(words.entries[key])
    texts = {
        frozenset(who): {form: written(_pieces(words, key, form, frozenset(who))) for form in forms}
        for who in product(*_EVERYBODY)
    }
    return texts[_FIRST], tuple(_variants(texts))


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
    return words.pieces(key, form, tags, _echoed(key).value)


@cache
def _echoed(key: str) -> Sign:
    """The sign with which an urgent line is shown; signs are lines of their own as well."""
    *_, level, family = ("", "", *key.split("."))
    fitting = [sign for sign in Sign if sign.family.value == family]
    at_level = [sign for sign in fitting if sign.level.name.lower() == level]
    return next(iter(at_level or fitting or Sign))


# --- the page --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """All that stands in the script for review."""

    locales: tuple[str, ...]
    chapters: list[tuple[str, list[ScriptLine]]]
    conversations: list[tuple[str, list[tuple[tuple[str, ...], list[Exchange]]]]]
    used: list[Source]
    grades: Mapping[str, str]

    @property
    def lines(self) -> list[ScriptLine]:
        """Every line, in order."""
        return [line for _, part in self.chapters for line in part]

    @property
    def signed(self) -> int:
        """How many lines are signed as they are now."""
        return sum(line.signature.holds for line in self.lines)


def page(locales: Sequence[str]) -> Page:
    """The script in these locales. ReviewError as above."""
    lines = script(locales)
    used = {source.code: source for line in lines for source in line.sources}
    in_order = [source for code, source in sources().items() if code in used]
    return Page(
        tuple(locales),
        chapters(lines),
        worked_conversations(locales),
        in_order,
        _data("sources.yaml")["grades"],
    )


def write(folder: Path, locales: Sequence[str]) -> list[Path]:
    """Writes the script into `folder` as `review.html` and `review.txt`; returns both paths.

    The page needs nothing from elsewhere. ReviewError as above, OSError if it cannot be written.
    """
    content = page(locales)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, template in (("review.html", "page.html"), ("review.txt", "page.txt")):
        path = folder / name
        path.write_text(_rendered(template, content), encoding="utf-8")
        written.append(path)
    return written


def _rendered(template: str, content: Page) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("skill.publish", "."),
        autoescape=template.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rendered = environment.get_template(template).render(
        page=content, form_names=FORM_NAMES, picture=picture.svg(), many=len(content.locales) > 1
    )
    return rendered.rstrip() + "\n"


# --- the rows --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A claim of the founding texts and what became of it; all empty: nothing yet."""

    number: str
    claim: str
    lines: tuple[str, ...] = ()
    dropped: str = ""
    heard: Mapping[str, str] | None = None

    @property
    def settled(self) -> bool:
        """Whether something answers it, or there is a reason why nothing does."""
        return bool(self.lines or self.dropped or self.heard)

    def __str__(self) -> str:
        if self.heard:
            outcome = "; ".join(f"heard as {name}: {said}" for name, said in self.heard.items())
        elif self.dropped:
            outcome = f"dropped: {self.dropped}"
        else:
            outcome = ", ".join(self.lines) or "NOT ANSWERED"
        return f"{self.number:4} {self.claim}\n       {outcome}"


def rows() -> list[Row]:
    """Every claim, in order. ReviewError for a claim without entry, or an unknown line."""
    data, known = _data("rows.yaml"), catalogue(LOCALES[0]).entries
    claims = {code: each.what for code, each in sources().items() if _is_claim(each)}
    if set(data) != set(claims):
        astray = ", ".join(sorted(set(data) ^ set(claims)))
        raise ReviewError(f"rows.yaml and sources.yaml do not hold the same claims: {astray}")
    found = [_row(number, claim, data[number]) for number, claim in claims.items()]
    for row in found:
        missing = [key for key in row.lines if key not in known]
        if missing:
            raise ReviewError(f"{row.number}: there is no line {', '.join(missing)}: correct it")
    return found


def _row(number: str, claim: str, outcome: Mapping[str, Any]) -> Row:
    if len(outcome) != 1 or not set(outcome) <= {"lines", "dropped", "heard"}:
        raise ReviewError(f"{number}: give it lines, or dropped with the reason, or heard")
    return Row(
        number,
        claim,
        tuple(outcome.get("lines", ())),
        outcome.get("dropped", ""),
        outcome.get("heard"),
    )


def _is_claim(source: Source) -> bool:
    return source.kind == "row" and source.code.startswith("A")
