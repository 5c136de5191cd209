"""What the page of the conversation calls what she may say, and each question."""

from __future__ import annotations

import pytest

from skill.coach.events import Denied, Named, Said, Topic, name_of
from skill.coach.place import Ask
from skill.coach.signs import Family
from skill.publish import labels, rows
from skill.publish.rows import GROUPS, everything


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
