"""The script as the page for signing shows it: one item after the other, with what it rests on.

What an item says is `skill/publish/reading.py`'s, as on paper; here stands what helps to judge it
and is looked up: each text whole, how it sounds, the lines and words that it names, its sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import cache
from typing import Any

from skill.publish import reading
from skill.publish.evidence import Source, data, sources, sources_of
from skill.publish.facts import fact, facts_with
from skill.publish.lines import entries
from skill.publish.reading import Chapter, Item
from skill.publish.signatures import OpenQuestion, all_things, open_questions
from skill.publish.things import Thing
from skill.speech.catalogue import DEFAULT_LOCALE, SPOKEN
from skill.speech.signed import roles_needed

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
    return {
        "chapters": [_chapter(each) for each in chapters],
        "items": items,
        "questions": list(map(_question, asked)),
        **_how_much(asked),
        "locales": list(SPOKEN),
        "lines": {key: _usual(things[0]) for key, things in _lines().items()},
        "short": dict(reading.examples()),
        "follows": {t.name: dict(t.means) for t in _of("follows")},
        "tokens": _tokens(),
        "roles": roles_needed(),
        "sources": {code: _source(each) for code, each in sources().items()},
        "grades": data("sources.yaml")["grades"],
    }


def _how_much(asked: Iterable[OpenQuestion]) -> dict[str, int]:
    """The words of the whole, and how long they take."""
    words = reading.count(SPOKEN, asked)
    return {
        "words": words,
        "minutes": reading.minutes(words),
        "only_read": reading.count_only_read(SPOKEN),
        "a_minute": reading.WORDS_A_MINUTE,
    }


def _question(asked: OpenQuestion) -> dict[str, Any]:
    words = reading.words_in(asked.asks)
    told = {"id": asked.id, "asks": asked.asks, "needed": asked.needed, "words": words}
    return {**told, "facts": facts_with(asked.row)}


def _chapter(chapter: Chapter) -> dict[str, Any]:
    words = reading.words_in(f"{chapter.title} {chapter.note}")
    note = "" if chapter.note == reading.TELL else chapter.note.replace("at the end", "below")
    return {"title": chapter.title, "note": note, "words": words}


def _item(chapter: int, item: Item) -> dict[str, Any]:
    things = [all_things()[name] for name in item.ids]
    text = " ".join(each for thing in things for each in thing.means.values())
    rests_on = list(_sources(things, text))
    return {
        "chapter": chapter,
        "title": item.title,
        "kind": things[0].kind,
        "rows": list(_rows(item, things[0])),
        "words": reading.words_of_item(item),
        "things": [{"id": thing.id, "hash": thing.hash} for thing in things],
        "whole": _whole(things),
        "aloud": _aloud(things[0]),
        "drawing": things[0].means.get("drawing"),
        "locales": _locales(things),
        "sources": [each.code for each in rests_on if each.kind != "mark"],
        "marks": [each.what for each in rests_on if each.kind == "mark"],
        "named": _named(text),
        "tokens": [
            name for name in dict.fromkeys(_TOKEN.findall(text)) if _small(name) in _tokens()
        ],
    }


def _named(text: str) -> list[str]:
    """The lines that a text names, with those of the questions that it asks."""
    asked = re.sub(r"\basks (\w+)", r"ask.\1", text)
    keys = (key if key in _lines() else key.removeprefix("card.") for key in _LINE.findall(asked))
    return [key for key in dict.fromkeys(keys) if key in _lines()]


def _source(source: Source) -> dict[str, Any]:
    return {**vars(source), "fact": fact(source.code) if source.kind == "row" else ()}


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


# --- the texts of a line, whole -----------------------------------------------------------------

Parts = list[tuple[str, bool]]
"""A text in parts, each with whether the text above it has that too."""


def _rows(item: Item, first: Thing) -> Iterator[tuple[str, Parts]]:
    """What is read of an item; where paper tells of a line what differs alone, that text whole."""
    if first.kind != "line":
        yield from ((head, [(text, False)]) for head, text in item.rows)
        return
    told, above = dict(item.rows), list[tuple[str, str]]()
    for name, text in first.means.items():
        who, _, form = name.rpartition(", ")
        told_so = told.get(", ".join(filter(None, (who, "" if form == "say" else form))), "")
        heard = text if name in _NAMES else reading.spoken(text, first.name, name)
        if not told_so or told_so == "her" or set(told_so) & set("…|"):
            yield name, _beside(_likest(above, form), heard)
        else:
            yield name, [(told_so, False)]
        above.append((form.rpartition(": ")[2], heard))


_NAMES = {"card", "drawing"}
"""Parts of a line that are names."""


def _likest(above: list[tuple[str, str]], form: str) -> str:
    """The text above in the same form; or the first."""
    alike = [text for each, text in above if each == form.rpartition(": ")[2]]
    return alike[0] if alike else above[0][1] if above else ""


def _beside(base: str, text: str) -> Parts:
    one, two = base.split(), text.split()
    ways = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    parts = ((" ".join(two[start:end]), what == "equal") for what, _, _, start, end in ways)
    return [(words, same) for words, same in parts if words]


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
