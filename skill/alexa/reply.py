"""Turn → response: speech, reprompt, card, and whether the microphone opens; then → JSON."""

from __future__ import annotations

from typing import Any

import orjson
from ask_sdk_model.response import Response
from ask_sdk_model.ui.reprompt import Reprompt
from ask_sdk_model.ui.simple_card import SimpleCard
from ask_sdk_model.ui.ssml_output_speech import SsmlOutputSpeech

from skill.coach.place import Manner
from skill.coach.signs import Level
from skill.coach.turn import Turn
from skill.screen.document import directive
from skill.speech.catalogue import Catalogue, catalogue
from skill.speech.words import in_digits, speak_ssml, ssml, tags_of

CARD_TITLE = "Cramp Coach"


def response_for(turn: Turn, words: Catalogue, *, screen: bool = False) -> Response:
    """The response to a turn. A question is asked exactly where the session stays open.

    screen: the device has one, so that the turn is shown too; no other device may be sent that.
    """
    speech, reprompt = speak_ssml(turn, words)
    show: list[Any] | None = [directive(turn, words)] if screen else None
    return Response(
        output_speech=SsmlOutputSpeech(ssml=speech),
        reprompt=Reprompt(SsmlOutputSpeech(ssml=reprompt)) if turn.open else None,
        card=_card(turn, words),
        directives=show,
        should_end_session=not turn.open,
    )


def to_json(reply: object) -> bytes:
    """`reply`, of plain values or the SDK's objects, as Amazon expects it."""
    return orjson.dumps(reply, default=_fields)


def _fields(model: Any) -> object:
    """What is set of an SDK object, by Amazon's names (half of its serialiser's time)."""
    names = model.attribute_map
    return {
        names[name]: value
        for name, value in vars(model).items()
        if value is not None and name in names
    }


def apology(locale: str) -> bytes:
    """The answer to a fault of ours: whom to call, one thing to do, and the microphone open.

    It is JSON. It carries no session attributes: the next turn finds her lost, and asks about her
    breathing.
    """
    words, manner = catalogue(locale), Manner()
    tags = frozenset({"she", "pregnant"})

    def speech(form: str) -> dict[str, str]:
        return {"type": "SSML", "ssml": ssml(words.pieces("anywhere.fault", form, tags), manner)}

    response = {
        "outputSpeech": speech("say"),
        "reprompt": {"outputSpeech": speech("reprompt")},
        "shouldEndSession": False,
    }
    return to_json({"version": "1.0", "response": response})


def _card(turn: Turn, words: Catalogue) -> SimpleCard | None:
    """What is easily forgotten, never what she said (alexa.md 1).

    In and after an urgent turn whom to call, and nothing else (conversation.md 2).
    """
    key = _card_key(turn, words)
    if key is None:
        return None
    tags = tags_of(turn.session, turn.level)
    return SimpleCard(title=CARD_TITLE, content=in_digits(words.pieces(key, "say", tags)))


def _card_key(turn: Turn, words: Catalogue) -> str | None:
    if turn.level is not None:
        return "card.emergency" if turn.level is Level.EMERGENCY else "card.call_now"
    if turn.session.place.given is not None or not turn.lines:
        return None
    first = turn.lines[0]
    return words.entries[first.key].card if first.form == "say" else None
