"""What she may say, in her own words: the labels that docs/flow.md uses for the coach's names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from skill.coach.events import (
    CantBearWeight,
    ClotHistory,
    Cramp,
    Denial,
    Denied,
    Event,
    HelperSpeaks,
    Named,
    Question,
    Said,
    SignHeard,
    Sore,
    Stretch,
    TellsStage,
    Topic,
)
from skill.coach.place import Part, Stage, Way
from skill.coach.signs import Family, Sign


class Answer(NamedTuple):
    """Something that she may say, and what the coach understands by it."""

    label: str
    event: Event


SAID: dict[Said, str] = {
    Said.LAUNCH: "open Cramp Coach",
    Said.EASED: "it's gone",
    Said.STILL_HURTS: "it still hurts",
    Said.EASING: "it's getting easier",
    Said.WORSE: "it's getting worse",
    Said.BACK_AGAIN: "it's back",
    Said.OTHER_LEG: "now the other leg",
    Said.ANOTHER_WAY: "is there another stretch?",
    Said.YES: "yes",
    Said.NO: "no",
    Said.A_BIT: "a bit",
    Said.AS_USUAL: "the same as usual",
    Said.SOFT_NO: "I don't think so",
    Said.UNSURE: "I'm not sure",
    Said.CANT_SEE: "I can't see",
    Said.BOTH: "both",
    Said.FINE: "I'm fine",
    Said.JUST_BEGAN: "it just started",
    Said.CAME_ON_SLOWLY: "it came on slowly",
    Said.HANG_ON: "hang on",
    Said.NOT_UNDERSTOOD: "words that make no sense to the coach",
    Said.A_BIT_BREATHLESS: "I'm a bit breathless, as always",
    Said.BOTH_SWOLLEN: "both my ankles are puffy",
    Said.DIZZY: "I'm dizzy",
    Said.SHE_SPEAKS: "it's me speaking now",
    Said.HELP: "help",
    Said.REPEAT: "say that again",
    Said.NEXT: "next",
    Said.PREVIOUS: "go back",
    Said.PAUSE: "pause",
    Said.RESUME: "go on",
    Said.START_OVER: "start over",
    Said.STOP: "stop",
    Said.BEDTIME_ROUTINE: "start the bedtime routine",
    Said.PRACTISE: "let's practise",
    Said.SLOWER: "slower",
    Said.QUIET: "quieter",
    Said.LOUDER: "louder",
    Said.NORMAL_VOICE: "use your normal voice",
    Said.CALL_FOR_ME: "can you call for me?",
    Said.ALONE: "I'm alone",
    Said.PHONE_AWAY: "my phone is downstairs",
    Said.NOBODY_ANSWERS: "nobody answers",
    Said.NO_MIDWIFE: "I have no midwife",
    Said.SHALL_I_DRIVE: "shall I drive?",
    Said.WHAT_DO_I_SAY: "what do I say to them?",
    Said.SCARED: "I'm scared",
    Said.NOT_WHAT_I_SAID: "that's not what I said",
    Said.IN_PAIN: "ow, ow, make it stop",
    Said.OVER_ALREADY: "I just had one, it's gone now",
    Said.SORE_AFTER: "it's sore from last night's cramp",
    Said.FOOT_SORE: "my heel hurts when I walk",
    Said.HIP_ON_TURNING: "my hip hurts when I turn over",
    Said.SHOOTING_DOWN: "it shoots from my back to my foot",
    Said.CLOT_RISK: "my leg hurts since the long flight",
    Said.FOR_AGES: "it's been going for ages",
    Said.CANT_MOVE_LEG: "I can't move my leg",
    Said.HARD_LUMP: "there's a hard lump in my calf",
    Said.PINS_AND_NEEDLES: "I've got pins and needles",
    Said.GAVE_WAY: "my leg gave way with the cramp",
    Said.POINTED_TOES: "I pointed my toes",
    Said.PUNCHING: "he's kneading it hard",
    Said.AFRAID_TO_MOVE: "I daren't move",
    Said.NEEDS_UP: "I need the toilet",
    Said.DRIVING: "I'm driving",
    Said.OKAY: "okay",
    Said.THANKS: "thanks",
    Said.MEANT_NO: "I meant no",
    Said.NORMAL: "normal, no more than usual",
    Said.SAME_AS_OTHER: "the same as the other leg",
    Said.WARMED: "it's only warm from the bed",
    Said.OLD_VEINS: "those are old veins",
    Said.TOLD_FINE: "the doctor said it's fine",
    Said.PANTING_FROM_PAIN: "I'm only out of breath from the pain",
    Said.HEART_FROM_PAIN: "my heart races from the pain",
    Said.BACK_ACHES: "my back aches",
    Said.MILD_HEADACHE: "I've a bit of a headache",
    Said.ITCHY_PALMS: "my palms itch",
    Said.ITCHY_LEGS: "my legs itch",
    Said.DARK_URINE: "my urine is dark",
    Said.BUMP_HARD: "my bump goes hard",
    Said.AFTERPAINS: "my tummy cramps when I feed the baby",
    Said.GROIN_ZAP: "a zap in my groin, gone in seconds",
    Said.LOSS: "I had a miscarriage",
    Said.VIOLENCE: "he hits me",
    Said.IN_HOSPITAL: "I'm in the hospital",
    Said.WHAT_CAN_YOU_DO: "what can you do?",
    Said.WILL_CALL: "I'm calling them now",
    Said.ON_HOLD: "I'm on hold",
    Said.AMBULANCE_COMING: "the ambulance is coming",
    Said.SEEN_TONIGHT: "I called, and they've seen me tonight",
    Said.BOTHER: "I don't want to bother them",
    Said.WAIT_TILL_MORNING: "I'll wait till morning",
    Said.NOT_HOSPITAL: "I'm not spending the night in hospital",
    Said.COST: "I can't afford it",
    Said.PULLED_MUSCLE: "it's only a pulled muscle",
    Said.OVERREACTING: "he thinks I overreact",
    Said.CHILDREN: "my toddler is asleep",
    Said.NO_CAR: "I have no way to get there",
    Said.OTHER_CARE: "I'm seeing my chiropractor",
    Said.TOLD_TO_WAIT: "they said to come in on Monday",
}
"""Said.* as she would say it."""

TOPICS: dict[Topic, str] = {
    Topic.WHY: "why do I get cramps?",
    Topic.WHY_AT_NIGHT: "why at night?",
    Topic.BAD_FOR_BABY: "is it bad for my baby?",
    Topic.HOW_LONG: "how long does a cramp last?",
    Topic.PREVENT: "how can I prevent them?",
    Topic.BEDTIME_STRETCHES: "do stretches before bed help?",
    Topic.MAGNESIUM: "should I take magnesium?",
    Topic.CALCIUM: "should I take calcium?",
    Topic.BANANAS: "do bananas help?",
    Topic.WATER: "does water help?",
    Topic.SPORTS_DRINKS: "do sports drinks help?",
    Topic.QUININE: "can I drink tonic water?",
    Topic.RUB: "can I rub it?",
    Topic.MASSAGE: "can I have a massage?",
    Topic.WARMTH: "can I put heat on it?",
    Topic.BATH: "can I take a bath?",
    Topic.PAINKILLER: "can I take a painkiller?",
    Topic.IS_IT_A_CLOT: "is it a clot?",
    Topic.CRAMP_OR_CLOT: "how do I tell a cramp from a clot?",
    Topic.BREATHLESS_NORMAL: "is it normal to be breathless?",
    Topic.SWOLLEN_ANKLES_NORMAL: "are swollen ankles normal?",
    Topic.WHEN_TO_CALL: "when should I call?",
    Topic.RESTLESS_LEGS: "is it restless legs?",
    Topic.AFTER_BIRTH: "will they stop after the birth?",
    Topic.SLEEPING_SIDE: "which side should I sleep on?",
    Topic.SOCKS: "do compression socks help?",
    Topic.STANDING: "should I stand on it?",
    Topic.POINTING_TOES: "can I point my toes?",
    Topic.EXERCISE: "can I go for a walk?",
    Topic.PHYSIO: "should I see a physio?",
    Topic.OFTEN: "I get them every night",
    Topic.GETTING_UP: "how do I get up?",
    Topic.COMMON: "is it normal to get leg cramps?",
    Topic.MAY_PLAY_A_PART: "is it bad to cross my legs?",
    Topic.UNPROVEN_CAUSE: "could it be my height?",
    Topic.MY_FAULT: "is it something I did?",
    Topic.FIZZY_AND_COFFEE: "what about fizzy drinks?",
    Topic.WHAT_IS_A_CRAMP: "what is a cramp?",
    Topic.SAME_LEG: "why only one leg?",
    Topic.SIGN_OF_PREGNANCY: "am I pregnant?",
    Topic.SEX: "can sex bring on a cramp?",
    Topic.FOOD_AND_VITAMINS: "what about my iron?",
    Topic.HOME_REMEDIES: "does soap in the bed help?",
    Topic.CANNABIS_AND_ALCOHOL: "can I use CBD?",
    Topic.CREAMS_AND_DEVICES: "what about muscle rub?",
    Topic.MEDICINES: "can my medicine bring on cramps?",
    Topic.TREATMENT: "is there a treatment?",
    Topic.RESTLESS_LEGS_RELIEF: "how do I ease restless legs?",
    Topic.SCIATICA: "is it sciatica?",
    Topic.LIGHTNING_PAINS: "what is lightning pain?",
    Topic.VEINS: "is it a vein?",
    Topic.WHAT_ELSE: "what else could it be?",
    Topic.LABOUR: "is my labor close?",
    Topic.TUMMY_CRAMPS: "are Braxton Hicks painful?",
    Topic.AFTERPAINS: "what helps afterpains?",
    Topic.BLOOD_PRESSURE: "what about high blood pressure?",
    Topic.WITH_BABY: "can I stretch with the baby on me?",
    Topic.WHAT_IS_A_CLOT: "what is a clot?",
    Topic.CLOT_WITHOUT_SIGNS: "can you have a clot with no swelling?",
    Topic.CLOT_CARE: "how do they treat a clot?",
    Topic.SCAN_AND_BABY: "will the scan hurt the baby?",
    Topic.TRAVEL: "can I fly?",
    Topic.HOW_TO_LOOK: "what am I looking for?",
    Topic.WHY_YOU_ASK: "why do you ask?",
    Topic.HOLDING: "how long do I hold it?",
    Topic.PARTNER: "what should my husband do?",
    Topic.RUB_WHICH_WAY: "do I rub up or down?",
    Topic.SORENESS: "why is it still sore?",
    Topic.COMES_BACK: "what if it comes back?",
    Topic.BED_AND_SLEEP: "how do I get back to sleep?",
    Topic.MATERNITY_LINE: "what is labor and delivery?",
    Topic.PRIVACY: "do you keep what I say?",
    Topic.FOR_OTHERS: "what about men?",
    Topic.ABOUT: "are you a doctor?",
}
"""Her questions as she would ask them."""

NAMED: dict[Named, tuple[Answer, ...]] = {
    Named.CRAMP: (Answer("I have a cramp", Cramp()),),
    Named.CRAMP_IN_PART: (
        Answer("my calf is cramping", Cramp(Part.CALF)),
        Answer("my thigh is cramping", Cramp(Part.THIGH)),
        Answer("my leg is cramping", Cramp(Part.LEG)),
        Answer("my hip, groin or whole leg is cramping", Cramp(Part.HIP)),
    ),
    Named.BOTH_LEGS: (Answer("both legs", Cramp(Part.BOTH_LEGS)),),
    Named.CRAMP_AFTER_CLOT: (
        Answer("I've had a clot, and my calf is cramping", ClotHistory(Part.CALF)),
    ),
    Named.CRAMP_CANT_BEAR_WEIGHT: (
        Answer("my calf is cramping, and I can't stand on it", CantBearWeight(Part.CALF)),
    ),
    Named.SORE: (Answer("my calf hurts", Sore(Part.CALF)),),
    Named.WAY: (Answer("I can't reach my foot", Stretch(Way.TOWEL)),),
    Named.TO_STAND: (Answer("can I stand up?", Stretch(Way.GETTING_UP)),),
    Named.WAY_FOR_PART: (
        Answer("my calf is cramping, and I'm standing", Stretch(Way.STANDING, Part.CALF)),
    ),
    Named.CANT_BEAR_WEIGHT: (Answer("I can't put weight on it", CantBearWeight()),),
    Named.CLOT_HISTORY: (Answer("I've had a clot, or I take blood thinners", ClotHistory()),),
    Named.HELPER: (Answer("my wife has a cramp", HelperSpeaks()),),
    Named.TOLD: (
        Answer("I'm pregnant", TellsStage(Stage.PREGNANT)),
        Answer("I've just had a baby", TellsStage(Stage.AFTER_BIRTH)),
    ),
    Named.SIGN: (
        Answer("a sign at level 1, such as “my chest hurts”", SignHeard(Sign.CHEST_PAIN)),
        Answer("a leg sign at level 2, such as “one leg is swollen”", SignHeard(Sign.SWOLLEN_LEG)),
        Answer(
            "another sign at level 2, such as “I have a bad headache”", SignHeard(Sign.HEADACHE)
        ),
    ),
    Named.QUESTION: (Answer("a question, such as “why do I get cramps?”", Question(Topic.WHY)),),
    Named.COMFORT_QUESTION: (
        Answer("a question about comfort, such as “can I put heat on it?”", Question(Topic.WARMTH)),
    ),
    Named.RUB_QUESTION: (Answer("can I rub it?", Question(Topic.RUB)),),
    Named.CLOT_QUESTION: (Answer("is it a clot?", Question(Topic.IS_IT_A_CLOT)),),
    Named.BREATHLESS_QUESTION: (
        Answer("is it normal to be breathless?", Question(Topic.BREATHLESS_NORMAL)),
    ),
    Named.SWOLLEN_QUESTION: (
        Answer("are swollen ankles normal?", Question(Topic.SWOLLEN_ANKLES_NORMAL)),
    ),
    Named.SCAN_QUESTION: (Answer("would a scan reach the baby?", Question(Topic.SCAN_AND_BABY)),),
    Named.CARE_QUESTION: (Answer("what will they do?", Question(Topic.CLOT_CARE)),),
    Named.LINE_QUESTION: (Answer("who answers there at night?", Question(Topic.MATERNITY_LINE)),),
    Named.RESTLESS_QUESTION: (Answer("is it restless legs?", Question(Topic.RESTLESS_LEGS)),),
}
"""Named.* as she would say it, with what the coach understands; denials are made from `DENIED`."""

DENIED: dict[Denied, str] = {
    Denied.BREATHLESS: "trouble breathing",
    Denied.CHEST_PAIN: "pain in my chest",
    Denied.SWELLING: "swelling",
    Denied.HEAT: "heat",
    Denied.COLOUR: "new color",
    Denied.LOOKS: "difference between my legs",
    Denied.NUMB: "numbness",
    Denied.OTHER: "fever",
}
"""What she can say that there is none of."""

ANY_DENIAL = "no swelling, or no other sign"
ANY_SOFT_DENIAL = "I don't think there's any swelling, or any other sign"
"""Where every denial leads to the same."""

FAMILIES: dict[Family, str] = {
    Family.CHEST_AND_BREATH: "Chest and breath",
    Family.FAINT_OR_FIT: "Fainting, or a seizure",
    Family.LEG: "The leg: clot signs and pain",
    Family.LIMB: "The leg: nerves, muscles, blood flow",
    Family.INJURY: "A fall",
    Family.HEAD: "Head, eyes, face and hands",
    Family.TUMMY: "Tummy, bleeding, birth",
    Family.BABY: "The baby",
    Family.FEELS_WRONG: "Something feels wrong",
    Family.CLOT: "A clot that is being treated",
    Family.OVERDOSE: "Too many pills, or harm done",
    Family.SELF_HARM: "Thoughts of harm",
    Family.UNCLEAR: "The coach cannot be sure",
}
"""The families of signs, as headings."""


def answers(also_denied: Iterable[frozenset[Denied]] = ()) -> list[Answer]:
    """Everything that she may say, a name at least once; KeyError for a name without a label.

    also_denied: what may be denied in one breath.
    """
    named = [name for name in Named if name not in (Named.DENIAL, Named.SOFT_DENIAL)]
    both = dict.fromkeys([*(frozenset({each}) for each in Denied), *also_denied])
    return [
        *(Answer(SAID[said], said) for said in Said),
        *(answer for name in named for answer in NAMED[name]),
        *(denial(what, soft=soft) for soft in (False, True) for what in both),
    ]


def denial(what: frozenset[Denied], *, soft: bool = False) -> Answer:
    """ "No swelling", or "I don't think there's any swelling"."""
    words = " or ".join(DENIED[each] for each in Denied if each in what)
    return Answer(
        f"I don't think there's any {words}" if soft else f"no {words}", Denial(what, soft)
    )
