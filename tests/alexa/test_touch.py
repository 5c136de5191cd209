"""A touch on the screen: it leads where the same, said, leads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.alexa import attributes
from skill.alexa.attributes import Carried
from skill.alexa.envelope import TOUCHED, read_envelope
from skill.alexa.handlers import Skill
from skill.alexa.intents import TOUCHED as MEANS
from skill.coach.place import Session
from skill.screen.shown import Touch
from tests.chains import raw_request
from tests.coach.walk import Walk

SKILL = Skill()
NOW = datetime(2026, 1, 31, 3, 0, tzinfo=UTC)
SCREEN = {"Alexa.Presentation.APL": {"runtime": {"maxVersion": "2023.2"}}}
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def asked(request: dict[str, Any], session: dict[str, Any], screen: bool = True) -> bytes:
    """The answer to a request in a session, from a device with or without a screen."""
    raw = raw_request()
    raw["request"] = {"timestamp": NOW.isoformat(), "locale": "en-US", **request}
    raw["session"] = session
    raw["context"]["System"]["device"] = {"supportedInterfaces": SCREEN if screen else {}}
    return SKILL.turn(read_envelope(raw))


def touched(arguments: object, session: dict[str, Any]) -> bytes:
    """The answer to a touch with these arguments."""
    return asked({"type": TOUCHED, "arguments": arguments, "token": "cramp-coach"}, session)


def said(intent: str, session: dict[str, Any]) -> bytes:
    """The answer to an intent."""
    return asked({"type": "IntentRequest", "intent": {"name": intent}}, session)


def at(session: Session) -> dict[str, Any]:
    """An open session there, as Amazon sends it."""
    return {"new": False, "attributes": attributes.write(Carried(session, NOW))}


def test_each_touch_means_an_intent() -> None:
    """What the screen can send is what the skill knows, and no more."""
    assert MEANS.keys() == {touch.value for touch in Touch}


def test_a_touch_leads_where_speech_leads(walk: Walk) -> None:
    """In every place each touch is answered as its intent is, to the byte."""
    places = {(s.place.ask, s.place.aim, s.place.given): s for s in walk.standing[2:]}
    for session in places.values():
        for touch, intent in MEANS.items():
            assert touched([touch], at(session)) == said(intent, at(session)), session


@pytest.mark.parametrize("session", [{"new": True}, {"new": False}, {}, None], ids=str)
@pytest.mark.parametrize("touch", MEANS)
def test_a_touch_outside_an_open_session_leads_where_speech_leads(touch: str, session: Any) -> None:
    """Where the session has ended, or its attributes are lost, the touch is answered as speech."""
    assert touched([touch], session) == said(MEANS[touch], session)
    assert b"outputSpeech" in touched([touch], session)


@settings(max_examples=50)
@given(ANY_JSON)
def test_a_forged_touch_is_not_understood(arguments: object) -> None:
    """Arguments that no button sends count as not understood, and are never an error."""
    if isinstance(arguments, list) and len(arguments) == 1 and arguments[0] in [*MEANS]:
        return
    session = {"new": True}
    assert touched(arguments, session) == said("AMAZON.FallbackIntent", session)


@pytest.mark.parametrize("forged", [["let_go", "next"], ["LET_GO"], [["let_go"]], [""], "next", []])
def test_nearly_a_touch_is_none(forged: object) -> None:
    """One text alone, as the button sends it, is a touch."""
    assert touched(forged, {"new": True}) == said("AMAZON.FallbackIntent", {"new": True})


@pytest.mark.parametrize(
    "interfaces",
    [None, {}, [], "Alexa.Presentation.APL", {"Alexa.Presentation.APL": None}],
    ids=str,
)
def test_without_a_screen_nothing_is_shown(interfaces: object) -> None:
    """A device that does not say that it shows APL is sent no directive."""
    raw = raw_request("LaunchRequest")
    bare = SKILL.turn(read_envelope(raw))
    raw["context"]["System"]["device"] = {"supportedInterfaces": interfaces}
    assert SKILL.turn(read_envelope(raw)) == bare
    assert b"directives" not in bare


def test_what_she_answered_is_not_shown() -> None:
    """The screen after a sign has nothing of the sign."""
    answer = json.loads(said("ChestPainSignIntent", {"new": True}))["response"]
    assert "chest" in answer["outputSpeech"]["ssml"].lower()
    assert "chest" not in json.dumps(answer["directives"]).lower()
