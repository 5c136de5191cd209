"""Outside a relief conversation: first words, questions by day, and the routines."""

from __future__ import annotations

from skill.coach.events import Name, Named, Said
from skill.coach.outcomes import (
    Answer,
    AskAgain,
    Call,
    Eased,
    End,
    InBedAndBreathing,
    Launch,
    LegStill,
    Open,
    Outcome,
    Recheck,
    StartPart,
    Step,
    Worse,
)
from skill.coach.place import Again, Aim, Ask
from skill.coach.signs import Sign
from skill.coach.tables.everywhere import (
    A_BIT_BREATHLESS,
    BOTH_SWOLLEN,
    DIZZY,
    EVERYWHERE,
    once_more,
)
from skill.coach.tables.question import QUESTIONS_OF_HERS, OpenQuestion, rows

_WHAT_I_DO = AskAgain(("help.what_i_do",))
_DISCLAIMER = End(("close.disclaimer",))
_BYE = End(("stop.bye",))

OUTSIDE: dict[Name, Outcome] = rows(
    {
        # a cramp, or pain
        Named.CRAMP: Open(Ask.LEG_OR_TUMMY, aim=Aim.STRETCH),
        (Named.CRAMP_IN_PART, Named.WAY_FOR_PART, Named.CRAMP_AFTER_CLOT): StartPart(),
        (Named.WAY, Said.OTHER_LEG, Said.JUST_BEGAN): Launch(),
        Named.SORE: LegStill(),
        (Said.BACK_AGAIN, Said.STILL_HURTS): Open(Ask.TEN_MINUTES),
        Said.EASED: Eased(afresh=True),
        Said.WORSE: Worse(afresh=True),
        Named.CANT_BEAR_WEIGHT: Call(Sign.CANT_BEAR_WEIGHT),
        Named.CRAMP_CANT_BEAR_WEIGHT: InBedAndBreathing(),
        Named.CLOT_HISTORY: Open(Ask.ANYTHING_ELSE, ("questions.had_a_clot",)),
        Said.DIZZY: DIZZY,
        Said.A_BIT_BREATHLESS: A_BIT_BREATHLESS,
        Said.BOTH_SWOLLEN: BOTH_SWOLLEN,
        # questions and routines
        QUESTIONS_OF_HERS: Answer(then=Ask.ANYTHING_ELSE),
        Said.BEDTIME_ROUTINE: Step(routine=Ask.BEDTIME),
        Said.PRACTISE: Step(routine=Ask.PRACTICE),
        # finding the way
        Said.HELP: _WHAT_I_DO,
        Said.NOT_UNDERSTOOD: once_more(AskAgain(("anywhere.whom_to_call",))),
    },
)
OUTSIDE[Named.RESTLESS_QUESTION] = Answer(then=Ask.MOVING_HELPS)

_ROUTINE = rows(
    OUTSIDE,
    {
        (Said.YES, Said.NEXT, Said.FINE, Said.EASED): Step(+1),
        Said.PREVIOUS: Step(-1),
        (Said.REPEAT, Said.RESUME): Step(),
        (Said.NO, Said.SOFT_NO): End(("bedtime.enough", "close.disclaimer")),
        Said.STOP: _DISCLAIMER,
    },
)

QUESTIONS = (
    OpenQuestion(
        Ask.NOTHING,
        rows(
            OUTSIDE,
            {
                (Said.REPEAT, Said.RESUME): Open(Ask.TEN_MINUTES),
                (Said.SLOWER, Said.QUIET, Said.LOUDER, Said.NORMAL_VOICE): Open(Ask.TEN_MINUTES),
                Said.NOT_UNDERSTOOD: Open(
                    Ask.WHAT_NEXT, ("anywhere.not_understood",), again=Again.NOT_UNDERSTOOD
                ),
                Said.STOP: _BYE,
            },
        ),
        otherwise=_WHAT_I_DO,
    ),
    OpenQuestion(
        Ask.WHAT_NEXT,
        rows(
            OUTSIDE,
            {
                Said.YES: Launch(),
                (Said.NO, Said.FINE, Said.SOFT_NO, Said.STOP): _BYE,
            },
        ),
        otherwise=_WHAT_I_DO,
    ),
    OpenQuestion(
        Ask.ANYTHING_ELSE,
        rows(
            OUTSIDE,
            {
                Said.YES: Open(Ask.WHAT_NEXT),
                (Said.NO, Said.FINE, Said.SOFT_NO, Said.STOP): _DISCLAIMER,
            },
        ),
        otherwise=_WHAT_I_DO,
    ),
    OpenQuestion(
        Ask.MOVING_HELPS,
        rows(
            OUTSIDE,
            {
                (Said.YES, Said.A_BIT, Said.AS_USUAL): Open(
                    Ask.ANYTHING_ELSE, ("questions.moving_eases_it",)
                ),
                (Said.NO, Said.SOFT_NO, Said.UNSURE): Open(
                    Ask.ANYTHING_ELSE, ("questions.moving_does_not",)
                ),
                (Said.FINE, Said.STOP): _DISCLAIMER,
            },
        ),
        otherwise=_WHAT_I_DO,
    ),
    OpenQuestion(Ask.BEDTIME, _ROUTINE, otherwise=_WHAT_I_DO),
    OpenQuestion(Ask.PRACTICE, _ROUTINE, otherwise=_WHAT_I_DO),
    OpenQuestion(
        Ask.LOST,
        rows({Said.STOP: EVERYWHERE[Said.STOP]}),
        otherwise=Recheck("recheck.lost"),
        alone=True,
    ),
)
"""The questions outside a relief conversation."""

STEPS: dict[Ask, tuple[tuple[str, ...], ...]] = {
    Ask.BEDTIME: (
        ("bedtime.start", "bedtime.calf", "bedtime.count"),
        ("bedtime.other_leg", "bedtime.count"),
        ("bedtime.thigh", "bedtime.count"),
        ("bedtime.other_foot", "bedtime.count"),
        ("bedtime.ankles", "bedtime.circles"),
    ),
    Ask.PRACTICE: (
        ("practice.stretch",),
        ("practice.checks",),
        ("practice.prepare",),
    ),
}
"""The lines of each step of a routine (clinical.md A33, A34, B3)."""

TIMED = ("bedtime.count", "bedtime.circles")
"""Lines that count time, and are not said again on "repeat"."""
