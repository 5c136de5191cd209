"""A conversation that the webhook holds with itself before it takes requests.

It is signed by a throw-away authority and goes through the whole stack, so that the first real
request is as fast as the thousandth, and what cannot answer never serves.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient

from skill.simulator.authority import Authority
from skill.web import PATH, create_app


class RehearsalError(Exception):
    """The webhook did not answer as it must, so it may not serve."""


class Rehearsal:
    """A conversation through the whole stack: HTTP's environment, trust, words and bytes.

    It has an application of its own that trusts a throw-away authority; all that is loaded,
    compiled or remembered on the way is shared with the real one.
    """

    _SKILL_ID = "rehearsal"
    _INTENTS = (None, "CrampIntent", "AMAZON.NoIntent", "AMAZON.HelpIntent", "AMAZON.YesIntent")

    def __init__(self) -> None:
        # The time stands still: a worker may start when the certificates are long over.
        self._now = datetime.now(UTC)
        self._authority = Authority(now=self._now)

    def play(self, locales: Sequence[str]) -> None:
        """Holds the conversation in each locale; RehearsalError where it is not answered."""
        authority = self._authority
        app = create_app(
            skill_ids=[self._SKILL_ID],
            roots=authority.root_pem,
            now=lambda: self._now,
            fetch=authority.fetch,
        )
        with _no_logging():
            for locale in locales:
                attributes: dict[str, Any] = {}
                for intent in self._INTENTS:
                    answer = self._answer(app.test_client(), locale, intent, attributes)
                    attributes = answer.get("sessionAttributes") or {}
        if app.extensions["webhook"].errors.counts():
            raise RehearsalError("an answer was an apology for an error")

    def _answer(
        self, http: FlaskClient, locale: str, intent: str | None, attributes: dict[str, Any]
    ) -> dict[str, Any]:
        body = json.dumps(self._envelope(locale, intent, attributes)).encode()
        response = http.post(
            PATH, data=body, headers=self._authority.sign(body), content_type="application/json"
        )
        answer: dict[str, Any] = json.loads(response.data) if response.status_code == 200 else {}
        if "outputSpeech" not in answer.get("response", {}):
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
            "context": {"System": {"application": {"applicationId": self._SKILL_ID}}},
            "request": request,
        }


@contextmanager
def _no_logging() -> Iterator[None]:
    logging.disable()
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
