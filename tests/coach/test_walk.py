"""Every reachable conversation, checked and not sampled (design.md rule 7)."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from skill.alexa import attributes
from skill.alexa.attributes import Carried
from skill.coach.conversation import respond
from skill.coach.events import Cramp, Said
from skill.coach.place import OUTSIDE_RELIEF, Ask, Place, Session
from tests.coach import graph, reached
from tests.coach.kept import keep, place, walked
from tests.coach.rules import RULES, Rule, rule
from tests.coach.step import EVENTS
from tests.coach.walk import Seen, Walk, early_and_late

SEED, SAMPLE = 20261128, 20_000
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def kept(rule: Rule, seen: Seen) -> None:
    """Fails where a rule was broken, and where it had nothing to say."""
    broken, first = seen.broken[rule.name], seen.first.get(rule.name, ())
    what = f"{rule.holds.__doc__} {broken} steps break it, the first:\n"
    assert not broken, what + "\n".join(first)
    assert seen.applied[rule.name], f"{rule.name} applies to no turn of any conversation"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_rule(rule: Rule, walk: Walk) -> None:
    """Every turn of every conversation keeps the rule, and some turn has it to keep."""
    kept(rule, walk.seen)


def test_where_nobody_asks_the_time_a_late_turn_is_the_same(walk: Walk) -> None:
    """The walk takes an early turn for a late one only where that is so: a sample of turns."""
    draw = Random(SEED)
    for _ in range(SAMPLE):
        session, event = draw.choice(walk.standing), draw.choice(EVENTS)
        assert early_and_late(session, event) == (
            respond(session, event),
            respond(session, event, late=True),
        )


def test_rules_have_names_of_their_own() -> None:
    """Two rules never share a name, so that each is counted by itself."""
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_a_rule_fails_where_it_is_broken_or_never_applies() -> None:
    """By its name; and a rule about nothing that can happen is no rule."""
    one = RULES[0]
    kept(one, Seen(applied=Counter({one.name: 1})))
    with pytest.raises(AssertionError, match=f"{one.name} applies to no turn"):
        kept(one, Seen())
    with pytest.raises(AssertionError, match="1 steps break it"):
        kept(one, Seen(applied=Counter({one.name: 1}), broken=Counter({one.name: 1})))
    with pytest.raises(ValueError, match="never happens"):
        rule(on=Cramp("elbow"))  # type: ignore[arg-type]


def test_attributes_survive_json(walk: Walk) -> None:
    """What travels between turns reads back from JSON as it was written."""
    for session in walk.sessions:
        if session.place.ask in (Ask.NOTHING, Ask.LOST):
            continue
        carried = Carried(session, None if session.place.ask in OUTSIDE_RELIEF else NOW)
        written = json.loads(json.dumps(attributes.write(carried)))
        assert attributes.read(written, NOW) == carried


def test_only_what_a_conversation_leads_to_is_accepted(walk: Walk) -> None:
    """Attributes are believed where the walk leads, and nowhere else (skill/coach/reachable.py)."""
    known, found = reached.accepted(), reached.reached(walk)
    assert known == found, (
        f"reached and not accepted:\n{reached.places(found - known)}\n"
        f"accepted and not reached:\n{reached.places(known - found)}"
    )


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
    assert graph.FILE.read_text("utf-8") == graph.graph(walk)


def test_a_kept_walk_is_the_walk(walk: Walk, tmp_path: Path) -> None:
    """The next run starts from the same walk, and only while nothing of it has changed."""
    keep(place(tmp_path), walk)
    again = walked(tmp_path, lambda walked, found: pytest.fail("it was walked again"))
    assert again.standing == walk.standing
    assert again.seen == walk.seen
