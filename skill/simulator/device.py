"""A local Alexa: keeps the session, makes requests, speaks responses."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from rapidfuzz import process

from skill.alexa.envelope import TOUCHED, SlotValue
from skill.alexa.intents import INTENTS
from skill.alexa.intents import TOUCHED as MEANS
from skill.simulator.screen import Screen, Shown, shown
from skill.simulator.text import DIGITS
from skill.simulator.understand import LAUNCH, Listener, Understood

SKILL_ID = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
ENDED = "SessionEndedRequest"
SPELLED = ("digits", "telephone", "characters", "spell-out")
"""What `say-as` reads letter by letter."""

SPEAK = '<speak xmlns:amazon="urn:amazon">'  # Alexa knows the prefix without a declaration

_TOLD = {"helper": "HELPER", "stage": "STAGE"}
"""The slots in which any line may tell who speaks and her stage, with their types."""

Send = Callable[[dict[str, Any]], Mapping[str, Any]]
"""Takes a request envelope to the webhook and brings its response."""


class DeviceError(Exception):
    """What cannot be done now: an intent that the model does not have, silence when closed, a
    touch on what is not on the screen."""


class UnspeakableError(Exception):
    """A response with markup that Alexa could not read."""


@dataclass(frozen=True)
class Answered:
    """One exchange, as she hears it. `speech` and `reprompt` are plain text."""

    heard: str
    intent: str
    slots: dict[str, SlotValue] = field(default_factory=dict)
    how: str = "exact"
    speech: str = ""
    ssml: str = ""
    reprompt: str | None = None
    open: bool = False

    def as_json(self) -> dict[str, Any]:
        """As `cramp-coach talk --json` prints it."""
        slots = {name: {"value": it.value, "id": it.id} for name, it in self.slots.items()}
        return {**vars(self), "slots": slots}


@dataclass
class _Session:
    id: str = field(default_factory=lambda: f"amzn1.echo-api.session.{secrets.token_hex(16)}")
    attributes: dict[str, Any] = field(default_factory=dict)
    new: bool = True
    reprompt: tuple[str, str] | None = None  # plain text and markup


class Device:
    """An Echo with one skill. `send` brings requests to the webhook, `listener` understands.

    `screen` is that of the device, if it has one. `told` is what every intent tells in the same
    breath, where the line itself does not: an id for each of the slots `helper` and `stage`.
    Each turn raises what `send` raises, and UnspeakableError.
    """

    def __init__(self, locale: str, listener: Listener, send: Send) -> None:
        self.screen: Screen | None = None
        self.told: dict[str, str] = {}
        self._locale = locale
        self._listener = listener
        self._send = send
        self._session: _Session | None = None
        self._shown: Shown | None = None
        self._ahead = timedelta()
        self._user = f"amzn1.ask.account.{secrets.token_hex(16)}"

    @property
    def open(self) -> bool:
        """Whether the microphone is open."""
        return self._session is not None

    def now(self) -> datetime:
        """The device's time: the present, moved on by what was waited."""
        return datetime.now(UTC) + self._ahead

    @property
    def waited(self) -> timedelta:
        """All the time that was waited."""
        return self._ahead

    def wait(self, time: timedelta) -> None:
        """Lets `time` pass."""
        self._ahead += time

    def forget(self) -> None:
        """Ends the session without a word, so that the next turn begins a new one."""
        self._session = self._shown = None

    def say(self, text: str) -> Answered:
        """What she says, in the session or as a one-shot."""
        understood = self._listener.understand(text)
        if understood.intent == LAUNCH:
            return self.launch(heard=text)
        return self._intent(text, understood)

    def launch(self, heard: str = "/launch") -> Answered:
        """Opens the skill without an intent, in a new session."""
        self.forget()
        return self._turn(Answered(heard, LAUNCH, how="launch"), {"type": LAUNCH})

    def force(self, intent: str, said: Mapping[str, str], heard: str = "/intent") -> Answered:
        """Sends an intent with slots as said. DeviceError for one that the model does not have."""
        self._check(intent, said)
        values = {
            slot: self._listener.values.resolve(self._slots(intent)[slot], value)
            for slot, value in said.items()
        }
        return self._intent(heard, Understood(heard, intent, values, "forced"))

    def touch(self, name: str) -> Answered:
        """She touches a button on the screen, named by what it sends, as `let_go`.

        Heard is what stands on it; the intent is the one that the touch means.
        DeviceError where there is no such button on the screen.
        """
        on = self._shown if self.screen else None
        if on is None or name not in on.buttons:
            offered = ", ".join(on.buttons) if on else ""
            raise DeviceError(f"touch: no {name!r} on the screen; there is {offered or 'nothing'}")
        turn = Answered(on.buttons[name], MEANS.get(name, TOUCHED), how="touched")
        source = {"type": "TouchWrapper", "handler": "Press", "id": name}
        sent = {"token": on.token, "arguments": [name], "source": source, "components": {}}
        return self._turn(turn, {"type": TOUCHED, **sent})

    def silence(self, heard: str = "/silence") -> Answered:
        """She says nothing: the reprompt is spoken, then the session is over.

        DeviceError if the microphone is closed.
        """
        if self._session is None:
            raise DeviceError("silence: no session is open")
        speech, ssml = self._session.reprompt or ("", "")
        self._ask({"type": ENDED, "reason": "EXCEEDED_MAX_REPROMPTS"})
        self.forget()
        return Answered(heard, ENDED, how="silence", speech=speech, ssml=ssml)

    def _check(self, intent: str, said: Mapping[str, str]) -> None:
        known = {name: self._slots(name) for name in sorted(INTENTS)}
        if intent not in known:
            raise DeviceError(_unknown("intent", intent, known))
        for slot in said:
            if slot not in known[intent]:
                raise DeviceError(f"{intent}: {_unknown('slot', slot, known[intent])}")

    def _intent(self, heard: str, understood: Understood) -> Answered:
        turn = Answered(heard, understood.intent, understood.slots, understood.how)
        values = self._told_values() | understood.slots
        types = self._slots(turn.intent) | {slot: _TOLD[slot] for slot in self.told}
        slots = {name: self._slot(name, its, values.get(name)) for name, its in types.items()}
        intent: dict[str, Any] = {"name": turn.intent, "confirmationStatus": "NONE"}
        if slots:
            intent["slots"] = slots
        return self._turn(turn, {"type": "IntentRequest", "intent": intent})

    def _slots(self, intent: str) -> dict[str, str]:
        return self._listener.model.slots.get(intent, {})

    def _told_values(self) -> dict[str, SlotValue]:
        """What every intent tells, in the usual words."""
        types = self._listener.model.types
        return {
            slot: SlotValue(types[_TOLD[slot]][ident][0], (ident,))
            for slot, ident in self.told.items()
        }

    def _slot(self, name: str, type_name: str, filled: SlotValue | None) -> dict[str, Any]:
        slot: dict[str, Any] = {"name": name, "confirmationStatus": "NONE"}
        if filled:
            slot |= {"value": filled.value, "source": "USER"}
            slot["resolutions"] = {"resolutionsPerAuthority": [self._resolution(type_name, filled)]}
        return slot

    def _resolution(self, type_name: str, filled: SlotValue) -> dict[str, Any]:
        resolution: dict[str, Any] = {
            "authority": f"amzn1.er-authority.echo-sdk.{SKILL_ID}.{type_name}",
            "status": {"code": "ER_SUCCESS_MATCH" if filled.ids else "ER_SUCCESS_NO_MATCH"},
        }
        if filled.ids:
            values = self._listener.model.types[type_name]
            resolution["values"] = [
                {"value": {"name": values[ident][0], "id": ident}} for ident in filled.ids
            ]
        return resolution

    def _turn(self, turn: Answered, request: dict[str, Any]) -> Answered:
        self._session = self._session or _Session()
        answer = self._ask(request)
        response = answer.get("response") or {}
        speech, ssml = _spoken(response.get("outputSpeech"))
        is_open = response.get("shouldEndSession") is False
        reprompt = _spoken((response.get("reprompt") or {}).get("outputSpeech"))
        if is_open:
            self._session.attributes = dict(answer.get("sessionAttributes") or {})
            self._session.reprompt = reprompt
        else:
            self.forget()
        self._shown = shown(answer)
        asked_again = reprompt[0] or None if is_open else None
        return Answered(
            turn.heard, turn.intent, turn.slots, turn.how, speech, ssml, asked_again, is_open
        )

    def _ask(self, request: dict[str, Any]) -> Mapping[str, Any]:
        assert self._session is not None
        answer = self._send(self._envelope(self._session, request))
        self._session.new = False
        return answer

    def _envelope(self, session: _Session, request: dict[str, Any]) -> dict[str, Any]:
        application, user = {"applicationId": SKILL_ID}, {"userId": self._user}
        interfaces = self.screen.interfaces if self.screen else {}
        system = {
            "application": application,
            "user": user,
            "device": {"deviceId": "amzn1.ask.device.LOCAL", "supportedInterfaces": interfaces},
            "apiEndpoint": "https://api.amazonalexa.com",
        }
        return {
            "version": "1.0",
            "session": {
                "new": session.new,
                "sessionId": session.id,
                "application": application,
                "attributes": session.attributes,
                "user": user,
            },
            "context": {"System": system, **(self.screen.context if self.screen else {})},
            "request": self._head() | request,
        }

    def _head(self) -> dict[str, Any]:
        """What requests of every type have."""
        return {
            "requestId": f"amzn1.echo-api.request.{secrets.token_hex(16)}",
            "locale": self._locale,
            "timestamp": self.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


def _unknown(kind: str, name: str, known: Mapping[str, Any]) -> str:
    closest = process.extractOne(name, list(known))
    return f"no {kind} {name!r}" + (f"; did you mean {closest[0]!r}?" if closest else "")


def _spoken(output: Mapping[str, Any] | None) -> tuple[str, str]:
    """An output speech as plain text and as markup."""
    output = output or {}
    if output.get("type") == "PlainText":
        return str(output.get("text", "")), str(output.get("text", ""))
    ssml = str(output.get("ssml", ""))
    return to_plain_text(ssml), ssml


def to_plain_text(ssml: str) -> str:
    """SSML as she hears it: tags and breaks gone, digits as words.

    UnspeakableError for markup that Alexa could not read.
    """
    if not ssml:
        return ""
    try:
        words = "".join(_heard(ElementTree.fromstring(ssml.replace("<speak>", SPEAK, 1))))
    except (ElementTree.ParseError, RecursionError) as error:
        raise UnspeakableError(f"Alexa cannot speak this markup ({error}): {ssml}") from error
    plain = " ".join(words.split())
    for mark in ",.;:?!":
        plain = plain.replace(f" {mark}", mark)
    return plain


def _heard(element: ElementTree.Element) -> list[str]:
    inside = [element.text or ""]
    for child in element:
        inside += [*_heard(child), child.tail or ""]
    if element.tag == "say-as" and element.get("interpret-as") in SPELLED:
        letters = "".join("".join(inside).split())
        inside = [" ".join(DIGITS.get(letter, letter) for letter in letters)]
    elif element.tag == "sub":
        inside = [element.get("alias", "")]
    return [" ", *inside, " "] if element.tag in ("break", "p", "s") else inside
