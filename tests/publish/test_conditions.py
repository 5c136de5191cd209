"""The conditions under which something is heard, in words, on the page of the conversation."""

from __future__ import annotations

import pytest

from skill.coach.place import Aim, Ask, Place, Session
from skill.publish.conditions import Rule, Unworded, told
from skill.publish.reached import Situation


def test_what_she_hears_can_not_depend_on_what_has_no_words() -> None:
    """A consequence that no fact explains fails, and says where."""
    session = Session(Place(Ask.LET_GO, aim=Aim.STRETCH))
    alike = [Situation(session, late=False), Situation(session, late=False)]
    with pytest.raises(Unworded, match=r"a new outcome.*one.*other"):
        told(zip(alike, (["one"], ["other"]), strict=True), "a new outcome")


def test_rules_are_the_fewest_that_hold() -> None:
    """What is heard in every case needs no condition; else the condition that tells apart."""
    early, late = (Situation(Session(Place(Ask.LET_GO)), late) for late in (False, True))
    assert told([(early, ["one"]), (late, ["one", "other"])], "") == [Rule((), "one")]
    rules = told([(early, ["one"]), (late, ["other"])], "")
    assert [rule.condition for rule in rules] == [
        "if ten minutes have passed",
        "within ten minutes",
    ]
