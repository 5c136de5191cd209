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
    WORSE = "worse"
    BACK_AGAIN = "back_again"
    OTHER_LEG = "other_leg"
    ANOTHER_WAY = "another_way"
    # answers
    YES = "yes"
    NO = "no"
    A_BIT = "a_bit"
    AS_USUAL = "as_usual"
    SOFT_NO = "soft_no"
    UNSURE = "unsure"
    CANT_SEE = "cant_see"
    BOTH = "both"
    FINE = "fine"
    JUST_BEGAN = "just_began"
    HANG_ON = "hang_on"
    NOT_UNDERSTOOD = "not_understood"
    # half a sign: each leads to a question or a rule of its own (conversation.md 4)
    A_BIT_BREATHLESS = "a_bit_breathless"
    BOTH_SWOLLEN = "both_swollen"
    DIZZY = "dizzy"
    # who speaks
    SHE_SPEAKS = "she_speaks"
    # finding the way
    HELP = "help"
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


class Topic(Choice):
    """A question of section E of clinical.md."""

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
    POINTING_TOES = "pointing_toes"  # E28
    EXERCISE = "exercise"  # E29
    PHYSIO = "physio"  # E31
    OFTEN = "often"  # C3 row 20
    GETTING_UP = "getting_up"  # B0
    ABOUT = "about"  # A71


class Denied(Choice):
    """What a denial denies: one half of a check, or a sign that no check asks for."""

    BREATHLESS = "breathless"
    CHEST_PAIN = "chest_pain"
    SWELLING = "swelling"
    HEAT = "heat"
    COLOUR = "colour"
    LOOKS = "looks"  # "they look the same"
    OTHER = "other"


@dataclass(frozen=True)
class Cramp:
    """A cramp, or the part that an open question asked for. No part: "cramp" alone."""

    part: Part | None = None


@dataclass(frozen=True)
class Sore:
    """Pain without a word of tightness (conversation.md 4)."""

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
    CRAMP_AFTER_CLOT = "cramp_after_clot"
    CRAMP_CANT_BEAR_WEIGHT = "cramp_cant_bear_weight"
    SORE = "sore"
    WAY = "way"
    WAY_FOR_PART = "way_for_part"
    CANT_BEAR_WEIGHT = "cant_bear_weight"
    CLOT_HISTORY = "clot_history"
    TOLD = "told"  # who speaks, or her stage, and no more
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


Name = Said | Named
"""What a table knows an event by."""

_QUESTIONS = {
    Topic.RUB: Named.RUB_QUESTION,
    Topic.MASSAGE: Named.RUB_QUESTION,
    Topic.WARMTH: Named.COMFORT_QUESTION,
    Topic.BATH: Named.COMFORT_QUESTION,
    Topic.STANDING: Named.COMFORT_QUESTION,
    Topic.GETTING_UP: Named.COMFORT_QUESTION,
    Topic.EXERCISE: Named.COMFORT_QUESTION,
    Topic.IS_IT_A_CLOT: Named.CLOT_QUESTION,
    Topic.CRAMP_OR_CLOT: Named.CLOT_QUESTION,
    Topic.BREATHLESS_NORMAL: Named.BREATHLESS_QUESTION,
    Topic.SWOLLEN_ANKLES_NORMAL: Named.SWOLLEN_QUESTION,
    Topic.RESTLESS_LEGS: Named.RESTLESS_QUESTION,
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
    HelperSpeaks: (Named.TOLD, Named.CRAMP_IN_PART),
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
    without, named = _WITH_A_PART[type(event)]
    return without if event.part is None else named
