"""Every warning sign, the family whose line answers it, and its level.

Sources: clinical.md C3 and C5, made definite in conversation.md 4.
"""

from __future__ import annotations

from enum import Enum, IntEnum


class Choice(Enum):
    """An enum whose members are hashed by identity, as each is there once.

    Enum's own hash is that of the name, computed in Python each time a place is looked up.
    """

    __hash__ = object.__hash__


class Level(IntEnum):
    """How urgent it is (clinical.md C1). The lower number is the worse."""

    EMERGENCY = 1
    CALL_NOW = 2


class Family(Choice):
    """Signs that share one urgent line (conversation.md 5)."""

    CHEST_AND_BREATH = "chest_and_breath"
    FAINT_OR_FIT = "faint_or_fit"
    LEG = "leg"
    LIMB = "limb"
    INJURY = "injury"
    HEAD = "head"
    TUMMY = "tummy"
    BABY = "baby"
    FEELS_WRONG = "feels_wrong"
    CLOT = "clot"
    OVERDOSE = "overdose"
    SELF_HARM = "self_harm"
    UNCLEAR = "unclear"


class Sign(Choice):
    """A reason to call somebody."""

    BREATHLESS = "breathless"
    CHEST_PAIN = "chest_pain"
    UPPER_BACK_PAIN = "upper_back_pain"
    COUGHING_BLOOD = "coughing_blood"
    BLUE_LIPS = "blue_lips"
    RACING_HEART = "racing_heart"
    CANT_LIE_FLAT = "cant_lie_flat"
    SIDE_STABBING = "side_stabbing"

    FAINTED = "fainted"
    FIT = "fit"

    SWOLLEN_LEG = "swollen_leg"
    HOT_LEG = "hot_leg"
    CHANGED_COLOUR = "changed_colour"
    LASTING_PAIN = "lasting_pain"
    PAIN_AFTER_CLOT = "pain_after_clot"
    FEVER = "fever"
    CLOT_NOW = "clot_now"
    PAIN_WITH_CLOTTING = "pain_with_clotting"
    HEAVY_LEG = "heavy_leg"
    BEHIND_KNEE = "behind_knee"
    PAIN_INTO_GROIN = "pain_into_groin"
    TIGHT_SOCK = "tight_sock"
    HARD_VEIN = "hard_vein"
    BOTH_LEGS_TENDER = "both_legs_tender"

    NUMB = "numb"
    WEAK = "weak"
    POP = "pop"
    LEG_GAVE_WAY = "leg_gave_way"
    COLD_LEG = "cold_leg"
    NUMB_AND_CANT_MOVE = "numb_and_cant_move"
    NUMB_BETWEEN_LEGS = "numb_between_legs"

    FELL = "fell"
    FELL_AND_BLEEDING = "fell_and_bleeding"

    HEADACHE = "headache"
    EYESIGHT = "eyesight"
    SWOLLEN_FACE_OR_HANDS = "swollen_face_or_hands"
    PAIN_UNDER_RIBS = "pain_under_ribs"
    HIGH_PRESSURE = "high_pressure"
    ITCH_AND_DARK = "itch_and_dark"

    TUMMY_CRAMP = "tummy_cramp"
    SEVERE_TUMMY_PAIN = "severe_tummy_pain"
    BLEEDING = "bleeding"
    HEAVY_BLEEDING = "heavy_bleeding"
    WATERS = "waters"
    CONTRACTIONS = "contractions"
    BABY_COMING = "baby_coming"

    BABY_MOVES_LESS = "baby_moves_less"

    OVERDOSE = "overdose"
    SELF_HARM = "self_harm"

    FEELS_WRONG = "feels_wrong"
    EMERGENCY = "emergency"

    # The coach's own reasons; nothing that is said maps to them directly.
    BREATH_OR_CHEST = "breath_or_chest"
    BREATH_UNSURE = "breath_unsure"
    LEG_UNSURE = "leg_unsure"
    HEAT_OR_COLOUR = "heat_or_colour"
    FACE_HEAD_OR_EYES = "face_head_or_eyes"
    BIGGER_OR_HOTTER = "bigger_or_hotter"
    CANT_BEAR_WEIGHT = "cant_bear_weight"
    PAIN_GOT_WORSE = "pain_got_worse"
    UNCLEAR = "unclear"

    @property
    def family(self) -> Family:
        """The family whose urgent line names this sign."""
        return _RULES[self][0]

    @property
    def level(self) -> Level:
        """The level of the sign on its own (conversation.md 4, clinical.md C3 and C5)."""
        return _RULES[self][1]

    def level_for(self, *, breathing_noted: bool) -> Level:
        """The level once breathing was noted: any leg sign is then an emergency (C3-6)."""
        if breathing_noted and self.family in (Family.LEG, Family.LIMB, Family.CLOT):
            return Level.EMERGENCY
        return self.level


_E, _C = Level.EMERGENCY, Level.CALL_NOW

_RULES: dict[Sign, tuple[Family, Level]] = {
    Sign.BREATHLESS: (Family.CHEST_AND_BREATH, _E),  # C3-1
    Sign.CHEST_PAIN: (Family.CHEST_AND_BREATH, _E),  # C3-2
    Sign.UPPER_BACK_PAIN: (Family.CHEST_AND_BREATH, _E),  # C3-2
    Sign.BREATH_OR_CHEST: (Family.CHEST_AND_BREATH, _E),  # C2-E1
    Sign.BREATH_UNSURE: (Family.CHEST_AND_BREATH, _E),  # C2-E1
    Sign.COUGHING_BLOOD: (Family.CHEST_AND_BREATH, _E),  # C3-3
    Sign.BLUE_LIPS: (Family.CHEST_AND_BREATH, _E),  # conversation.md 4
    Sign.RACING_HEART: (Family.CHEST_AND_BREATH, _C),  # C3-5
    Sign.CANT_LIE_FLAT: (Family.CHEST_AND_BREATH, _C),  # C3-1b
    Sign.SIDE_STABBING: (Family.CHEST_AND_BREATH, _E),  # conversation.md 4
    Sign.FAINTED: (Family.FAINT_OR_FIT, _E),  # C3-4
    Sign.FIT: (Family.FAINT_OR_FIT, _E),  # C3-15
    Sign.SWOLLEN_LEG: (Family.LEG, _C),  # C3-7
    Sign.HOT_LEG: (Family.LEG, _C),  # C3-8
    Sign.CHANGED_COLOUR: (Family.LEG, _C),  # C3-8
    Sign.HEAT_OR_COLOUR: (Family.LEG, _C),  # C2-D2
    Sign.LEG_UNSURE: (Family.LEG, _C),  # C2-D1, C2-D2
    Sign.BIGGER_OR_HOTTER: (Family.LEG, _C),  # conversation.md 3.3
    Sign.LASTING_PAIN: (Family.LEG, _C),  # C3-9
    Sign.CANT_BEAR_WEIGHT: (Family.LEG, _C),  # C3-9
    Sign.FEVER: (Family.LEG, _C),  # C3-19
    Sign.PAIN_GOT_WORSE: (Family.LEG, _C),  # conversation.md 3.2
    Sign.PAIN_AFTER_CLOT: (Family.LEG, _C),  # C3-17
    Sign.PAIN_WITH_CLOTTING: (Family.LEG, _C),  # conversation.md 4
    Sign.CLOT_NOW: (Family.CLOT, _C),  # G8
    Sign.HEAVY_LEG: (Family.LEG, _C),  # C3-9
    Sign.BEHIND_KNEE: (Family.LEG, _C),  # C3-9, conversation.md 4
    Sign.PAIN_INTO_GROIN: (Family.LEG, _C),  # C3-9
    Sign.TIGHT_SOCK: (Family.LEG, _C),  # C3-7, conversation.md 4
    Sign.HARD_VEIN: (Family.LEG, _C),  # G12
    Sign.BOTH_LEGS_TENDER: (Family.LEG, _C),  # conversation.md 4
    Sign.NUMB: (Family.LIMB, _C),  # conversation.md 4
    Sign.WEAK: (Family.LIMB, _C),  # conversation.md 4
    Sign.POP: (Family.LIMB, _C),  # C3-13
    Sign.LEG_GAVE_WAY: (Family.LIMB, _C),  # conversation.md 4
    Sign.COLD_LEG: (Family.LIMB, _C),  # conversation.md 4
    Sign.NUMB_AND_CANT_MOVE: (Family.LIMB, _E),  # C3-11
    Sign.NUMB_BETWEEN_LEGS: (Family.LIMB, _E),  # C3-12
    Sign.FELL: (Family.INJURY, _C),  # C3-14
    Sign.FELL_AND_BLEEDING: (Family.INJURY, _E),  # C3-14
    Sign.HEADACHE: (Family.HEAD, _C),  # C3-15
    Sign.EYESIGHT: (Family.HEAD, _C),  # C3-15
    Sign.SWOLLEN_FACE_OR_HANDS: (Family.HEAD, _C),  # C3-15
    Sign.FACE_HEAD_OR_EYES: (Family.HEAD, _C),  # C2-P1
    Sign.PAIN_UNDER_RIBS: (Family.HEAD, _C),  # C3-15
    Sign.HIGH_PRESSURE: (Family.HEAD, _C),  # G17
    Sign.ITCH_AND_DARK: (Family.FEELS_WRONG, _C),  # G11
    Sign.TUMMY_CRAMP: (Family.TUMMY, _C),  # C5-1
    Sign.SEVERE_TUMMY_PAIN: (Family.TUMMY, _E),  # C5-2
    Sign.BLEEDING: (Family.TUMMY, _C),  # C5-3
    Sign.HEAVY_BLEEDING: (Family.TUMMY, _E),  # C5-3
    Sign.WATERS: (Family.TUMMY, _C),  # C5-4
    Sign.CONTRACTIONS: (Family.TUMMY, _C),  # C5-4
    Sign.BABY_COMING: (Family.TUMMY, _E),  # C5-4
    Sign.BABY_MOVES_LESS: (Family.BABY, _C),  # C5-5
    Sign.OVERDOSE: (Family.OVERDOSE, _E),  # G6
    Sign.SELF_HARM: (Family.SELF_HARM, _E),  # G1
    Sign.FEELS_WRONG: (Family.FEELS_WRONG, _C),  # C3-21
    Sign.EMERGENCY: (Family.FEELS_WRONG, _E),  # conversation.md 4
    Sign.UNCLEAR: (Family.UNCLEAR, _C),  # conversation.md 3.3
}

_OWN_REASONS = (
    Sign.BREATH_OR_CHEST,
    Sign.BREATH_UNSURE,
    Sign.LEG_UNSURE,
    Sign.HEAT_OR_COLOUR,
    Sign.FACE_HEAD_OR_EYES,
    Sign.BIGGER_OR_HOTTER,
    Sign.CANT_BEAR_WEIGHT,
    Sign.PAIN_GOT_WORSE,
    Sign.UNCLEAR,
)

HEARD = tuple(sign for sign in Sign if sign not in _OWN_REASONS)
"""The signs that she can name herself; each has an intent of its own."""
