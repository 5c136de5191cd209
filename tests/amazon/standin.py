"""`ask smapi` as it is without Node: it brings its words to the stub, and prints what ask-cli does.

`make amazon` puts the real one in its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.amazon.ask import Run


def ask_on(address: str) -> Run:
    """What runs `ask smapi` against a stub's address."""

    def run(words: Sequence[str]) -> tuple[int, str, str]:
        options = dict(each.removeprefix("--").split("=", 1) for each in words[3:])
        method, path, body = _request(words[2], options)
        connection = HTTPConnection(urlsplit(address).netloc)
        connection.request(method, path, json.dumps(body))
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        if response.status == 200:
            return 0, text, ""
        told = f"Call to service failed: Request failed with status code {response.status}"
        return 1, "", f"[Error]: {json.dumps({'message': told}, indent=2)}\n"

    return run


def _request(command: str, options: Mapping[str, str]) -> tuple[str, str, object]:
    skill = options["skill-id"]
    stage = f"skills/{skill}/stages/development"
    if command == "profile-nlu":
        path = f"/v1/{stage}/interactionModel/locales/{options['locale']}/profileNlu"
        return "POST", path, {"utterance": options["utterance"]}
    if command == "get-skill-simulation":
        return "GET", f"/v2/{stage}/simulations/{options['simulation-id']}", None
    assert command == "simulate-skill"
    asked = {
        "input": {"content": options["input-content"]},
        "device": {"locale": options["device-locale"]},
        "session": {"mode": options["session-mode"]},
    }
    return "POST", f"/v2/{stage}/simulations", asked
