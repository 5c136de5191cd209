"""The skill: one turn for what she said, nothing for what needs no answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ask_sdk_core.dispatch_components.request_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model.intent_request import IntentRequest
from ask_sdk_model.response import Response

from skill.alexa import attributes
from skill.alexa.attributes import Carried
from skill.alexa.envelope import (
    TOUCHED,
    Envelope,
    SlotValue,
    TouchRequest,
    to_request_envelope,
)
from skill.alexa.intents import Heard, heard, touched
from skill.alexa.reply import apology, response_for, to_json
from skill.alexa.values import resolved
from skill.coach.conversation import LOST, aside, respond
from skill.coach.events import Said
from skill.coach.place import OUTSIDE_RELIEF, Session
from skill.coach.turn import Turn
from skill.speech.catalogue import catalogue

ANSWERED = frozenset({"LaunchRequest", "IntentRequest", TOUCHED})
"""The types of request that a turn answers. Amazon takes speech in answer to these alone."""

LAUNCH = Heard(Said.LAUNCH)
_NOTHING_TO_SAY = b'{"version":"1.0","response":{}}'


class Conversation(AbstractRequestHandler):
    """Answers a launch, every intent, and a touch on the screen."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        request: Any = handler_input.request_envelope.request
        return request.object_type in ANSWERED

    def handle(self, handler_input: HandlerInput) -> Response:
        """The response to a turn; session attributes are written last, when it is complete."""
        envelope: Any = handler_input.request_envelope  # the SDK types every field as Optional
        request = envelope.request
        carried, turn = answered(envelope)
        screen = envelope.context is not None
        response = response_for(turn, catalogue(request.locale or ""), screen=screen)
        since = _since(carried, turn, request.timestamp)
        handler_input.attributes_manager.session_attributes = (
            attributes.write(Carried(turn.session, since)) if turn.open else {}
        )
        return response


def answered(envelope: Any) -> tuple[Carried, Turn]:
    """What travelled with a launch or an intent, and the turn that answers it."""
    carried = _carried(envelope)
    what = _heard(envelope.request)
    told = aside(carried.session, what.speaker, what.stage, no_rub=what.no_rub)
    return carried, respond(told, what.event, late=carried.late(envelope.request.timestamp))


class NothingToSay(AbstractRequestHandler):
    """Answers the end of a session, and any request type that is not spoken, with nothing."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        """An empty response: nothing can be said here (alexa.md 2)."""
        return Response()


class Skill:
    """Both handlers; one serves any number of threads, as it keeps nothing between requests."""

    def __init__(self) -> None:
        builder = SkillBuilder()
        builder.add_request_handler(Conversation())
        builder.add_request_handler(NothingToSay())
        self._skill = builder.create()
        self._last_resort = apology("")  # made now, so that it cannot fail at night

    def answer(self, envelope: Envelope) -> tuple[bytes, list[Exception]]:
        """The response to what Alexa sent, as JSON; and what went wrong, in order.

        A fault of ours is answered with an apology where she can hear one; and where that fails
        too, with the one that was made at the start.
        """
        try:
            return self.turn(envelope), []
        except Exception as error:  # noqa: BLE001 she is answered all the same
            reply, more = self._calm(envelope)
            return reply, [error, *more]

    def turn(self, envelope: Envelope) -> bytes:
        """The response as JSON. Raises whatever goes wrong."""
        return to_json(self._skill.invoke(to_request_envelope(envelope), None))

    def _calm(self, envelope: Envelope) -> tuple[bytes, list[Exception]]:
        if envelope.kind not in ANSWERED:
            return _NOTHING_TO_SAY, []
        try:
            return apology(envelope.locale), []
        except Exception as error:  # noqa: BLE001 the same
            return self._last_resort, [error]


def _carried(envelope: Any) -> Carried:
    """Where she is: at the start of a new session, lost where attributes cannot be read."""
    if envelope.session.new:
        return Carried(Session())
    read = attributes.read(envelope.session.attributes, envelope.request.timestamp)
    return read or Carried(LOST)


def _heard(request: Any) -> Heard:
    if isinstance(request, TouchRequest):
        return touched(request.touched)
    if not isinstance(request, IntentRequest):
        return LAUNCH
    intent: Any = request.intent
    slots = {name: _slot(slot) for name, slot in (intent.slots or {}).items()}
    return heard(intent.name, resolved(slots, request.locale or ""))


def _slot(slot: Any) -> SlotValue:
    if slot.resolutions is None:
        return SlotValue(slot.value)
    (match,) = slot.resolutions.resolutions_per_authority
    return SlotValue(slot.value, tuple(each.value.id for each in match.values))


def _since(carried: Carried, turn: Turn, now: datetime) -> datetime | None:
    """When this cramp began: set at the first turn of a relief conversation, then kept."""
    if turn.session.place.ask in OUTSIDE_RELIEF:
        return None
    return carried.since or now
