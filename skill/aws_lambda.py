"""AWS Lambda: `handler` answers what Alexa sends to the function, as the webhook would.

Alexa calls a function through Amazon's own permissions, so nothing is signed and no chain is
fetched. Whose skill it is has to be checked all the same (alexa.md 3), before anything is read.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from skill.alexa.envelope import Envelope, read_envelope, skill_id_of
from skill.alexa.handlers import ANSWERED, Skill
from skill.alexa.refusal import Cause, Refusal
from skill.alexa.reply import apology

_log = logging.getLogger(__name__)


class Function:
    """Answers events for the skills with these ids; ValueError if there is none."""

    def __init__(self, skill_ids: Iterable[str]) -> None:
        self._skill_ids = frozenset(filter(None, map(str.strip, skill_ids)))
        if not self._skill_ids:
            raise ValueError("no skill id: set CRAMP_COACH_SKILL_ID to the id of the skill")
        self._skill = Skill()
        self._last_resort = apology("")  # made now: so it cannot fail, and the words are read

    def __call__(self, event: Mapping[str, Any], _context: object) -> Any:
        """The response to an event, as plain values. Refusal for another skill's, or none.

        Lambda logs a refusal with its one word, and Alexa tells her that the skill has a problem.
        """
        if skill_id_of(event) not in self._skill_ids:
            raise Refusal(Cause.SKILL_ID)
        envelope = read_envelope(event)
        try:
            reply = self._skill.answer(envelope)
        except Exception as error:  # noqa: BLE001 she is answered all the same
            _log.error(orjson.dumps({"outcome": "apologised", "cause": _name(error)}).decode())
            reply = self._calm(envelope)
        return orjson.loads(reply)

    def _calm(self, envelope: Envelope) -> bytes:
        if envelope.kind not in ANSWERED:
            return b'{"version":"1.0","response":{}}'
        try:
            return apology(envelope.locale)
        except Exception as error:  # noqa: BLE001 the same
            _log.error(orjson.dumps({"outcome": "apologised", "cause": _name(error)}).decode())
            return self._last_resort


def _name(error: Exception) -> str:
    return type(error).__name__


handler = Function(os.environ.get("CRAMP_COACH_SKILL_ID", "").split(","))
"""What the function's configuration names: `skill.aws_lambda.handler`."""
