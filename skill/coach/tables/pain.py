"""The questions about the pain and its part (conversation.md 3.1, 3.2, 3.4)."""

from __future__ import annotations

from skill.coach.events import Named, Said
from skill.coach.outcomes import (
    AskAgain,
    Call,
    ComfortAgain,
    Eased,
    FirstRound,
    If,
    LegStill,
    NextCheck,
    NextRound,
    NotEased,
    OnceMore,
    Outcome,
    PainStays,
    StartPart,
    StretchAgain,
    When,
    close,
)
from skill.coach.place import Again, Ask, Part
from skill.coach.signs import Sign
from skill.coach.tables.everywhere import RELIEF, UNCLEAR, once_more
from skill.coach.tables.question import OpenQuestion, rows

_WHOM_TO_CALL = ("anywhere.whom_to_call",)
_WHICH = rows(
    RELIEF,
    {
        Said.EASED: Eased(),
        Named.SORE: LegStill(),
        (Said.JUST_BEGAN, Named.DENIAL, Named.SOFT_DENIAL): AskAgain(),
    },
)
_WHICH_LEG = rows(_WHICH, {(Said.UNSURE, Said.NEXT): FirstRound()})
_NO_PART_AGAIN = once_more(FirstRound(_WHOM_TO_CALL))


def _if_late_call(otherwise: Outcome) -> Outcome:
    """Pain that goes on for more than ten minutes is a reason to call (clinical.md C3 row 9)."""
    return If(When.LATE, Call(Sign.LASTING_PAIN), otherwise)


QUESTIONS = (
    OpenQuestion(
        Ask.LEG_OR_TUMMY,
        rows(_WHICH, {Said.BOTH: Call(Sign.TUMMY_CRAMP)}),
        otherwise=UNCLEAR,
    ),
    OpenQuestion(
        Ask.WHICH_PART,
        rows(
            _WHICH_LEG,
            {
                Named.CRAMP_IN_PART: StartPart(too_vague=(Part.LEG,)),
                Named.CRAMP_AFTER_CLOT: StartPart(),
                Said.BOTH: StartPart(Part.BOTH_LEGS),
            },
        ),
        otherwise=_NO_PART_AGAIN,
        repeats=AskAgain(("relief.launch", "relief.watch")),
    ),
    OpenQuestion(
        Ask.WHICH_THIGH,
        rows(_WHICH_LEG, {Named.CRAMP_IN_PART: StartPart(too_vague=(Part.LEG, Part.THIGH))}),
        otherwise=_NO_PART_AGAIN,
        repeats=AskAgain(("relief.which_thigh", "relief.watch")),
    ),
    OpenQuestion(
        Ask.LET_GO,
        rows(
            RELIEF,
            {
                (Said.EASED, Said.YES, Said.FINE): Eased(),
                (Said.STILL_HURTS, Said.NO, Named.CRAMP, Named.SORE): NotEased(),
                (Said.A_BIT, Said.AS_USUAL, Said.SOFT_NO, Said.UNSURE): NotEased(),
                (Said.ANOTHER_WAY, Said.NEXT, Said.JUST_BEGAN): NotEased(),
            },
        ),
        otherwise=once_more(If(When.NO_CHECK_YET, NextCheck(_WHOM_TO_CALL), Call(Sign.UNCLEAR))),
        repeats=StretchAgain(),
    ),
    OpenQuestion(
        Ask.STRONG_PAIN,
        rows(
            RELIEF,
            {
                (Said.NO, Said.EASED, Said.FINE): close("close.net"),
                (Said.YES, Said.STILL_HURTS, Named.CRAMP, Named.SORE): PainStays(),
                Said.ANOTHER_WAY: PainStays(),
                Said.WORSE: Call(Sign.PAIN_GOT_WORSE),
                Said.SOFT_NO: OnceMore(Again.SOFT_NO, close("close.net")),
                (Said.A_BIT, Said.AS_USUAL, Said.UNSURE): OnceMore(
                    Again.UNSURE, PainStays(), already=Again.NOT_UNDERSTOOD
                ),
                (Said.NEXT, Said.JUST_BEGAN, Named.DENIAL, Named.SOFT_DENIAL): AskAgain(),
            },
        ),
        otherwise=UNCLEAR,
        repeats=ComfortAgain(),
    ),
    OpenQuestion(
        Ask.ONE_MORE,
        rows(
            RELIEF,
            {
                Said.EASED: Eased(),
                (Said.YES, Said.STILL_HURTS, Named.CRAMP, Named.SORE): _if_late_call(NextRound()),
                (Said.ANOTHER_WAY, Said.NEXT): _if_late_call(NextRound()),
                (Said.NO, Said.SOFT_NO, Said.FINE): _if_late_call(close("close.still_there")),
                (Said.A_BIT, Said.AS_USUAL, Said.UNSURE): _if_late_call(AskAgain()),
                Said.JUST_BEGAN: _if_late_call(AskAgain()),
                (Said.BOTH, Said.CANT_SEE): _if_late_call(UNCLEAR),
                (Named.DENIAL, Named.SOFT_DENIAL): AskAgain(),
            },
        ),
        otherwise=UNCLEAR,
        repeats=AskAgain(("relief.keep_the_stretch",)),
    ),
)
"""The questions about the pain."""
