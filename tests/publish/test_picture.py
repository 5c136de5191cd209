"""The picture of the conversation says what the coach does."""

from __future__ import annotations

import re
from pathlib import Path

from skill.coach.conversation import respond
from skill.coach.events import Said
from skill.coach.place import Ask, Place, Session
from skill.coach.tables.checks import NEXT_CHECK
from skill.publish import picture

COMMITTED = Path(__file__).parents[2] / "docs" / "picture.md"


def leads(name: str) -> dict[str, list[str]]:
    """Where a box leads, and by which answers."""
    return next(box.leads for box in picture.boxes() if box.name == name)


def test_the_committed_picture_is_what_the_coach_does() -> None:
    """docs/picture.md is written anew: python -m skill.publish.picture docs/picture.md"""
    assert COMMITTED.read_text("utf-8") == picture.page()


def test_an_arrow_leads_from_a_box_to_a_box() -> None:
    """Each end of an arrow is a box with words in it, and no mark of Mermaid's stands in them."""
    drawn = picture.page()
    named = re.findall(r'^  (\w+)\["(.+)"\]$', drawn, re.MULTILINE)
    arrows = re.findall(r'^  (\w+) -->\|"(.+)"\| (\w+)$', drawn, re.MULTILINE)
    assert {end for start, _, to in arrows for end in (start, to)} <= {name for name, _ in named}
    assert len(named) + len(arrows) == drawn.count("\n  ")
    assert not [each for each in [*named, *arrows] if set(each[1]) & set('"#|[]{}')]


def test_the_picture_stays_readable() -> None:
    """At most twenty-five boxes, and each says what follows all that she may answer there."""
    assert len(picture.boxes()) <= 25
    assert all(box.title and box.leads for box in picture.boxes())
    assert all(said and then for _, rows in picture.follows() for said, then in rows)


def test_every_question_that_she_can_be_asked_is_drawn_or_told_to_be_left_out() -> None:
    """Narrower questions, detours, a lost session and what has no cramp in it have no box."""
    narrower = {Ask.BREATHLESS_ONLY, Ask.CHEST_ONLY, Ask.HEAT_ONLY, Ask.COLOUR_ONLY, Ask.BY_TOUCH}
    detours = {
        Ask.STOPPED,
        Ask.BREATH_FROM_PAIN,
        Ask.HEART_FROM_PAIN,
        Ask.BACK_BREATHING,
        Ask.COMES_AND_GOES,
        Ask.NUMB,
        Ask.GOES_ON_MOVING,
    }
    no_cramp = {ask for ask in Ask if ask.value in ("bedtime", "practice", "moving_helps")}
    assert set(Ask) - set(picture.ANSWERS) == narrower | detours | no_cramp | {Ask.LOST}


def test_an_arrow_is_an_answer_of_the_coach() -> None:
    """What is drawn for the breathing question is what the coach answers to it."""
    place = Place(Ask.BREATHING)
    turn = respond(Session(place), Said.YES)
    start, end = picture.box_of(place), picture.box_of(turn.session.place)
    assert (start, end) == ("breathing", "level 1")
    assert "yes" in leads(start)[end]


def test_comfort_is_reached_only_by_a_clear_no() -> None:
    """The only arrows to comfort are a clear no to the last check, and a stretch that worked."""
    to_comfort = {
        box.name: box.leads["pain_gone"] for box in picture.boxes() if "pain_gone" in box.leads
    }
    last = NEXT_CHECK[max(NEXT_CHECK)].value
    assert to_comfort == {last: ["no; gone"], "let_go 3": ["it's gone"]}
