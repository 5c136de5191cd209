"""What can happen in a turn: a cramp, an answer, a sign, a question, a wish, or nothing clear."""

from __future__ import annotations

from dataclasses import dataclass

from skill.coach.place import Part, Stage, Way
from skill.coach.signs import Choice, Sign


class Said(Choice):
    """Events that carry nothing but themselves."""

    LAUNCH = "launch"
    # the pain
    EASED = "eased"
    STILL_HURTS = "still_hurts"
    EASING = "easing"  # "a bit better", "nearly gone"
    WORSE = "worse"
    BACK_AGAIN = "back_again"
    OTHER_LEG = "other_leg"
    ANOTHER_WAY = "another_way"
    IN_PAIN = "in_pain"  # a cry, "make it stop", "my leg my leg"
    OVER_ALREADY = "over_already"  # "just had one, it's gone now"
    SORE_AFTER = "sore_after"  # sore since a cramp that let go, last night or this morning
    FOOT_SORE = "foot_sore"  # the arch, heel or toes, on walking
    HIP_ON_TURNING = "hip_on_turning"
    SHOOTING_DOWN = "shooting_down"  # from the back to the foot
    CLOT_RISK = "clot_risk"  # pain after a long flight, weeks in bed, or with clots in the family
    FOR_AGES = "for_ages"
    CANT_MOVE_LEG = "cant_move_leg"
    HARD_LUMP = "hard_lump"  # in the muscle: the cramp itself while it is on
    PINS_AND_NEEDLES = "pins_and_needles"  # "gone dead"
    GAVE_WAY = "gave_way"
    POINTED_TOES = "pointed_toes"
    PUNCHING = "punching"  # somebody punches or kneads it
    AFRAID_TO_MOVE = "afraid_to_move"
    NEEDS_UP = "needs_up"  # the toilet, the floor
    DRIVING = "driving"
    # answers
    YES = "yes"
    NO = "no"
    OKAY = "okay"  # an acknowledgement, which is no yes (conversation.md 3.8)
    THANKS = "thanks"
    MEANT_NO = "meant_no"
    A_BIT = "a_bit"
    AS_USUAL = "as_usual"
    NORMAL = "normal"  # "no more than usual", "no but it's sore"
    SAME_AS_OTHER = "same_as_other"  # the same as the other leg
    SOFT_NO = "soft_no"
    UNSURE = "unsure"
    CANT_SEE = "cant_see"
    BOTH = "both"
    FINE = "fine"
    JUST_BEGAN = "just_began"
    CAME_ON_SLOWLY = "came_on_slowly"  # an answer to "did it grab suddenly?", and to nothing else
    HANG_ON = "hang_on"
    WARMED = "warmed"  # warm from the bed or a bottle, red from rubbing
    OLD_VEINS = "old_veins"
    TOLD_FINE = "told_fine"  # somebody told her otherwise: anxiety, asthma, a clear scan
    PANTING_FROM_PAIN = "panting_from_pain"  # out of breath from it, nearly passed out from it
    HEART_FROM_PAIN = "heart_from_pain"  # her heart races from it, or from the shock
    NOT_UNDERSTOOD = "not_understood"
    # half a sign: each leads to a question or a rule of its own (conversation.md 4)
    A_BIT_BREATHLESS = "a_bit_breathless"
    BOTH_SWOLLEN = "both_swollen"
    DIZZY = "dizzy"
    BACK_ACHES = "back_aches"
    MILD_HEADACHE = "mild_headache"
    ITCHY_PALMS = "itchy_palms"  # palms, or the bottoms of the feet
    ITCHY_LEGS = "itchy_legs"
    DARK_URINE = "dark_urine"
    BUMP_HARD = "bump_hard"  # the bump goes hard, pressure low down
    AFTERPAINS = "afterpains"
    GROIN_ZAP = "groin_zap"  # gone in seconds
    LOSS = "loss"  # a miscarriage, a baby that died
    VIOLENCE = "violence"
    # who speaks, where she is
    SHE_SPEAKS = "she_speaks"
    IN_HOSPITAL = "in_hospital"
    # finding the way
    HELP = "help"
    WHAT_CAN_YOU_DO = "what_can_you_do"
    REPEAT = "repeat"
    NEXT = "next"
    PREVIOUS = "previous"
    PAUSE = "pause"
    RESUME = "resume"
    START_OVER = "start_over"
    STOP = "stop"
    # routines by day
    BEDTIME_ROUTINE = "bedtime_routine"
    PRACTISE = "practise"
    # the voice
    SLOWER = "slower"
    QUIET = "quiet"
    LOUDER = "louder"
    NORMAL_VOICE = "normal_voice"
    # on the way to a call
    CALL_FOR_ME = "call_for_me"
    ALONE = "alone"
    PHONE_AWAY = "phone_away"
    NOBODY_ANSWERS = "nobody_answers"
    NO_MIDWIFE = "no_midwife"
    SHALL_I_DRIVE = "shall_i_drive"
    WHAT_DO_I_SAY = "what_do_i_say"
    SCARED = "scared"
    NOT_WHAT_I_SAID = "not_what_i_said"
    WILL_CALL = "will_call"  # "I'm calling them", "I can"
    ON_HOLD = "on_hold"
    AMBULANCE_COMING = "ambulance_coming"
    SEEN_TONIGHT = "seen_tonight"  # "I called, and they've seen me"
    # why she would rather not call
    BOTHER = "bother"  # "I don't want to bother them", "I don't want to make a fuss"
    WAIT_TILL_MORNING = "wait_till_morning"  # "it's the middle of the night"
    NOT_HOSPITAL = "not_hospital"  # "I'm not spending the night in hospital"
    COST = "cost"
    PULLED_MUSCLE = "pulled_muscle"
    OVERREACTING = "overreacting"  # "he thinks I overreact"
    CHILDREN = "children"  # "my toddler is asleep"
    NO_CAR = "no_car"
    OTHER_CARE = "other_care"  # "I'm seeing my chiropractor tomorrow"
    TOLD_TO_WAIT = "told_to_wait"  # "they said come in monday"


class Topic(Choice):
    """A question by day, with the row of clinical.md that it rests on."""

    WHY = "why"  # E1
    WHY_AT_NIGHT = "why_at_night"  # E2
    BAD_FOR_BABY = "bad_for_baby"  # E3
    HOW_LONG = "how_long"  # E4
    PREVENT = "prevent"  # E5
    BEDTIME_STRETCHES = "bedtime_stretches"  # E6
    MAGNESIUM = "magnesium"  # E7
    CALCIUM = "calcium"  # E8
    BANANAS = "bananas"  # E9
    WATER = "water"  # E10
    SPORTS_DRINKS = "sports_drinks"  # E11
    QUININE = "quinine"  # E12
    RUB = "rub"  # E13
    MASSAGE = "massage"  # E14
    WARMTH = "warmth"  # E15
    BATH = "bath"  # E16
    PAINKILLER = "painkiller"  # E17
    IS_IT_A_CLOT = "is_it_a_clot"  # E18
    CRAMP_OR_CLOT = "cramp_or_clot"  # E19
    BREATHLESS_NORMAL = "breathless_normal"  # E20
    SWOLLEN_ANKLES_NORMAL = "swollen_ankles_normal"  # E21
    WHEN_TO_CALL = "when_to_call"  # E22
    RESTLESS_LEGS = "restless_legs"  # E23
    AFTER_BIRTH = "after_birth"  # E24
    SLEEPING_SIDE = "sleeping_side"  # E25
    SOCKS = "socks"  # E26
    STANDING = "standing"  # E27
    POINTING_TOES = "pointing_toes"  # E28, A44
    EXERCISE = "exercise"  # E29
    PHYSIO = "physio"  # E31
    OFTEN = "often"  # C3-20
    GETTING_UP = "getting_up"  # B0
    ABOUT = "about"  # A71
    # whether it is a cause, and whose
    COMMON = "common"  # A2, A5
    MAY_PLAY_A_PART = "may_play_a_part"  # A13 to A18
    UNPROVEN_CAUSE = "unproven_cause"  # A11, A12
    MY_FAULT = "my_fault"  # A12
    FIZZY_AND_COFFEE = "fizzy_and_coffee"  # A16
    WHAT_IS_A_CRAMP = "what_is_a_cramp"  # A1, A10
    SAME_LEG = "same_leg"  # A12, C3-7
    SIGN_OF_PREGNANCY = "sign_of_pregnancy"
    SEX = "sex"  # A24, G40
    # what is eaten, drunk, taken or put on
    FOOD_AND_VITAMINS = "food_and_vitamins"  # A48, A49, A57
    HOME_REMEDIES = "home_remedies"  # G25, G26
    CANNABIS_AND_ALCOHOL = "cannabis_and_alcohol"  # G10
    CREAMS_AND_DEVICES = "creams_and_devices"  # C4
    MEDICINES = "medicines"  # G8, G29
    TREATMENT = "treatment"  # A70
    # what it is when it is no cramp
    RESTLESS_LEGS_RELIEF = "restless_legs_relief"  # A57
    SCIATICA = "sciatica"  # G13
    LIGHTNING_PAINS = "lightning_pains"  # G14
    VEINS = "veins"  # A19, G12
    WHAT_ELSE = "what_else"  # A19, A21
    # birth, and around it
    LABOUR = "labour"  # C5-4, G34
    TUMMY_CRAMPS = "tummy_cramps"  # C5-1, G18
    AFTERPAINS = "afterpains"  # G15
    BLOOD_PRESSURE = "blood_pressure"  # G17
    WITH_BABY = "with_baby"
    # clots
    WHAT_IS_A_CLOT = "what_is_a_clot"  # G32
    CLOT_WITHOUT_SIGNS = "clot_without_signs"  # G31
    CLOT_CARE = "clot_care"  # G30
    SCAN_AND_BABY = "scan_and_baby"  # G16
    TRAVEL = "travel"  # G33
    HOW_TO_LOOK = "how_to_look"  # C2-D1, C2-D2
    WHY_YOU_ASK = "why_you_ask"  # C4
    # in the cramp, and after it
    HOLDING = "holding"  # B0
    PARTNER = "partner"  # B1, B6
    RUB_WHICH_WAY = "rub_which_way"  # A27
    SORENESS = "soreness"  # A8, C3-13
    COMES_BACK = "comes_back"  # A5, A72
    BED_AND_SLEEP = "bed_and_sleep"  # A37, A45, B6
    # whom to tell, and the skill itself
    MATERNITY_LINE = "maternity_line"  # D
    PRIVACY = "privacy"  # G37
    FOR_OTHERS = "for_others"  # C5-6


class Denied(Choice):
    """What a denial denies: one half of a check, or a sign that no check asks for."""

    BREATHLESS = "breathless"
    CHEST_PAIN = "chest_pain"
    SWELLING = "swelling"
    HEAT = "heat"
    COLOUR = "colour"
    LOOKS = "looks"  # "they look the same"
    NUMB = "numb"
    OTHER = "other"


@dataclass(frozen=True)
class Cramp:
    """A cramp, or the part that an open question asked for. No part: "cramp" alone."""

    part: Part | None = None


@dataclass(frozen=True)
class Sore:
    """Pain without a word of tightness (conversation.md 3.6)."""

    part: Part | None = None


@dataclass(frozen=True)
class Stretch:
    """A wish for a way of stretching, with the part when it was said in one breath."""

    way: Way
    part: Part | None = None


@dataclass(frozen=True)
class HelperSpeaks:
    """Somebody speaks for her, with the part that cramps when it was said."""

    part: Part | None = None


@dataclass(frozen=True)
class TellsStage:
    """She says that she is pregnant, just had a baby, or neither."""

    stage: Stage
    part: Part | None = None


@dataclass(frozen=True)
class SignHeard:
    """A warning sign, alone or in one breath with anything else."""

    sign: Sign


@dataclass(frozen=True)
class CantBearWeight:
    """She can't put weight on it, with the part when she called it a cramp in the same breath."""

    part: Part | None = None


@dataclass(frozen=True)
class ClotHistory:
    """She had a clot or takes blood thinners, with the part that cramps when it was said."""

    part: Part | None = None


@dataclass(frozen=True)
class Denial:
    """ "It isn't swollen": says no to what it names, and to nothing else.

    Soft: "I don't think it's swollen".
    """

    of: frozenset[Denied]
    soft: bool = False


@dataclass(frozen=True)
class Question:
    """A question about cramps, clots, comfort or prevention."""

    topic: Topic


Event = (
    Said
    | Cramp
    | Sore
    | Stretch
    | HelperSpeaks
    | TellsStage
    | CantBearWeight
    | ClotHistory
    | SignHeard
    | Denial
    | Question
)


class Named(Choice):
    """Events that carry something, by the names that tables use for them."""

    CRAMP = "cramp"
    CRAMP_IN_PART = "cramp_in_part"
    BOTH_LEGS = "both_legs"  # a cramp in both, or "both legs" as an answer
    CRAMP_AFTER_CLOT = "cramp_after_clot"
    CRAMP_CANT_BEAR_WEIGHT = "cramp_cant_bear_weight"
    SORE = "sore"
    WAY = "way"
    WAY_FOR_PART = "way_for_part"
    TO_STAND = "to_stand"  # to get up and stretch standing, or walk: shut after an urgent line
    CANT_BEAR_WEIGHT = "cant_bear_weight"
    CLOT_HISTORY = "clot_history"
    HELPER = "helper"  # "my wife has a cramp", "I'm her husband"
    TOLD = "told"  # her stage, and no more
    DENIAL = "denial"
    SOFT_DENIAL = "soft_denial"
    SIGN = "sign"
    # questions, by what they ask about
    QUESTION = "question"
    COMFORT_QUESTION = "comfort_question"  # not before the checks, nor after an urgent line
    RUB_QUESTION = "rub_question"  # the same, and refused where rubbing is
    CLOT_QUESTION = "clot_question"  # half a sign: in a relief conversation the next check
    BREATHLESS_QUESTION = "breathless_question"
    SWOLLEN_QUESTION = "swollen_question"
    RESTLESS_QUESTION = "restless_question"
    SCAN_QUESTION = "scan_question"  # the last three have a reason to call after an urgent line
    CARE_QUESTION = "care_question"
    LINE_QUESTION = "line_question"


Name = Said | Named
"""What a table knows an event by."""

_QUESTIONS = {
    Topic.RUB: Named.RUB_QUESTION,
    Topic.RUB_WHICH_WAY: Named.RUB_QUESTION,
    Topic.MASSAGE: Named.RUB_QUESTION,
    Topic.CREAMS_AND_DEVICES: Named.RUB_QUESTION,
    Topic.WARMTH: Named.COMFORT_QUESTION,
    Topic.BATH: Named.COMFORT_QUESTION,
    Topic.STANDING: Named.COMFORT_QUESTION,
    Topic.GETTING_UP: Named.COMFORT_QUESTION,
    Topic.EXERCISE: Named.COMFORT_QUESTION,
    Topic.BED_AND_SLEEP: Named.COMFORT_QUESTION,
    Topic.TRAVEL: Named.COMFORT_QUESTION,  # its short answer speaks of a walk
    Topic.RESTLESS_LEGS_RELIEF: Named.COMFORT_QUESTION,  # so does this
    Topic.IS_IT_A_CLOT: Named.CLOT_QUESTION,
    Topic.CRAMP_OR_CLOT: Named.CLOT_QUESTION,
    Topic.CLOT_WITHOUT_SIGNS: Named.CLOT_QUESTION,
    Topic.BREATHLESS_NORMAL: Named.BREATHLESS_QUESTION,
    Topic.SWOLLEN_ANKLES_NORMAL: Named.SWOLLEN_QUESTION,
    Topic.RESTLESS_LEGS: Named.RESTLESS_QUESTION,
    Topic.SCAN_AND_BABY: Named.SCAN_QUESTION,
    Topic.CLOT_CARE: Named.CARE_QUESTION,
    Topic.MATERNITY_LINE: Named.LINE_QUESTION,
}

COMFORT = frozenset(
    topic
    for topic, name in _QUESTIONS.items()
    if name in (Named.COMFORT_QUESTION, Named.RUB_QUESTION)
)
"""The questions about comfort: answered neither before the checks nor after an urgent line."""

_WITH_A_PART = {
    Cramp: (Named.CRAMP, Named.CRAMP_IN_PART),
    Sore: (Named.SORE, Named.SORE),
    Stretch: (Named.WAY, Named.WAY_FOR_PART),
    HelperSpeaks: (Named.HELPER, Named.CRAMP_IN_PART),
    TellsStage: (Named.TOLD, Named.CRAMP_IN_PART),
    CantBearWeight: (Named.CANT_BEAR_WEIGHT, Named.CRAMP_CANT_BEAR_WEIGHT),
    ClotHistory: (Named.CLOT_HISTORY, Named.CRAMP_AFTER_CLOT),
}


def name_of(event: Event) -> Name:
    """The name by which tables know an event."""
    if isinstance(event, Said):
        return event
    if isinstance(event, Question):
        return _QUESTIONS.get(event.topic, Named.QUESTION)
    if isinstance(event, Denial):
        return Named.SOFT_DENIAL if event.soft else Named.DENIAL
    if isinstance(event, SignHeard):
        return Named.SIGN
    if event.part is Part.BOTH_LEGS and isinstance(event, Cramp):
        return Named.BOTH_LEGS
    if event == Stretch(Way.GETTING_UP):
        return Named.TO_STAND
    without, named = _WITH_A_PART[type(event)]
    return without if event.part is None else named
