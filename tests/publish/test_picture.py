"""The picture of the conversation says what the coach does."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

from skill.coach.conversation import respond
from skill.coach.events import Said
from skill.coach.place import Ask, Place, Session
from skill.coach.tables.checks import NEXT_CHECK
from skill.publish import picture

COMMITTED = Path(__file__).parents[2] / "docs" / "conversation.svg"


def boxes() -> set[str]:
    """Every box that an arrow leads from or to."""
    return {name for ends in picture.graph() for name in ends} - {picture.ENDS}


def test_the_committed_picture_is_what_the_coach_does() -> None:
    """docs/conversation.svg is drawn anew: python -m skill.publish.picture docs/conversation.svg"""
    assert COMMITTED.read_text("utf-8") == picture.svg()


def test_the_picture_is_well_formed_and_has_a_name() -> None:
    """It is XML, and says what it shows to those who cannot see it."""
    root = ElementTree.fromstring(picture.svg())
    assert root.attrib["aria-label"]
    assert "http" not in picture.svg().replace("http://www.w3.org/2000/svg", "")


def test_the_picture_stays_readable() -> None:
    """At most twenty-five boxes, each with a spot and a title of its own."""
    assert len(boxes()) <= 25
    assert boxes() <= picture.SPOTS.keys()
    assert boxes() <= picture.TITLES.keys()


def test_no_box_lies_on_another() -> None:
    """Boxes keep apart, and inside the page."""
    drawn = list(picture._boxes(picture.graph()).values())
    for box in drawn:
        assert 0 <= box.x - picture.BOX_WIDTH / 2 <= picture.WIDTH - picture.BOX_WIDTH
        assert 0 <= box.y - box.half_height <= picture.HEIGHT - 2 * box.half_height
    for one, other in combinations(drawn, 2):
        beside = abs(one.x - other.x) >= picture.BOX_WIDTH
        assert beside or abs(one.y - other.y) >= one.half_height + other.half_height, (one, other)


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
    assert "yes" in picture.graph()[start, end]


def test_comfort_is_reached_only_by_a_clear_no() -> None:
    """The only arrows to comfort are a clear no to the last check, and a stretch that worked."""
    to_comfort = {ends[0]: said for ends, said in picture.graph().items() if ends[1] == "pain_gone"}
    last = NEXT_CHECK[max(NEXT_CHECK)].value
    assert to_comfort == {last: ["no; gone"], "let_go 3": ["it's gone"]}
