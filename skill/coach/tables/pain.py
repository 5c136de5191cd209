"""The questions about the pain and its part (conversation.md 3.1, 3.2, 3.4, 3.6, 3.7)."""

from __future__ import annotations

from skill.coach.events import Named, Said
from skill.coach.outcomes import (
    Acknowledged,
    AskAgain,
    Call,
    ComfortAgain,
    DidItGrab,
    Eased,
    FirstRound,
    If,
    KeepPart,
    LegStill,
    NextCheck,
    NextRound,
    NotEased,
    OnceMore,
    Open,
    Outcome,
    PainStays,
    StartKept,
    StartPart,
    StretchAgain,
    When,
    close,
)
from skill.coach.place import Again, Aim, Ask, Part
from skill.coach.signs import Sign
from skill.coach.tables.everywhere import (
    GETTING_UP,
    NET_AND_ANOTHER_TRY,
    RELIEF,
    UNCLEAR,
    once_more,
)
from skill.coach.tables.question import OpenQuestion, rows

_WHOM_TO_CALL = ("anywhere.whom_to_call",)
_WHICH = rows(
    RELIEF,
    {
        (Said.EASED, Said.OVER_ALREADY): Eased(),
        Named.SORE: DidItGrab(),
        Said.SORE_AFTER: LegStill(Aim.EASIER, ("relief.still_sore",)),
        (Said.FOOT_SORE, Said.HIP_ON_TURNING): LegStill(Aim.MENTION),
        Said.SHOOTING_DOWN: LegStill(Aim.SCIATICA),
        (Said.IN_PAIN, Said.STILL_HURTS, Said.EASING): AskAgain(("relief.here",)),
        Said.HARD_LUMP: If(When.STRETCHING, FirstRound(), Call(Sign.HARD_VEIN)),
        (Said.JUST_BEGAN, Named.DENIAL, Named.SOFT_DENIAL, Said.OKAY): AskAgain(),
    },
)
_WHICH_LEG = rows(_WHICH, {(Said.UNSURE, Said.NEXT): FirstRound()})
_NO_PART_AGAIN = once_more(FirstRound(_WHOM_TO_CALL))
_STOP_FIRST = ("relief.stop_first",)


def _if_late_call(otherwise: Outcome) -> Outcome:
    """Pain that goes on for more than ten minutes is a reason to call (clinical.md C3-9)."""
    return If(When.LATE, Call(Sign.LASTING_PAIN), otherwise)


_NOISE = once_more(If(When.ALL_CLEAR, NET_AND_ANOTHER_TRY, Call(Sign.UNCLEAR)))

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
        Ask.GRAB,
        rows(
            RELIEF,
            {
                (Said.YES, Said.IN_PAIN, Said.JUST_BEGAN, Named.CRAMP): StartKept(),
                (Said.NO, Said.MEANT_NO, Said.UNSURE, Said.A_BIT): LegStill(),
                (Said.SOFT_NO, Said.AS_USUAL, Said.NORMAL, Named.SORE): LegStill(),
                (Said.STILL_HURTS, Said.EASING, Said.CANT_SEE, Said.FINE): LegStill(),
                Said.CAME_ON_SLOWLY: LegStill(),
                Said.FOR_AGES: Open(Ask.TEN_MINUTES, aim=Aim.SORE),
                Said.SORE_AFTER: LegStill(Aim.EASIER, ("relief.still_sore",)),
                (Said.EASED, Said.OVER_ALREADY): Eased(),
                (Said.OKAY, Said.THANKS): Acknowledged(),
            },
        ),
        otherwise=once_more(LegStill(say=(*_WHOM_TO_CALL, "relief.leg_still"))),
    ),
    OpenQuestion(
        Ask.STOPPED,
        rows(
            {
                (Said.YES, Said.OKAY, Said.THANKS, Said.NEXT): StartKept(),
                (Said.EASED, Said.OVER_ALREADY): Eased(),
                (Named.CRAMP_IN_PART, Named.BOTH_LEGS, Named.WAY_FOR_PART): KeepPart(_STOP_FIRST),
                (Said.LAUNCH, Said.START_OVER, Said.REPEAT): AskAgain(_STOP_FIRST),
            }
        ),
        otherwise=AskAgain(_STOP_FIRST),
    ),
    OpenQuestion(
        Ask.LET_GO,
        rows(
            RELIEF,
            {
                (Said.EASED, Said.OVER_ALREADY, Said.YES, Said.FINE): Eased(),
                (Said.OKAY, Said.THANKS): Eased(),
                (Said.STILL_HURTS, Said.EASING, Said.NO, Named.CRAMP, Named.SORE): NotEased(),
                (Said.IN_PAIN, Said.SORE_AFTER, Said.FOOT_SORE): NotEased(),
                (Said.HIP_ON_TURNING, Said.SHOOTING_DOWN, Said.MEANT_NO): NotEased(),
                (Said.A_BIT, Said.AS_USUAL, Said.SOFT_NO, Said.UNSURE): NotEased(),
                (Said.ANOTHER_WAY, Said.NEXT, Said.JUST_BEGAN, Said.NORMAL): NotEased(),
            },
        ),
        otherwise=once_more(
            If(
                When.NO_CHECK_YET,
                NextCheck(_WHOM_TO_CALL),
                If(When.ALL_CLEAR, NET_AND_ANOTHER_TRY, Call(Sign.UNCLEAR)),
            )
        ),
        repeats=StretchAgain(),
    ),
    OpenQuestion(
        Ask.PAIN_GONE,
        rows(
            RELIEF,
            {
                (Said.YES, Said.OKAY, Said.THANKS, Said.FINE): close("close.net"),
                (Said.EASED, Said.OVER_ALREADY, Said.NORMAL): close("close.net"),
                (Said.A_BIT, Said.SORE_AFTER, Said.FOOT_SORE): close("close.sore"),
                (Said.NO, Said.STILL_HURTS, Said.EASING, Named.CRAMP): PainStays(),
                (Said.IN_PAIN, Said.ANOTHER_WAY, Said.MEANT_NO): PainStays(),
                Named.SORE: close("close.sore"),
                Said.WORSE: Call(Sign.PAIN_GOT_WORSE),
                Named.TO_STAND: GETTING_UP,
                Said.SOFT_NO: OnceMore(Again.SOFT_NO, PainStays()),
                (Said.AS_USUAL, Said.UNSURE): OnceMore(Again.UNSURE, PainStays()),
                (Said.NEXT, Said.JUST_BEGAN, Named.DENIAL, Named.SOFT_DENIAL): AskAgain(),
            },
        ),
        otherwise=once_more(close("close.sore")),  # noise is no "good"
        repeats=ComfortAgain(),
    ),
    OpenQuestion(
        Ask.GETTING_EASIER,
        rows(
            RELIEF,
            {
                (Said.YES, Said.EASED, Said.EASING, Said.A_BIT): close("close.sore"),
                Said.OVER_ALREADY: close("close.sore"),
                (Said.NO, Said.MEANT_NO, Said.UNSURE): Call(Sign.LASTING_PAIN),
                (Said.STILL_HURTS, Said.WORSE, Named.SORE, Said.SORE_AFTER): Call(
                    Sign.LASTING_PAIN
                ),
                (Said.AS_USUAL, Said.NORMAL, Said.FOR_AGES, Said.IN_PAIN): Call(Sign.LASTING_PAIN),
                (Said.SOFT_NO, Said.FINE): OnceMore(Again.SOFT_NO, Call(Sign.LASTING_PAIN)),
                (Said.OKAY, Said.THANKS): Acknowledged(),
                (Said.BACK_AGAIN, Named.CRAMP): StartKept(),
                Named.TO_STAND: GETTING_UP,
            },
        ),
        otherwise=once_more(Call(Sign.UNCLEAR)),
    ),
    OpenQuestion(
        Ask.ONE_MORE,
        rows(
            RELIEF,
            {
                (Said.EASED, Said.OVER_ALREADY): Eased(),
                (Said.YES, Said.OKAY, Said.NEXT, Said.ANOTHER_WAY): _if_late_call(NextRound()),
                (Said.STILL_HURTS, Said.EASING, Named.CRAMP): _if_late_call(NextRound()),
                (Named.SORE, Said.IN_PAIN): _if_late_call(NextRound()),
                (Said.NO, Said.SOFT_NO, Said.FINE, Said.MEANT_NO): _if_late_call(
                    close("close.still_there")
                ),
                (Said.A_BIT, Said.AS_USUAL, Said.UNSURE): _if_late_call(AskAgain()),
                (Said.JUST_BEGAN, Said.NORMAL, Said.SORE_AFTER): _if_late_call(AskAgain()),
                (Said.BOTH, Said.CANT_SEE): _if_late_call(_NOISE),
                (Named.DENIAL, Named.SOFT_DENIAL): AskAgain(),
            },
        ),
        otherwise=_NOISE,
        repeats=AskAgain(("relief.keep_the_stretch",)),
    ),
)
"""The questions about the pain."""
