"""The safety questions (conversation.md 3.3; the reasons are in clinical.md C2)."""

from __future__ import annotations

from skill.coach.events import Denied, Name, Named, Said
from skill.coach.outcomes import (
    AskAgain,
    Call,
    Clear,
    FirstRound,
    If,
    KeepPart,
    Narrow,
    OnceMore,
    Outcome,
    PreviousCheck,
    ThisFirst,
    When,
    close,
)
from skill.coach.place import Again, Aim, Ask, Check
from skill.coach.signs import Sign
from skill.coach.tables.everywhere import RELIEF, UNCLEAR
from skill.coach.tables.question import OpenQuestion, rows

_CHECK = rows(
    RELIEF,
    {
        Said.EASED: ThisFirst(Aim.COMFORT),
        (Said.STILL_HURTS, Said.ANOTHER_WAY, Named.CRAMP, Named.SORE): ThisFirst(Aim.STRETCH),
        (Said.NEXT, Said.JUST_BEGAN, Named.DENIAL, Named.SOFT_DENIAL): ThisFirst(),
    },
)
_CLEAR = Clear()
_A_BIT = Narrow(Ask.BREATHING_WORSE, noted=True)
_A_BIT_AGAIN = If(When.NOTED, Call(Sign.BREATHLESS), _A_BIT)


def _breathing(sign: Sign, a_bit: Outcome, clear: Outcome = _CLEAR) -> dict[Name, Outcome]:
    """Uncertain is yes, and "I don't think so" is never a no."""
    return rows(
        _CHECK,
        {
            Said.YES: Call(sign),
            Said.UNSURE: Call(Sign.BREATH_UNSURE),
            (Said.A_BIT, Said.AS_USUAL, Said.A_BIT_BREATHLESS): a_bit,
            (Said.SOFT_NO, Said.FINE): OnceMore(Again.SOFT_NO, Call(Sign.UNCLEAR)),
            Said.NO: clear,
        },
    )


def _leg(sign: Sign, clear: Outcome = _CLEAR) -> dict[Name, Outcome]:
    """ "A bit" is yes; "I don't think so" twice is no; not sure twice is yes."""
    return rows(
        _CHECK,
        {
            (Said.YES, Said.A_BIT, Said.AS_USUAL): Call(sign),
            (Said.UNSURE, Said.CANT_SEE): OnceMore(
                Again.UNSURE, Call(Sign.LEG_UNSURE), ("checks.more_light",)
            ),
            (Said.SOFT_NO, Said.FINE): OnceMore(Again.SOFT_NO, clear),
            Said.NO: clear,
        },
    )


_BREATH_HALVES = {Denied.BREATHLESS: Ask.BREATHLESS_ONLY, Denied.CHEST_PAIN: Ask.CHEST_ONLY}
_HEAT_HALVES = {Denied.HEAT: Ask.HEAT_ONLY, Denied.COLOUR: Ask.COLOUR_ONLY}
_FACE = Call(Sign.FACE_HEAD_OR_EYES)
_BOTH_LEGS = Narrow(Ask.FACE_OR_HANDS, checked=Check.SWELLING)  # "both" answers the question

QUESTIONS = (
    OpenQuestion(
        Ask.TEN_MINUTES,
        rows(
            _leg(Sign.LASTING_PAIN, FirstRound()),
            {
                Said.JUST_BEGAN: FirstRound(),
                Named.CRAMP_IN_PART: KeepPart(),
                (Said.OTHER_LEG, Said.BACK_AGAIN): AskAgain(("relief.leg_still",)),
                (Named.CLOT_HISTORY, Named.CRAMP_AFTER_CLOT): Call(Sign.PAIN_AFTER_CLOT),
            },
        ),
        otherwise=UNCLEAR,
    ),
    OpenQuestion(
        Ask.BREATHING,
        rows(
            _breathing(Sign.BREATH_OR_CHEST, _A_BIT),
            {Said.BOTH: Call(Sign.BREATH_OR_CHEST)},
        ),
        otherwise=UNCLEAR,
        check=Check.BREATHING,
        halves=_BREATH_HALVES,
    ),
    OpenQuestion(
        Ask.BREATHLESS_ONLY,
        rows(
            _breathing(Sign.BREATHLESS, _A_BIT_AGAIN),
            # her chest was denied, and her breath is no worse
            {Said.AS_USUAL: If(When.NOTED, Clear(), _A_BIT)},
        ),
        otherwise=UNCLEAR,
        check=Check.BREATHING,
        halves={Denied.BREATHLESS: Ask.BREATHLESS_ONLY},
    ),
    OpenQuestion(
        Ask.CHEST_ONLY,
        rows(
            _breathing(Sign.CHEST_PAIN, Call(Sign.CHEST_PAIN)),
            {Said.A_BIT_BREATHLESS: _A_BIT_AGAIN},
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
                Said.AS_USUAL: Narrow(Ask.CHEST_ONLY),  # that answers one half of it
            },
        ),
        otherwise=UNCLEAR,
        check=Check.BREATHING,
        halves=_BREATH_HALVES,
    ),
    OpenQuestion(
        Ask.SWELLING,
        rows(
            _leg(Sign.SWOLLEN_LEG),
            {(Said.BOTH, Said.BOTH_SWOLLEN): _BOTH_LEGS, Said.PREVIOUS: PreviousCheck()},
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
                (Said.UNSURE, Said.BOTH): _FACE,
                (Said.SOFT_NO, Said.FINE): OnceMore(Again.SOFT_NO, _FACE),
            },
        ),
        otherwise=UNCLEAR,
    ),
    OpenQuestion(
        Ask.HEAT_OR_COLOUR,
        rows(
            _leg(Sign.HEAT_OR_COLOUR),
            {Said.BOTH: Call(Sign.HEAT_OR_COLOUR), Said.PREVIOUS: PreviousCheck()},
        ),
        otherwise=UNCLEAR,
        check=Check.ALL,
        halves=_HEAT_HALVES,
        looks=Denied.COLOUR,
    ),
    OpenQuestion(
        Ask.HEAT_ONLY,
        _leg(Sign.HOT_LEG),
        otherwise=UNCLEAR,
        check=Check.ALL,
        halves={Denied.HEAT: Ask.HEAT_ONLY},
        looks=Denied.HEAT,
    ),
    OpenQuestion(
        Ask.COLOUR_ONLY,
        _leg(Sign.CHANGED_COLOUR),
        otherwise=UNCLEAR,
        check=Check.ALL,
        halves={Denied.COLOUR: Ask.COLOUR_ONLY},
        looks=Denied.COLOUR,
    ),
    OpenQuestion(
        Ask.STRONG_OR_LASTING,
        _leg(Sign.LASTING_PAIN, close("close.sore")),
        otherwise=UNCLEAR,
    ),
)
"""The safety questions."""

BREATHING = frozenset({Ask.BREATHING, Ask.BREATHLESS_ONLY, Ask.CHEST_ONLY, Ask.BREATHING_WORSE})
"""The breathing check, in all its forms."""

CHECKS = frozenset(question.ask for question in QUESTIONS)
"""Every safety question."""

NEXT_CHECK = {
    Check.NONE: Ask.BREATHING,
    Check.BREATHING: Ask.SWELLING,
    Check.SWELLING: Ask.HEAT_OR_COLOUR,
}
"""The question that follows when this much was clear."""
