"""What no table leads to today, and is safe or refused all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from skill.coach.conversation import respond
from skill.coach.events import Said
from skill.coach.outcomes import NextCheck, Outcome, Repeat
from skill.coach.place import Aim, Ask, Part, Place, Session
from skill.coach.relief import start
from skill.coach.tables.question import rows
from skill.coach.turn import Line


@pytest.mark.parametrize("part", Part)
def test_no_stretch_once_it_got_worse(part: Part) -> None:
    """While the checks lead to a call, no part that she names is stretched."""
    session = Session(Place(Ask.BREATHING, Aim.CALL))
    turn = start(session, part)
    assert turn.lines == (Line("relief.leg_still"),)
    assert turn.session.place.ask is Ask.BREATHING


def test_no_answer_stands_twice() -> None:
    """A table that would give one answer two outcomes is refused, not read by its order."""
    twice: dict[object, Outcome] = {Said.YES: NextCheck(), (Said.YES, Said.NO): Repeat()}
    with pytest.raises(ValueError, match="stands twice"):
        rows(twice)


def test_a_row_names_what_can_be_said() -> None:
    """A table's key that is no event is refused."""
    with pytest.raises(TypeError, match="'yes' names nothing"):
        rows({"yes": NextCheck()})


def test_a_question_has_a_reprompt() -> None:
    """A turn that asks without a reprompt cannot be made: her silence needs an answer."""
    turn = respond(Session(), Said.LAUNCH)
    with pytest.raises(ValueError, match="a question has a reprompt"):
        replace(turn, reprompt=())
    with pytest.raises(ValueError, match="only a question has one"):
        replace(turn, question=None)
