"""Signing: what is signed and what is not, why, and what stands in the way of a release.

What is signed is what happens (`skill/publish/things.py`). Who has signed it stands in
`responses/signed/`, a file a reviewer, written here and read by `skill/speech/signed.py`; the
responses themselves are never touched.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from skill.publish.things import Thing, things
from skill.speech import edited, signed
from skill.speech.signed import (
    AS_IT_IS,
    CHANGE,
    INDEX,
    SETTING,
    VERDICTS,
    Answered,
    Entry,
    Person,
    day,
    named,
    people,
    person,
)

NOT_SIGNED, SIGNED, CHANGED, DISPUTED = "not signed", "signed", "changed", "to be changed"
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # as quick as the loader
_NOTE = (
    "# Written by cramp-coach sign. What stands here counts as signed: do not edit it by hand.\n"
)


@dataclass(frozen=True)
class State:
    """A thing with what everybody has said of it, and what counts of that now."""

    thing: Thing
    entries: tuple[Entry, ...]
    roles: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether it is signed as it is now."""
        return signed.holds(self.entries, self.thing.hash, self.roles)

    @property
    def name(self) -> str:
        """How it stands, in a word."""
        if self.holds:
            return SIGNED
        now = [entry for entry in self.entries if entry.hash == self.thing.hash]
        if any(entry.verdict == CHANGE for entry in now):
            return DISPUTED
        return CHANGED if len(now) < len(self.entries) else NOT_SIGNED

    def __str__(self) -> str:
        """How it stands, with whoever has said something of it."""
        return ": ".join([self.name, *map(str, self.entries)])

    @property
    def lacking(self) -> tuple[str, ...]:
        """The roles of which nobody has agreed to it as it is now."""
        agreed = {
            signed.kind_of(entry.role)
            for entry in self.entries
            if entry.hash == self.thing.hash and entry.verdict == AS_IT_IS
        }
        return tuple(role for role in self.roles if signed.kind_of(role) not in agreed)

    def told(self) -> list[str]:
        """Why it is not signed: who is missing, who objects, and what was signed beside what is."""
        lines = [f"{self.thing.id}: {self.name}"]
        if self.lacking:
            lines[0] += f"; no {' and no '.join(self.lacking)} has signed it as it is"
        for entry in self.entries:
            if entry.hash != self.thing.hash:
                lines += [f"  signed by {entry}, when it was:", *_beside(entry, self.thing)]
            elif entry.verdict == CHANGE:
                lines.append(f"  to be changed, says {entry}: {entry.comment or 'no comment'}")
        return lines


def _beside(entry: Entry, thing: Thing) -> Iterator[str]:
    for name, was, now in beside(entry, thing):
        yield f"    {name}"
        yield f"      was: {was}"
        yield f"      is:  {now}"


def beside(entry: Entry, thing: Thing) -> Iterator[tuple[str, str, str]]:
    """What was signed beside what is, where they differ: what it is of, how it was, how it is."""
    for name in dict.fromkeys([*entry.words, *thing.means]):
        was, now = entry.words.get(name, "not there"), thing.means.get(name, "no longer there")
        if was != now:
            yield name, was, now


def states(folder: Path | None = None) -> list[State]:
    """Each thing as it stands. SlipError for a file of signatures that cannot be read."""
    roles, persons = signed.roles_needed(), people(folder)
    return [
        State(thing, tuple(p.entries[name] for p in persons if name in p.entries), roles)
        for name, thing in all_things().items()
    ]


def unsigned(folder: Path | None = None) -> list[State]:
    """What is not signed as it is now. SlipError as `states`."""
    return [state for state in states(folder) if not state.holds]


def strays(folder: Path | None = None) -> list[str]:
    """What is signed and is there no longer: it no longer says or decides anything."""
    known = all_things()
    return [
        f"{name}: gone, since it was signed by {entry}"
        for each in people(folder)
        for name, entry in each.entries.items()
        if name not in known
    ]


@cache
def all_things() -> dict[str, Thing]:
    """Everything that is to be signed, worked out once."""
    return things()


# --- the open questions -----------------------------------------------------------------------


@dataclass(frozen=True)
class OpenQuestion:
    """What only a clinician or a regulator can answer, with every answer to it as it is asked.

    needed: no release is built while it has no answer. row: where docs/clinical.md has it.
    """

    id: str
    asks: str
    needed: bool
    row: str
    answers: tuple[Answered, ...] = field(default=())


def open_questions(folder: Path | None = None) -> list[OpenQuestion]:
    """Every question of `responses/sign_off.yaml`. SlipError where one is not as it should be."""
    persons, found = people(folder), []
    for name, asked in _asked().items():
        given = [each.answers[name] for each in persons if name in each.answers]
        fresh = tuple(each for each in given if each.asked == asked["asks"])
        row = str(asked.get("row", name))
        found.append(OpenQuestion(name, asked["asks"], asked["needed"], row, fresh))
    return found


def _asked() -> dict[str, Mapping[str, Any]]:
    """The questions as they stand in the file. SlipError where one is not as it should be."""
    questions: dict[str, Any] = edited.read(SETTING).get("questions") or {}
    for name, asked in questions.items():
        keys = ["questions", name]
        if not isinstance(asked, Mapping) or not {"asks", "needed"} <= set(asked):
            edited.slip(SETTING, keys, 'write {asks: "...", needed: true}')
        if not isinstance(asked["needed"], bool):
            edited.slip(SETTING, [*keys, "needed"], "is true or false")
    return questions


# --- what stands in the way of a release ------------------------------------------------------


def release_blockers(folder: Path | None = None) -> list[str]:
    """Why no release may be built, a line each; empty when a release may.

    Everything has to be signed as it is now, by one of each role; each open question that is
    marked as needed has to be answered; and `responses/signed/things.txt`, by which a server
    counts, has to be what the skill does. SlipError for a file that cannot be read.
    """
    waiting = [f"{state.thing.id}: {state.name}" for state in unsigned(folder)]
    asked = [each for each in open_questions(folder) if each.needed and not each.answers]
    stale = [] if signed.index() == _hashes() else [_STALE]
    return [*waiting, *(f"{each.id}: not answered: {each.asks}" for each in asked), *stale]


_STALE = f"responses/{signed.FOLDER}/{INDEX}: not what the skill does now: run cramp-coach build"


def build_index(*, check: bool) -> list[Path]:
    """Writes the list by which a server counts what is signed; the path, where it was stale.

    check: only looks.
    """
    path = home() / INDEX
    content = "".join(f"{hash_now}  {name}\n" for name, hash_now in _hashes().items())
    if path.is_file() and path.read_text("utf-8") == content:
        return []
    if not check:
        path.write_text(content, encoding="utf-8")
    return [path]


def _hashes() -> dict[str, str]:
    return {name: thing.hash for name, thing in all_things().items()}


# --- signing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What a reviewer says of a thing that was shown with this hash."""

    id: str
    hash: str
    verdict: str
    comment: str = ""


def home() -> Path:
    """The folder of signatures, as one that can be written to."""
    return Path(str(signed.home()))


def sign(
    by: str,
    role: str,
    verdicts: Iterable[Verdict] = (),
    answers: Mapping[str, str] | None = None,
    *,
    withdrawn: Iterable[str] = (),
    on: str | None = None,
    folder: Path | None = None,
    first: Callable[[Person], None] = lambda _: None,
) -> Path:
    """Writes what a reviewer says into that reviewer's file, beside what it holds; its path.

    answers: to open questions, by id. withdrawn: ids of which nothing is said any more. on: the
    day, by default today. first: looks at what the file holds, and may raise. ValueError, and
    nothing written, for a name, role, day, verdict or id that is none, and for a changed thing.
    """
    day_of = day(on or date.today().isoformat())
    with _alone(folder or home()):
        path, kept = reviewer(by, role, folder)
        first(kept)
        said = {each.id: _entry(each, kept, day_of) for each in verdicts}
        given = dict(_answered(answers or {}, kept, day_of))
        _write(path, _with(_without(kept, set(withdrawn)), said, given))
    return path


def _without(who: Person, gone: set[str]) -> Person:
    entries = {name: each for name, each in who.entries.items() if name not in gone}
    answers = {name: each for name, each in who.answers.items() if name not in gone}
    return Person(who.by, who.role, entries, answers)


def _with(who: Person, said: Mapping[str, Entry], given: Mapping[str, Answered]) -> Person:
    return Person(who.by, who.role, {**who.entries, **said}, {**who.answers, **given})


def reviewer(by: str, role: str, folder: Path | None = None) -> tuple[Path, Person]:
    """The file of a reviewer, and what it holds; nothing where there is none yet.

    The same name always has the same role.
    ValueError for a name or role that is none, and where the file is of another name or role.
    """
    by, role = named(by), named(role, "role")
    path = (folder or home()) / file_of(by)
    kept = person(path) if path.is_file() else Person(by, role)
    if (kept.by, kept.role) != (by, role):
        raise ValueError(f"{path.name} is of {kept.by}, {kept.role}: sign by that name and role")
    return path, kept


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lets one at a time read and write in the folder, whichever process asks."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _answered(
    answers: Mapping[str, str], who: Person, day_of: str
) -> Iterator[tuple[str, Answered]]:
    asked = {name: each["asks"] for name, each in _asked().items()}
    for name, answer in answers.items():
        if name not in asked:
            raise ValueError(f"there is no open question {name}: there are {', '.join(asked)}")
        if not answer.strip():
            raise ValueError(f"{name}: write the answer first")
        yield name, Answered(who.by, who.role, day_of, answer.strip(), asked[name])


def file_of(by: str) -> str:
    """The name of a reviewer's file. ValueError where a name has no letter to make one of."""
    return "-".join(re.findall(r"\w+", by.lower())) + ".yaml"


def verdict_of(said: Verdict) -> Thing:
    """The thing that a verdict is of. ValueError as `sign`."""
    thing = all_things().get(said.id)
    if thing is None:
        raise ValueError(f"there is nothing called {said.id!r} to sign: print the script anew")
    if said.hash != thing.hash:
        raise ValueError(f"{said.id} has changed since it was shown: read it again as it is now")
    if said.verdict not in VERDICTS:
        raise ValueError(f"{said.id}: {said.verdict!r} is not one of {', '.join(VERDICTS)}")
    if said.verdict == CHANGE and not said.comment.strip():
        raise ValueError(f"{said.id}: say in a comment what is to be changed")
    return thing


def _entry(said: Verdict, who: Person, day_of: str) -> Entry:
    thing = verdict_of(said)
    words = dict(thing.means)
    return Entry(who.by, who.role, day_of, said.verdict, thing.hash, said.comment.strip(), words)


def _write(path: Path, whole: Person) -> None:
    """The file of a reviewer, whole or not at all."""
    content = {
        "by": whole.by,
        "role": whole.role,
        "entries": {name: _kept(entry) for name, entry in sorted(whole.entries.items())},
        "answers": {name: _kept(each) for name, each in sorted(whole.answers.items())},
    }
    text = yaml.dump(content, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=100)
    draft = path.with_suffix(".new")
    draft.write_text(_NOTE + text, encoding="utf-8")
    os.replace(draft, path)


def _kept(said: Any) -> dict[str, Any]:
    return {name: each for name, each in asdict(said).items() if name not in ("by", "role")}
