"""Who has signed which line.

A line is signed in `responses/` with `reviewed: {by, role, date, hash}`. The hash is of the line
as it is spoken in every locale, and where the locale is none of ours, so that whatever changes its
words, the line itself or a token of one locale, makes it unsigned again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from skill.publish.evidence import ReviewError
from skill.publish.lines import all_that_is_said, entries, words_of
from skill.speech.catalogue import ELSEWHERE, LOCALES, Entry

SPOKEN = (*LOCALES, ELSEWHERE)
"""All that has words of its own: each locale, and every other one together."""

HASH_LENGTH = 12
SIGNED_WITH = ("by", "role", "date", "hash")


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

    It is of the line's words and pauses in every form, to everybody, in every locale and elsewhere.
    Where all say the same, it does not depend on which locales there are.
    """
    spoken = [all_that_is_said(words_of(locale, key), key) for locale in SPOKEN]
    alike = all(each == spoken[0] for each in spoken)
    said = spoken[0] if alike else dict(zip(SPOKEN, spoken, strict=True))
    text = json.dumps(said, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def unsigned(locale: str = LOCALES[0]) -> list[tuple[str, Signature]]:
    """The lines that nobody has signed as they are now. ReviewError as `signature`."""
    signed = ((key, signature(entry)) for key, entry in entries(locale).items())
    return [(key, found) for key, found in signed if not found.holds]
