"""skill.alexa.envelope: the few fields that the skill reads."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ask_sdk_core.attributes_manager import AttributesManager
from ask_sdk_model.intent_request import IntentRequest
from ask_sdk_model.launch_request import LaunchRequest
from ask_sdk_model.session_ended_request import SessionEndedRequest
from hypothesis import given
from hypothesis import strategies as st

from skill.alexa.envelope import (
    Envelope,
    OtherRequest,
    SlotValue,
    read_envelope,
    read_json,
    to_request_envelope,
)
from skill.alexa.refusal import Cause, Refusal
from tests.chains import NOW, raw_request, raw_slot

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def envelope(**request: Any) -> Envelope:
    """The envelope of an intent request with these fields of `request` changed."""
    raw = raw_request()
    raw["request"] |= request
    return read_envelope(raw)


def with_slots(slots: object) -> dict[str, SlotValue]:
    return envelope(intent={"name": "CrampIntent", "slots": slots}).slots


# --- from bytes


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"{",
        b'{"a": 1} {}',
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": [Infinity, -Infinity]}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 60000,
        b'{"a":' * 10000 + b"1" + b"}" * 10000,
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        '{"a": 1}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"\x00",
    ],
)
def test_not_json(body: bytes) -> None:
    """Bytes that are not plain JSON in UTF-8, or go beyond Python's limits, are refused."""
    with pytest.raises(Refusal) as refusal:
        read_json(body)
    assert refusal.value.cause is Cause.JSON
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("body", [b"null", b"1", b'"text"', b"[]", b"[{}]", b"true"])
def test_not_an_object(body: bytes) -> None:
    """JSON that is no object is refused."""
    with pytest.raises(Refusal) as refusal:
        read_json(body)
    assert refusal.value.cause is Cause.SHAPE


def test_last_of_repeated_keys_counts() -> None:
    """A repeated key is no error: the last counts."""
    assert read_json(b'{"a": 1, "a": 2}') == {"a": 2}


def test_any_letters() -> None:
    """Letters of any script come through, written plainly or escaped."""
    assert read_json('{"a": "\\ud83e\\uddb5 wadenkr\u00e4mpfe"}'.encode()) == {
        "a": "\U0001f9b5 wadenkr\u00e4mpfe"
    }


# --- the fields


def test_all_fields() -> None:
    """What the skill reads is read."""
    read = read_envelope(raw_request())
    assert (read.kind, read.timestamp, read.locale) == ("IntentRequest", NOW, "en-GB")
    assert read.new
    assert read.attributes == {"place": "HOLD", "version": 1}
    assert read.intent == "CrampIntent"
    assert read.slots == {"part": ("my calf", ("calf",))}


def test_nothing_else_is_kept() -> None:
    """No id of a person, device, session or request and no token is kept or reaches the SDK."""
    read = read_envelope(raw_request())
    kept = " ".join(str(getattr(read, name)) for name in read.__slots__)
    kept += str(to_request_envelope(read).to_dict())
    for secret in ("amzn1", "SECRET", "WHO", "WHERE", "ONE", "A_MODE"):
        assert secret not in kept


def test_envelope_has_no_words_in_a_log() -> None:
    """An envelope that is printed by mistake shows nothing of the request."""
    shown = f"{read_envelope(raw_request())!r} {read_envelope(raw_request())}"
    for word in ("calf", "HOLD", "CrampIntent", "en-GB"):
        assert word not in shown


@pytest.mark.parametrize("request_", [None, [], "text", 1])
def test_no_request(request_: object) -> None:
    """Without a request there is nothing to answer: refused."""
    with pytest.raises(Refusal):
        read_envelope(raw_request() | {"request": request_})
    with pytest.raises(Refusal):
        read_envelope({})


@pytest.mark.parametrize("kind", [None, "", 1, [], {}, "x" * 101])
def test_no_type(kind: object) -> None:
    """A request without a type of a fair length is refused."""
    with pytest.raises(Refusal):
        envelope(type=kind)


@pytest.mark.parametrize(
    "timestamp",
    [
        None,
        "",
        "now",
        0,
        1906513200000,
        "2030-06-01T03:00:00",
        "2030-06-01",
        "2030-13-01T03:00:00Z",
        "2030-06-01T03:00:00Z" + " " * 40,
        [],
    ],
)
def test_no_time(timestamp: object) -> None:
    """A request without a time, or with one that has no zone, is refused."""
    with pytest.raises(Refusal):
        envelope(timestamp=timestamp)


@pytest.mark.parametrize(
    "timestamp",
    ["2030-06-01T03:00:00Z", "2030-06-01T03:00:00.000Z", "2030-06-01T04:00:00+01:00"],
)
def test_time(timestamp: str) -> None:
    """A time is read in Amazon's form, with or without fractions, in any zone."""
    assert envelope(timestamp=timestamp).timestamp == NOW


@pytest.mark.parametrize("extreme", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_extreme_time(extreme: str) -> None:
    """The most extreme times that can be written can still be compared with now."""
    assert abs(datetime.now(UTC) - envelope(timestamp=extreme).timestamp) > timedelta(days=9999)


@pytest.mark.parametrize("locale", [None, "", 1, [], "english", "en_GB", "../en", "en-GB\n"])
def test_no_locale(locale: object) -> None:
    """A locale that is missing or is none reads as "", which the words know as unknown."""
    assert envelope(locale=locale).locale == ""


NOTHING_CARRIED: list[dict[str, Any]] = [{}, {"attributes": None}, {"attributes": {}}]


@pytest.mark.parametrize("session", [None, [], "text", {}, {"new": "false"}, {"new": 1}])
def test_no_session(session: object) -> None:
    """Without a session, or with one of another shape, it is the first, and carries nothing."""
    read = read_envelope(raw_request() | {"session": session})
    assert read.new
    assert read.attributes == {}


@pytest.mark.parametrize("carried", NOTHING_CARRIED)
@pytest.mark.parametrize("new", [{}, {"new": None}, {"new": True}, {"new": False}])
def test_launch_that_carries_nothing(new: dict[str, Any], carried: dict[str, Any]) -> None:
    """A launch without attributes is the first of a session, whatever `new` says."""
    assert read_envelope(raw_request("LaunchRequest") | {"session": {**new, **carried}}).new


@pytest.mark.parametrize("carried", NOTHING_CARRIED)
def test_intent_that_carries_nothing(carried: dict[str, Any]) -> None:
    """An intent without attributes is the first of a session, unless it says that it is not."""
    assert read_envelope(raw_request() | {"session": carried}).new
    assert not read_envelope(raw_request() | {"session": {"new": False, **carried}}).new


@pytest.mark.parametrize("kind", ["LaunchRequest", "IntentRequest"])
@pytest.mark.parametrize("attributes", [{"version": 1}, [1], "text", 7])
def test_whatever_is_carried_is_looked_at(kind: str, attributes: object) -> None:
    """Where something travelled, and no session is said to begin, nothing is taken for the first.

    So it is read, or she hears that her place was lost.
    """
    for new in ({}, {"new": False}, {"new": "true"}):
        session = {**new, "attributes": attributes}
        assert not read_envelope(raw_request(kind) | {"session": session}).new
    assert read_envelope(raw_request(kind) | {"session": {"new": True, "attributes": 7}}).new


@pytest.mark.parametrize("attributes", [None, [], "text", 1, True])
def test_attributes_of_another_shape(attributes: object) -> None:
    """Attributes that are no object read as none."""
    assert read_envelope(raw_request() | {"session": {"attributes": attributes}}).attributes == {}


def nested(depth: int) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    for number in range(depth - 1):
        attributes = {"a": attributes if number % 2 else [attributes]}
    return attributes


def test_deep_attributes() -> None:
    """Attributes too deep for the SDK to copy are a fresh start; the others come as they are."""
    fair = {"a": {"b": [1, {"c": None}]}}
    assert read_envelope(raw_request() | {"session": {"attributes": fair}}).attributes == fair
    deep = read_json(json.dumps(raw_request() | {"session": {"attributes": nested(300)}}).encode())
    assert read_envelope(deep).attributes == {}


@pytest.mark.parametrize(
    "intent", [None, [], "text", {}, {"name": None}, {"name": 1}, {"name": ""}, {"slots": []}]
)
def test_no_intent(intent: object) -> None:
    """An intent request that names no intent is still answered: its name is empty."""
    read = envelope(intent=intent)
    assert (read.intent, read.slots) == ("", {})


def test_intent_of_another_type_of_request() -> None:
    """An intent is read of an intent request alone."""
    read = read_envelope(raw_request("LaunchRequest") | {"intent": {"name": "CrampIntent"}})
    assert (read.intent, read.slots) == (None, {})


# --- the slots


def test_slot_matched() -> None:
    """A matched slot has what was said and the id of every match, in their order."""
    read = with_slots({"part": raw_slot("part", "front", "thigh_front", "shin", "thigh_front")})
    assert read == {"part": ("front", ("thigh_front", "shin"))}
    assert read["part"].id == "thigh_front"


def test_slot_not_matched() -> None:
    """A slot with no match has what was said and no id."""
    assert with_slots({"part": raw_slot("part", "elbow")}) == {"part": ("elbow", ())}


def test_slot_matched_by_several_authorities() -> None:
    """Every authority that matched gives its ids, wherever it stands."""
    slot = raw_slot("part", "calf")
    for ids in (("calf",), ("leg", "calf")):
        other = raw_slot("part", "calf", *ids)["resolutions"]["resolutionsPerAuthority"]
        slot["resolutions"]["resolutionsPerAuthority"] += other
    assert with_slots({"part": slot}) == {"part": ("calf", ("calf", "leg"))}


@pytest.mark.parametrize(
    "slot",
    [
        {},
        {"name": "part"},
        {"value": None},
        {"value": ""},
        {"value": 3},
        {"value": [], "resolutions": []},
        {"resolutions": {"resolutionsPerAuthority": {}}},
        {"resolutions": {"resolutionsPerAuthority": [None, 1, {}]}},
        {"resolutions": {"resolutionsPerAuthority": [{"status": "ER_SUCCESS_MATCH"}]}},
        {"resolutions": {"resolutionsPerAuthority": [{"status": {"code": "ER_SUCCESS_MATCH"}}]}},
        {
            "resolutions": {
                "resolutionsPerAuthority": [
                    {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"id": 7}}]}
                ]
            }
        },
        {
            "resolutions": {
                "resolutionsPerAuthority": [
                    {"status": {"code": "A_CODE_OF_TOMORROW"}, "values": [{"value": {"id": "x"}}]}
                ]
            }
        },
    ],
)
def test_slot_of_another_shape(slot: dict[str, Any]) -> None:
    """An empty slot, or one of another shape, has neither value nor id."""
    assert with_slots({"part": slot}) == {"part": (None, ())}


@pytest.mark.parametrize("slots", [None, [], "text", 1, {"part": None}, {"part": []}])
def test_no_slots(slots: object) -> None:
    """Slots that are none at all are left out."""
    assert with_slots(slots) == {}


# --- hostile and unknown


def test_shadow_keys_change_nothing() -> None:
    """Keys that look like fields, but are not, change nothing (alexa.md 4)."""
    raw = raw_request()
    before = read_envelope(raw)
    for inner in (raw, raw["request"], raw["session"], raw["request"]["intent"]):
        inner |= {"object_type": "LaunchRequest", "__dict__": {}, "__class__": "x", "kind": "x"}
    raw["session"]["is_new"] = raw["session"]["session_attributes"] = {"place": "URGENT"}
    assert read_envelope(raw) == before


@pytest.mark.parametrize("kind", ["A.Type.Of.Tomorrow", "AlexaSkillEvent.SkillEnabled", "object"])
def test_unknown_type_reaches_the_skill(kind: str) -> None:
    """A type that the skill does not know reaches it under its own name."""
    request = to_request_envelope(read_envelope(raw_request(kind))).request
    assert isinstance(request, OtherRequest)
    assert request.object_type == kind


@given(raw=ANYTHING)
def test_anything_is_read_or_refused(raw: Any) -> None:
    """Whatever JSON there is, it is read or refused, and never fails otherwise."""
    with suppress(Refusal):
        to_request_envelope(read_envelope(read_json(json.dumps(raw).encode())))


@given(body=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """Whatever bytes there are, they are read or refused, and never fail otherwise."""
    with suppress(Refusal):
        read_envelope(read_json(body))


@given(attributes=ANYTHING, session=ANYTHING, intent=ANYTHING, slots=ANYTHING, locale=ANYTHING)
def test_any_field_is_read(
    attributes: Any, session: Any, intent: Any, slots: Any, locale: Any
) -> None:
    """With a type and a time, any other field may be anything: the SDK's objects can be made."""
    raw = raw_request()
    raw["request"] |= {"locale": locale, "intent": {"name": intent, "slots": {"part": slots}}}
    raw["session"] = {"new": session, "attributes": attributes}
    AttributesManager(to_request_envelope(read_envelope(raw)))
    raw["request"]["intent"] = intent
    raw["session"] = session
    AttributesManager(to_request_envelope(read_envelope(raw)))


# --- to the SDK


def test_launch() -> None:
    """A launch becomes the SDK's own object."""
    made: Any = to_request_envelope(read_envelope(raw_request("LaunchRequest")))
    assert isinstance(made.request, LaunchRequest)
    assert (made.request.timestamp, made.request.locale) == (NOW, "en-GB")
    assert made.session.new
    assert made.session.attributes == {"place": "HOLD", "version": 1}


def test_session_ended() -> None:
    """An ended session becomes the SDK's own object, whatever its reason."""
    raw = raw_request("SessionEndedRequest")
    for reason in ("USER_INITIATED", "ERROR", "EXCEEDED_MAX_REPROMPTS", "TOMORROW", None):
        raw["request"] |= {"reason": reason, "error": {"type": "TOMORROW", "message": "x"}}
        assert isinstance(to_request_envelope(read_envelope(raw)).request, SessionEndedRequest)


def test_intent() -> None:
    """An intent becomes the SDK's own objects, with the matched id where Amazon puts it."""
    made = to_request_envelope(read_envelope(raw_request()))
    assert isinstance(made.request, IntentRequest)
    intent: Any = made.request.intent
    assert intent.name == "CrampIntent"
    slot = intent.slots["part"]
    assert (slot.name, slot.value) == ("part", "my calf")
    match = slot.resolutions.resolutions_per_authority[0]
    assert match.status.code.value == "ER_SUCCESS_MATCH"
    assert match.values[0].value.id == "calf"


def test_intent_without_a_match() -> None:
    """A slot that was not matched has no resolutions."""
    raw = raw_request()
    raw["request"]["intent"]["slots"] = {"part": raw_slot("part", "elbow")}
    made: Any = to_request_envelope(read_envelope(raw))
    assert made.request.intent.slots["part"].resolutions is None
