"""Turn → response."""

from __future__ import annotations

import json

import pytest
from ask_sdk_model.ui.simple_card import SimpleCard

from skill.alexa.reply import apology, response_for
from skill.coach.conversation import respond
from skill.coach.events import Question, Said, SignHeard, Topic
from skill.coach.place import Session
from skill.coach.signs import Sign
from skill.speech.catalogue import LOCALES, catalogue
from tests.coach.walk import Walk

WORDS = catalogue("en-GB")


def test_the_microphone_is_always_decided() -> None:
    """The session's end is always said, never left to the device (alexa.md 3)."""
    launched = response_for(respond(Session(), Said.LAUNCH), WORDS)
    assert launched.should_end_session is False
    assert launched.reprompt is not None
    stopped = response_for(respond(Session(), Said.STOP), WORDS)
    assert stopped.should_end_session is True
    assert stopped.reprompt is None


def test_an_urgent_card_has_the_number_and_nothing_else() -> None:
    """The card of an urgent turn names whom to call, never what she said."""
    turn = respond(Session(), SignHeard(Sign.CHEST_PAIN))
    card = response_for(turn, WORDS).card
    assert isinstance(card, SimpleCard)
    assert card.content == "Call 999, or your local emergency number."


def test_a_question_sends_a_card_only_where_something_is_easily_forgotten() -> None:
    """When to call has a card; a snack has none."""
    assert response_for(respond(Session(), Question(Topic.WHEN_TO_CALL)), WORDS).card
    assert response_for(respond(Session(), Question(Topic.BANANAS)), WORDS).card is None


def test_no_other_card_after_an_urgent_line(walk: Walk) -> None:
    """conversation.md 2: in and after an urgent turn no card is sent but the number."""
    from skill.coach.place import Manner

    for spoken in walk.spoken:
        if spoken.given is None and spoken.level is None:
            continue
        card = response_for(spoken.turn(Manner()), WORDS).card
        assert card is None or (isinstance(card, SimpleCard) and "999" in str(card.content))


@pytest.mark.parametrize("locale", [*LOCALES, "", "de-DE"])
def test_a_fault_of_ours_still_answers_her(locale: str) -> None:
    """Whatever goes wrong, she hears whom to call and one thing to do, with an open microphone."""
    response = json.loads(apology(locale))["response"]
    assert "straighten your leg" in response["outputSpeech"]["ssml"]
    assert response["shouldEndSession"] is False
    assert response["reprompt"]["outputSpeech"]["ssml"]
    assert ("911" in str(response)) is (locale in ("en-CA", "en-US"))
