"""The signs, a second time: their levels and denials, from clinical.md C3, C5, conversation.md 4.

Read the row, not `signs.py`, before a sign is put here: the two agree only if both are right.
A sign that is in no table here fails in `tests/test_complete.py`, by name.
"""

from __future__ import annotations

import pytest

from skill.coach.events import Denied
from skill.coach.signs import Family, Level, Sign

EMERGENCY, CALL_NOW = Level.EMERGENCY, Level.CALL_NOW

LEVELS = {
    # chest and breath: C3-1 to C3-5
    Sign.BREATHLESS: EMERGENCY,
    Sign.BLUE_LIPS: EMERGENCY,
    Sign.CANT_LIE_FLAT: CALL_NOW,
    Sign.CHEST_PAIN: EMERGENCY,
    Sign.UPPER_BACK_PAIN: EMERGENCY,
    Sign.COUGHING_BLOOD: EMERGENCY,
    Sign.FAINTED: EMERGENCY,
    Sign.RACING_HEART: CALL_NOW,
    # the leg: C3-7 to C3-13, C3-17, C3-19
    Sign.SWOLLEN_LEG: CALL_NOW,
    Sign.HOT_LEG: CALL_NOW,
    Sign.CHANGED_COLOUR: CALL_NOW,
    Sign.LASTING_PAIN: CALL_NOW,
    Sign.NUMB: CALL_NOW,
    Sign.WEAK: CALL_NOW,
    Sign.COLD_LEG: CALL_NOW,
    Sign.NUMB_AND_CANT_MOVE: EMERGENCY,
    Sign.NUMB_BETWEEN_LEGS: EMERGENCY,
    Sign.POP: CALL_NOW,
    Sign.PAIN_AFTER_CLOT: CALL_NOW,
    Sign.FEVER: CALL_NOW,
    # the leg, in women's own words: conversation.md 4, G8, G12
    Sign.CLOT_NOW: CALL_NOW,
    Sign.PAIN_WITH_CLOTTING: CALL_NOW,
    Sign.HEAVY_LEG: CALL_NOW,
    Sign.BEHIND_KNEE: CALL_NOW,
    Sign.PAIN_INTO_GROIN: CALL_NOW,
    Sign.TIGHT_SOCK: CALL_NOW,
    Sign.HARD_VEIN: CALL_NOW,
    Sign.BOTH_LEGS_TENDER: CALL_NOW,
    Sign.LEG_GAVE_WAY: CALL_NOW,
    # elsewhere: conversation.md 4, G1, G6, G11, G17
    Sign.SIDE_STABBING: EMERGENCY,
    Sign.OVERDOSE: EMERGENCY,
    Sign.SELF_HARM: EMERGENCY,
    Sign.HIGH_PRESSURE: CALL_NOW,
    Sign.ITCH_AND_DARK: CALL_NOW,
    # a fall, the head, the face: C3-14, C3-15
    Sign.FELL: CALL_NOW,
    Sign.FELL_AND_BLEEDING: EMERGENCY,
    Sign.SWOLLEN_FACE_OR_HANDS: CALL_NOW,
    Sign.HEADACHE: CALL_NOW,
    Sign.EYESIGHT: CALL_NOW,
    Sign.PAIN_UNDER_RIBS: CALL_NOW,
    Sign.FIT: EMERGENCY,
    # not a leg: C5
    Sign.TUMMY_CRAMP: CALL_NOW,
    Sign.SEVERE_TUMMY_PAIN: EMERGENCY,
    Sign.BLEEDING: CALL_NOW,
    Sign.HEAVY_BLEEDING: EMERGENCY,
    Sign.WATERS: CALL_NOW,
    Sign.CONTRACTIONS: CALL_NOW,
    Sign.BABY_COMING: EMERGENCY,
    Sign.BABY_MOVES_LESS: CALL_NOW,
    # anything else: C3-21
    Sign.FEELS_WRONG: CALL_NOW,
    Sign.EMERGENCY: EMERGENCY,
    # the coach's own reasons, after a check: C2-E1, C2-D1, C2-D2, C2-P1
    Sign.BREATH_OR_CHEST: EMERGENCY,
    Sign.BREATH_UNSURE: EMERGENCY,
    Sign.LEG_UNSURE: CALL_NOW,
    Sign.HEAT_OR_COLOUR: CALL_NOW,
    Sign.FACE_HEAD_OR_EYES: CALL_NOW,
    Sign.BIGGER_OR_HOTTER: CALL_NOW,
    Sign.CANT_BEAR_WEIGHT: CALL_NOW,
    Sign.PAIN_GOT_WORSE: CALL_NOW,
    Sign.UNCLEAR: CALL_NOW,
}
"""The level of each sign."""

DENIED = {
    Sign.BREATHLESS: (Denied.BREATHLESS, "breathless"),
    Sign.CHEST_PAIN: (Denied.CHEST_PAIN, "chest pain"),
    Sign.SWOLLEN_LEG: (Denied.SWELLING, "swollen"),
    Sign.HOT_LEG: (Denied.HEAT, "hot"),
    Sign.CHANGED_COLOUR: (Denied.COLOUR, "changed colour"),
    # no check asks for these, so no check is cleared by denying them
    Sign.COUGHING_BLOOD: (Denied.OTHER, "coughing up blood"),
    Sign.FAINTED: (Denied.OTHER, "fainted"),
    Sign.RACING_HEART: (Denied.OTHER, "palpitations"),
    Sign.NUMB: (Denied.NUMB, "numb"),
    Sign.WEAK: (Denied.OTHER, "weak"),
    Sign.COLD_LEG: (Denied.OTHER, "cold"),
    Sign.PAIN_AFTER_CLOT: (Denied.OTHER, "a clot"),
    Sign.FEVER: (Denied.OTHER, "a fever"),
    Sign.FELL: (Denied.OTHER, "fallen"),
    Sign.SWOLLEN_FACE_OR_HANDS: (Denied.OTHER, "swelling in my face"),
    Sign.HEADACHE: (Denied.OTHER, "a headache"),
    Sign.EYESIGHT: (Denied.OTHER, "blurred vision"),
    Sign.FIT: (Denied.OTHER, "a fit"),
    Sign.BLEEDING: (Denied.OTHER, "bleeding"),
    Sign.HEAVY_BLEEDING: (Denied.OTHER, "bleeding"),
    Sign.CONTRACTIONS: (Denied.OTHER, "contractions"),
    Sign.BABY_MOVES_LESS: (Denied.OTHER, "feel the baby move"),
    Sign.EMERGENCY: (Denied.OTHER, "an emergency"),
}
"""What the denial of a sign denies, with a word for it in the model's list."""

_NOT_UNDERSTOOD = "few would deny it unasked; that is not understood, and the question is asked on"
_OF_TWO = "two signs at once; each is denied by its own word"
_ANSWER = "nothing that she says: it is what an answer, or none, means"
CANNOT_BE_DENIED = {
    Sign.UPPER_BACK_PAIN: _NOT_UNDERSTOOD,
    Sign.BLUE_LIPS: 'her lips: "blue" denies the colour of a leg',
    Sign.CANT_LIE_FLAT: _NOT_UNDERSTOOD,
    Sign.LASTING_PAIN: "how long it lasts is asked outright, and yes or no answers it",
    Sign.POP: _NOT_UNDERSTOOD,
    Sign.NUMB_AND_CANT_MOVE: _OF_TWO,
    Sign.NUMB_BETWEEN_LEGS: _NOT_UNDERSTOOD,
    Sign.FELL_AND_BLEEDING: _OF_TWO,
    Sign.PAIN_UNDER_RIBS: _NOT_UNDERSTOOD,
    **dict.fromkeys(
        (
            Sign.CLOT_NOW,
            Sign.PAIN_WITH_CLOTTING,
            Sign.HEAVY_LEG,
            Sign.BEHIND_KNEE,
            Sign.PAIN_INTO_GROIN,
            Sign.TIGHT_SOCK,
            Sign.HARD_VEIN,
            Sign.BOTH_LEGS_TENDER,
            Sign.LEG_GAVE_WAY,
            Sign.SIDE_STABBING,
            Sign.HIGH_PRESSURE,
            Sign.ITCH_AND_DARK,
        ),
        _NOT_UNDERSTOOD,
    ),
    Sign.OVERDOSE: "what was taken is not taken back by a word",
    Sign.SELF_HARM: "a denial is no reason to say less",
    Sign.BIGGER_OR_HOTTER: _ANSWER,
    Sign.TUMMY_CRAMP: _NOT_UNDERSTOOD,
    Sign.SEVERE_TUMMY_PAIN: _NOT_UNDERSTOOD,
    Sign.WATERS: _NOT_UNDERSTOOD,
    Sign.BABY_COMING: _NOT_UNDERSTOOD,
    Sign.FEELS_WRONG: '"nothing feels wrong" is "I\'m fine", which clears nothing at once',
    Sign.BREATH_OR_CHEST: _ANSWER,
    Sign.BREATH_UNSURE: _ANSWER,
    Sign.LEG_UNSURE: _ANSWER,
    Sign.HEAT_OR_COLOUR: _ANSWER,
    Sign.FACE_HEAD_OR_EYES: _ANSWER,
    Sign.CANT_BEAR_WEIGHT: "she says it as an event of its own; a denial of it is not understood",
    Sign.PAIN_GOT_WORSE: _ANSWER,
    Sign.UNCLEAR: _ANSWER,
}
"""The signs that no denial names, with the reason."""


@pytest.mark.parametrize("sign", Sign, ids=lambda sign: sign.value)
def test_level(sign: Sign) -> None:
    """Each sign has the level that the tables give it."""
    assert sign.level is LEVELS[sign]


@pytest.mark.parametrize("sign", Sign, ids=lambda sign: sign.value)
def test_level_once_breathing_was_noted(sign: Sign) -> None:
    """Once breathing was noted any sign in the leg is an emergency; nothing is lowered."""
    noted = sign.level_for(breathing_noted=True)
    in_the_leg = sign.family in (Family.LEG, Family.LIMB, Family.CLOT)
    assert noted is (Level.EMERGENCY if in_the_leg else sign.level)


@pytest.mark.parametrize("sign", Sign, ids=lambda sign: sign.value)
def test_denial_is_decided_once(sign: Sign) -> None:
    """Each sign can be denied, or cannot for a reason; never both."""
    assert (sign in DENIED) is not (sign in CANNOT_BE_DENIED)
