"""The script as the page for signing shows it: one item after the other, with what it rests on.

What an item says is `skill/publish/reading.py`'s, as on paper; here stands what helps to judge it
and is looked up: each text whole, how it sounds, the lines and words that it names, its sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from skill.publish import reading
from skill.publish.evidence import Source, data, sources_of
from skill.publish.lines import entries
from skill.publish.reading import Chapter, Item
from skill.publish.signatures import all_things, open_questions
from skill.publish.things import Thing
from skill.speech.catalogue import DEFAULT_LOCALE, SPOKEN

_PAUSE = re.compile(r"\[([\d.]+)s\]")
_LINE = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)+")
_TOKEN = re.compile(r"\{(\w+)\}")
_SILENT = {"card", "drawing", "short", "write", "heading"}
"""Parts of a line that are read, and not heard."""


@cache
def script() -> dict[str, Any]:
    """All that is to be signed, worked out once: chapters, items, and what is named in them.

    SlipError where a file cannot be read.
    """
    chapters = reading.script()
    items = [_item(at, each) for at, chapter in enumerate(chapters) for each in chapter.items]
    asked = open_questions()
    words = reading.count(SPOKEN, asked)
    return {
        "chapters": [_chapter(each) for each in chapters],
        "items": items,
        "questions": [
            {"id": q.id, "asks": q.asks, "needed": q.needed, "row": q.row, "words": _words_of(q)}
            for q in asked
        ],
        "words": words,
        "minutes": reading.minutes(words),
        "a_minute": reading.WORDS_A_MINUTE,
        "locales": list(SPOKEN),
        "lines": {key: _usual(things[0]) for key, things in _lines().items()},
        "short": dict(reading.examples()),
        "follows": {t.name: dict(t.means) for t in _of("follows")},
        "tokens": _tokens(),
        "grades": data("sources.yaml")["grades"],
    }


def _words_of(question: Any) -> int:
    return reading.words_in(f"{question.id} {question.asks}")


def _chapter(chapter: Chapter) -> dict[str, Any]:
    words = reading.words_in(f"{chapter.title} {chapter.note}")
    return {"title": chapter.title, "note": chapter.note, "words": words}


def _item(chapter: int, item: Item) -> dict[str, Any]:
    things = [all_things()[name] for name in item.ids]
    text = " ".join(each for thing in things for each in thing.means.values())
    rests_on = list(_sources(things, text))
    return {
        "chapter": chapter,
        "title": item.title,
        "kind": things[0].kind,
        "rows": item.rows,
        "words": reading.words_in(" ".join([item.title, *(" ".join(row) for row in item.rows)])),
        "things": [{"id": thing.id, "hash": thing.hash} for thing in things],
        "whole": _whole(things),
        "aloud": _aloud(things[0]),
        "drawing": things[0].means.get("drawing"),
        "locales": _locales(things),
        "sources": [vars(each) for each in rests_on if each.kind != "mark"],
        "marks": [each.what for each in rests_on if each.kind == "mark"],
        "named": [key for key in dict.fromkeys(_LINE.findall(text)) if key in _lines()],
        "tokens": [
            name for name in dict.fromkeys(_TOKEN.findall(text)) if _small(name) in _tokens()
        ],
    }


def _whole(things: Iterable[Thing]) -> list[dict[str, Any]]:
    """All that the hashes cover, as it stands; things that mean the same together."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for thing in things:
        alike.setdefault(tuple(thing.means.items()), []).append(thing.id)
    return [{"ids": ids, "means": [list(each) for each in means]} for means, ids in alike.items()]


def _locales(things: Iterable[Thing]) -> list[str]:
    """The locales of which these things have something of their own."""
    names = [name for thing in things for name in (thing.name.replace(".", ":"), *thing.means)]
    own = {name.split(":")[0] for name in names}
    return [locale for locale in SPOKEN if locale in own]


def _sources(things: Iterable[Thing], text: str) -> Iterator[Source]:
    """What lines rest on; of a sign or a stretch, what the lines that it leads to rest on."""
    known = entries(DEFAULT_LOCALE)
    keys = [key for thing in things for key in _own_lines(thing, text) if key in known]
    yield from dict.fromkeys(each for key in keys for each in sources_of(known[key]))


def _own_lines(thing: Thing, text: str) -> list[str]:
    match thing.kind:
        case "line":
            return [thing.name]
        case "sign":
            return [f"sign.{thing.name}", *_LINE.findall(text)]
        case "stretch" | "table" | "follows":
            return _LINE.findall(text)
    return []


# --- how it sounds ----------------------------------------------------------------------------


def _aloud(thing: Thing) -> list[dict[str, Any]]:
    """Each text of a line that is heard, as sounds in the words of en-US, by who hears it."""
    if thing.kind != "line" or thing.name.split(".")[0] in _READ:
        return []
    heard = {name: text for name, text in thing.means.items() if not _SILENT & _parts(name)}
    return [
        {"who": name, "sounds": list(_sounds(reading.spoken(text, thing.name)))}
        for name, text in heard.items()
        if ": " not in name
    ]


_READ = {"card", "screen", "store", "privacy", "terms"}


def _parts(name: str) -> set[str]:
    return set(name.split(", "))


def _sounds(text: str) -> Iterator[dict[str, Any]]:
    for at, part in enumerate(_PAUSE.split(text.replace("⟨", "").replace("⟩", ""))):
        if at % 2:
            yield {"pause": float(part)}
        elif part.strip():
            yield {"say": part.strip(), "rate": 1, "volume": 1}


# --- what is looked up ------------------------------------------------------------------------


@cache
def _lines() -> dict[str, list[Thing]]:
    return {thing.name: [thing] for thing in _of("line")}


def _usual(line: Thing) -> str:
    """What a line says to her, in the words of en-US."""
    name, text = next(iter(line.means.items()))
    return text if name == "card" else reading.spoken(text, line.name)


@cache
def _tokens() -> dict[str, dict[str, Mapping[str, str]]]:
    """What stands for each token in each place, "en" for all that have nothing of their own."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for thing in _of("words"):
        place, _, name = thing.name.partition(".")
        found.setdefault(name, {})[place] = dict(thing.means)
    return found


def _small(name: str) -> str:
    return name[0].lower() + name[1:]


def _of(kind: str) -> list[Thing]:
    return [thing for thing in all_things().values() if thing.kind == kind]
