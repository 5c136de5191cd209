"""Bytes of a request to the few fields that the skill reads, and from those to the SDK's objects.

What is not read here is not kept: no user, device, person, token, place or viewport. Of the
device it is read whether it has a screen, and nothing else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from ask_sdk_model.context import Context
from ask_sdk_model.intent import Intent
from ask_sdk_model.intent_request import IntentRequest
from ask_sdk_model.launch_request import LaunchRequest
from ask_sdk_model.request import Request
from ask_sdk_model.request_envelope import RequestEnvelope
from ask_sdk_model.session import Session
from ask_sdk_model.session_ended_request import SessionEndedRequest
from ask_sdk_model.slot import Slot
from ask_sdk_model.slu.entityresolution.resolution import Resolution
from ask_sdk_model.slu.entityresolution.resolutions import Resolutions
from ask_sdk_model.slu.entityresolution.status import Status
from ask_sdk_model.slu.entityresolution.status_code import StatusCode
from ask_sdk_model.slu.entityresolution.value import Value
from ask_sdk_model.slu.entityresolution.value_wrapper import ValueWrapper

from skill.alexa.refusal import Cause, Refusal

MOST_KIND_LETTERS = 100
MOST_TIMESTAMP_LETTERS = 40
MOST_ATTRIBUTE_DEPTH = 8

APL = "Alexa.Presentation.APL"
TOUCHED = f"{APL}.UserEvent"
"""The type of a request that is a touch on the screen."""

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", re.ASCII)


class SlotValue(NamedTuple):
    """What was said in a slot, and the ids that it resolved to, the likeliest first."""

    value: str | None = None
    ids: tuple[str, ...] = ()

    @property
    def id(self) -> str | None:
        """The likeliest id; None where nothing matched."""
        return self.ids[0] if self.ids else None


@dataclass(frozen=True, slots=True, repr=False)  # no repr: nothing of it may reach a log
class Envelope:
    """What the skill reads of a request.

    `kind` is the request's type. `locale` is "" where the request has none. `new` says whether it
    is the first of a session. `attributes` are as they came, {} where missing. `intent` is None
    unless the kind is "IntentRequest", and "" where such a request names none. `touched` is None
    unless the kind is `TOUCHED`, and "" where such a request has no argument that is a text and
    alone. `screen` is whether the device shows APL.
    """

    kind: str
    timestamp: datetime
    locale: str
    new: bool
    attributes: dict[str, Any]
    intent: str | None = None
    slots: dict[str, SlotValue] = field(default_factory=dict)
    touched: str | None = None
    screen: bool = False


# --- from bytes


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`, or a refusal.

    Refused: bytes that are not UTF-8, NaN and Infinity (not JSON), nesting beyond 1024, lone
    surrogates (cannot be written again), anything but an object.
    Ignored: repeated keys; the last one counts, and no second reader could see another.
    """
    try:
        raw = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal(Cause.JSON) from None
    if not isinstance(raw, dict):
        raise Refusal(Cause.SHAPE)
    return raw


def skill_id_of(raw: object) -> str | None:
    """The id of the skill that raw JSON is meant for (alexa.md 4.7); None where it names none.

    Only the exact key is read, so that "application_id" beside it changes nothing.
    """
    return _text(_at(raw, "context", "System", "application", "applicationId"))


def read_envelope(raw: Mapping[str, Any]) -> Envelope:
    """The fields that the skill reads of `raw`; a refusal where type or time cannot be read.

    Everything else that is missing or of a wrong shape reads as missing: she gets an answer.
    """
    request = raw.get("request")
    if not isinstance(request, dict):
        raise Refusal(Cause.SHAPE)
    kind = request.get("type")
    if not isinstance(kind, str) or not 0 < len(kind) <= MOST_KIND_LETTERS:
        raise Refusal(Cause.SHAPE)
    session = _dict(raw.get("session"))
    intent = _dict(request.get("intent"))
    is_intent = kind == "IntentRequest"
    return Envelope(
        kind=kind,
        timestamp=_timestamp(request.get("timestamp")),
        locale=_locale(request.get("locale")),
        new=_is_first(kind, session),
        attributes=_attributes(session.get("attributes")),
        intent=(_text(intent.get("name")) or "") if is_intent else None,
        slots=_slots(intent.get("slots")) if is_intent else {},
        touched=_touched(request.get("arguments")) if kind == TOUCHED else None,
        screen=_has_screen(raw),
    )


def _is_first(kind: str, session: dict[str, Any]) -> bool:
    """Whether a session begins: it says so, or carries nothing and does not say the contrary.

    Nor is a launch that carries nothing in the middle of anything, whatever it says (alexa.md 2).
    """
    new = session.get("new")
    if new is True or session.get("attributes"):
        return new is True
    return new is not False or kind == "LaunchRequest"


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _timestamp(value: object) -> datetime:
    if not isinstance(value, str) or len(value) > MOST_TIMESTAMP_LETTERS:
        raise Refusal(Cause.SHAPE)
    try:
        timestamp = datetime.fromisoformat(value)
    except ValueError:
        raise Refusal(Cause.SHAPE) from None
    if timestamp.tzinfo is None:  # a time without a zone cannot be compared
        raise Refusal(Cause.SHAPE)
    return timestamp


def _locale(value: object) -> str:
    return value if isinstance(value, str) and _LOCALE.fullmatch(value) else ""


def _attributes(value: object) -> dict[str, Any]:
    # The SDK copies attributes recursively: what is too deep for that starts afresh.
    return _dict(value) if _is_shallow(value, MOST_ATTRIBUTE_DEPTH) else {}


def _is_shallow(value: object, depth: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_is_shallow(each, depth - 1) for each in inner)


def _touched(arguments: object) -> str:
    alone = _list(arguments)
    return (_text(alone[0]) or "") if len(alone) == 1 else ""


def _has_screen(raw: Mapping[str, Any]) -> bool:
    """Whether the device says that it shows APL (alexa.md 7)."""
    found = _at(raw, "context", "System", "device", "supportedInterfaces", APL)
    return isinstance(found, dict)


def _at(raw: object, *keys: str) -> object:
    """What stands in raw JSON at the end of these keys; None where something on the way is none."""
    for key in keys:
        raw = _dict(raw).get(key)
    return raw


def _slots(value: object) -> dict[str, SlotValue]:
    return {
        name: SlotValue(_text(slot.get("value")), tuple(_matched_ids(slot)))
        for name, slot in _dict(value).items()
        if isinstance(slot, dict)
    }


def _matched_ids(slot: dict[str, Any]) -> dict[str, None]:
    """The ids of all values that matched, whichever authority matched them, each once."""
    matched: dict[str, None] = {}
    for authority in _list(_dict(slot.get("resolutions")).get("resolutionsPerAuthority")):
        if _dict(_dict(authority).get("status")).get("code") == "ER_SUCCESS_MATCH":
            for each in _list(_dict(authority).get("values")):
                if ident := _text(_dict(_dict(each).get("value")).get("id")):
                    matched[ident] = None
    return matched


# --- to the SDK


class OtherRequest(Request):
    """A request of a type that the skill does not know; its `object_type` is the type as sent."""

    def __init__(self, kind: str, timestamp: datetime, locale: str) -> None:
        super().__init__(object_type=kind, timestamp=timestamp, locale=locale)


class TouchRequest(Request):
    """A touch on the screen, with its one argument; "" where it has none.

    The SDK's own class would load its whole package of APL, for a tenth of a second.
    """

    def __init__(self, touched: str, timestamp: datetime, locale: str) -> None:
        super().__init__(object_type=TOUCHED, timestamp=timestamp, locale=locale)
        self.touched = touched


class Unchanging(dict[str, Any]):
    """Attributes as they came. Nobody changes them, so the copy that the SDK makes is they.

    A copy would cost more than the rest of the SDK's objects, and more the longer she stays.
    """

    def __deepcopy__(self, _memo: object) -> "Unchanging":
        return self


def to_request_envelope(envelope: Envelope) -> RequestEnvelope:
    """The SDK's objects for `envelope`, made directly (the SDK's deserialiser: alexa.md 4).

    There is always a session. There is a context, an empty one, exactly where the device has a
    screen. Matched ids stand where Amazon puts them, in
    `slot.resolutions.resolutions_per_authority[0].values`.
    """
    session = Session(new=envelope.new, attributes=Unchanging(envelope.attributes))
    context = Context() if envelope.screen else None
    return RequestEnvelope("1.0", session, context, _request(envelope))


def _request(envelope: Envelope) -> Request:
    timestamp, locale = envelope.timestamp, envelope.locale
    match envelope.kind:
        case "LaunchRequest":
            return LaunchRequest(timestamp=timestamp, locale=locale)
        case "SessionEndedRequest":
            return SessionEndedRequest(timestamp=timestamp, locale=locale)
        case "IntentRequest":
            slots = {name: _slot(name, slot) for name, slot in envelope.slots.items()}
            intent = Intent(name=envelope.intent, slots=slots)
            return IntentRequest(timestamp=timestamp, locale=locale, intent=intent)
        case kind if envelope.touched is not None:
            return TouchRequest(envelope.touched, timestamp, locale)
        case kind:
            return OtherRequest(kind, timestamp, locale)


def _slot(name: str, filled: SlotValue) -> Slot:
    if not filled.ids:
        return Slot(name=name, value=filled.value)
    match = Resolution(
        status=Status(code=StatusCode.ER_SUCCESS_MATCH),
        values=[ValueWrapper(value=Value(id=ident)) for ident in filled.ids],
    )
    return Slot(name=name, value=filled.value, resolutions=Resolutions([match]))
