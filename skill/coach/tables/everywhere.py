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
    InBedAndBreathing,
    Narrow,
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
"""A bit breathless, as always: the narrower question decides (clinical.md E1b)."""

BOTH_SWOLLEN = Narrow(Ask.FACE_OR_HANDS)
"""Both ankles puffy: face, hands, head or eyes first, then on with the checks."""

DIZZY = Open(Ask.BREATHING, ("relief.dizzy",), checked=Check.NONE)
"""Stay sitting; the breathing question."""


def once_more(then: Outcome) -> OnceMore:
    """Not understood: asked once more, narrower; the second time `then` (conversation.md 3.3)."""
    return OnceMore(Again.NOT_UNDERSTOOD, then, ("anywhere.not_understood",))


UNCLEAR = once_more(Call(Sign.UNCLEAR))

EVERYWHERE: dict[Name, Outcome] = rows(
    {
        (Said.LAUNCH, Said.START_OVER): StartOver(),
        Said.STOP: If(When.ALL_CLEAR, End(("stop.checked",)), End(("stop.checks_open",))),
        Said.HELP: AskAgain(("help.urgent_first",), shortly=True),
        (Said.REPEAT, Said.PREVIOUS, Said.RESUME): Repeat(),
        (Said.SLOWER, Said.QUIET, Said.LOUDER, Said.NORMAL_VOICE): Repeat(),
        (Said.HANG_ON, Said.PAUSE): AskAgain(("anywhere.quiet",)),
        (Said.SHE_SPEAKS, Named.TOLD): AskAgain(("anywhere.noted",)),
        (Said.BEDTIME_ROUTINE, Said.PRACTISE): AskAgain(("anywhere.later",)),
        Said.CALL_FOR_ME: AskAgain(("not_yet.i_cannot_call",)),
        Said.ALONE: AskAgain(("not_yet.alone",)),
        Said.PHONE_AWAY: AskAgain(("not_yet.phone_away",)),
        (Said.NOBODY_ANSWERS, Said.NO_MIDWIFE): AskAgain(("not_yet.nobody_answers",)),
        Said.SHALL_I_DRIVE: AskAgain(("not_yet.drive",)),
        Said.WHAT_DO_I_SAY: AskAgain(("not_yet.what_to_say",)),
        Said.SCARED: AskAgain(("not_yet.scared",)),
        Said.NOT_WHAT_I_SAID: AskAgain(("not_yet.sorry",)),
        (Named.QUESTION, Named.RESTLESS_QUESTION): Answer(),
    }
)
"""What every place answers alike."""


def _about_comfort(answer: Outcome) -> Outcome:
    """Shut after an urgent line; before the checks, ask first; and while it has not let go."""
    once_eased = If(When.EASED, answer, AskAgain(("questions.once_it_lets_go",)))
    checked = If(When.ALL_CLEAR, once_eased, CheckOrNext(("questions.ask_first",)))
    return If(When.GIVEN, AskAgain(("questions.not_now",)), checked)


_CLOT_HISTORY = If(When.GOES_ON, Call(Sign.PAIN_AFTER_CLOT), AskAgain(("relief.then_no_rub",)))

RELIEF: dict[Name, Outcome] = rows(
    {
        Named.CRAMP_IN_PART: StartPart(),
        Named.WAY_FOR_PART: StartPart(),
        Named.WAY: AnotherWay(),
        (Said.OTHER_LEG, Said.BACK_AGAIN): BackAgain(),
        Said.WORSE: Worse(),
        (Named.CANT_BEAR_WEIGHT, Named.CRAMP_CANT_BEAR_WEIGHT): If(
            When.STRETCHING, InBedAndBreathing(), Call(Sign.CANT_BEAR_WEIGHT)
        ),
        (Named.CLOT_HISTORY, Named.CRAMP_AFTER_CLOT): _CLOT_HISTORY,
        Said.DIZZY: DIZZY,
        Said.A_BIT_BREATHLESS: A_BIT_BREATHLESS,
        Said.BOTH_SWOLLEN: BOTH_SWOLLEN,
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
