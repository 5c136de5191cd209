"""The levels of the signs, against the tables of conversation.md 4 and clinical.md C3 and C5."""

from __future__ import annotations

import pytest

from skill.coach.signs import Family, Level, Sign

EMERGENCIES = {
    Sign.BREATHLESS,
    Sign.CHEST_PAIN,
    Sign.BREATH_OR_CHEST,
    Sign.BREATH_UNSURE,
    Sign.UPPER_BACK_PAIN,
    Sign.COUGHING_BLOOD,
    Sign.BLUE_LIPS,
    Sign.FAINTED,
    Sign.FIT,
    Sign.NUMB_AND_CANT_MOVE,
    Sign.NUMB_BETWEEN_LEGS,
    Sign.FELL_AND_BLEEDING,
    Sign.SEVERE_TUMMY_PAIN,
    Sign.HEAVY_BLEEDING,
    Sign.BABY_COMING,
    Sign.EMERGENCY,
    Sign.SIDE_STABBING,
    Sign.OVERDOSE,
    Sign.SELF_HARM,
}


@pytest.mark.parametrize("sign", Sign, ids=lambda sign: sign.value)
def test_level(sign: Sign) -> None:
    """Each sign has the level that the tables give it."""
    assert sign.level is (Level.EMERGENCY if sign in EMERGENCIES else Level.CALL_NOW)


@pytest.mark.parametrize("sign", Sign, ids=lambda sign: sign.value)
def test_level_once_breathing_was_noted(sign: Sign) -> None:
    """Once breathing was noted any sign in the leg is an emergency; nothing is lowered."""
    noted = sign.level_for(breathing_noted=True)
    in_the_leg = sign.family in (Family.LEG, Family.LIMB, Family.CLOT)
    assert noted is (Level.EMERGENCY if in_the_leg else sign.level)
