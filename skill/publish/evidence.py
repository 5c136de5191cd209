"""What a line of `responses/` rests on: its sources, rows of the facts, and marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

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
        found[code] = Source(code, what, kind="row", text=facts().get(code, ""))
    for kind in ("mark", "document"):
        found |= {code: Source(code, what, kind=kind) for code, what in listed[f"{kind}s"].items()}
    return found


FACTS = Path(__file__).parents[2] / "docs" / "clinical.md"
"""The clinical facts. They are in a checkout, where signing is done, and not in the package."""

_HEADING = re.compile(r"#+ ([A-G]\d?)\. ")
_ROW = re.compile(r"\| ([A-G]\d{1,2}|C\d-\w+) \|")
_MARKS = re.compile(r"\*\*|`")


@cache
def facts() -> dict[str, str]:
    """The text of each row and each part of the clinical facts, by its code."""
    found: dict[str, list[str]] = {}
    part, head = "", [""]
    for line in FACTS.read_text("utf-8").splitlines() if FACTS.is_file() else ():
        if line.startswith("#"):
            heading = _HEADING.match(line)
            part = heading[1] if heading else ""
        elif line.startswith("| Row |"):
            head = _cells(line)
        elif row := _ROW.match(line):
            found[row[1]] = list(_named_cells(head, _cells(line)))
            found.setdefault(part, []).append(" – ".join(_cells(line)))
        elif part and line and not line.startswith("|--"):
            found.setdefault(part, []).append(" – ".join(filter(None, _cells(line))))
    return {code: "\n".join(lines) for code, lines in found.items()}


def _cells(line: str) -> list[str]:
    """The cells of a row of a table, or a line as the only one; without marks of layout."""
    plain = _MARKS.sub("", line)
    return [each.strip() for each in plain.strip("|").split("|")] if "|" in plain else [plain]


def _named_cells(head: list[str], cells: list[str]) -> Iterator[str]:
    """Each cell of a row under its heading, but the code itself, and what is empty."""
    for name, cell in zip(head[1:], cells[1:], strict=True):
        if cell and cell != "–":
            yield f"{name}: {cell}"


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
