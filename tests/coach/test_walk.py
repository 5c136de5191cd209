"""Every reachable conversation, checked and not sampled (design.md rule 7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skill.alexa import attributes
from skill.alexa.attributes import Carried
from skill.coach.conversation import respond
from skill.coach.events import Said
from skill.coach.place import Ask, Place, Session
from tests.coach.graph import graph
from tests.coach.rules import RULES
from tests.coach.walk import Step, Walk

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("check", RULES, ids=lambda check: check.__name__)
def test_rule(check: Callable[[Step], bool], walk: Walk) -> None:
    """Every turn of every conversation keeps the rule."""
    steps = walk.broken[check.__name__]
    assert not steps, f"{check.__doc__} {len(steps)} steps break it, the first:\n{steps[0]}"


def test_attributes_survive_json(walk: Walk) -> None:
    """What travels between turns reads back from JSON as it was written."""
    for session in walk.sessions:
        if session.place.ask in (Ask.NOTHING, Ask.LOST):
            continue
        carried = Carried(session, NOW)
        written = json.loads(json.dumps(attributes.write(carried)))
        assert attributes.read(written, NOW) == carried


def test_no_place_is_a_dead_end(walk: Walk) -> None:
    """From every place, answers of yes and no alone lead to an end or to an urgent line."""
    ends = {Place(Ask.NOTHING)}
    leads: dict[Session, set[Session]] = {}
    for session in walk.sessions:
        turns = [respond(session, answer) for answer in (Said.YES, Said.NO)]
        leads[session] = {Session(turn.session.place, turn.session.status) for turn in turns}
        if any(not turn.open or turn.level for turn in turns):
            ends.add(session.place)
    reached = {session for session in leads if session.place in ends}
    while more := {s for s, nexts in leads.items() if s not in reached and nexts & reached}:
        reached |= more
    assert reached == set(leads)


def test_the_graph_is_the_one_that_was_reviewed(walk: Walk) -> None:
    """tests/graph.txt shows the places as they are; `python -m tests.coach.graph` writes it."""
    assert Path(__file__).parents[1].joinpath("graph.txt").read_text("utf-8") == graph(walk)
