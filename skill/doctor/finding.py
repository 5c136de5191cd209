"""A finding of the doctor's: a line for people, and whether she would be answered."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """What a finding means; as it is printed."""

    GOOD = "ok"
    NOTE = "note"  # she is answered, but something is left to do, or cannot be told from here
    BAD = "BAD"  # she would not be answered, or not she alone


class Finding(NamedTuple):
    """What was looked at, how it is, and what to do about it."""

    state: State
    what: str
    how_it_is: str
    fix: str = ""

    def __str__(self) -> str:
        line = f"{self.state:<5} {self.what}: {self.how_it_is}"
        return f"{line}. {self.fix}" if self.fix else line


def good(what: str, how_it_is: str) -> Finding:
    """All is well."""
    return Finding(State.GOOD, what, how_it_is)


def note(what: str, how_it_is: str, fix: str) -> Finding:
    """She is answered, and something is to be known."""
    return Finding(State.NOTE, what, how_it_is, fix)


def bad(what: str, how_it_is: str, fix: str) -> Finding:
    """She would not be answered."""
    return Finding(State.BAD, what, how_it_is, fix)
