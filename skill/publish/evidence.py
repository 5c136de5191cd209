"""What a line of `responses/` rests on: its sources, rows of the facts, and marks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from skill.speech import edited
from skill.speech.catalogue import Entry, wrong


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
    listed = data("sources.yaml")
    found = {
        code: Source(code, known["what"], known["grade"], known["url"])
        for code, known in listed["sources"].items()
    }
    for kind in ("row", "mark", "document"):
        for code, what in listed[f"{kind}s"].items():
            found[code] = Source(code, what, kind=kind)
    return found


def sources_of(entry: Entry) -> tuple[Source, ...]:
    """What a line rests on. SlipError for a code that is not known."""
    unknown = [code for code in entry.sources if code not in sources()]
    if unknown:
        wrong(
            entry.key,
            f"{', '.join(unknown)} is not in responses/sources.yaml: add it there, with its grade "
            "and address, or correct the code",
            "sources",
        )
    return tuple(sources()[code] for code in entry.sources)


def data(name: str) -> dict[str, Any]:
    """A file of `responses/`. SlipError where it cannot be read."""
    return edited.read(name)
