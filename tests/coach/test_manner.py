"""Manner changes words and nothing else (conversation.md 2)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from random import Random

import pytest

from skill.coach.conversation import aside, respond
from skill.coach.events import CantBearWeight, ClotHistory, Cramp, Event, Said, Sore, Stretch
from skill.coach.place import Manner, Part, Session, Speaker, Status, Volume, Way
from skill.coach.turn import Turn
from tests.coach.cores import nothing_is_found
from tests.coach.step import EVENTS
from tests.coach.walk import Walk, early_and_late
from tests.conftest import Bar

MANNERS = [Manner(*manner) for manner in product(Part, Way, (False, True), Volume)]
SEED, OF_EACH = 20261127, 40

STRETCHES: list[Event] = [
    *(Said.REPEAT, Said.EASED, Said.STILL_HURTS, Said.NO, Said.YES, Said.BACK_AGAIN),
    *(Said.OTHER_LEG, Said.ANOTHER_WAY, Said.UNSURE, Said.NOT_UNDERSTOOD),
    *(Cramp(), Cramp(Part.CALF), Cramp(Part.LEG), Cramp(Part.THIGH), Cramp(Part.HIP)),
    *(Stretch(way) for way in Way),
    Sore(),
    CantBearWeight(),
    ClotHistory(),
]
"""Events after which a stretch may be named, so that its part and way could matter."""

WORDS_OF_THE_STRETCH = ("stretch.", "relief.getting_up", "relief.again")
"""The stretch, and what comes before one that is done standing, or that is the same again."""


def but_for_words(turn: Turn) -> tuple[object, ...]:
    """All of a turn but its manner, and the words of the stretch."""
    said = [line for line in turn.lines if not line.key.startswith(WORDS_OF_THE_STRETCH)]
    after = turn.session
    return after.place, after.status, turn.level, turn.question, turn.reprompt, said


def differs(session: Session, manner: Manner, event: Event) -> str:
    """How a manner, early or late, changes more than the words of the stretch; or nothing."""
    plain = early_and_late(session, event)
    turns = early_and_late(Session(session.place, session.status, manner), event)
    same = all(
        but_for_words(turn) == but_for_words(one) for turn, one in zip(turns, plain, strict=True)
    )
    return "" if same else f"{session}\n{manner}\n{event}\n{turns}\nnot\n{plain}"


def test_each_manner_in_some_turns(walk: Walk) -> None:
    """The same event in the same place leads to the same place, whatever the manner."""
    draw = Random(SEED)
    for manner in MANNERS:
        for _ in range(OF_EACH):
            session, event = draw.choice(walk.standing), draw.choice(EVENTS)
            assert not (how := differs(session, manner, event)), how


def test_each_part_and_way_wherever_a_stretch_may_be_named(walk: Walk) -> None:
    """At each question, early and late in the checks: each part, each way, each such event."""
    at = {(s.place.ask, s.place.checked, s.place.given is None): s for s in walk.standing}
    for session, part, way in product(at.values(), Part, Way):
        for event in STRETCHES:
            assert not (how := differs(session, Manner(part, way), event)), how


def first_difference(some: Sequence[Session]) -> str:
    """The first turn in which a manner drawn for it matters; nothing where none does."""
    draw = Random(str(some))
    for session, event in product(some, EVENTS):
        if how := differs(session, draw.choice(MANNERS), event):
            return how
    return ""


@pytest.mark.whole
def test_some_manner_in_every_turn(walk: Walk, bar: Bar) -> None:
    """Every session, with every event, early and late, in a manner drawn at random."""
    with bar("Some manner in every turn") as watch:
        nothing_is_found(first_difference, walk.standing, watch)


@pytest.mark.parametrize("speaker", Speaker)
@pytest.mark.parametrize("part", Part)
def test_no_round_is_the_one_before_word_for_word(part: Part, speaker: Speaker) -> None:
    """conversation.md 3.2: another way each round, or the same again in other words."""
    session, said = Session(status=Status(speaker), manner=Manner(part)), []
    events: list[Event] = [Cramp(part), Said.STILL_HURTS, Said.NO, Said.STILL_HURTS, *[Said.NO] * 3]
    for event in events:
        turn = respond(session, event)
        said += [line for line in turn.lines if line.key.startswith("stretch.")]
        session = turn.session
    assert all(one != before or one.form == "short" for before, one in pairwise(said)), said


def test_every_manner_is_reached() -> None:
    """Each part, way and voice that attributes may bring back can be told in a conversation."""
    events: list[Event] = [
        *map(Cramp, Part),
        *map(Stretch, Way),
        Said.SLOWER,
        Said.QUIET,
        Said.LOUDER,
    ]
    edge, reached = [Session()], {Manner()}
    while edge:
        turns = [respond(session, event) for session in edge for event in events]
        edge = [turn.session for turn in turns if turn.open and turn.session.manner not in reached]
        edge = list({session.manner: session for session in edge}.values())
        reached |= {session.manner for session in edge}
    assert reached == set(MANNERS)


@pytest.mark.parametrize("part", [Part.CALF, Part.SHIN])
def test_a_helper_who_comes_later_hears_what_to_do(part: Part) -> None:
    """Whoever takes over in the middle hears the stretch, and not only that it is the same."""
    session = Session(manner=Manner(part))
    for event in (Cramp(part), Said.STILL_HURTS):
        session = respond(session, event).session
    turn = respond(aside(session, Speaker.HELPER, None), Said.NO)
    assert f"stretch.{part.value}.helper" in {line.key for line in turn.lines}
