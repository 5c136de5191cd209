"""skill.publish.facts: the rows of docs/clinical.md, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from skill.publish import facts
from skill.publish.evidence import sources
from skill.publish.facts import fact, facts_with
from skill.publish.signatures import open_questions


def test_every_row_is_found() -> None:
    """Each row that a line may name has its text there."""
    rows = [each.code for each in sources().values() if each.kind == "row"]
    assert [code for code in rows if not fact(code)] == []


def test_a_row_and_a_part() -> None:
    """A row is told by its columns; a part by its paragraphs and rows without a code."""
    assert fact("A24")[0] == ("Claim", "Don't point toes")
    assert "On a phone, call {EMERGENCY}" in fact("C6")[1][1]
    assert fact("B5")[0] == ('"leg" (unspecified)', "Start the calf stretch, then ask which part")
    assert fact("Z99") == ()


def test_every_decision_is_found() -> None:
    """What is asked about a decision of the project has where that stands."""
    decisions = [each for each in open_questions() if each.id.startswith("decision")]
    assert [each.id for each in decisions if not facts_with(each.row)] == []


def test_without_a_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An installed package has no documents, and nothing is told."""
    monkeypatch.setattr(facts, "CLINICAL", tmp_path / "clinical.md")
    facts._facts.cache_clear()
    assert (fact("C6"), facts_with("C3-1")) == ((), [])
    facts._facts.cache_clear()
