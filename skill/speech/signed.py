"""Who has signed what she hears and what decides it, as it stands in `responses/signed/`.

Each reviewer has a file there, which `cramp-coach sign` writes. `things.txt` beside them names
each thing that is to be signed, with the hash that a signature has to carry; `cramp-coach build`
writes it, from what the skill does. So a server can say how much is signed without working the
whole conversation out. What a thing is, and what it means: `skill/publish/things.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any

from skill.speech import edited
from skill.speech.edited import SlipError

FOLDER, INDEX, SETTING = "signed", "things.txt", "sign_off.yaml"
AS_IT_IS, CHANGE = "as it is", "change"
VERDICTS = (AS_IT_IS, CHANGE)
_NOBODY = {"name", "role", "by", "todo", "tbd", "none", "null", "reviewer", "yyyy-mm-dd", "n/a"}


class NotSignedError(ValueError):
    """Less is signed than this server was told to ask for."""


@dataclass(frozen=True)
class Entry:
    """What one person says of one thing: as it is, or change; of the words with this hash.

    words: the thing as it was then, so that what changed can be shown beside it.
    """

    by: str
    role: str
    date: str
    verdict: str
    hash: str
    comment: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.by}, {self.role}, {self.date}"


@dataclass(frozen=True)
class Answered:
    """One person's answer to an open question, in the words in which it was asked."""

    by: str
    role: str
    date: str
    answer: str
    asked: str


@dataclass(frozen=True)
class Person:
    """A reviewer, with what that person has said of each thing and each open question."""

    by: str
    role: str
    entries: Mapping[str, Entry] = field(default_factory=dict)
    answers: Mapping[str, Answered] = field(default_factory=dict)


# --- what counts ------------------------------------------------------------------------------


def holds(entries: Iterable[Entry], hash_now: str, roles: Iterable[str]) -> bool:
    """Whether a thing is signed: by one of each role as it is now, and nobody wants it changed."""
    now = [entry for entry in entries if entry.hash == hash_now]
    agreed = {kind_of(entry.role) for entry in now if entry.verdict == AS_IT_IS}
    return agreed >= {kind_of(role) for role in roles} and not any(
        entry.verdict == CHANGE for entry in now
    )


def kind_of(role: str) -> str:
    """What a role counts as: "Midwife, community" is a midwife."""
    return role.split(",")[0].strip().lower()


def roles_needed() -> tuple[str, ...]:
    """Of which roles one each has to sign, from `responses/sign_off.yaml`. SlipError."""
    roles = edited.read(SETTING).get("roles")
    if not isinstance(roles, list) or not roles or not all(isinstance(r, str) for r in roles):
        edited.slip(SETTING, ["roles"], "name at least one role: [midwife, obstetrician]")
    return tuple(roles)


# --- the tally, for whoever serves ------------------------------------------------------------


def tally(folder: Traversable | None = None) -> tuple[int, int]:
    """How many things are signed, and how many there are. SlipError for a file with a slip."""
    hashes, roles = index(folder), roles_needed()
    persons = people(folder)
    signed = sum(
        holds([each.entries[name] for each in persons if name in each.entries], hash_now, roles)
        for name, hash_now in hashes.items()
    )
    return signed, len(hashes)


def at_start(settings: Mapping[str, str]) -> str:
    """What a server says when it starts: "3 of 639 signed".

    Raises NotSignedError where CRAMP_COACH_REQUIRE_SIGNED=1 and something is not signed, and
    SlipError where a file of signatures cannot be read.
    """
    wanted = settings.get("CRAMP_COACH_REQUIRE_SIGNED", "")
    if wanted not in ("", "0", "1"):
        raise NotSignedError(f"CRAMP_COACH_REQUIRE_SIGNED is 1 or 0, not {wanted!r}")
    signed, of = tally()
    said = f"{signed} of {of} signed"
    if wanted == "1" and signed < of:
        raise NotSignedError(
            f"{said}, and CRAMP_COACH_REQUIRE_SIGNED=1 asks for all; "
            "cramp-coach review --check says what is left"
        )
    return said


def home() -> Traversable:
    """Where signatures lie."""
    return edited.folder(edited.RESPONSES) / FOLDER


def index(folder: Traversable | None = None) -> dict[str, str]:
    """The hash of each thing that is to be signed, by its id. SlipError for a line that is none."""
    text = ((folder or home()) / INDEX).read_text("utf-8")
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        hash_now, _, name = line.partition("  ")
        if not name:
            raise SlipError(
                f"responses/{FOLDER}/{INDEX}, line {number}: {line!r} is no hash with a name: "
                "run cramp-coach build, which writes this file"
            )
        found[name] = hash_now
    return found


# --- the files of reviewers -------------------------------------------------------------------


def people(folder: Traversable | None = None) -> list[Person]:
    """Every reviewer who has a file. SlipError where one has been edited into a slip."""
    files = [file for file in (folder or home()).iterdir() if file.name.endswith(".yaml")]
    return [person(file) for file in sorted(files, key=lambda file: file.name)]


def person(file: Traversable) -> Person:
    """What stands in a reviewer's file. SlipError as `people`."""
    return _person(file.read_text("utf-8"), f"responses/{FOLDER}/{file.name}")


@lru_cache(maxsize=64)  # by its text: reading it anew after each signature takes half a second
def _person(text: str, shown: str) -> Person:
    content = edited.parsed(text, shown)
    try:
        by, role = named(content.get("by")), named(content.get("role"), "role")
    except ValueError as error:
        raise SlipError(f"{shown}, line 1: {error}") from error
    found: dict[str, dict[str, Any]] = {"entries": {}, "answers": {}}
    for key, kind in (("entries", Entry), ("answers", Answered)):
        for name, said in (content.get(key) or {}).items():
            try:
                found[key][name] = kind(by=by, role=role, **_given(said, kind))
            except ValueError as error:
                line = edited.line_of(text, [key, name])
                raise SlipError(f"{shown}, line {line}: {name}: {error}; {_AGAIN}") from error
    return Person(by, role, **found)


_AGAIN = "the program writes this file: take the entry out, and sign again"


def _given(said: Any, kind: type[Entry] | type[Answered]) -> dict[str, Any]:
    needed = {"date", "verdict", "hash"} if kind is Entry else {"date", "answer", "asked"}
    known = needed | ({"comment", "words"} if kind is Entry else set())
    if not isinstance(said, Mapping) or not needed <= set(said) <= known:
        raise ValueError(f"needs {', '.join(sorted(needed))}")
    if said.get("verdict", AS_IT_IS) not in VERDICTS:
        raise ValueError(f"{said['verdict']!r} is not one of {', '.join(VERDICTS)}")
    return {**said, "date": day(str(said["date"]))}


def named(name: object, what: str = "by") -> str:
    """A person's name, or role. ValueError where it is a placeholder, or nothing."""
    text = " ".join(name.split()) if isinstance(name, str) else ""
    if not re.search(r"[^\W\d_]{2}", text) or text.lower() in _NOBODY:
        kind = "a role, such as midwife" if what == "role" else "a person's name"
        raise ValueError(f"{what} is {name!r}, which is not {kind}: write who it is")
    return text


def day(text: str, today: date | None = None) -> str:
    """A date as 2026-01-31. ValueError where it is none, or has not come yet."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date: write it as 2026-01-31") from error
    if found > (today or date.today()):
        raise ValueError(f"{text} has not come yet: write the day on which it was signed")
    return found.isoformat()
