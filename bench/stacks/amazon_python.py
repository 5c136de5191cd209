"""Amazon's Python SDK with its Flask adapter, as published, saying one sentence.

Two things are replaced, as for all: how a chain is fetched, and which root is trusted (beside
those of the system, which the SDK reads by default).
"""

import io
import os
from pathlib import Path

import ask_sdk_webservice_support.verifier as verifier
from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import is_intent_name, is_request_type
from ask_sdk_model import Response
from asn1crypto import pem
from certvalidator import CertificateValidator, ValidationContext
from flask import Flask
from flask_ask_sdk.skill_adapter import SkillAdapter

FOLDER = Path(os.environ["BENCH_FOLDER"])
CHAIN = (FOLDER / "chain.pem").read_bytes()
ROOT = pem.unarmor((FOLDER / "root.pem").read_bytes())[2]
SKILL_ID = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"


def validator(leaf: bytes, others: list[bytes]) -> CertificateValidator:
    return CertificateValidator(leaf, others, ValidationContext(extra_trust_roots=[ROOT]))


verifier.urlopen = lambda _url: io.BytesIO(CHAIN)
verifier.CertificateValidator = validator


class Launch(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_request_type("LaunchRequest")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        return handler_input.response_builder.speak("Welcome.").ask("Where is it?").response


class Cramp(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:
        return is_intent_name("CrampIntent")(handler_input)

    def handle(self, handler_input: HandlerInput) -> Response:
        handler_input.attributes_manager.session_attributes["place"] = "hold"  # type: ignore[index]
        builder = handler_input.response_builder
        return builder.speak("Pull your toes up towards you.").ask("Has it let go?").response


builder = SkillBuilder()
builder.add_request_handler(Launch())
builder.add_request_handler(Cramp())
builder.skill_id = SKILL_ID  # type: ignore[assignment]
app = Flask("amazon")
SkillAdapter(skill=builder.create(), skill_id=SKILL_ID, app=app).register(app, "/alexa")
