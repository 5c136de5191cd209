"""Requests as an Echo Show sends them, 4 kB each, and an authority that every stack can read.

Amazon's Node SDK reads RSA certificates only, so the issuers are RSA here.
"""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1

from skill.alexa.authority import (
    ALEXA_NAME,
    CHAIN_URL,
    authority_extensions,
    certify,
    leaf_extensions,
    new_rsa_key,
    signed_headers,
)

SKILL_ID = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"
BYTES = 4096

_SHAPES = [
    ("HUB_LANDSCAPE_LARGE", 1280, 800, 160),
    ("HUB_LANDSCAPE_MEDIUM", 1024, 600, 160),
]
_VIEWPORT = {
    "experiences": [{"arcMinuteWidth": 346, "arcMinuteHeight": 216}],
    "mode": "HUB",
    "shape": "RECTANGLE",
    "pixelWidth": 1280,
    "pixelHeight": 800,
    "dpi": 160,
    "currentPixelWidth": 1280,
    "currentPixelHeight": 800,
    "touch": ["SINGLE"],
    "video": {"codecs": ["H_264_42", "H_264_41"]},
}
_APPLICATION = {"applicationId": SKILL_ID}
_USER = {"userId": "amzn1.ask.account." + "A" * 200}
_DEVICE = {
    "deviceId": "amzn1.ask.device." + "B" * 180,
    "supportedInterfaces": {
        "AudioPlayer": {},
        "Alexa.Presentation.APL": {"runtime": {"maxVersion": "2024.3"}},
    },
}


@dataclass(frozen=True)
class Signed:
    """A request, ready to be sent."""

    body: bytes
    headers: dict[str, str]


class Alexa:
    """A throw-away Alexa: signs requests with a leaf below a root, both RSA."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        root = certify("Bench root", new_rsa_key(), None, authority_extensions(), now)
        self._issuer = certify("Bench issuer", new_rsa_key(), root, authority_extensions(), now)
        self.root_pem = root.pem
        self.renew()

    def renew(self) -> None:
        """Signs with another key from now on, below the same root."""
        self._key = new_rsa_key()
        leaf = certify(ALEXA_NAME, self._key, self._issuer, leaf_extensions(), datetime.now(UTC))
        self.chain_pem = leaf.pem + self._issuer.pem

    def fetch(self, _url: str) -> bytes:
        """The chain, from any address."""
        return self.chain_pem

    def sign(self, envelope: dict[str, Any], url: str = CHAIN_URL) -> Signed:
        """The envelope as bytes, with all headers that it is sent with."""
        return self.sign_bytes(json.dumps(envelope, separators=(",", ":")).encode(), url)

    def sign_bytes(self, body: bytes, url: str = CHAIN_URL) -> Signed:
        """Any bytes, signed in the new way and the old, with all headers they are sent with."""
        old = b64encode(self._key.sign(body, PKCS1v15(), SHA1())).decode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Signature": old}
        return Signed(body, headers | signed_headers(self._key, body, url))

    def save(self, folder: Path, requests: list[Signed]) -> None:
        """Writes what a stack needs to serve these requests: root, chain, and one to warm up."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "root.pem").write_bytes(self.root_pem)
        (folder / "chain.pem").write_bytes(self.chain_pem)
        (folder / "requests.json").write_text(
            json.dumps([{"body": each.body.decode(), "headers": each.headers} for each in requests])
        )


def cramp(when: datetime | None = None, *, part: str = "calf") -> dict[str, Any]:
    """The first turn of a conversation: a cramp in a part of the leg."""
    intent = {"name": "CrampIntent", "confirmationStatus": "NONE", "slots": {"part": _slot(part)}}
    return envelope(intent, when=when)


def envelope(
    intent: dict[str, Any] | None,
    *,
    attributes: dict[str, Any] | None = None,
    when: datetime | None = None,
    locale: str = "en-US",
) -> dict[str, Any]:
    """An intent (None: a launch) as an Echo Show sends it, 4 kB long; `attributes` None: new."""
    whole: dict[str, Any] = {
        "version": "1.0",
        "session": _session(attributes),
        "context": _context(),
        "request": _request(intent, when or datetime.now(UTC), locale),
    }
    token = BYTES - len(json.dumps(whole, separators=(",", ":")))
    whole["context"]["System"]["apiAccessToken"] = "e" * max(0, token)
    return whole


def _request(intent: dict[str, Any] | None, when: datetime, locale: str) -> dict[str, Any]:
    request: dict[str, Any] = {
        "type": "IntentRequest" if intent else "LaunchRequest",
        "requestId": "amzn1.echo-api.request.00000000-0000-0000-0000-000000000000",
        "locale": locale,
        "timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return request | ({"intent": intent, "dialogState": "COMPLETED"} if intent else {})


def _session(attributes: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "new": attributes is None,
        "sessionId": "amzn1.echo-api.session.00000000-0000-0000-0000-000000000000",
        "application": _APPLICATION,
        "attributes": attributes or {},
        "user": _USER,
    }


def _context() -> dict[str, Any]:
    """Her device and its screen; its access token is left empty."""
    return {
        "Viewports": [_viewport(*shape) for shape in _SHAPES],
        "Viewport": _VIEWPORT,
        "Extensions": {"available": {"aplext:backstack:10": {}}},
        "System": {
            "application": _APPLICATION,
            "user": _USER,
            "device": _DEVICE,
            "apiEndpoint": "https://api.amazonalexa.com",
            "apiAccessToken": "",
        },
    }


def answered(before: dict[str, Any], answer: dict[str, Any], intent: str) -> dict[str, Any]:
    """The request after `answer`, in the same session."""
    attributes = answer.get("sessionAttributes") or {}
    return envelope({"name": intent, "confirmationStatus": "NONE"}, attributes=attributes)


def requests(alexa: Alexa, count: int) -> list[Signed]:
    """Requests for the comparison, a few seconds apart, the last one a minute from now.

    All stacks accept times within 150 s, so these serve for three minutes and a half.
    """
    last = datetime.now(UTC) + timedelta(seconds=60)
    return [alexa.sign(cramp(last - timedelta(seconds=each))) for each in range(count)]


def _slot(part: str) -> dict[str, Any]:
    value = {"value": {"name": part, "id": part}}
    authority = f"amzn1.er-authority.echo-sdk.{SKILL_ID}.BodyPart"
    match = {"authority": authority, "status": {"code": "ER_SUCCESS_MATCH"}, "values": [value]}
    return {
        "name": "part",
        "value": f"my {part}",
        "confirmationStatus": "NONE",
        "source": "USER",
        "resolutions": {"resolutionsPerAuthority": [match]},
        "slotValue": {
            "type": "Simple",
            "value": f"my {part}",
            "resolutions": {"resolutionsPerAuthority": [match]},
        },
    }


def _viewport(name: str, width: int, height: int, dpi: int) -> dict[str, Any]:
    size = {
        "type": "DISCRETE",
        "pixelWidth": width,
        "pixelHeight": height,
    }
    return {
        "type": "APL",
        "id": name.lower(),
        "shape": "RECTANGLE",
        "dpi": dpi,
        "presentationType": "STANDARD",
        "canRotate": False,
        "configuration": {
            "current": {"mode": "HUB", "video": {"codecs": ["H_264_42"]}, "size": size}
        },
    }
