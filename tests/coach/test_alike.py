"""Who is alike, and what is, leads to other words and nothing else: one walk stands for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from random import Random

import pytest

from skill.coach.conversation import respond
from skill.coach.events import Event
from skill.coach.place import Session
from tests.coach.alike import as_for, unfolded
from tests.coach.cores import nothing_is_found
from tests.coach.rules import RULES
from tests.coach.step import EVENTS
from tests.coach.walk import Walk, walked_for
from tests.conftest import Bar

SEED, SAMPLE = 20261127, 20_000


def differs(
    one: Session, event: Event, others: Iterable[tuple[Session, Event]], *, late: bool
) -> str:
    """How the coach treats others who are alike, where it is not alike; else nothing."""
    stands_for_all = respond(one, event, late=late)
    for other, said in others:
        expected = as_for(stands_for_all, event, other.status, said)
        if (turn := respond(other, said, late=late)) != expected:
            return f"{other}\n{said}, late={late}\n{turn}\nnot\n{expected}"
    return ""


def others(one: Session, event: Event) -> Iterator[tuple[Session, Event]]:
    """All that a turn of the walk stands for, itself first."""
    return product(unfolded(one), walked_for()[event])


def test_some_who_are_alike(walk: Walk) -> None:
    """Turns drawn at random: the same place, level, question and reprompt, the words as told."""
    draw = Random(SEED)
    for _ in range(SAMPLE):
        one = draw.choice(walk.standing)
        event, late = draw.choice(list(walked_for())), draw.random() < 0.5
        other = draw.choice(list(others(one, event)))
        assert not (how := differs(one, event, [other], late=late)), how


def test_every_event_is_walked_or_stood_for() -> None:
    """Each once; a question never for a sign, and none for another that other rules are about."""
    assert Counter(event for each in walked_for().values() for event in each) == Counter(EVENTS)
    for one, *more in walked_for().values():
        assert all(type(each) is type(one) for each in more)
        assert all((one in rule.on) == (each in rule.on) for rule in RULES for each in more)


def first_difference(some: Sequence[Session]) -> str:
    """The first way in which some sessions do not stand for others; nothing where they do."""
    for one in some:
        for event, late in product(walked_for(), (False, True)):
            _, *more = others(one, event)
            if how := differs(one, event, more, late=late):
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
