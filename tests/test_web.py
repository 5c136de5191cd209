"""skill.web: the webhook, from bytes to bytes."""

import copy
import io
import json
import logging
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model.response import Response
from ask_sdk_model.response_envelope import ResponseEnvelope
from ask_sdk_model.ui.play_behavior import PlayBehavior
from ask_sdk_model.ui.reprompt import Reprompt
from ask_sdk_model.ui.simple_card import SimpleCard
from ask_sdk_model.ui.ssml_output_speech import SsmlOutputSpeech
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from skill import web
from skill.alexa import handlers, trust
from skill.alexa.authority import CHAIN_URL, Authority
from skill.alexa.chains import Fetch
from skill.alexa.handlers import Skill
from skill.alexa.refusal import Cause
from skill.alexa.reply import to_json
from tests.chains import BAD_CHAINS, GOOD, NOW, SKILL_ID, Signer, raw_request, raw_slot

ROOT = Path(__file__).parents[1]
REFUSALS = {400, 405, 413, 415}
JSON = "application/json"


class Alexa:
    """Alexa's side of the webhook, and that of those who would like to be taken for her."""

    def __init__(
        self,
        signer: Signer = GOOD,
        *,
        verify: bool = True,
        fetch: Fetch | None = None,
        meter: web.Meter | None = None,
    ) -> None:
        self.signer = signer
        self.app: Flask = web.create_app(
            skill_ids=[SKILL_ID],
            verify=verify,
            roots=signer.root_pem,
            now=lambda: NOW,
            fetch=fetch or signer.fetch,
            meter=meter,
        )
        self.http = self.app.test_client()

    def post(self, request: Any, headers: dict[str, str] | None = None) -> TestResponse:
        """Post a request (raw JSON or bytes), signed, with these headers changed."""
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        signed = self.signer.sign(body) | (headers or {})
        return self.http.post("/alexa", data=body, headers=signed, content_type=JSON)

    def refusals(self) -> dict[str, int]:
        counts: dict[str, int] = self.app.extensions["webhook"].refusals.counts()
        return counts

    def errors(self) -> dict[str, int]:
        counts: dict[str, int] = self.app.extensions["webhook"].errors.counts()
        return counts


@pytest.fixture
def alexa() -> Alexa:
    """A webhook that verifies, and knows Alexa's chain."""
    alexa = Alexa()
    assert alexa.post(raw_request()).status_code == 200
    return alexa


def assert_refused(response: TestResponse, status: int = 400) -> None:
    """The response is a refusal, and tells nothing."""
    assert (response.status_code, response.data) == (status, b"refused")
    assert response.headers["Content-Type"].startswith("text/plain")


def changed(**request: Any) -> dict[str, Any]:
    raw = raw_request()
    raw["request"] |= request
    return raw


# --- answers


@pytest.mark.parametrize("kind", ["LaunchRequest", "IntentRequest"])
def test_answer(alexa: Alexa, kind: str) -> None:
    """A signed request of Alexa's is answered with speech, in Amazon's JSON."""
    response = alexa.post(raw_request(kind))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert response.get_json()["version"] == "1.0"
    speech = response.get_json()["response"]["outputSpeech"]
    assert speech["type"] == "SSML"
    assert speech["ssml"].startswith("<speak>")
    assert "shouldEndSession" in response.get_json()["response"]
    assert alexa.refusals() == {}


def test_every_match_of_a_slot_is_read(alexa: Alexa) -> None:
    """Where a part may be the leg or the chest, she hears what the chest needs."""
    slots = {"part": raw_slot("part", "there", "leg", "chest")}
    response = alexa.post(changed(intent={"name": "SoreIntent", "slots": slots}))
    speech = response.get_json()["response"]["outputSpeech"]
    assert '<say-as interpret-as="digits">999' in speech["ssml"]


@pytest.mark.parametrize(
    "kind", ["SessionEndedRequest", "A.Type.Of.Tomorrow", "AlexaSkillEvent.SkillEnabled"]
)
def test_empty_answer(alexa: Alexa, kind: str) -> None:
    """An ended session, an event, and a type that nobody knows are answered with nothing to say."""
    response = alexa.post(raw_request(kind))
    assert response.status_code == 200
    assert not response.get_json()["response"].get("outputSpeech")
    assert alexa.errors() == {}


def test_replay_is_harmless(alexa: Alexa) -> None:
    """The same signed request, sent again in time, gets the same answer: nothing is kept."""
    first, second = alexa.post(raw_request()), alexa.post(raw_request())
    assert first.data == second.data


def test_header_names_in_any_case(alexa: Alexa) -> None:
    """Alexa's headers are found in whatever case their names are written."""
    body = json.dumps(raw_request()).encode()
    headers = {name.upper(): value for name, value in GOOD.sign(body).items()}
    response = alexa.http.post("/alexa", data=body, headers=headers, content_type=JSON)
    assert response.status_code == 200


def test_unknown_properties(alexa: Alexa) -> None:
    """Properties and values that nobody knows change nothing in the answer."""
    plain = alexa.post(raw_request())
    raw = changed(newThing={"type": "X"}, dialogState="TOMORROW", object_type="LaunchRequest")
    raw["request"]["intent"]["confirmationStatus"] = "TOMORROW"
    raw["context"] |= {"Viewports": [{"type": "TOMORROW"}], "__dict__": 1}
    raw["context"]["System"]["application"]["application_id"] = "other"
    assert alexa.post(raw).data == plain.data


def test_answer_is_not_cached_or_guessed_at(alexa: Alexa) -> None:
    """Answers and refusals alike say that they are not to be stored, nor their type guessed."""
    for response in (alexa.post(raw_request()), alexa.post(b"{}"), alexa.http.get("/alexa")):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_answer_is_what_the_sdk_would_write() -> None:
    """An answer of the SDK's objects is the same JSON that the SDK's own serialiser makes."""
    reprompt = Reprompt(
        SsmlOutputSpeech(ssml="<speak>b</speak>", play_behavior=PlayBehavior.REPLACE_ALL)
    )
    response = Response(
        output_speech=SsmlOutputSpeech(ssml="<speak>a &amp; \u00e9</speak>"),
        card=SimpleCard(title="t", content="c"),
        reprompt=reprompt,
        directives=[],
        should_end_session=False,
    )
    envelope = ResponseEnvelope("1.0", {"place": [1, None, {"a": True}]}, "agent", response)
    assert json.loads(to_json(envelope)) == DefaultSerializer().serialize(envelope)


# --- refusals: 25 kinds and more of bad requests


@pytest.mark.parametrize("kind", BAD_CHAINS)
def test_bad_chain(kind: str) -> None:
    """Each faulty chain is refused with 400 and one word, though the signature fits it."""
    alexa = Alexa(BAD_CHAINS[kind]())
    assert_refused(alexa.post(raw_request()))
    short = kind == "RSA key of 1024 bits"  # so is its signature, and no chain is fetched
    causes = {Cause.SIGNATURE} if short else {Cause.CHAIN, Cause.NAME, Cause.KEY}
    assert set(alexa.refusals()) <= causes


BAD_HEADERS: dict[str, tuple[dict[str, str], Cause]] = {
    "no address": ({"SignatureCertChainUrl": ""}, Cause.NO_CHAIN_URL),
    "http": ({"SignatureCertChainUrl": CHAIN_URL.replace("https", "http")}, Cause.CHAIN_URL),
    "host": ({"SignatureCertChainUrl": CHAIN_URL.replace("s3.", "s4.")}, Cause.CHAIN_URL),
    "case": ({"SignatureCertChainUrl": CHAIN_URL.replace("echo.api", "EcHo.aPi")}, Cause.CHAIN_URL),
    "path": ({"SignatureCertChainUrl": CHAIN_URL.replace("echo.api", "x")}, Cause.CHAIN_URL),
    "port": ({"SignatureCertChainUrl": CHAIN_URL.replace(".com", ".com:563")}, Cause.CHAIN_URL),
    "no port": ({"SignatureCertChainUrl": CHAIN_URL.replace(".com", ".com:x")}, Cause.CHAIN_URL),
    "letters": ({"SignatureCertChainUrl": "\u00e9" * 40}, Cause.CHAIN_URL),
    "no signature": ({"Signature-256": ""}, Cause.NO_SIGNATURE),
    "not base64": ({"Signature-256": "*" * 344}, Cause.SIGNATURE),
    "other letters": ({"Signature-256": "\u00e9" * 344}, Cause.SIGNATURE),
    "short": ({"Signature-256": "AAAA"}, Cause.SIGNATURE),
    "wrong": ({"Signature-256": "A" * 342 + "=="}, Cause.SIGNATURE),
}


@pytest.mark.parametrize("kind", BAD_HEADERS)
def test_bad_header(alexa: Alexa, kind: str) -> None:
    """Each faulty header is refused with 400 and one word."""
    headers, cause = BAD_HEADERS[kind]
    assert_refused(alexa.post(raw_request(), headers))
    assert alexa.refusals() == {cause: 1}


def test_no_headers(alexa: Alexa) -> None:
    """A request that is not signed at all is refused, and so is one with half of the headers."""
    body = json.dumps(raw_request()).encode()
    assert_refused(alexa.http.post("/alexa", data=body, content_type=JSON))
    for name, value in GOOD.sign(body).items():
        half = {name: value}
        assert_refused(alexa.http.post("/alexa", data=body, headers=half, content_type=JSON))
    assert alexa.refusals() == {Cause.NO_CHAIN_URL: 2, Cause.NO_SIGNATURE: 1}


BAD_REQUESTS: dict[str, tuple[Any, Cause]] = {
    "too old": (raw_request(timestamp=NOW - timedelta(seconds=151)), Cause.TIMESTAMP),
    "too new": (raw_request(timestamp=NOW + timedelta(seconds=151)), Cause.TIMESTAMP),
    "no time": (changed(timestamp=None), Cause.SHAPE),
    "time without a zone": (changed(timestamp="2030-06-01T03:00:00"), Cause.SHAPE),
    "other skill": (raw_request(skill_id="amzn1.ask.skill.other"), Cause.SKILL_ID),
    "no skill": (raw_request() | {"context": {}}, Cause.SKILL_ID),
    "skill of another shape": (raw_request() | {"context": {"System": []}}, Cause.SKILL_ID),
    "no request": ({"version": "1.0"}, Cause.SHAPE),
    "no type": (changed(type=None), Cause.SHAPE),
    "list": ([], Cause.SHAPE),
    "not JSON": (b"when?", Cause.JSON),
    "empty": (b"", Cause.JSON),
    "not UTF-8": (json.dumps(raw_request()).encode("utf-16"), Cause.JSON),
    "NaN": (json.dumps(raw_request() | {"x": float("nan")}).encode(), Cause.JSON),
    "deep": (b"[" * 65000, Cause.JSON),
    "huge number": (b"1" * 65000, Cause.JSON),
}


@pytest.mark.parametrize("kind", BAD_REQUESTS)
def test_bad_request(alexa: Alexa, kind: str) -> None:
    """Each faulty request is refused with 400 and one word, though it is signed."""
    request, cause = BAD_REQUESTS[kind]
    assert_refused(alexa.post(request))
    assert alexa.refusals() == {cause: 1}


def test_changed_on_the_way(alexa: Alexa) -> None:
    """The signature is over the raw bytes: the same JSON written otherwise is refused."""
    body = json.dumps(raw_request()).encode()
    other = json.dumps(raw_request(), indent=1).encode()
    assert_refused(alexa.post(other, GOOD.sign(body)))
    assert_refused(alexa.post(body, Authority(now=NOW).sign(body)))
    assert alexa.refusals() == {Cause.SIGNATURE: 2}


def test_signature_comes_first(alexa: Alexa, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing reads a body that Alexa did not sign."""
    monkeypatch.setattr(trust, "read_json", pytest.fail)
    assert_refused(alexa.post(b"{}", {"Signature-256": "AAAA"}))


def test_dead_certificate_host(alexa: Alexa) -> None:
    """Where the chain cannot be fetched, the request is refused."""

    def dead(_url: str) -> bytes:
        raise OSError("the host is down")

    app = web.create_app(skill_ids=[SKILL_ID], roots=GOOD.root_pem, now=lambda: NOW, fetch=dead)
    alexa.http = app.test_client()
    assert_refused(alexa.post(raw_request()))


def test_fault_before_trust(alexa: Alexa, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unforeseen error before a request is trusted is a refusal, and is counted."""

    def fail(*_: object) -> None:
        raise KeyError("calf")

    monkeypatch.setattr(trust, "read_json", fail)
    assert_refused(alexa.post(raw_request()))
    assert alexa.refusals() == {Cause.UNFORESEEN: 1}
    assert alexa.errors() == {"KeyError": 1}


# --- refusals before the body is read


class Unread:
    """A body that may not be read."""

    def read(self, *_: int) -> bytes:
        raise AssertionError("the body was read")


def send_unread(alexa: Alexa, method: str, length: int, content_type: str = JSON) -> TestResponse:
    """Send a request that announces a body of this length; reading it is an error."""
    environ = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(length), "CONTENT_TYPE": content_type}
    response = alexa.http.open("/alexa", method=method, environ_overrides=environ)
    assert alexa.errors() == {}
    return response


def test_other_methods(alexa: Alexa) -> None:
    """Only POST is answered; any other method is refused with 405, its body unread."""
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
        response = send_unread(alexa, method, 5)
        assert response.status_code == 405
        assert response.data == (b"" if method == "HEAD" else b"refused")
        assert response.headers["Allow"] == "POST"


def test_other_paths(alexa: Alexa) -> None:
    """There is nothing at any other address, not even in other letters."""
    for path in ("/", "/alexa//", "/alexa/x", "/ALEXA", "/static/x", "/health"):
        assert_refused(alexa.http.post(path, data=b"{}", content_type=JSON), 404)


def test_slash_at_the_end(alexa: Alexa) -> None:
    """An endpoint that was written with a slash at its end answers and refuses as without it."""
    body = json.dumps(raw_request()).encode()
    answers = [
        alexa.http.post(path, data=body, headers=GOOD.sign(body), content_type=JSON)
        for path in ("/alexa", "/alexa/")
    ]
    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].data == answers[1].data
    assert_refused(alexa.http.post("/alexa/", data=body, content_type=JSON))
    assert_refused(alexa.http.get("/alexa/"), 405)


def test_too_long(alexa: Alexa) -> None:
    """More than 64 kB is refused with 413, unread."""
    assert_refused(send_unread(alexa, "POST", 64 * 1024 + 1), 413)


@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 400), (64 * 1024 + 1, 413)])
def test_too_long_without_a_length(alexa: Alexa, size: int, status: int) -> None:
    """Without a length no more than 64 kB is read; what is longer is refused with 413."""
    body = io.BytesIO(b" " * 10**6)
    body.truncate(size)
    response = alexa.http.post(
        "/alexa",
        input_stream=body,
        content_type=JSON,
        headers={"Transfer-Encoding": "chunked"} | GOOD.sign(b""),
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert_refused(response, status)
    assert body.tell() <= 64 * 1024 + 1


def test_chunked_request_is_answered(alexa: Alexa) -> None:
    """A signed request that comes without its length is answered like any other."""
    body = json.dumps(raw_request()).encode()
    response = alexa.http.post(
        "/alexa",
        input_stream=io.BytesIO(body),
        content_type=JSON,
        headers={"Transfer-Encoding": "chunked"} | GOOD.sign(body),
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert response.status_code == 200


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_other_media_types(alexa: Alexa, media_type: str) -> None:
    """What does not say that it is JSON is refused with 415, unread."""
    assert_refused(send_unread(alexa, "POST", 5, media_type), 415)


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_media_types(alexa: Alexa, media_type: str) -> None:
    """JSON may be said with a charset, and in any case."""
    body = json.dumps(raw_request()).encode()
    response = alexa.http.post(
        "/alexa", data=body, headers=GOOD.sign(body), content_type=media_type
    )
    assert response.status_code == 200


def test_body_that_ends_early(alexa: Alexa) -> None:
    """A body shorter than was announced is refused."""
    response = alexa.http.post(
        "/alexa",
        input_stream=io.BytesIO(b"{}"),
        content_type=JSON,
        headers=GOOD.sign(b"{}"),
        environ_overrides={"CONTENT_LENGTH": "50"},
    )
    assert_refused(response)
    assert alexa.refusals() == {Cause.BODY: 1}


# --- where she is


def speech(alexa: Alexa, kind: str, session: Any, **intent: Any) -> str:
    """What she hears in the United States, of a request with this session."""
    raw = raw_request(kind) | {"session": session}
    raw["request"] |= {"locale": "en-US", **({"intent": intent} if intent else {})}
    return str(alexa.post(raw).get_json()["response"]["outputSpeech"]["ssml"])


LOST = "I lost my place."
LAUNCHED = "Straighten your leg and push your heel away."


@pytest.mark.parametrize("session", [None, {}, {"new": True}, {"new": False}, {"attributes": {}}])
def test_launch_that_is_not_new(alexa: Alexa, session: Any) -> None:
    """A launch that carries nothing begins, whatever it says of the session."""
    assert LAUNCHED in speech(alexa, "LaunchRequest", session)


@pytest.mark.parametrize("session", [None, {}, {"new": True}, {"attributes": None}])
def test_intent_that_says_nothing_of_a_session(alexa: Alexa, session: Any) -> None:
    """An intent without a session, or without `new`, is her first words."""
    assert LOST not in speech(alexa, "IntentRequest", session)


@pytest.mark.parametrize(
    "session",
    [{"new": False}, {"new": False, "attributes": {"a": 1}}, {"attributes": {"a": 1}}],
)
def test_lost(alexa: Alexa, session: Any) -> None:
    """In the middle of a session, or where what travelled cannot be read, her place is lost."""
    assert LOST in speech(alexa, "IntentRequest", session)
    if "attributes" in session:
        assert LOST in speech(alexa, "LaunchRequest", session)


@pytest.mark.parametrize("name", ["AMAZON.YesIntent", "AMAZON.NoIntent", "MeantNoIntent"])
@pytest.mark.parametrize("session", [None, {"new": True}])
def test_yes_or_no_as_first_words(alexa: Alexa, name: str, session: Any) -> None:
    """An answer to what nobody asked is a launch: something to do."""
    assert LAUNCHED in speech(alexa, "IntentRequest", session, name=name)


# --- whatever is sent


def mutated(draw: Callable[..., Any], raw: Any) -> Any:
    """`raw` with a few values, anywhere in it, replaced, removed, repeated or renamed."""
    raw = copy.deepcopy(raw)
    for _ in range(draw(st.integers(1, 4))):
        place, key = draw(st.sampled_from(list(places(raw)) or [({}, None)]))
        match draw(st.sampled_from(["replace", "remove", "rename", "wrap"])):
            case "replace":
                place[key] = draw(VALUES)
            case "remove":
                del place[key]
            case "wrap":
                place[key] = draw(st.sampled_from([[place[key]], {"a": place[key]}]))
            case "rename" if isinstance(place, dict):
                place[draw(st.text(max_size=9))] = place.pop(key)
    return raw


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in `value`."""
    keys = value if isinstance(value, dict) else range(len(value))
    for key in keys if isinstance(value, dict | list) else ():
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        ["LaunchRequest", "SessionEndedRequest", "AMAZON.YesIntent", "en-XX", "x" * 999]
    ),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.none(), max_size=2),
)
KINDS = st.sampled_from(["LaunchRequest", "IntentRequest", "SessionEndedRequest", "Tomorrow"])


@st.composite
def mutated_requests(draw: Callable[..., Any]) -> bytes:
    """Requests near to a good one, as bytes that are near to good ones."""
    body = json.dumps(mutated(draw, raw_request(draw(KINDS)))).encode()
    match draw(st.sampled_from(["whole", "whole", "cut", "doubled", "spliced", "encoded"])):
        case "cut":
            return body[: draw(st.integers(0, len(body)))]
        case "doubled":
            return body + body
        case "spliced":
            at, more = draw(st.integers(0, len(body))), bytes(draw(st.binary(max_size=9)))
            return body[:at] + more + body[at:]
        case "encoded":
            return body.decode().encode(draw(st.sampled_from(["utf-16", "utf-32", "utf-8-sig"])))
    return body


MUTATED = Alexa()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(body=mutated_requests(), signed=st.sampled_from([True, True, True, False]))
@example(body=b"{}", signed=True)
def test_mutated_requests(body: bytes, signed: bool) -> None:
    """Whatever is sent is answered, or refused in one of four ways."""
    response = MUTATED.post(body, None if signed else {"Signature-256": "AAAA"})
    if response.status_code == 200:
        assert signed
        assert response.get_json()["version"] == "1.0"
    else:
        assert response.status_code in REFUSALS
        assert response.data == b"refused"


@given(
    url=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40),
    signature=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40),
)
def test_mutated_headers(url: str, signature: str) -> None:
    """Whatever the headers hold, they are refused with 400."""
    for headers in (
        {"SignatureCertChainUrl": url},
        {"Signature-256": signature},
        {"SignatureCertChainUrl": CHAIN_URL + url, "Signature-256": signature},
    ):
        assert_refused(MUTATED.post(raw_request(), headers))


# --- faults of our own


def broken(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Alexa:
    """A webhook of which each turn fails."""

    def fail(*_: object) -> bytes:
        raise error

    monkeypatch.setattr(Skill, "turn", fail)
    return Alexa()


@pytest.mark.parametrize("error", [KeyError("calf"), RecursionError(), MemoryError(), ValueError()])
def test_apology(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """An unforeseen error is answered calmly, in her locale, and counted by its type alone."""
    asked: list[str] = []

    def apology(locale: str) -> bytes:
        asked.append(locale)
        return json.dumps({"calm": locale}).encode()

    monkeypatch.setattr(handlers, "apology", apology)
    alexa = broken(monkeypatch, error)
    response = alexa.post(raw_request())
    assert response.status_code == 200
    assert response.json == {"calm": "en-GB"}
    assert asked == ["", "en-GB"]
    assert alexa.errors() == {type(error).__name__: 1}


@pytest.mark.parametrize("kind", ["SessionEndedRequest", "Tomorrow"])
def test_no_apology_where_nobody_listens(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """An error in answering what may not be answered with speech is answered with nothing."""
    response = broken(monkeypatch, KeyError()).post(raw_request(kind))
    assert response.json == {"version": "1.0", "response": {}}


def test_apology_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where even the apology fails, the one that was made at the start is given."""

    def apology(locale: str) -> bytes:
        if locale:
            raise KeyError(locale)
        return b'{"calm": "first"}'

    monkeypatch.setattr(handlers, "apology", apology)
    alexa = broken(monkeypatch, ValueError())
    assert alexa.post(raw_request()).json == {"calm": "first"}
    assert alexa.errors() == {"ValueError": 1, "KeyError": 1}


def test_answer_that_is_no_json(monkeypatch: pytest.MonkeyPatch, alexa: Alexa) -> None:
    """An answer that cannot be written as JSON is an error like another."""
    monkeypatch.setattr(Skill, "turn", lambda *_: to_json({"response": object()}))
    response = alexa.post(raw_request())
    assert response.status_code == 200
    assert response.get_json()["response"]["outputSpeech"]
    assert alexa.errors() == {"TypeError": 1}


# --- what is logged


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(record.getMessage()) for record in caplog.records]


def test_log_line(alexa: Alexa, caplog: pytest.LogCaptureFixture) -> None:
    """Each answered request is one line: type, outcome, milliseconds."""
    caplog.set_level(logging.DEBUG)
    alexa.post(raw_request())
    (answered,) = lines(caplog)
    assert list(answered) == ["request", "outcome", "ms"]
    assert (answered["request"], answered["outcome"]) == ("IntentRequest", "answered")
    assert 0 <= answered["ms"] < 10_000


def test_refusals_are_one_line_a_minute(
    alexa: Alexa, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are refused, the log has one line a minute, which counts them by cause."""
    caplog.set_level(logging.DEBUG)
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for _ in range(20):
        alexa.post(b"{}")
        alexa.http.get("/alexa")
    assert lines(caplog) == [{"refused": {"shape": 1}}]
    now += 59
    alexa.app.extensions["webhook"].tell_refusals()
    assert len(caplog.records) == 1
    now += 1
    alexa.app.extensions["webhook"].tell_refusals()
    assert lines(caplog)[1:] == [{"refused": {"shape": 19, "method": 20}}]
    now += 60
    alexa.app.extensions["webhook"].tell_refusals()
    assert len(caplog.records) == 2  # where there is nothing to tell, nothing is told


def test_refusals_are_told_at_the_end(alexa: Alexa, caplog: pytest.LogCaptureFixture) -> None:
    """Refusals that were not yet logged are when the server stops."""
    caplog.set_level(logging.DEBUG)
    alexa.post(b"{}")
    alexa.http.get("/alexa")
    alexa.app.extensions["webhook"].tell_refusals(at_once=True)
    assert lines(caplog) == [{"refused": {"shape": 1}}, {"refused": {"method": 1}}]


def test_a_fault_before_trust_is_logged_by_its_place(
    alexa: Alexa, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an unforeseen error before trust the log has type, file and line, counted like causes."""

    def fail(*_: object) -> None:
        raise KeyError("calf")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(trust, "read_json", fail)
    alexa.post(raw_request())
    (line,) = lines(caplog)
    place, cause = line["refused"]
    assert re.fullmatch(r"KeyError at skill/alexa/trust\.py:\d+", place)
    assert cause == "unforeseen"


def test_log_of_an_error(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """An error is logged by its type, file and line, never by its text."""
    caplog.set_level(logging.DEBUG)
    broken(monkeypatch, KeyError("my calf")).post(raw_request())
    (line,) = lines(caplog)
    assert (line["outcome"], line["cause"]) == ("apologised", "KeyError")
    assert re.fullmatch(r"skill/alexa/handlers\.py:\d+", line["at"])


def test_log_of_an_unknown_type(alexa: Alexa, caplog: pytest.LogCaptureFixture) -> None:
    """A type that is not on the list is logged as "other": it is text from outside."""
    caplog.set_level(logging.DEBUG)
    alexa.post(raw_request("calf.hurts"))
    assert lines(caplog)[0]["request"] == "other"


def test_nothing_of_a_request_is_logged(
    alexa: Alexa, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the finest level of all libraries, nothing that a request holds is in any log."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(web, "TELLING_SECONDS", 0)
    fine = raw_request()
    alexa.post(fine)
    alexa.post(fine, {"Signature-256": "AAAA"})
    alexa.post(json.dumps(fine).encode()[:-9])
    broken(monkeypatch, KeyError(str(fine))).post(fine)
    written = caplog.text
    assert len(caplog.records) == 4
    for word in ("calf", "HOLD", "CrampIntent", "en-GB", "amzn1", "SECRET", "2030", "part"):
        assert word not in written


# --- development


def test_development_answers_anyone() -> None:
    """Without verifying, a request without signature, of any time and skill, is answered."""
    dev = Alexa(verify=False)
    body = json.dumps(raw_request(timestamp=NOW - timedelta(days=999), skill_id="other"))
    assert dev.http.post("/alexa", data=body, content_type=JSON).status_code == 200


def test_development_names_the_cause() -> None:
    """Without verifying, a refusal is a plain line that names the cause."""
    dev = Alexa(verify=False).http
    assert dev.post("/alexa", data=b"{", content_type=JSON).data == b"refused: json"
    assert dev.post("/alexa", data=b"{}", content_type=JSON).data == b"refused: shape"
    assert dev.post("/alexa", data=b"{}").data == b"refused: media-type"
    assert dev.get("/alexa").data == b"refused: method"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.9.9.9:80", "[::1]", "[::1]:8080"]
)
def test_development_on_this_machine(host: str) -> None:
    """Without verifying, a request for any form of loopback is answered."""
    assert _develop(Host=host).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["", "x", "example.com", "skill.ngrok.app", "0.0.0.0", "[::]:80", "192.0.2.1", "localhost.x",
     "127.0.0.1.x", "localhost:x", "127.0.0.1@x", "::1"],
)  # fmt: skip
def test_development_under_another_name(host: str) -> None:
    """Without verifying, a request for any host but loopback is refused: a tunnel brought it."""
    assert _develop(Host=host).data == b"refused: host"


@pytest.mark.parametrize(
    "name",
    ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"],
)
def test_development_behind_a_proxy(name: str) -> None:
    """Without verifying, a request that was forwarded is refused, whatever its host is."""
    assert _develop(**{name: "127.0.0.1"}).data == b"refused: forwarded"


def _develop(**headers: str) -> TestResponse:
    """The answer in development to a good request with these headers."""
    body = json.dumps(raw_request()).encode()
    dev = Alexa(verify=False).http
    return dev.post("/alexa", data=body, headers=headers, content_type=JSON)


# --- building the app


@pytest.mark.parametrize("skill_ids", [[], [""], [" ", ""]])
def test_no_skill_id(skill_ids: list[str]) -> None:
    """An app that verifies cannot be built without a skill id: the error names the setting."""
    with pytest.raises(ValueError, match="CRAMP_COACH_SKILL_ID"):
        web.create_app(skill_ids=skill_ids)
    web.create_app(skill_ids=skill_ids, verify=False)


def test_several_skill_ids() -> None:
    """Requests for any of several skills are answered, and spaces around an id do not count."""
    app = web.create_app(
        skill_ids=["other", f" {SKILL_ID} "],
        roots=GOOD.root_pem,
        now=lambda: NOW,
        fetch=GOOD.fetch,
    )
    body = json.dumps(raw_request()).encode()
    response = app.test_client().post(
        "/alexa", data=body, headers=GOOD.sign(body), content_type=JSON
    )
    assert response.status_code == 200


NOT_FOR_SERVING = {
    "certvalidator", "hassil", "numpy", "oscrypto", "platformdirs", "rapidfuzz", "scipy",
    "skill.browser", "skill.publish", "skill.simulator", "sklearn", "unicode_rbnf",
}  # fmt: skip


@pytest.mark.processes
@pytest.mark.parametrize("module", ["skill.web", "skill.serving.serve", "skill.serving.worker"])
def test_what_serving_loads(module: str) -> None:
    """Serving loads none of what Amazon's library drags in, and nothing of a listener."""
    code = (
        f"import sys, {module}\n"
        "from skill.web import create_app\n"
        "create_app(skill_ids=['x'])\n"
        f"print(set(sys.modules) & {NOT_FOR_SERVING!r})"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


WITHOUT = (
    "asn1crypto certvalidator charset_normalizer freezegun idna oscrypto pycparser requests tzdata "
    "urllib3"
).split()
"""Modules that libraries ask for, and that are not there where only requirements.txt is."""

SERVING = f"""
import sys
from importlib.metadata import packages_distributions
sys.modules |= dict.fromkeys({WITHOUT!r})  # importing one of them is an error
from skill.serving import serve, worker
from skill.serving.rehearsal import Rehearsal
import gunicorn.arbiter
Rehearsal().play(["en-US"])
owners = packages_distributions()
loaded = {{name.partition(".")[0] for name, module in sys.modules.items() if module}}
print(*{{owner.lower() for name in loaded for owner in owners.get(name, ())}})
"""


@pytest.mark.processes
def test_what_is_fixed_is_what_serving_loads() -> None:
    """requirements.txt has each package that a conversation loads, and no other."""
    ran = subprocess.run(
        [sys.executable, "-c", SERVING], capture_output=True, text=True, check=True
    )
    loaded = set(ran.stdout.split()) - {"cramp-coach", "setuptools"}
    fixed = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    assert {name.replace("_", "-") for name in loaded} == set(fixed)


@pytest.mark.parametrize("name", WITHOUT)
def test_what_is_left_out_is_named(name: str) -> None:
    """SECURITY.md has what requirements.txt leaves out, in the command that makes it."""
    command = f"--unsafe-package {name.replace('_', '-')}"
    assert command in (ROOT / "SECURITY.md").read_text("utf-8")


def test_what_serving_installs() -> None:
    """None of it is asked for by what serving needs, nor fixed in requirements.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    fixed = (ROOT / "requirements.txt").read_text("utf-8")
    for name in ("hassil", "numpy", "platformdirs", "rapidfuzz", "scikit-learn", "unicode-rbnf"):
        assert not any(each.startswith(name) for each in project["dependencies"]), name
        assert f"\n{name}==" not in fixed, name
