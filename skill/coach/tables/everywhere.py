"""What is answered alike wherever a table does not say otherwise, and in every relief question."""

from __future__ import annotations

from skill.coach.events import Name, Named, Said
from skill.coach.outcomes import (
    AnotherWay,
    Answer,
    AskAgain,
    BackAgain,
    Call,
    CheckOrNext,
    End,
    If,
    InBed,
    Narrow,
    NotEased,
    OnceMore,
    Open,
    Outcome,
    Repeat,
    StartOver,
    StartPart,
    When,
    Worse,
)
from skill.coach.place import Again, Ask, Check
from skill.coach.signs import Sign
from skill.coach.tables.question import rows

A_BIT_BREATHLESS = Narrow(Ask.BREATHING_WORSE, noted=True, checked=Check.NONE)
"""A bit breathless, as always: the narrower question decides (clinical.md C2-E1b)."""

BOTH_SWOLLEN = Narrow(Ask.FACE_OR_HANDS)
"""Both ankles puffy: face, hands, head or eyes first, then on with the checks."""

DIZZY = Open(Ask.BREATHING, ("relief.dizzy",), checked=Check.NONE)
"""Stay sitting; the breathing question."""

TOLD: dict[Said, str] = {
    Said.GROIN_ZAP: "told.groin_zap",
    Said.ITCHY_PALMS: "told.itchy_palms",
    Said.ITCHY_LEGS: "told.itchy_legs",
    Said.DARK_URINE: "told.dark_urine",
    Said.BUMP_HARD: "told.bump_hard",
    Said.AFTERPAINS: "told.afterpains",
}
"""What she tells of herself that is no sign, and the line that answers it, whatever is open."""


def once_more(then: Outcome) -> OnceMore:
    """Not understood: asked once more, narrower; the second time `then` (conversation.md 3.3)."""
    return OnceMore(Again.NOT_UNDERSTOOD, then, ("anywhere.not_understood",))


NET_AND_ANOTHER_TRY = AskAgain(("comfort.net",), shortly=True)
"""Noise does not lock: once all checks were clear, the net and the question."""

UNCLEAR = once_more(If(When.ALL_CLEAR, NET_AND_ANOTHER_TRY, Call(Sign.UNCLEAR)))

_STOP = If(When.ALL_CLEAR, End(("stop.checked",)), End(("stop.checks_open",)))

EVERYWHERE: dict[Name, Outcome] = rows(
    {
        (Said.LAUNCH, Said.START_OVER): StartOver(),
        (Said.STOP, Said.THANKS): _STOP,
        (Said.HELP, Said.WHAT_CAN_YOU_DO): AskAgain(("help.urgent_first",), shortly=True),
        (Said.REPEAT, Said.PREVIOUS, Said.RESUME): Repeat(),
        (Said.SLOWER, Said.QUIET, Said.LOUDER, Said.NORMAL_VOICE): Repeat(),
        (Said.HANG_ON, Said.PAUSE): AskAgain(("anywhere.quiet",)),
        (Said.SHE_SPEAKS, Named.HELPER, Named.TOLD, Said.WILL_CALL): AskAgain(("anywhere.noted",)),
        Said.LOSS: AskAgain(("anywhere.sorry_for_loss",)),
        Said.IN_HOSPITAL: AskAgain(("anywhere.nurse",)),
        Said.AFRAID_TO_MOVE: AskAgain(("relief.here",)),
        (Said.BEDTIME_ROUTINE, Said.PRACTISE): AskAgain(("anywhere.later",)),
        (Named.QUESTION, Named.RESTLESS_QUESTION): Answer(),
        (Named.SCAN_QUESTION, Named.CARE_QUESTION, Named.LINE_QUESTION): Answer(),
        # what is said on the way to a call, where nothing urgent was heard
        Said.CALL_FOR_ME: AskAgain(("not_yet.i_cannot_call",)),
        Said.ALONE: AskAgain(("not_yet.alone",)),
        Said.PHONE_AWAY: AskAgain(("not_yet.phone_away",)),
        (Said.NOBODY_ANSWERS, Said.NO_MIDWIFE, Said.ON_HOLD): AskAgain(("not_yet.nobody_answers",)),
        (Said.SHALL_I_DRIVE, Said.NO_CAR): AskAgain(("not_yet.drive",)),
        Said.WHAT_DO_I_SAY: AskAgain(("not_yet.what_to_say",)),
        Said.SCARED: AskAgain(("not_yet.scared",)),
        (Said.NOT_WHAT_I_SAID, Said.MEANT_NO): AskAgain(("not_yet.sorry",)),
        (Said.BOTHER, Said.WAIT_TILL_MORNING, Said.NOT_HOSPITAL, Said.COST): AskAgain(
            ("not_yet.they_would_rather",)
        ),
        (Said.PULLED_MUSCLE, Said.OVERREACTING, Said.OTHER_CARE, Said.CHILDREN): AskAgain(
            ("not_yet.cannot_tell",)
        ),
        (Said.TOLD_FINE, Said.TOLD_TO_WAIT, Said.SEEN_TONIGHT): AskAgain(("not_yet.cannot_tell",)),
        Said.AMBULANCE_COMING: AskAgain(("not_yet.ambulance",)),
    }
)
"""What every place answers alike."""


def _about_comfort(answer: Outcome) -> Outcome:
    """Shut after an urgent line; before the checks, ask first; and while it has not let go."""
    once_eased = If(When.EASED, answer, AskAgain(("questions.once_it_lets_go",)))
    checked = If(When.ALL_CLEAR, once_eased, CheckOrNext(("questions.ask_first",)))
    return If(When.GIVEN, AskAgain(("questions.not_now",)), checked)


GETTING_UP = If(When.GIVEN, AskAgain(("questions.not_now",)), AskAgain(("relief.getting_up",)))
"""Up from the bed, safely; shut after an urgent line."""

_CLOT_HISTORY = If(When.GOES_ON, Call(Sign.PAIN_AFTER_CLOT), AskAgain(("relief.then_no_rub",)))

RELIEF: dict[Name, Outcome] = rows(
    {
        (Named.CRAMP_IN_PART, Named.BOTH_LEGS, Named.WAY_FOR_PART): StartPart(),
        Named.WAY: AnotherWay(),
        Named.TO_STAND: If(When.GIVEN, GETTING_UP, AnotherWay()),
        Said.BACK_AGAIN: BackAgain(),
        Said.OTHER_LEG: BackAgain(same_leg=False),
        Said.WORSE: Worse(),
        (Named.CANT_BEAR_WEIGHT, Named.CRAMP_CANT_BEAR_WEIGHT): If(
            When.STRETCHING, InBed(Ask.BREATHING), Call(Sign.CANT_BEAR_WEIGHT)
        ),
        Said.CANT_MOVE_LEG: If(When.STRETCHING, InBed(Ask.NUMB), Call(Sign.WEAK)),
        Said.HARD_LUMP: If(When.STRETCHING, NotEased(), Call(Sign.HARD_VEIN)),
        Said.PINS_AND_NEEDLES: Open(Ask.GOES_ON_MOVING, checked=Check.NONE),
        Said.GAVE_WAY: If(When.STRETCHING, NotEased(), Call(Sign.LEG_GAVE_WAY)),
        (Named.CLOT_HISTORY, Named.CRAMP_AFTER_CLOT): _CLOT_HISTORY,
        Said.CLOT_RISK: If(When.ALL_CLEAR, AskAgain(), CheckOrNext(())),
        Said.FOR_AGES: Open(Ask.TEN_MINUTES, checked=Check.NONE),
        Said.DRIVING: Open(Ask.STOPPED, ("relief.stop_first",)),
        Said.CAME_ON_SLOWLY: AskAgain(),
        # half a sign
        Said.DIZZY: DIZZY,
        Said.A_BIT_BREATHLESS: A_BIT_BREATHLESS,
        Said.PANTING_FROM_PAIN: Narrow(Ask.BREATH_FROM_PAIN, checked=Check.NONE),
        Said.HEART_FROM_PAIN: Narrow(Ask.HEART_FROM_PAIN, checked=Check.NONE),
        Said.BOTH_SWOLLEN: BOTH_SWOLLEN,
        Said.MILD_HEADACHE: BOTH_SWOLLEN,
        Said.BACK_ACHES: Open(Ask.BACK_BREATHING, checked=Check.NONE),
        **{said: AskAgain((line,)) for said, line in TOLD.items()},
        # in the way
        Said.NEEDS_UP: GETTING_UP,
        Said.POINTED_TOES: AskAgain(("relief.toes_up",)),
        Said.PUNCHING: AskAgain(("relief.no_punching",)),
        # questions
        Named.BREATHLESS_QUESTION: A_BIT_BREATHLESS,
        Named.SWOLLEN_QUESTION: BOTH_SWOLLEN,
        Named.CLOT_QUESTION: If(When.ALL_CLEAR, Answer(), CheckOrNext(("questions.cannot_tell",))),
        Named.COMFORT_QUESTION: _about_comfort(Answer()),
        Named.RUB_QUESTION: _about_comfort(
            If(When.NO_RUB, AskAgain(("comfort.no_rub",)), Answer())
        ),
    }
)
"""What every question of a relief conversation makes of the pain and of what is half a sign."""
