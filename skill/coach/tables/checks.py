"""The safety questions (conversation.md 3.3; the reasons are in clinical.md C2)."""

from __future__ import annotations

from skill.coach.events import Denied, Name, Named, Said
from skill.coach.outcomes import (
    Acknowledged,
    AskAgain,
    Call,
    Clear,
    FirstRound,
    If,
    KeepPart,
    LegStill,
    Narrow,
    OnceMore,
    Open,
    Outcome,
    PreviousCheck,
    SaidYes,
    ThisFirst,
    When,
    close,
)
from skill.coach.place import Again, Aim, Ask, Check
from skill.coach.signs import Sign
from skill.coach.tables.everywhere import GETTING_UP, RELIEF, once_more
from skill.coach.tables.question import OpenQuestion, rows

UNCLEAR = once_more(Call(Sign.UNCLEAR))
"""Noise at a check that is not clear yet is a reason to call."""

_CHECK = rows(
    RELIEF,
    {
        (Said.EASED, Said.OVER_ALREADY): ThisFirst(Aim.COMFORT),
        (Said.STILL_HURTS, Said.EASING, Said.ANOTHER_WAY): ThisFirst(Aim.STRETCH),
        (Named.SORE, Said.IN_PAIN): ThisFirst(Aim.STRETCH),
        # a cramp that is named at a check, in the other leg too, waits for its answer
        (Named.CRAMP, Named.CRAMP_IN_PART, Named.BOTH_LEGS): ThisFirst(Aim.STRETCH, named=True),
        (Said.OTHER_LEG, Named.WAY_FOR_PART): ThisFirst(Aim.STRETCH, named=True),
        (Named.WAY, Said.FOR_AGES, Said.SORE_AFTER, Said.FOOT_SORE): ThisFirst(),
        Said.HARD_LUMP: If(When.STRETCHING, ThisFirst(), Call(Sign.HARD_VEIN)),
        Named.TO_STAND: If(When.GIVEN, GETTING_UP, ThisFirst()),
        (Said.HIP_ON_TURNING, Said.SHOOTING_DOWN, Said.CLOT_RISK): ThisFirst(),
        (Said.WARMED, Said.OLD_VEINS, Said.SAME_AS_OTHER, Said.DRIVING): ThisFirst(),
        (Said.NEXT, Said.JUST_BEGAN, Said.CAME_ON_SLOWLY): ThisFirst(),
        (Named.DENIAL, Named.SOFT_DENIAL): ThisFirst(),
        (Said.OKAY, Said.THANKS): Acknowledged(),
    },
)
_CLEAR = Clear()
_NOTED = Narrow(Ask.BREATHING_WORSE, noted=True)
_NOTED_AGAIN = If(When.NOTED, Call(Sign.BREATHLESS), _NOTED)


def _breathing(sign: Sign, a_bit: Outcome, clear: Outcome = _CLEAR) -> dict[Name, Outcome]:
    """Uncertain is yes, and "I don't think so" is never a no."""
    return rows(
        _CHECK,
        {
            Said.YES: SaidYes(sign),
            Said.UNSURE: Call(Sign.BREATH_UNSURE),
            (Said.A_BIT, Said.AS_USUAL, Said.NORMAL, Said.A_BIT_BREATHLESS): a_bit,
            (Said.SOFT_NO, Said.FINE): OnceMore(Again.SOFT_NO, Call(Sign.UNCLEAR)),
            (Said.NO, Said.MEANT_NO): clear,
            Said.TOLD_FINE: Call(Sign.BREATH_UNSURE),
            Said.PANTING_FROM_PAIN: Narrow(Ask.BREATH_FROM_PAIN, checked=Check.NONE),
            Said.HEART_FROM_PAIN: Narrow(Ask.HEART_FROM_PAIN, checked=Check.NONE),
        },
    )


def _from_the_pain(clear: Outcome) -> dict[Name, Outcome]:
    """The narrower question once she is breathless, or her heart races, from the pain."""
    sign = Call(Sign.BREATH_OR_CHEST)
    again = OnceMore(Again.UNSURE, Call(Sign.BREATH_UNSURE))
    return rows(
        _breathing(Sign.BREATH_OR_CHEST, sign, clear),
        {
            (Said.BOTH, Said.WORSE): sign,
            (Said.PANTING_FROM_PAIN, Said.HEART_FROM_PAIN, Said.NORMAL): again,
        },
    )


def _leg(sign: Sign, clear: Outcome = _CLEAR) -> dict[Name, Outcome]:
    """ "A bit" is yes; "I don't think so" twice is no; not sure twice is yes."""
    return rows(
        _CHECK,
        {
            Said.YES: SaidYes(sign),
            Said.A_BIT: Call(sign),
            Said.UNSURE: OnceMore(Again.UNSURE, Call(Sign.LEG_UNSURE), ("checks.more_light",)),
            Said.TOLD_FINE: OnceMore(Again.UNSURE, Call(Sign.LEG_UNSURE)),
            Said.CANT_SEE: Narrow(Ask.BY_TOUCH, checked=Check.BREATHING),
            (Said.SOFT_NO, Said.FINE, Said.AS_USUAL): OnceMore(Again.SOFT_NO, clear),
            (Said.NO, Said.MEANT_NO, Said.NORMAL): clear,
            (Named.CANT_BEAR_WEIGHT, Named.CRAMP_CANT_BEAR_WEIGHT): Call(Sign.CANT_BEAR_WEIGHT),
        },
    )


_COMPARE = OnceMore(Again.UNSURE, Call(Sign.LEG_UNSURE))


def _compared(sign: Sign) -> dict[Name, Outcome]:
    """Heat or colour: what warms or reddens both legs is compared with the other leg once."""
    return rows(
        _leg(sign),
        {
            (Said.BOTH, Named.BOTH_LEGS): OnceMore(Again.SOFT_NO, _CLEAR),
            (Said.WARMED, Said.OLD_VEINS): _COMPARE,
            Said.SAME_AS_OTHER: _CLEAR,
            Said.PREVIOUS: PreviousCheck(),
        },
    )


_BREATH_HALVES = {Denied.BREATHLESS: Ask.BREATHLESS_ONLY, Denied.CHEST_PAIN: Ask.CHEST_ONLY}
_HEAT_HALVES = {Denied.HEAT: Ask.HEAT_ONLY, Denied.COLOUR: Ask.COLOUR_ONLY}
_FACE = Call(Sign.FACE_HEAD_OR_EYES)
_BOTH_LEGS = Narrow(Ask.FACE_OR_HANDS, checked=Check.SWELLING)  # "both" answers the question
_A_STRETCH = If(When.GOES_ON, LegStill(), FirstRound())  # what never grabbed is not stretched
_LABOUR = SaidYes(Sign.CONTRACTIONS)


def _or_on(talking: str) -> Outcome:
    """A detour ends: by day the line and anything else, in a relief conversation the checks."""
    return If(When.TALKING, Open(Ask.ANYTHING_ELSE, (talking,)), Clear((talking,)))


QUESTIONS = (
    OpenQuestion(
        Ask.TEN_MINUTES,
        rows(
            _leg(Sign.LASTING_PAIN, _A_STRETCH),
            {
                (Said.AS_USUAL, Said.FOR_AGES): Call(Sign.LASTING_PAIN),
                (Said.UNSURE, Said.CANT_SEE, Said.TOLD_FINE): OnceMore(
                    Again.UNSURE, Call(Sign.LASTING_PAIN)
                ),
                Said.JUST_BEGAN: _A_STRETCH,
                (Named.CRAMP_IN_PART, Named.BOTH_LEGS, Named.WAY_FOR_PART): KeepPart(),
                (Said.OTHER_LEG, Said.BACK_AGAIN): AskAgain(("relief.leg_still",)),
                (Named.CLOT_HISTORY, Named.CRAMP_AFTER_CLOT): Call(Sign.PAIN_AFTER_CLOT),
            },
        ),
        otherwise=UNCLEAR,
    ),
    OpenQuestion(
        Ask.NUMB,
        rows(
            _leg(Sign.NUMB_AND_CANT_MOVE, Open(Ask.BREATHING)),
            {
                (Said.UNSURE, Said.CANT_SEE, Said.AS_USUAL): Call(Sign.NUMB_AND_CANT_MOVE),
                (Said.PINS_AND_NEEDLES, Said.CANT_MOVE_LEG): Call(Sign.NUMB_AND_CANT_MOVE),
                (Said.SOFT_NO, Said.FINE): OnceMore(Again.SOFT_NO, Call(Sign.NUMB_AND_CANT_MOVE)),
            },
        ),
        otherwise=UNCLEAR,
        halves={Denied.NUMB: Ask.NUMB},
    ),
    OpenQuestion(
        Ask.GOES_ON_MOVING,
        rows(
            _CHECK,
            {
                (Said.YES, Said.EASED, Said.NORMAL): _or_on("checks.mention_numb"),
                (Said.NO, Said.MEANT_NO, Said.UNSURE, Said.A_BIT): Call(Sign.NUMB),
                (Said.CANT_MOVE_LEG, Said.PINS_AND_NEEDLES): Call(Sign.NUMB),
                (Said.SOFT_NO, Said.FINE, Said.AS_USUAL): OnceMore(Again.SOFT_NO, Call(Sign.NUMB)),
            },
        ),
        otherwise=UNCLEAR,
    ),
    OpenQuestion(
        Ask.BREATHING,
        rows(
            _breathing(Sign.BREATH_OR_CHEST, _NOTED),
            {Said.BOTH: Call(Sign.BREATH_OR_CHEST), Said.TOLD_FINE: _NOTED},
        ),
        otherwise=UNCLEAR,
        check=Check.BREATHING,
        halves=_BREATH_HALVES,
    ),
    OpenQuestion(
        Ask.BREATHLESS_ONLY,
        rows(
            _breathing(Sign.BREATHLESS, _NOTED_AGAIN),
            # her chest was denied, and her breath is no worse
            {(Said.AS_USUAL, Said.NORMAL): If(When.NOTED, _CLEAR, _NOTED)},
        ),
        otherwise=UNCLEAR,
        check=Check.BREATHING,
        halves={Denied.BREATHLESS: Ask.BREATHLESS_ONLY},
    ),
    OpenQuestion(
        Ask.CHEST_ONLY,
        rows(
            _breathing(Sign.CHEST_PAIN, Call(Sign.CHEST_PAIN)),
            {Said.A_BIT_BREATHLESS: _NOTED_AGAIN},
        ),
        otherwise=UNCLEAR,
        check=Check.BREATHING,
        halves={Denied.CHEST_PAIN: Ask.CHEST_ONLY},
    ),
    OpenQuestion(
        Ask.BREATHING_WORSE,
        rows(
            _breathing(
                Sign.BREATH_OR_CHEST,
                Call(Sign.BREATH_OR_CHEST),
                Clear(("checks.mention_breathing",)),
            ),
            {
                (Said.BOTH, Said.WORSE): Call(Sign.BREATH_OR_CHEST),  # "worse than usual?"
                # that answers one half of it
                (Said.AS_USUAL, Said.NORMAL): Narrow(Ask.CHEST_ONLY),
            },
        ),
        otherwise=UNCLEAR,
        check=Check.BREATHING,
        halves=_BREATH_HALVES,
    ),
    OpenQuestion(
        Ask.BREATH_FROM_PAIN,
        _from_the_pain(_CLEAR),
        otherwise=UNCLEAR,
        check=Check.BREATHING,
        halves=_BREATH_HALVES,
    ),
    OpenQuestion(
        Ask.HEART_FROM_PAIN,
        _from_the_pain(Clear(("checks.heart_in_two_minutes",))),
        otherwise=UNCLEAR,
        check=Check.BREATHING,
        halves=_BREATH_HALVES,
    ),
    OpenQuestion(
        Ask.BACK_BREATHING,
        rows(
            _breathing(Sign.UPPER_BACK_PAIN, Call(Sign.UPPER_BACK_PAIN)),
            {
                (Said.NO, Said.MEANT_NO): Open(Ask.COMES_AND_GOES),
                (Said.UNSURE, Said.WORSE, Said.BOTH): Call(Sign.UPPER_BACK_PAIN),
                (Said.AS_USUAL, Said.NORMAL, Said.SOFT_NO, Said.FINE): OnceMore(
                    Again.SOFT_NO, Call(Sign.UPPER_BACK_PAIN)
                ),
                Said.BACK_ACHES: ThisFirst(),
            },
        ),
        otherwise=UNCLEAR,
    ),
    OpenQuestion(
        Ask.COMES_AND_GOES,
        rows(
            _CHECK,
            {
                Said.YES: If(When.AFTER_BIRTH, _or_on("checks.mention_back"), _LABOUR),
                (Said.A_BIT, Said.UNSURE): If(
                    When.AFTER_BIRTH, _or_on("checks.mention_back"), Call(Sign.CONTRACTIONS)
                ),
                (Said.NO, Said.MEANT_NO, Said.AS_USUAL, Said.NORMAL): _or_on("checks.mention_back"),
                (Said.SOFT_NO, Said.FINE): OnceMore(Again.SOFT_NO, _or_on("checks.mention_back")),
                Said.BACK_ACHES: ThisFirst(),
            },
        ),
        otherwise=UNCLEAR,
    ),
    OpenQuestion(
        Ask.SWELLING,
        rows(
            _leg(Sign.SWOLLEN_LEG),
            {
                (Said.BOTH, Said.BOTH_SWOLLEN, Named.BOTH_LEGS): _BOTH_LEGS,
                Said.SAME_AS_OTHER: _CLEAR,
                Said.OLD_VEINS: _COMPARE,
                Said.PREVIOUS: PreviousCheck(),
            },
        ),
        otherwise=UNCLEAR,
        check=Check.SWELLING,
        halves={Denied.SWELLING: Ask.SWELLING},
        looks=Denied.SWELLING,
    ),
    OpenQuestion(
        Ask.FACE_OR_HANDS,
        rows(
            _leg(Sign.FACE_HEAD_OR_EYES, Clear(("checks.mention_swelling",))),
            {
                (Said.UNSURE, Said.CANT_SEE, Said.BOTH, Said.TOLD_FINE): _FACE,
                (Said.SOFT_NO, Said.FINE, Said.AS_USUAL): OnceMore(Again.SOFT_NO, _FACE),
            },
        ),
        otherwise=UNCLEAR,
    ),
    OpenQuestion(
        Ask.HEAT_OR_COLOUR,
        _compared(Sign.HEAT_OR_COLOUR),
        otherwise=UNCLEAR,
        check=Check.ALL,
        halves=_HEAT_HALVES,
        looks=Denied.COLOUR,
    ),
    OpenQuestion(
        Ask.HEAT_ONLY,
        _compared(Sign.HOT_LEG),
        otherwise=UNCLEAR,
        check=Check.ALL,
        halves={Denied.HEAT: Ask.HEAT_ONLY},
    ),
    OpenQuestion(
        Ask.COLOUR_ONLY,
        _compared(Sign.CHANGED_COLOUR),
        otherwise=UNCLEAR,
        check=Check.ALL,
        halves={Denied.COLOUR: Ask.COLOUR_ONLY},
        looks=Denied.COLOUR,
    ),
    OpenQuestion(
        Ask.BY_TOUCH,
        rows(
            _leg(Sign.BIGGER_OR_HOTTER, Clear(("checks.by_daylight",))),
            {
                (Said.UNSURE, Said.CANT_SEE): Call(Sign.LEG_UNSURE),
                (Said.BOTH, Said.BOTH_SWOLLEN, Named.BOTH_LEGS): OnceMore(
                    Again.SOFT_NO, Clear(("checks.by_daylight",))
                ),
                Said.SAME_AS_OTHER: Clear(("checks.by_daylight",)),
                Said.WARMED: _COMPARE,
            },
        ),
        otherwise=UNCLEAR,
        check=Check.ALL,
        halves={Denied.SWELLING: Ask.BY_TOUCH, Denied.HEAT: Ask.BY_TOUCH},
    ),
    OpenQuestion(
        Ask.STRONG_OR_LASTING,
        rows(
            _leg(Sign.LASTING_PAIN, close("close.sore")),
            {
                (Said.UNSURE, Said.CANT_SEE, Said.TOLD_FINE): OnceMore(
                    Again.UNSURE, Call(Sign.LASTING_PAIN)
                ),
                Said.FOR_AGES: Call(Sign.LASTING_PAIN),
                Said.AS_USUAL: Call(Sign.LASTING_PAIN),
            },
        ),
        otherwise=UNCLEAR,
    ),
)
"""The safety questions."""

BREATHING = frozenset(
    {
        Ask.BREATHING,
        Ask.BREATHLESS_ONLY,
        Ask.CHEST_ONLY,
        Ask.BREATHING_WORSE,
        Ask.BREATH_FROM_PAIN,
        Ask.HEART_FROM_PAIN,
    }
)
"""The breathing check, in all its forms."""

CHECKS = frozenset(question.ask for question in QUESTIONS)
"""Every safety question."""

NEXT_CHECK = {
    Check.NONE: Ask.BREATHING,
    Check.BREATHING: Ask.SWELLING,
    Check.SWELLING: Ask.HEAT_OR_COLOUR,
}
"""The question that follows when this much was clear."""
