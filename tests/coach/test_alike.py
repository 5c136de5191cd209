"""Who is alike hears other words and nothing else: what lets one walk stand for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from random import Random

import pytest

from skill.coach.conversation import respond
from skill.coach.events import Event
from skill.coach.place import Session
from tests.coach.alike import as_for, unfolded
from tests.coach.cores import nothing_is_found
from tests.coach.step import EVENTS
from tests.coach.walk import Walk
from tests.conftest import Bar

SEED, SAMPLE = 20261127, 20_000


def differs(one: Session, others: Iterable[Session], event: Event, *, late: bool) -> str:
    """How the coach treats others who are alike, where it is not alike; else nothing."""
    stands_for_all = respond(one, event, late=late)
    for other in others:
        expected = as_for(stands_for_all, event, other.status)
        if (turn := respond(other, event, late=late)) != expected:
            return f"{other}\n{event}, late={late}\n{turn}\nnot\n{expected}"
    return ""


def test_some_who_are_alike(walk: Walk) -> None:
    """Turns drawn at random: the same place, level, question and reprompt, the words as told."""
    draw = Random(SEED)
    for _ in range(SAMPLE):
        one = draw.choice(walk.standing)
        other = draw.choice(list(unfolded(one)))
        event, late = draw.choice(EVENTS), draw.random() < 0.5
        assert not (how := differs(one, [other], event, late=late)), how


def first_difference(some: Sequence[Session]) -> str:
    """The first way in which some sessions do not stand for others; nothing where they do."""
    for one in some:
        _, *others = unfolded(one)
        for event, late in product(EVENTS, (False, True)):
            if how := differs(one, others, event, late=late):
                return how
    return ""


@pytest.mark.whole
def test_all_who_are_alike(walk: Walk, bar: Bar) -> None:
    """Every turn of every session, beside the turn that stands for it."""
    with bar("All who are alike") as watch:
        nothing_is_found(first_difference, walk.standing, watch)


@pytest.mark.whole
def test_the_walk_stands_for_the_whole_walk(walk: Walk, whole_walk: Walk) -> None:
    """Unfolded, it has the sessions and the words of a walk in which nobody stands for others."""
    assert set(walk.sessions) == set(whole_walk.sessions)
    assert len(walk.sessions) == len(whole_walk.sessions)
    assert walk.spoken == whole_walk.spoken
