"""What is signed: each thing that a clinician answers for, with a hash over what it means.

Seven kinds: a line (its words, with the names of tokens in them), the words of a locale (its
numbers, roles and spellings, signed once and not in each line that holds them), a sign, what is
said to deny one, a table of answers, a word of those tables, and a stretch with its ways. The hash
is of the meaning that is printed for the reviewer, so that what is signed is what was read.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from skill.coach import relief
from skill.coach.place import Ask, Check, Manner, Part, Place, Session, Speaker, Status, Way
from skill.coach.signs import Level, Sign
from skill.coach.tables.by_day import STEPS, TIMED
from skill.coach.turn import Turn
from skill.coach.urgent import said_yes, urge
from skill.publish.follows import follows
from skill.publish.lines import entries
from skill.publish.tables import KINDS_OF_HERS, kinds_of_questions, tables
from skill.speech.catalogue import BASE, DEFAULT_LOCALE, PAUSES, SPOKEN, Entry, catalogue, tokens
from skill.speech.edited import read

HASH_LENGTH = 12
OF_HER = "of her"
"""The first round where a helper speaks; not told where it is that with somebody's help."""

KINDS = ("line", "words", "sign", "denial", "table", "follows", "stretch")


@dataclass(frozen=True)
class Thing:
    """Something that is signed: its kind, its name within the kind, and what it means in words."""

    kind: str
    name: str
    means: Mapping[str, str]

    @property
    def id(self) -> str:
        """Its name among all things."""
        return f"{self.kind} {self.name}"

    @property
    def hash(self) -> str:
        """What a signature carries: letters and digits that no spreadsheet takes for a number."""
        text = json.dumps(dict(self.means), ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(f"{self.id}\n{text}".encode()).digest()
        return "h" + b32encode(digest).decode().lower()[: HASH_LENGTH - 1]


def things() -> dict[str, Thing]:
    """Everything that is to be signed, by its id, in the order in which it is read."""
    found: dict[str, Mapping[str, Mapping[str, str]]] = {
        "line": lines(),
        "words": words(),
        "sign": signs(),
        "denial": denials(),
        "table": {**tables(), KINDS_OF_HERS: kinds_of_questions()},
        "follows": follows(),
        "stretch": stretches(),
    }
    every = [Thing(kind, name, found[kind][name]) for kind in KINDS for name in found[kind]]
    return {each.id: each for each in every}


# --- lines, and the words of a locale ---------------------------------------------------------


def lines() -> dict[str, dict[str, str]]:
    """Each line: its texts by who hears them and form, and in a locale that has its own."""
    base = entries(DEFAULT_LOCALE)
    found = {key: _texts(entry) for key, entry in base.items()}
    for locale in SPOKEN:
        for key, entry in entries(locale).items():
            if key not in base or entry.texts != base[key].texts:
                own = {f"{locale}: {name}": text for name, text in _texts(entry).items()}
                found[key] = found.get(key, {}) | own
    return found


def _texts(entry: Entry) -> dict[str, str]:
    beside = {"card": f"card.{entry.card}" if entry.card else None, "drawing": entry.drawing}
    return {
        _named(tags, form): with_pauses(text)
        for tags, forms in entry.texts.items()
        for form, text in forms.items()
    } | {name: value for name, value in beside.items() if value}


def _named(tags: frozenset[str], form: str) -> str:
    return f"{' and '.join(sorted(tags))}, {form}" if tags else form


def with_pauses(text: str) -> str:
    """A text with its pauses in seconds; other tokens stay in braces."""
    for name, seconds in PAUSES.items():
        text = text.replace(f"{{{name}}}", f"[{seconds:g}s]")
    return text


def words() -> dict[str, dict[str, str]]:
    """Each token of each locale, and of every English; one at the start of a sentence with it."""
    found: dict[str, dict[str, str]] = {}
    for place in (BASE, *SPOKEN):
        for name, value in tokens(place).items():
            thing = found.setdefault(f"{place}.{name[0].lower()}{name[1:]}", {})
            for who, text in _variants(value).items():
                thing[f"{who}, at the start" if name[0].isupper() else who] = with_pauses(text)
    return found


def _variants(value: Any) -> dict[str, str]:
    """The texts of a token by who hears them; those who hear the same share one."""
    if not isinstance(value, Mapping):
        return {"always": str(value)}
    if "digits" in value:
        return {"digits": str(value["digits"])}
    alike: dict[str, list[str]] = {}
    for who, text in value.items():
        alike.setdefault(str(text), []).append(who.replace("+", " and "))
    few, *more = sorted(alike, key=lambda text: len(alike[text]))
    if len(more) == 1 and len(alike[few]) < len(alike[more[0]]):
        alike[more[0]] = ["otherwise"]
    return {" or ".join(who): text for text, who in alike.items()}


# --- signs ------------------------------------------------------------------------------------


def signs() -> dict[str, dict[str, str]]:
    """Each sign: its level, its family, and what it leads to."""
    return {sign.value: _sign(sign) for sign in Sign}


def _sign(sign: Sign) -> dict[str, str]:
    calm, noted = (_urged(sign, noted=noted) for noted in (False, True))
    means = {
        "level": _level(sign.level_for(breathing_noted=False)),
        "family": sign.family.value,
        "she hears": calm,
    }
    if sign.level_for(breathing_noted=True) is not sign.level:
        means["level, once noted"] = _level(sign.level_for(breathing_noted=True))
    if noted != calm:
        means["she hears, once noted"] = noted
    if "agreed" in catalogue(DEFAULT_LOCALE).entries[f"sign.{sign.value}"].texts[frozenset()]:
        means["bare yes"] = _turn(said_yes(Session(), sign))
    return means


def _urged(sign: Sign, *, noted: bool) -> str:
    return _turn(urge(Session(status=Status(breathing_noted=noted)), sign))


def _turn(turn: Turn) -> str:
    said = ", ".join(line.key for line in turn.lines)
    asks = f", asks {turn.session.place.ask.value}" if turn.open else ", the end"
    silent = ", ".join(line.key for line in turn.reprompt)
    return said + asks + (f"; after silence {silent}" if silent else "")


def _level(level: Level) -> str:
    return f"{level.value} {level.name.lower().replace('_', ' ')}"


def denials() -> dict[str, dict[str, str]]:
    """What is said to deny a sign, or one half of a check: the words that follow "no"."""
    source = _model()["lists"]["denied"]["values"]
    found: dict[str, list[str]] = {}
    for value in source:
        found.setdefault(value["out"], []).append(value["in"])
    return {name: {"no": ", ".join(sorted(said))} for name, said in found.items()}


@cache
def _model() -> dict[str, Any]:
    return read("en.yaml", "interaction_model")


# --- stretches --------------------------------------------------------------------------------


def stretches() -> dict[str, dict[str, str]]:
    """Each part with its stretch, round by round and in each way; and the routines by day."""
    parts = {part.value.replace("_", " "): _ways(part) for part in Part}
    return parts | {"again": _again()} | {ask.value: _routine(ask) for ask in STEPS}


def _ways(part: Part) -> dict[str, str]:
    alike: dict[str, list[str]] = {}
    for name, turn in _rounds(part):
        stretch = [line.key for line in turn.lines if not line.key.startswith("relief.")]
        if any(line.key == "relief.getting_up" for line in turn.lines):
            stretch.insert(0, "relief.getting_up")
        heard = ", ".join(stretch) or ", ".join(line.key for line in turn.lines)
        names = alike.setdefault(heard, [])
        if (name, "helper") != (OF_HER, names[-1] if names else ""):
            names.append(name)
    usual = max(alike, key=lambda heard: len(alike[heard]))
    if len(alike[usual]) > 2:
        del alike[usual]
        alike[usual] = ["otherwise" if alike else "always"]
    return {" or ".join(names): heard for heard, names in alike.items()}


def _rounds(part: Part) -> Iterator[tuple[str, Turn]]:
    yield "round one", relief.start(Session(), part)
    told = Session(Place(Ask.LET_GO), manner=Manner(part=part))
    for name, checked in (("two", Check.BREATHING), ("three", Check.ALL)):
        yield name, relief.next_round(told.at(Place(Ask.LET_GO, checked=checked)))
    for way in Way:
        if way not in (Way.BED, Way.WALL):
            yield way.value.replace("_", " "), relief.start(Session(), part, way)
    yield OF_HER, relief.start(Session(status=Status(Speaker.HELPER)), part)


def _again() -> dict[str, str]:
    """What is said where a round is the same as the one before, whoever speaks."""
    found = set()
    for part, speaker, checked in product(Part, Speaker, (Check.BREATHING, Check.ALL)):
        told = Session(manner=Manner(part=part), status=Status(speaker))
        turn = relief.next_round(told.at(Place(Ask.LET_GO, checked=checked)))
        lines = [line for line in turn.lines if line.key.split(".")[0] == "stretch"]
        if any(line.form == "short" for line in lines):
            said = ", ".join(
                "the stretch in short" if each in lines else each.key for each in turn.lines
            )
            found.add(said)
    return {"the same as before": " or ".join(sorted(found))}


def _routine(ask: Ask) -> dict[str, str]:
    steps = {f"step {number}": ", ".join(lines) for number, lines in enumerate(STEPS[ask], 1)}
    untimed = sorted({line for lines in STEPS[ask] for line in lines if line in TIMED})
    return steps | ({"said again, without": ", ".join(untimed)} if untimed else {})
