"""The questions after an urgent line (conversation.md 3.8 and 5): the number, until it was
a mishearing."""

from __future__ import annotations

from skill.coach.events import Name, Named, Said
from skill.coach.outcomes import EndUrgent, If, Number, Outcome, Recheck, When
from skill.coach.place import Ask
from skill.coach.tables.question import QUESTIONS_OF_HERS, OpenQuestion, rows

_NUMBER = Number("calling.number")
_MISHEARD = Recheck("recheck.mishearing")

_ON_THE_WAY: dict[Name, Outcome] = rows(
    {
        (Said.YES, Said.OKAY, Said.THANKS, Said.WILL_CALL): EndUrgent("calling.go"),
        Said.NO: Number("calling.no_phone"),
        (Said.EASED, Said.EASING, Said.FINE): Number("calling.still_call"),
        Said.OVER_ALREADY: Number("calling.still_call"),
        Said.CALL_FOR_ME: Number("calling.i_cannot_call"),
        Said.ALONE: Number("calling.alone"),
        Said.PHONE_AWAY: Number("calling.phone_away"),
        Said.NOBODY_ANSWERS: Number("calling.nobody_answers"),
        Said.ON_HOLD: Number("calling.on_hold"),
        Said.NO_MIDWIFE: Number("calling.no_midwife"),
        Said.SHALL_I_DRIVE: Number("calling.shall_i_drive"),
        Said.NO_CAR: Number("calling.no_car"),
        Said.WHAT_DO_I_SAY: Number("calling.what_to_say"),
        Said.SCARED: Number("calling.scared"),
        Said.LOSS: Number("calling.sorry_for_loss"),
        Said.IN_HOSPITAL: Number("calling.nurse"),
        # why she would rather not
        Said.BOTHER: Number("calling.rather_you_called"),
        Said.WAIT_TILL_MORNING: Number("calling.open_at_night"),
        Said.NOT_HOSPITAL: Number("calling.ask_what_is_needed"),
        Said.COST: Number("calling.ask_about_cost"),
        (Said.PULLED_MUSCLE, Said.OTHER_CARE): Number("calling.cannot_tell"),
        Said.OVERREACTING: Number("calling.not_overreacting"),
        Said.CHILDREN: Number("calling.children"),
        (Said.TOLD_FINE, Said.AS_USUAL, Said.NORMAL): Number("calling.even_so"),
        Said.TOLD_TO_WAIT: Number("calling.again_tonight"),
        Said.SEEN_TONIGHT: If(When.LEVEL_TWO, EndUrgent("calling.as_they_said"), _NUMBER),
        Said.AMBULANCE_COMING: EndUrgent("calling.ambulance"),
        QUESTIONS_OF_HERS: Number("calling.cannot_tell"),
        (Said.HELP, Said.REPEAT, Said.WHAT_CAN_YOU_DO): _NUMBER,
        Said.NOT_WHAT_I_SAID: _MISHEARD,
        Said.STOP: EndUrgent("stop.urgent"),
    },
    {
        (Named.COMFORT_QUESTION, Named.RUB_QUESTION): Number("calling.please_dont"),
        Named.SCAN_QUESTION: Number("calling.same_scan"),
        Named.CARE_QUESTION: Number("calling.what_they_do"),
        Named.LINE_QUESTION: Number("calling.what_the_line_is"),
    },
)
_I_MEANT_NO = rows(
    {(Said.MEANT_NO, Said.NOT_WHAT_I_SAID, Named.DENIAL, Named.SOFT_DENIAL): _MISHEARD},
)


def _is_that_right(ask: Ask, yes: str) -> OpenQuestion:
    """A bare yes to a check is asked about once; what she named herself never is."""
    return OpenQuestion(
        ask,
        rows(
            _I_MEANT_NO,
            {
                (Said.YES, Said.OKAY, Said.THANKS): Number(yes, Ask.CAN_YOU_CALL_AFTER_YES),
                (Said.NO, Said.SOFT_NO, Said.SAME_AS_OTHER): _MISHEARD,
                Said.STOP: EndUrgent("stop.urgent"),
            },
        ),
        otherwise=_NUMBER,
        alone=True,
    )


QUESTIONS = (
    _is_that_right(Ask.IS_THAT_RIGHT, "calling.then_call"),
    _is_that_right(Ask.IS_THAT_RIGHT_LEG, "calling.it_can_be_a_clot"),
    OpenQuestion(Ask.CAN_YOU_CALL, _ON_THE_WAY, otherwise=_NUMBER, alone=True),
    OpenQuestion(
        Ask.CAN_YOU_CALL_AFTER_YES,
        rows(_ON_THE_WAY, _I_MEANT_NO),
        otherwise=_NUMBER,
        alone=True,
    ),
)
"""The questions after an urgent line."""
