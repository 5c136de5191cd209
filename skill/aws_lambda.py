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

from skill.alexa.envelope import read_envelope, skill_id_of
from skill.alexa.handlers import Skill
from skill.alexa.refusal import Cause, Refusal
from skill.log import Line, fault
from skill.speech import signed

_log = logging.getLogger(__name__)


class Function:
    """Answers events for the skills with these ids; ValueError if there is none."""

    def __init__(self, skill_ids: Iterable[str]) -> None:
        self._skill_ids = frozenset(filter(None, map(str.strip, skill_ids)))
        if not self._skill_ids:
            raise ValueError("no skill id: set CRAMP_COACH_SKILL_ID to the id of the skill")
        self._skill = Skill()

    def __call__(self, event: Mapping[str, Any], _context: object) -> Any:
        """The response to an event, as plain values. Refusal for another skill's, or none.

        Lambda logs a refusal with its one word, and Alexa tells her that the skill has a problem.
        """
        if skill_id_of(event) not in self._skill_ids:
            raise Refusal(Cause.SKILL_ID)
        reply, wrong = self._skill.answer(read_envelope(event))
        for error in wrong:
            _log.error(Line({"outcome": "apologised"} | fault(error)))
        return orjson.loads(reply)


def _started() -> Function:
    """The function, which says how much is signed. NotSignedError where all has to be, and is not.

    ValueError as `Function`.
    """
    function = Function(os.environ.get("CRAMP_COACH_SKILL_ID", "").split(","))
    _log.warning(Line(signed=signed.at_start(os.environ)))
    return function


handler = _started()
"""What the function's configuration names: `skill.aws_lambda.handler`."""
