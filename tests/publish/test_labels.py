"""What the page of the conversation calls what she may say, and each question."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from skill.coach.events import Denial, Denied, Named, Said, Topic, name_of
from skill.coach.place import Ask
from skill.coach.signs import Family
from skill.coach.tables import QUESTIONS
from skill.publish import labels, rows
from skill.publish.hears import title
from skill.publish.rows import GROUPS, everything

COMMITTED = Path(__file__).parents[2] / "docs" / "flow.md"


def test_a_question_without_a_section_fails_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it is not left out silently."""
    monkeypatch.setattr(rows, "GROUPS", GROUPS[1:])
    with pytest.raises(ValueError, match="WHAT_NEXT"):
        rows.group_of(Ask.WHAT_NEXT)


def test_every_name_has_a_label() -> None:
    """What she may say, ask or deny, and each family of signs, in words of its own."""
    assert labels.SAID.keys() == set(Said)
    assert labels.NAMED.keys() == set(Named) - {Named.DENIAL, Named.SOFT_DENIAL}
    assert labels.TOPICS.keys() == set(Topic)
    assert labels.DENIED.keys() == set(Denied)
    assert labels.FAMILIES.keys() == set(Family)
    assert {name_of(answer.event) for answer in everything()} == {*Said, *Named}
    for name, answers in labels.NAMED.items():
        assert {name_of(answer.event) for answer in answers} == {name}
    said = [answer.label for answer in everything()]
    assert len(said) == len(set(said))


def test_a_name_without_a_label_fails_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it is not left out silently."""
    monkeypatch.delitem(labels.SAID, Said.DIZZY)
    with pytest.raises(KeyError, match="DIZZY"):
        labels.answers()


def test_the_page_knows_every_question_and_answer() -> None:
    """Each question is a heading of docs/flow.md, and each answer stands on it somewhere.

    Where every denial leads to the same, one label stands for all.
    """
    text = COMMITTED.read_text("utf-8")
    headings = set(re.findall(r"^### (.*)$", text, re.MULTILINE))
    assert headings == {title(ask) for ask in QUESTIONS}
    unknown = [answer for answer in everything() if answer.label not in text]
    assert [answer.label for answer in unknown if not isinstance(answer.event, Denial)] == []
    assert labels.ANY_DENIAL in text
