"""The rows of docs/clinical.md, word for word, for whoever asks what a line rests on.

A checkout has them; an installed package has their names alone (`responses/sources.yaml`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

CLINICAL = Path(__file__).parents[2] / "docs" / "clinical.md"
_CODE = re.compile(r"[A-Z]\d+(?:-\w+)?")
_HEADING = re.compile(r"#{2,4} (?:([A-Z]\d*)\. )?")

Fact = tuple[tuple[str, str], ...]
"""The cells of a row by the heads of its columns, or the paragraphs of a part under no head."""


def fact(code: str) -> Fact:
    """What stands in the row, or the part, of this code; nothing where it cannot be had."""
    rows, parts = _facts()
    return rows.get(code) or parts.get(code, ())


def facts_with(words: str) -> list[Fact]:
    """The row of this code; or every row, and of every part what has these words."""
    rows, parts = _facts()
    if words in rows:
        return [rows[words]]
    found = [row for row in rows.values() if any(words in cell for _, cell in row)]
    told = (tuple(cell for cell in part if words in " ".join(cell)) for part in parts.values())
    return [*found, *filter(None, told)]


@cache
def _facts() -> tuple[dict[str, Fact], dict[str, Fact]]:
    rows: dict[str, Fact] = {}
    parts: dict[str, list[tuple[str, str]]] = {}
    part, heads = "", list[str]()
    for line in _lines():
        cells = [_plain(cell) for cell in line.strip("|").split("|")]
        if heading := _HEADING.match(line):
            part = heading[1] or ""
        elif not line.startswith("|"):
            heads = []
            parts.setdefault(part, []).extend([("", _plain(line))] if line else [])
        elif not heads:
            heads = cells
        elif _CODE.fullmatch(cells[0]):
            rows[cells[0]] = tuple(zip(heads[1:], cells[1:], strict=False))
            parts.setdefault(part, []).append((cells[0], "; ".join(cells[1:])))
        elif set(line) - set("|-: "):
            parts.setdefault(part, []).append((cells[0], "; ".join(cells[1:])))
    return rows, {code: tuple(texts) for code, texts in parts.items()}


def _lines() -> list[str]:
    return CLINICAL.read_text("utf-8").splitlines() if CLINICAL.is_file() else []


def _plain(text: str) -> str:
    return text.replace("**", "").removeprefix("- ").strip()
