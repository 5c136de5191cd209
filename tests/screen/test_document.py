"""What is shown → the directive, small, complete and from here alone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from skill.alexa.reply import response_for, to_json
from skill.coach.conversation import respond
from skill.coach.events import Cramp, Said, SignHeard
from skill.coach.place import Manner, Part, Session
from skill.coach.signs import HEARD, Level
from skill.coach.turn import Turn
from skill.screen.document import data, directive, document
from skill.screen.drawing import names
from skill.screen.shown import shown, view
from skill.speech.catalogue import catalogue
from tests.coach.walk import Spoken, Walk

WORDS = catalogue("en-US")
PLAIN = frozenset[str]()
MOST_BYTES = 60_000


def sent(turn: Turn) -> dict[str, Any]:
    """The directive of a turn as Amazon gets it."""
    found: dict[str, Any] = json.loads(to_json(directive(turn, WORDS)))
    return found


def test_the_directive_has_what_amazon_asks_for() -> None:
    """It names its type, a token that is the same for everybody, and APL 1.4."""
    one = sent(respond(Session(), Cramp(Part.CALF)))
    assert set(one) == {"type", "token", "document", "datasources"}
    assert one["type"] == "Alexa.Presentation.APL.RenderDocument"
    assert (one["document"]["type"], one["document"]["version"]) == ("APL", "1.4")
    assert one["token"] == sent(respond(Session(), Said.STOP))["token"]


@pytest.mark.parametrize("name", [None, *names()])
def test_nothing_is_fetched(name: str | None) -> None:
    """No address stands in a document: nothing is loaded from anywhere."""
    text = document(name).decode()
    assert not re.search(r"https?:|//|\"import\"", text)
    assert "Image" not in text


def letters(spoken: Spoken) -> int:
    """How long about a turn is in words."""
    texts = (WORDS.entries[it.key].texts[PLAIN] for it in (*spoken.lines, *spoken.reprompt))
    return sum(len(text["say"]) for text in texts if "say" in text)


def longest(walk: Walk) -> dict[object, Spoken]:
    """Of each place the longest turn that leads to it."""
    return {(s.ask, s.given, s.level): s for s in sorted(walk.spoken, key=letters)}


def test_every_place_is_answered_in_less_than_sixty_kilobytes(walk: Walk) -> None:
    """A whole response, with the largest document, stays under 60 kB in every place."""
    largest = max(len(document(name)) for name in (None, *names()))
    for spoken in longest(walk).values():
        turn = spoken.turn(Manner())
        content = len(to_json(directive(turn, WORDS)["datasources"]))
        assert len(to_json(response_for(turn, WORDS))) + content + largest < MOST_BYTES


def test_what_was_shown_is_shown_again() -> None:
    """A directive that is remembered is the one that would be made."""
    turn, other = respond(Session(), Cramp(Part.CALF)), respond(Session(), Cramp(Part.FOOT))
    first, between, again = sent(turn), sent(other), sent(turn)
    assert first == again != between
    assert first["datasources"] == {"screen": data(shown(view(turn), WORDS))}


def test_no_sign_is_remembered() -> None:
    """What is remembered of an urgent turn is its level, and not the sign that she named."""
    turns = [respond(Session(), SignHeard(sign)) for sign in HEARD]
    assert len({view(turn) for turn in turns if turn.level}) == len(Level)


def test_only_a_screen_is_sent_a_directive() -> None:
    """A device without one gets the same response, less the directive."""
    turn = respond(Session(), Cramp(Part.CALF))
    without = json.loads(to_json(response_for(turn, WORDS)))
    shown = json.loads(to_json(response_for(turn, WORDS, screen=True)))
    assert "directives" not in without
    assert len(shown.pop("directives")) == 1
    assert shown == without
