"""The questions after an urgent line (conversation.md 5): the number, until it was a mishearing."""

from __future__ import annotations

from skill.coach.events import Named, Said
from skill.coach.outcomes import EndUrgent, Number, Recheck
from skill.coach.place import Ask
from skill.coach.tables.question import QUESTIONS_OF_HERS, OpenQuestion, rows

_NUMBER = Number("calling.number")
_PLEASE_DONT = Number("calling.please_dont")
_ON_THE_WAY = rows(
    {
        Said.NO: Number("calling.number", Ask.CAN_YOU_CALL),
        (Said.EASED, Said.FINE): Number("calling.still_call"),
        Said.CALL_FOR_ME: Number("calling.i_cannot_call"),
        Said.ALONE: Number("calling.alone"),
        Said.PHONE_AWAY: Number("calling.phone_away"),
        Said.NOBODY_ANSWERS: Number("calling.nobody_answers"),
        Said.NO_MIDWIFE: Number("calling.no_midwife"),
        Said.SHALL_I_DRIVE: Number("calling.shall_i_drive"),
        Said.WHAT_DO_I_SAY: Number("calling.what_to_say"),
        Said.SCARED: Number("calling.scared"),
        QUESTIONS_OF_HERS: Number("calling.call_first"),
        Said.NOT_WHAT_I_SAID: Recheck("recheck.mishearing"),
        Said.STOP: EndUrgent("stop.urgent"),
    },
    {(Named.COMFORT_QUESTION, Named.RUB_QUESTION): _PLEASE_DONT},
)

QUESTIONS = (
    OpenQuestion(Ask.URGENT, _ON_THE_WAY, otherwise=_NUMBER, alone=True),
    OpenQuestion(
        Ask.CAN_YOU_CALL,
        rows(
            _ON_THE_WAY,
            {
                Said.YES: EndUrgent("calling.go"),
                Said.NO: Number("calling.no_phone", Ask.CAN_YOU_CALL),
            },
        ),
        otherwise=_NUMBER,
        alone=True,
    ),
)
"""The questions after an urgent line."""
