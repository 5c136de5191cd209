"""A conversation that the webhook holds with itself before it takes requests.

It is signed by a throw-away authority and goes through the whole stack, so that the first real
request is as fast as the thousandth, and what cannot answer never serves.
"""

import json
import logging
import socket
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

from skill.alexa.authority import Authority
from skill.alexa.envelope import APL
from skill.serving.http import REQUEST_SECONDS, BoundedServer
from skill.web import PATH, create_app


class RehearsalError(Exception):
    """The webhook did not answer as it must, so it may not serve."""


class Rehearsal:
    """A conversation through the whole stack: HTTP, trust, conversation, words and bytes.

    It has an application of its own that trusts a throw-away authority; all that is loaded,
    compiled or remembered on the way is shared with the real one.
    """

    _SKILL_ID = "rehearsal"
    _SYSTEM: Mapping[str, Any] = {
        "application": {"applicationId": _SKILL_ID},
        "device": {"supportedInterfaces": {APL: {}}},  # a screen: what it shows is ready too
    }
    _INTENTS = (None, "CrampIntent", "AMAZON.NoIntent", "AMAZON.HelpIntent", "AMAZON.YesIntent")

    def __init__(self) -> None:
        # The time stands still: a worker may start when the certificates are long over.
        self._now = datetime.now(UTC)
        self._authority = Authority(now=self._now)

    def play(self, locales: Sequence[str]) -> None:
        """Holds the conversation in each locale; RehearsalError where it is not answered.

        It goes over HTTP, on a port of loopback that is open for so long.
        """
        app = create_app(
            skill_ids=[self._SKILL_ID],
            roots=self._authority.root_pem,
            now=lambda: self._now,
            fetch=self._authority.fetch,
        )
        with _no_logging(), socket.create_server(("127.0.0.1", 0)) as listener:
            server = BoundedServer(app, listener)
            server.accept_connections()
            with ThreadPoolExecutor(1) as pool:
                played = pool.submit(self._converse, listener.getsockname()[1], locales)
                played.add_done_callback(lambda _: server.wake())
                while not played.done():
                    server.serve_once()
            server.shut_down()
        played.result()
        if app.extensions["webhook"].errors.counts():
            raise RehearsalError("an answer was an apology for an error")

    def _converse(self, port: int, locales: Sequence[str]) -> None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=REQUEST_SECONDS)) as http:
            for locale in locales:
                attributes: dict[str, Any] = {}
                for intent in self._INTENTS:
                    answer = self._answer(http, locale, intent, attributes)
                    attributes = answer.get("sessionAttributes") or {}

    def _answer(
        self, http: HTTPConnection, locale: str, intent: str | None, attributes: dict[str, Any]
    ) -> dict[str, Any]:
        body = json.dumps(self._envelope(locale, intent, attributes)).encode()
        headers = {"Content-Type": "application/json"} | self._authority.sign(body)
        http.request("POST", PATH, body, headers)
        response = http.getresponse()
        text = response.read()
        answer: dict[str, Any] = json.loads(text) if response.status == 200 else {}
        if not {"outputSpeech", "directives"} <= answer.get("response", {}).keys():
            raise RehearsalError(f"{intent or 'a launch'} was not answered in {locale}")
        return answer

    def _envelope(
        self, locale: str, intent: str | None, attributes: dict[str, Any]
    ) -> dict[str, Any]:
        request: dict[str, Any] = {
            "type": "IntentRequest" if intent else "LaunchRequest",
            "timestamp": self._now.isoformat(),
            "locale": locale,
        }
        if intent:
            request["intent"] = {"name": intent, "slots": {"part": {"value": "calf"}}}
        return {
            "session": {"new": intent is None, "attributes": attributes},
            "context": {"System": self._SYSTEM},
            "request": request,
        }


@contextmanager
def _no_logging() -> Iterator[None]:
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
