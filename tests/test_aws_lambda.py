"""skill.aws_lambda: the same answers from Lambda, through Amazon's own runtime client."""

from __future__ import annotations

import importlib
import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bench import echo_show
from skill.alexa import handlers
from skill.alexa.handlers import Skill
from skill.alexa.refusal import Refusal
from skill.alexa.reply import apology
from skill.speech import signed
from skill.web import create_app
from tests.chains import NOW, SKILL_ID, raw_request, raw_slot
from tests.files import read_yaml

FOLDER = Path(__file__).parent / "conversations"
UNITS = {"s": 1, "min": 60}
JSON = "application/json"


@pytest.fixture(scope="module")
def function() -> Iterator[Any]:
    """The function, as it is when the module is loaded with one skill's id."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRAMP_COACH_SKILL_ID", f" {SKILL_ID} ,")
        sys.modules.pop("skill.aws_lambda", None)
        yield importlib.import_module("skill.aws_lambda").handler
        sys.modules.pop("skill.aws_lambda", None)


# --- the plays, as events


def event(turn: dict[str, Any], locale: str, seconds: int) -> dict[str, Any]:
    """What Alexa would send for a turn of a play, without the session."""
    time = NOW + timedelta(seconds=seconds)
    if turn["she"] == "(silence)":
        raw = raw_request("SessionEndedRequest", timestamp=time)
        raw["request"]["reason"] = "EXCEEDED_MAX_REPROMPTS"
    elif turn["understood"] == "LaunchRequest":
        raw = raw_request("LaunchRequest", timestamp=time)
    else:
        raw = raw_request(timestamp=time)
        raw["request"]["intent"] |= intent(turn["understood"])
    raw["request"]["locale"] = locale
    return raw


def intent(understood: str) -> dict[str, Any]:
    """An intent as a play writes it: its name, and the ids in its slots, ? for none."""
    name, *filled = understood.split()
    slots = {}
    for each in filled:
        slot, ident = each.split("=")
        slots[slot] = raw_slot(slot, ident, *([] if ident == "?" else [ident]))
    return {"name": name, "slots": slots}


@cache
def played() -> list[tuple[dict[str, Any], bytes]]:
    """Every turn of every play: the event, and the webhook's answer to the same JSON."""
    webhook = create_app(skill_ids=[], verify=False).test_client()
    turns = []
    for play in (play for file in sorted(FOLDER.glob("*.yaml")) for play in read_yaml(file)):
        session: dict[str, Any] = {"new": True, "attributes": {}}
        seconds = 0
        for turn in play["turns"]:
            count, unit = turn.get("after", "0 s").split()
            seconds += int(count) * UNITS[unit]
            raw = event(turn, play.get("locale", "en-US"), seconds)
            raw["session"] |= session
            answer = webhook.post("/alexa", data=json.dumps(raw), content_type=JSON).data
            turns.append((raw, answer))
            told = json.loads(answer)
            goes_on = told["response"].get("shouldEndSession") is False
            session = {"new": not goes_on, "attributes": told.get("sessionAttributes") or {}}
    return turns


def compact(body: bytes) -> bytes:
    """JSON in its order, without the blanks and escapes that the host adds."""
    return json.dumps(json.loads(body), ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.processes
@pytest.mark.slow
def test_all_plays_through_amazons_runtime() -> None:
    """Every turn of every play is answered as the webhook answers it, to the byte."""
    pytest.importorskip("awslambdaric")
    from tests.lambda_host import invoke

    events = [raw for raw, _ in played()]
    outcomes, written = invoke(
        [*events, echo_show.cramp()], CRAMP_COACH_SKILL_ID=f"{SKILL_ID},{echo_show.SKILL_ID}"
    )
    assert len(outcomes) == len(events) + 1, written
    assert {each.how for each in outcomes} == {"response"}, written
    for (_, answer), outcome in zip(played(), outcomes, strict=False):
        assert compact(outcome.body) == answer
    assert "Straighten your leg" in outcomes[-1].body.decode()
    assert not re.search(r"(?i)calf|cramp\b|WHO|SECRET", written), "something of hers is logged"


@pytest.mark.processes
def test_another_skill_through_amazons_runtime() -> None:
    """Another skill's event is an error, and what Lambda logs of it is one word."""
    pytest.importorskip("awslambdaric")
    from tests.lambda_host import invoke

    others = [raw_request(skill_id="amzn1.ask.skill.other"), raw_request() | {"context": {}}]
    outcomes, written = invoke(others, CRAMP_COACH_SKILL_ID=SKILL_ID)
    assert [each.how for each in outcomes] == ["error", "error"]
    assert written.count("[ERROR] Refusal: skill-id") == 2
    assert not re.search(r"(?i)calf|amzn1|WHO|SECRET", written)


@pytest.mark.processes
def test_a_function_without_skill_id() -> None:
    """Without a skill's id the function does not start, and says what to set."""
    pytest.importorskip("awslambdaric")
    from tests.lambda_host import invoke

    outcomes, written = invoke([raw_request()], CRAMP_COACH_SKILL_ID=" , ")
    assert [each.how for each in outcomes] == ["init"]
    assert "set CRAMP_COACH_SKILL_ID" in written


@pytest.mark.processes
def test_a_function_that_has_to_be_signed() -> None:
    """It says how much is signed; where all has to be, it does not start below M of M."""
    pytest.importorskip("awslambdaric")
    from tests.lambda_host import invoke

    ours = {"CRAMP_COACH_SKILL_ID": SKILL_ID}
    outcomes, written = invoke([raw_request()], **ours, CRAMP_COACH_REQUIRE_SIGNED="1")
    assert [each.how for each in outcomes] == ["init"]
    assert f"{signed.at_start({})}, and CRAMP_COACH_REQUIRE_SIGNED=1 asks for all" in written
    outcomes, written = invoke([raw_request()], **ours)
    assert [each.how for each in outcomes] == ["response"]
    assert signed.at_start({}) in written


# --- in this process


def test_skill_id_comes_first(function: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of another skill's event is read."""
    monkeypatch.setattr(sys.modules["skill.aws_lambda"], "read_envelope", pytest.fail)
    shadowed = raw_request(skill_id="amzn1.ask.skill.other")
    shadowed["context"]["System"]["application"]["application_id"] = SKILL_ID
    events: list[Any] = [shadowed, {}, [], None, "text", {"context": []}]
    for each in events:
        with pytest.raises(Refusal, match=r"^skill-id$"):
            function(each, None)


def test_an_event_of_another_shape(function: Any) -> None:
    """An event of ours without type or time is an error of one word."""
    with pytest.raises(Refusal, match=r"^shape$"):
        function(raw_request() | {"request": {}}, None)


def test_nothing_to_say(function: Any) -> None:
    """An ended session, and a type that nobody knows, are answered with nothing to say."""
    for kind in ("SessionEndedRequest", "A.Type.Of.Tomorrow"):
        assert not function(raw_request(kind), None)["response"].get("outputSpeech")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A skill that fails at every turn."""

    def fail(*_: object) -> None:
        raise KeyError("my calf")

    monkeypatch.setattr(Skill, "turn", fail)


@pytest.mark.usefixtures("failing")
def test_fault(function: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A fault of ours is an apology in her locale; what is logged is the fault's type and place."""
    with caplog.at_level(logging.INFO):
        assert function(raw_request(), None) == json.loads(apology("en-GB"))
        assert function(raw_request("SessionEndedRequest"), None)["response"] == {}
    said = [json.loads(each.message) for each in caplog.records]
    at = said[0]["at"]
    assert at.startswith("skill/alexa/handlers.py:")
    assert said == [{"outcome": "apologised", "cause": "KeyError", "at": at}] * 2


@pytest.mark.usefixtures("failing")
def test_fault_in_the_apology(function: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the apology fails too, there is one that was made before."""

    def fail(_locale: str) -> bytes:
        raise OSError

    monkeypatch.setattr(handlers, "apology", fail)
    said = function(raw_request(), None)["response"]["outputSpeech"]["ssml"]
    assert "call your local emergency number" in said
