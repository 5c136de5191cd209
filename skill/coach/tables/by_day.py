"""Outside a relief conversation: first words, questions by day, and the routines."""

from __future__ import annotations

from skill.coach.events import Name, Named, Said
from skill.coach.outcomes import (
    Answer,
    AskAgain,
    Call,
    DidItGrab,
    Eased,
    End,
    If,
    InBed,
    Launch,
    LegStill,
    Open,
    Outcome,
    Recheck,
    StartPart,
    Step,
    When,
    Worse,
)
from skill.coach.place import Aim, Ask, Check
from skill.coach.signs import Sign
from skill.coach.tables.everywhere import (
    A_BIT_BREATHLESS,
    BOTH_SWOLLEN,
    DIZZY,
    EVERYWHERE,
    TOLD,
    once_more,
)
from skill.coach.tables.question import QUESTIONS_OF_HERS, OpenQuestion, rows

_WHAT_I_DO = AskAgain(("help.what_i_do",))
_DISCLAIMER = End(("close.disclaimer",))
_BYE = End(("stop.bye",))

OUTSIDE: dict[Name, Outcome] = rows(
    {
        # a cramp, or pain
        (Named.CRAMP, Named.HELPER): Open(Ask.LEG_OR_TUMMY, aim=Aim.STRETCH),
        (Named.CRAMP_IN_PART, Named.BOTH_LEGS, Named.WAY_FOR_PART): StartPart(),
        Named.CRAMP_AFTER_CLOT: StartPart(),
        (Named.WAY, Named.TO_STAND, Said.OTHER_LEG, Said.JUST_BEGAN): Launch(),
        Said.IN_PAIN: Launch(),
        Said.POINTED_TOES: Launch(),
        Said.PUNCHING: Launch(("relief.no_punching",)),
        Named.SORE: DidItGrab(),
        (Said.BACK_AGAIN, Said.STILL_HURTS, Said.EASING): Open(Ask.TEN_MINUTES),
        Said.FOR_AGES: Open(Ask.TEN_MINUTES),
        Said.EASED: Eased(afresh=True),
        Said.OVER_ALREADY: Open(
            Ask.BREATHING, ("relief.over_already",), aim=Aim.COMFORT, checked=Check.NONE
        ),
        Said.WORSE: Worse(afresh=True),
        Said.SORE_AFTER: LegStill(Aim.EASIER, ("relief.still_sore",)),
        (Said.FOOT_SORE, Said.HIP_ON_TURNING): LegStill(Aim.MENTION),
        Said.SHOOTING_DOWN: LegStill(Aim.SCIATICA),
        (Said.CLOT_RISK, Said.CAME_ON_SLOWLY): LegStill(),
        Named.CANT_BEAR_WEIGHT: Call(Sign.CANT_BEAR_WEIGHT),
        Named.CRAMP_CANT_BEAR_WEIGHT: InBed(Ask.BREATHING),
        Said.CANT_MOVE_LEG: Call(Sign.WEAK),
        Said.HARD_LUMP: Call(Sign.HARD_VEIN),
        Said.OLD_VEINS: Open(Ask.ANYTHING_ELSE, ("questions.veins",)),
        Said.GAVE_WAY: Call(Sign.LEG_GAVE_WAY),
        Said.PINS_AND_NEEDLES: Open(Ask.GOES_ON_MOVING),
        Named.CLOT_HISTORY: Open(Ask.ANYTHING_ELSE, ("questions.had_a_clot",)),
        Said.DRIVING: Open(Ask.STOPPED, ("relief.stop_first",), aim=Aim.STRETCH),
        # half a sign
        Said.DIZZY: DIZZY,
        Said.A_BIT_BREATHLESS: A_BIT_BREATHLESS,
        Said.PANTING_FROM_PAIN: Open(Ask.BREATH_FROM_PAIN, aim=Aim.STRETCH, checked=Check.NONE),
        Said.HEART_FROM_PAIN: Open(Ask.HEART_FROM_PAIN, aim=Aim.STRETCH, checked=Check.NONE),
        (Said.BOTH_SWOLLEN, Said.MILD_HEADACHE): BOTH_SWOLLEN,
        Said.BACK_ACHES: Open(Ask.BACK_BREATHING),
        **{said: Open(Ask.ANYTHING_ELSE, (line,)) for said, line in TOLD.items()},
        # questions and routines
        QUESTIONS_OF_HERS: Answer(then=Ask.ANYTHING_ELSE),
        Said.BEDTIME_ROUTINE: Step(routine=Ask.BEDTIME),
        Said.PRACTISE: Step(routine=Ask.PRACTICE),
        # finding the way
        (Said.HELP, Said.WHAT_CAN_YOU_DO): _WHAT_I_DO,
        Said.WILL_CALL: AskAgain(("not_yet.call_first",)),
        Said.NOT_UNDERSTOOD: once_more(AskAgain(("anywhere.whom_to_call",))),
    },
    {Named.RESTLESS_QUESTION: Answer(then=Ask.MOVING_HELPS)},
)
"""What every question outside a relief conversation answers alike."""

_ROUTINE = rows(
    OUTSIDE,
    {
        (Said.YES, Said.NEXT, Said.FINE, Said.EASED, Said.OKAY): Step(+1),
        Said.PREVIOUS: Step(-1),
        (Said.REPEAT, Said.RESUME): Step(),
        (Said.NO, Said.SOFT_NO): End(("bedtime.enough", "close.disclaimer")),
        (Said.STOP, Said.THANKS): _DISCLAIMER,
        Named.HELPER: EVERYWHERE[Named.HELPER],
    },
)

QUESTIONS = (
    OpenQuestion(
        Ask.NOTHING,
        rows(
            OUTSIDE,
            {
                (Said.REPEAT, Said.RESUME): Open(Ask.TEN_MINUTES),  # "again", "carry on"
                (Said.YES, Said.NO, Said.OKAY, Said.NOT_UNDERSTOOD): Launch(),
                (Said.NOT_WHAT_I_SAID, Said.MEANT_NO): Launch(),  # there is nothing to ask again
                Said.HELP: Launch(("relief.or_ask",)),
                (Said.STOP, Said.THANKS): _BYE,
            },
        ),
        otherwise=Launch(),
    ),
    OpenQuestion(
        Ask.WHAT_NEXT,
        rows(
            OUTSIDE,
            {
                Said.YES: Launch(),
                (Said.NO, Said.FINE, Said.SOFT_NO, Said.STOP, Said.THANKS): If(
                    When.MISUNDERSTOOD, End(("stop.checked",)), _BYE
                ),
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
                (Said.NO, Said.FINE, Said.SOFT_NO, Said.OKAY): _DISCLAIMER,
                (Said.STOP, Said.THANKS): _DISCLAIMER,
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
                (Said.FINE, Said.STOP, Said.THANKS): _DISCLAIMER,
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
