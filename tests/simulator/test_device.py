"""skill.simulator.device: what an Echo keeps, sends and speaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model import RequestEnvelope

from skill.simulator.device import SKILL_ID, Device, DeviceError, UnspeakableError, to_plain_text
from skill.simulator.screen import SCREENS
from skill.simulator.understand import listener


def ssml(text: str) -> dict[str, str]:
    """An output speech."""
    return {"type": "SSML", "ssml": f"<speak>{text}</speak>"}


def response(
    speech: str = "Has it let go?", *, end: bool | None = False, **attributes: Any
) -> dict[str, Any]:
    """A response with a reprompt."""
    ends = {} if end is None else {"shouldEndSession": end}
    return {
        "version": "1.0",
        "sessionAttributes": attributes,
        "response": {
            "outputSpeech": ssml(speech),
            "reprompt": {"outputSpeech": ssml("Still there?")},
            **ends,
        },
    }


class Webhook:
    """Keeps what it is sent, and answers what it is told to."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.envelopes: list[dict[str, Any]] = []

    def __call__(self, envelope: dict[str, Any]) -> Mapping[str, Any]:
        self.envelopes.append(copy.deepcopy(envelope))
        return self.answers.pop(0) if self.answers else response()

    @property
    def last(self) -> dict[str, Any]:
        """The envelope that came last."""
        return self.envelopes[-1]


def device_for(webhook: Webhook, locale: str = "en-US") -> Device:
    """A device that talks to this webhook."""
    return Device(locale, listener(locale), webhook)


# ------------------------------------------------------------------ the session


def test_session_is_kept() -> None:
    """A session stays while the microphone is open, with its attributes as they were sent."""
    webhook = Webhook(response(place="start"), response(place="next"))
    device = device_for(webhook)
    device.say("my calf is cramping")
    device.say("yes")
    first, second = webhook.envelopes
    assert (first["session"]["new"], second["session"]["new"]) == (True, False)
    assert first["session"]["sessionId"] == second["session"]["sessionId"]
    assert first["session"]["attributes"] == {}
    assert second["session"]["attributes"] == {"place": "start"}


@pytest.mark.parametrize("end", [True, None])
def test_session_ends(end: bool | None) -> None:
    """The session is over unless the response keeps it open; the next turn is a new one."""
    webhook = Webhook(response(end=end, place="start"))
    device = device_for(webhook)
    turn = device.say("my calf is cramping")
    assert (turn.open, turn.reprompt, device.open) == (False, None, False)
    device.say("help")
    assert webhook.last["session"]["new"]
    assert webhook.last["session"]["attributes"] == {}
    assert webhook.last["session"]["sessionId"] != webhook.envelopes[0]["session"]["sessionId"]


def test_launch_begins_anew() -> None:
    """Opening the skill in the middle of a session begins another one."""
    webhook = Webhook(response(place="start"))
    device = device_for(webhook)
    device.say("my calf is cramping")
    device.say("open cramp coach")
    assert webhook.last["request"]["type"] == "LaunchRequest"
    assert webhook.last["session"]["new"]


def test_user_is_the_same() -> None:
    """The same device has the same user in every session."""
    webhook = Webhook()
    device = device_for(webhook)
    device.launch()
    device.forget()
    device.launch()
    users = {envelope["session"]["user"]["userId"] for envelope in webhook.envelopes}
    assert len(users) == 1


def test_silence_speaks_the_reprompt() -> None:
    """In silence the reprompt is spoken, the webhook hears why, and the session is over."""
    webhook = Webhook()
    device = device_for(webhook)
    assert device.launch().reprompt == "Still there?"
    turn = device.silence()
    assert (turn.intent, turn.how, turn.speech) == (
        "SessionEndedRequest",
        "silence",
        "Still there?",
    )
    assert (turn.open, turn.reprompt) == (False, None)
    assert webhook.last["request"]["reason"] == "EXCEEDED_MAX_REPROMPTS"
    assert not device.open


def test_silence_needs_an_open_session() -> None:
    """Where the microphone is closed, nobody can be silent."""
    webhook = Webhook()
    with pytest.raises(DeviceError):
        device_for(webhook).silence()
    assert webhook.envelopes == []


# ------------------------------------------------------------------ the screen


def showing(*touches: str, end: bool = False) -> dict[str, Any]:
    """A response that shows buttons."""
    buttons = [{"touch": each, "label": each.title()} for each in touches]
    directive = {
        "type": "Alexa.Presentation.APL.RenderDocument",
        "token": "shown",
        "datasources": {"screen": {"buttons": buttons}},
    }
    answer = response(end=end, place="start")
    answer["response"]["directives"] = [directive]
    return answer


def device_with_screen(webhook: Webhook) -> Device:
    """A device with a small screen, which has opened the skill."""
    device = device_for(webhook)
    device.screen = SCREENS["small"]
    device.launch()
    return device


def test_a_touch_is_sent_in_the_open_session() -> None:
    """A button sends its argument as Alexa sends it, and is answered like a line of hers."""
    webhook = Webhook(showing("let_go", "again"))
    turn = device_with_screen(webhook).touch("let_go")
    assert (turn.heard, turn.intent, turn.how) == ("Let_Go", "EasedIntent", "touched")
    assert (turn.speech, turn.open) == ("Has it let go?", True)
    assert webhook.last["session"]["attributes"] == {"place": "start"}
    request = webhook.last["request"]
    assert request["type"] == "Alexa.Presentation.APL.UserEvent"
    assert (request["arguments"], request["token"]) == (["let_go"], "shown")
    DefaultSerializer().deserialize(json.dumps(webhook.last), RequestEnvelope)


def test_a_button_that_the_skill_does_not_know() -> None:
    """What a document offers is sent, whatever the skill makes of it."""
    webhook = Webhook(showing("dance"))
    assert device_with_screen(webhook).touch("dance").intent == webhook.last["request"]["type"]


@pytest.mark.parametrize("button", ["next", "", "Let_Go"])
def test_what_is_not_on_the_screen_cannot_be_touched(button: str) -> None:
    """A button that is not there sends nothing, and those that are there are named."""
    webhook = Webhook(showing("let_go", "again"))
    device = device_with_screen(webhook)
    with pytest.raises(DeviceError, match="there is let_go, again"):
        device.touch(button)
    assert len(webhook.envelopes) == 1


@pytest.mark.parametrize("become", ["no screen", "silent", "forgotten", "ended", "not shown"])
def test_where_nothing_can_be_touched(become: str) -> None:
    """Without a screen, after silence, after an end, or where nothing is shown, nothing is sent."""
    webhook = Webhook(showing("let_go"))
    device = device_with_screen(webhook)
    if become == "no screen":
        device.screen = None
    elif become == "silent":
        device.silence()
    elif become == "forgotten":
        device.forget()
    else:
        webhook.answers.append(showing(end=True) if become == "ended" else response())
        device.say("stop")
    before = len(webhook.envelopes)
    with pytest.raises(DeviceError, match="there is nothing"):
        device.touch("let_go")
    assert len(webhook.envelopes) == before


# ------------------------------------------------------------------ requests


@pytest.mark.parametrize("said", ["my calf is cramping", "open cramp coach", "hmph", "yes"])
def test_requests_are_alexas(said: str) -> None:
    """Amazon's own library reads every request."""
    webhook = Webhook()
    device_for(webhook, "en-GB").say(said)
    envelope = DefaultSerializer().deserialize(json.dumps(webhook.last), RequestEnvelope)
    assert envelope.request.locale == "en-GB"
    assert envelope.context.system.application.application_id == SKILL_ID


def test_waiting_moves_timestamps() -> None:
    """After a wait, requests carry a later time."""
    webhook = Webhook()
    device = device_for(webhook)
    device.wait(timedelta(minutes=10))
    device.launch()
    sent = datetime.fromisoformat(webhook.last["request"]["timestamp"])
    assert timedelta(minutes=9) < sent - datetime.now(UTC) < timedelta(minutes=11)


def test_slots_are_resolved() -> None:
    """A value of the list is sent as said, with the id and the usual word that it resolves to."""
    webhook = Webhook()
    device_for(webhook).say("i've got a cramp in my hammy")
    part = webhook.last["request"]["intent"]["slots"]["part"]
    (resolution,) = part["resolutions"]["resolutionsPerAuthority"]
    assert part["value"] == "hammy"
    assert resolution["status"]["code"] == "ER_SUCCESS_MATCH"
    assert resolution["values"][0]["value"]["id"] == "thigh_back"
    assert resolution["authority"].endswith(f"{SKILL_ID}.PART")


def test_unknown_values_match_nothing() -> None:
    """A value that is not in the list is sent as said, with NO_MATCH and no values."""
    webhook = Webhook()
    device_for(webhook).say("cramp in my eyebrow")
    part = webhook.last["request"]["intent"]["slots"]["part"]
    (resolution,) = part["resolutions"]["resolutionsPerAuthority"]
    assert part["value"] == "eyebrow"
    assert resolution["status"]["code"] == "ER_SUCCESS_NO_MATCH"
    assert "values" not in resolution


def test_empty_slots_are_named() -> None:
    """Slots of the intent that were not filled are sent without a value."""
    webhook = Webhook()
    device_for(webhook).say("i've got a bad cramp")
    slots = webhook.last["request"]["intent"]["slots"]
    assert slots["part"] == {"name": "part", "confirmationStatus": "NONE"}


def test_intent_without_slots() -> None:
    """An intent that has no slots is sent without any."""
    webhook = Webhook()
    device_for(webhook).say("yes")
    assert "slots" not in webhook.last["request"]["intent"]


def test_forced_intent() -> None:
    """A forced intent may give an id, or a word, for a slot."""
    webhook = Webhook()
    device = device_for(webhook)
    assert device.force("CrampIntent", {"part": "thigh_back"}).slots["part"].id == "thigh_back"
    assert device.force("CrampIntent", {"part": "hammy"}).slots["part"].id == "thigh_back"
    assert device.force("AMAZON.FallbackIntent", {}).how == "forced"


def test_forced_intent_must_exist() -> None:
    """An intent or a slot that the model does not have is refused with the closest one."""
    device = device_for(Webhook())
    with pytest.raises(DeviceError, match="did you mean 'EasedIntent'"):
        device.force("EsedIntent", {})
    with pytest.raises(DeviceError, match="no slot 'parts'; did you mean 'part'"):
        device.force("CrampIntent", {"parts": "calf"})


# ------------------------------------------------------------------ responses


def test_turn_as_json() -> None:
    """The JSON form of a turn has these fields and no other."""
    turn = device_for(Webhook()).say("i've got a bad cramp in my calf")
    assert turn.as_json() == {
        "heard": "i've got a bad cramp in my calf",
        "intent": "CrampIntent",
        "slots": {"part": {"value": "calf", "id": "calf"}},
        "how": "exact",
        "speech": "Has it let go?",
        "ssml": "<speak>Has it let go?</speak>",
        "reprompt": "Still there?",
        "open": True,
    }


def test_plain_text_speech() -> None:
    """An output speech may be plain text."""
    answer = {"response": {"outputSpeech": {"type": "PlainText", "text": "Bye."}}}
    turn = device_for(Webhook(answer)).launch()
    assert (turn.speech, turn.ssml, turn.open) == ("Bye.", "Bye.", False)


def test_no_speech() -> None:
    """A response may say nothing."""
    turn = device_for(Webhook({"version": "1.0"})).launch()
    assert (turn.speech, turn.ssml, turn.reprompt, turn.open) == ("", "", None, False)


@pytest.mark.parametrize(
    ("markup", "heard"),
    [
        ("", ""),
        ("<speak>Breathe in. <break time='1s'/> And out.</speak>", "Breathe in. And out."),
        ("<speak>Call <say-as interpret-as='digits'>911</say-as>.</speak>", "Call nine one one."),
        ("<speak>Call <say-as interpret-as='telephone'>111</say-as>, or go.</speak>",
         "Call one one one, or go."),
        ("<speak><s>One.</s><s>Two.</s></speak>", "One. Two."),
        ("<speak><sub alias='doctor'>Dr</sub></speak>", "doctor"),
        ("<speak><prosody rate='slow'>Rest &amp; warmth</prosody></speak>", "Rest & warmth"),
        ("<speak><amazon:effect name='whispered'>Hush</amazon:effect></speak>", "Hush"),
    ],
)  # fmt: skip
def test_to_plain_text(markup: str, heard: str) -> None:
    """In plain text tags and breaks are gone, and digits to be spelled are words."""
    assert to_plain_text(markup) == heard


@pytest.mark.parametrize(
    "markup", ["<speak>Heat & rest</speak>", "<speak><p>Stop</speak>", "Hello"]
)
def test_unspeakable(markup: str) -> None:
    """Markup that Alexa could not read is an error, not silence."""
    with pytest.raises(UnspeakableError):
        to_plain_text(markup)
