"""docs/runbook.md: for every line that the log may have, what it means at night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from skill.alexa.refusal import Cause
from skill.serving.health import Ailment

ROOT = Path(__file__).parents[1]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")


def _rows(heading: str) -> list[str]:
    """The first cell of each row of the table under a heading."""
    part = RUNBOOK.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [row.split(" | ")[0] for row in part.splitlines() if row.startswith("| `")]


def test_every_cause_is_explained() -> None:
    """Each cause of a refusal has its row, and no row is of a cause that there is not."""
    named = [cause for row in _rows("Causes of a refusal") for cause in re.findall(r"`(.+?)`", row)]
    assert sorted(named) == sorted(Cause)


def test_every_ailment_is_explained() -> None:
    """Each word that `/health` may say has its row."""
    first = RUNBOOK.split("## ")[0]
    assert {"ok", *Ailment} <= set(re.findall(r"^\| `([a-z]+)` \|", first, re.M))


def _fields() -> set[str]:
    """The first field of each line that the code logs."""
    code = "".join(file.read_text("utf-8") for file in (ROOT / "skill").rglob("*.py"))
    return set(re.findall(r"\bLine\(\s*(\w+)=", code))


@pytest.mark.parametrize("field", sorted(_fields()))
def test_every_line_is_explained(field: str) -> None:
    """Each kind of line that the code logs has its row."""
    first = "outcome" if field == "request" else field
    assert any(f'`"{first}":' in row for row in _rows("Lines of the log")), field
