"""skill.browser.answers: what can be answered in a place, and where it leads."""

from __future__ import annotations

import pytest

from skill.alexa.intents import event_for
from skill.browser.answers import EVERYWHERE_ALIKE, GROUP, OTHERWISE, OWN, SIGN, choices, rows
from skill.coach.conversation import respond
from skill.coach.events import Cramp, Denial, Said
from skill.coach.place import Ask, Check, Part, Place, Session
from skill.publish.rows import everything
from skill.simulator.model import built, read_model
from skill.simulator.understand import LAUNCH
from skill.speech.catalogue import LOCALES, catalogue

CRAMPING = respond(Session(), Cramp(Part.CALF)).session


def kinds(session: Session) -> dict[str, str]:
    """Where each answer is decided, by its label."""
    found = rows(session, late=False)
    return {answer.label: row.kind for row in found for answer in row.answers}


def test_each_answer_stands_once() -> None:
    """All that she may say stands in the table, each once."""
    labels = [it.label for row in rows(CRAMPING, late=False) for it in row.answers]
    assert sorted(labels) == sorted(answer.label for answer in everything())


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("ask", [Ask.NOTHING, Ask.LET_GO, Ask.SWELLING, Ask.ONE_MORE])
def test_each_row_is_what_the_coach_does(ask: Ask, late: bool) -> None:
    """What follows an answer is the coach's turn, in this place and at this time."""
    session = Session(Place(ask, checked=Check.BREATHING))
    for row in rows(session, late=late):
        for answer in row.answers:
            turn = respond(session, answer.event, late=late)
            assert (turn.lines, turn.question, turn.level) == (
                row.turn.lines,
                row.turn.question,
                row.turn.level,
            )


def test_where_answers_are_decided() -> None:
    """An answer is the question's own, one of its kind, everywhere's, a sign, or no table's."""
    found = kinds(CRAMPING)
    assert found["it's gone"] == OWN
    assert found["it's back"] == GROUP
    assert found["help"] == EVERYWHERE_ALIKE
    assert found["words that make no sense to the coach"] == OTHERWISE
    assert found["a sign at level 1, such as “my chest hurts”"] == SIGN


def test_a_choice_means_its_answer() -> None:
    """What is sent for an answer means it; none is sent but for soft denials of no one thing."""
    for answer in everything():
        choice = choices().get(answer.event)
        if choice is None:
            assert isinstance(answer.event, Denial)
            assert answer.event.soft
        elif choice.intent == LAUNCH:
            assert answer.event is Said.LAUNCH
        else:
            assert event_for(choice.intent, choice.ids) == answer.event


@pytest.mark.parametrize("locale", LOCALES)
def test_a_choice_can_be_sent(locale: str) -> None:
    """The intent of a choice has its slots in every model, and its ids are among their values."""
    model = read_model(built(locale))
    for intent, ids in choices().values():
        slots = model.slots.get(intent, {})
        assert all(ident in model.types[slots[slot]] for slot, ident in ids.items()), intent


def test_words_are_the_locales() -> None:
    """What she hears is worded for her locale."""
    sign = next(row for row in rows(CRAMPING, late=False) if row.turn.level == 1)
    assert "nine nine nine" in sign.as_json(catalogue("en-GB"))["hears"]
