"""Signing by a table that was filled in: what was written on paper, or in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from skill.publish.review import COLUMNS
from skill.publish.signatures import Verdict, open_questions, sign, verdict_of
from skill.speech.edited import SlipError
from skill.speech.signed import day, named

_WHOLE = ", ".join(COLUMNS)


@dataclass
class _Filled:
    """What one person wrote on one day."""

    role: str
    verdicts: list[Verdict] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)


def sign_from(path: Path, folder: Path | None = None) -> list[Path]:
    """Takes what stands in a filled-in table; the files of the reviewers who wrote it.

    Rows without a verdict are left for later; an open question takes its comment as the answer.
    Nothing is written where anything is wrong: SlipError names the table, the line and the fix.
    """
    filled: dict[tuple[str, str], _Filled] = {}
    questions = {each.id for each in open_questions(folder)}
    for number, row in _rows(path):
        try:
            _take(row, questions, filled)
        except ValueError as error:
            raise SlipError(f"{path}, line {number}: {error}") from error
    return [
        sign(by, each.role, each.verdicts, each.answers, on=on, folder=folder)
        for (by, on), each in filled.items()
    ]


def _take(
    row: Mapping[str, str], questions: set[str], filled: dict[tuple[str, str], _Filled]
) -> None:
    """A row that says something, with those of the same person and day; ValueError as `sign`."""
    asked = row["what"] in questions
    if not (row["comment"] if asked else row["verdict"]):
        return
    by, role, on = named(row["by"]), named(row["role"], "role"), day(row["date"])
    theirs = filled.setdefault((by, on), _Filled(role))
    roles = {each.role for (name, _), each in filled.items() if name == by}
    if roles != {role}:
        raise ValueError(f"{by} is {role} here and {', '.join(sorted(roles))} elsewhere: take one")
    if asked:
        theirs.answers[row["what"]] = row["comment"]
    else:
        said = Verdict(row["what"], row["hash"], row["verdict"].lower(), row["comment"])
        verdict_of(said)
        theirs.verdicts.append(said)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with its line, whichever separator the spreadsheet took."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        separator = max(",;\t", key=head.count)
        names = [name.strip().lower() for name in next(csv.reader([head], delimiter=separator))]
        if missing := set(COLUMNS) - set(names):
            raise SlipError(
                f"{path}, line 1: no column {', '.join(sorted(missing))}: the first line names "
                f"them: {_WHOLE}"
            )
        reader = csv.reader(file, delimiter=separator)
        for cells in reader:
            if len(cells) > len(names):
                raise SlipError(
                    f"{path}, line {reader.line_num + 1}: more cells than columns: put a text "
                    'with a comma into quotes, as in "midwife, community"'
                )
            padded = [*cells, *[""] * (len(names) - len(cells))]
            yield reader.line_num + 1, {n: c.strip() for n, c in zip(names, padded, strict=True)}
