"""What a line of `responses/` rests on: its sources, rows of the facts, and marks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from skill.publish.facts import fact
from skill.speech import edited
from skill.speech.catalogue import Entry, wrong


@dataclass(frozen=True)
class Source:
    """A code in a line's `sources`: a source with its grade, a row of the facts, or a mark.

    text: what a row says, whole, as docs/clinical.md has it; "" where that is not at hand.
    """

    code: str
    what: str
    grade: str = ""
    url: str = ""
    kind: str = "source"
    text: str = ""


@cache
def sources() -> dict[str, Source]:
    """Every code that a line may name, from `responses/sources.yaml`."""
    listed = data("sources.yaml")
    found = {
        code: Source(code, known["what"], known["grade"], known["url"])
        for code, known in listed["sources"].items()
    }
    for code, what in listed["rows"].items():
        found[code] = Source(code, what, kind="row", text=_text(code))
    for kind in ("mark", "document"):
        found |= {code: Source(code, what, kind=kind) for code, what in listed[f"{kind}s"].items()}
    return found


def _text(code: str) -> str:
    told = (f"{head}: {cell}" if head else cell for head, cell in fact(code) if cell.strip("–"))
    return "\n".join(told)


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
