"""Manner changes words and nothing else (conversation.md 2)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from skill.coach.conversation import respond
from skill.coach.events import Event
from skill.coach.place import Manner, Part, Session, Volume, Way
from tests.coach.walk import EVENTS, Walk

MANNERS = st.builds(
    Manner,
    part=st.sampled_from(Part),
    way=st.sampled_from(Way),
    slower=st.booleans(),
    volume=st.sampled_from(Volume),
)


@settings(max_examples=3000, deadline=None)
@given(data=st.data(), event=st.sampled_from(EVENTS), late=st.booleans())
def test_manner_changes_no_level_openness_or_place(
    walk: Walk, data: st.DataObject, event: Event, late: bool
) -> None:
    """The same event in the same place leads to the same place, whatever the manner."""
    session = data.draw(st.sampled_from(walk.sessions))
    one, other = (
        respond(Session(session.place, session.status, data.draw(MANNERS)), event, late=late)
        for _ in range(2)
    )
    assert (one.session.place, one.session.status) == (other.session.place, other.session.status)
    assert (one.level, one.open) == (other.level, other.open)
    assert one.question == other.question
