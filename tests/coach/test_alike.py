"""Who is alike, and what is, leads to other words and nothing else: one walk stands for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from random import Random

import pytest

from skill.coach.events import Event
from skill.coach.place import Session
from skill.coach.turn import Turn
from tests.coach.alike import as_for, folded, unfolded
from tests.coach.cores import nothing_is_found
from tests.coach.rules import RULES
from tests.coach.step import EVENTS
from tests.coach.walk import Walk, broken, early_and_late, walked_for
from tests.conftest import Bar

SEED, SAMPLE = 20261127, 20_000


def differs(one: Session, event: Event, others: Iterable[tuple[Session, Event]]) -> str:
    """How the coach treats others who are alike, early or late, where it is not alike."""
    early, late = early_and_late(one, event)
    led = led_to((early, late))
    for other, said in others:
        turns = early_and_late(other, said)
        expected = as_for(early, event, other.status, said)
        expected_late = expected if late is early else as_for(late, event, other.status, said)
        if turns != (expected, expected_late):
            return f"{other}\n{said}\n{turns}\nnot\n{(expected, expected_late)}"
        if led_to(turns) != led:
            return f"{other}\n{said}\nleads to a session for which another stands"
        if rule := broken(other, said, turns):
            return rule
    return ""


def led_to(turns: tuple[Turn, Turn]) -> list[Session]:
    """The sessions that are walked after an early turn and a late one."""
    early, late = turns
    after = folded(early.session)
    return [after, after if late is early else folded(late.session)]


def others(one: Session, event: Event) -> Iterator[tuple[Session, Event]]:
    """All that a turn of the walk stands for, itself first."""
    return product(unfolded(one), walked_for()[event])


def test_some_who_are_alike(walk: Walk) -> None:
    """Turns drawn at random: the same place, level, question and reprompt, the words as told."""
    draw = Random(SEED)
    for _ in range(SAMPLE):
        one = draw.choice(walk.standing)
        event = draw.choice(list(walked_for()))
        other = draw.choice(list(others(one, event)))
        assert not (how := differs(one, event, [other])), how


def test_every_event_is_walked_or_stood_for() -> None:
    """Each once; a question never for a sign, and none for another that other rules are about."""
    assert Counter(event for each in walked_for().values() for event in each) == Counter(EVENTS)
    for one, *more in walked_for().values():
        assert all(type(each) is type(one) for each in more)
        assert all((one in rule.on) == (each in rule.on) for rule in RULES for each in more)


def first_difference(some: Sequence[Session]) -> str:
    """The first way in which some sessions do not stand for others; nothing where they do."""
    for one in some:
        alike = list(unfolded(one))
        for event, events in walked_for().items():
            _, *more = product(alike, events)
            if how := differs(one, event, more):
                return how
    return ""


@pytest.mark.whole
def test_all_who_are_alike(walk: Walk, bar: Bar) -> None:
    """Every turn of everybody: as the turn that stands for it, and keeping every rule itself."""
    with bar("All who are alike") as watch:
        nothing_is_found(first_difference, walk.standing, watch)
