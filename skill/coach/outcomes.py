"""What an answer leads to: the small words in which the tables of questions are written.

`interpreter.py` turns an outcome into a turn. If an answer needs an `if` outside its table, a word
is missing here.
"""

from __future__ import annotations

from dataclasses import dataclass

from skill.coach.place import Again, Aim, Ask, Check, Part
from skill.coach.signs import Choice, Sign


class Outcome:
    """What an answer leads to."""


class When(Choice):
    """What an outcome may depend on beside the answer: where she is, who she is, how late it is."""

    LATE = "ten minutes have passed"
    NOTED = "breathing was noted"
    GIVEN = "an urgent line was given"
    NO_CHECK_YET = "no check was a clear no yet"
    ALL_CLEAR = "every check was a clear no"
    EASED = "it has let go"
    STRETCHING = "the cramp is on"
    GOES_ON = "the pain went on after the first stretch, or was never called a cramp"
    NO_RUB = "the leg must not be rubbed"
    TALKING = "no cramp was spoken of"
    AFTER_BIRTH = "she has just had a baby"
    LEVEL_TWO = "the line that was given is no emergency"
    MISUNDERSTOOD = "the question was not understood before"


@dataclass(frozen=True)
class If(Outcome):
    """One outcome where something holds, another where it does not."""

    when: When
    then: Outcome
    otherwise: Outcome


@dataclass(frozen=True)
class OnceMore(Outcome):
    """Asked once more for this reason; where it was asked again for it before, `then`."""

    reason: Again
    then: Outcome
    say: tuple[str, ...] = ()


# --- checks -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clear(Outcome):
    """A clear no to all that is open: the aim of the checks says what comes next."""

    say: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call(Outcome):
    """The answer is a sign: its urgent line, at its level."""

    sign: Sign


@dataclass(frozen=True)
class SaidYes(Outcome):
    """A bare yes to a check: whom to call, what she said yes to, and "Is that right?"."""

    sign: Sign


@dataclass(frozen=True)
class Acknowledged(Outcome):
    """An "okay" is no answer: once more, then "Please say yes or no", then not understood."""


@dataclass(frozen=True)
class Narrow(Outcome):
    """Another, narrower question decides.

    noted: breathing was mentioned, which travels. checked: how far the checks have come with it.
    """

    ask: Ask
    noted: bool = False
    checked: Check | None = None


@dataclass(frozen=True)
class ThisFirst(Outcome):
    """The open check again. How the pain goes (its new aim) changes what the checks lead to.

    named: she called it a cramp, so that a leg kept still until now is a cramp after all.
    """

    pain: Aim | None = None
    named: bool = False


@dataclass(frozen=True)
class NextCheck(Outcome):
    """The first check that is not a clear no yet."""

    say: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckOrNext(Outcome):
    """The check that is open, or the next one."""

    say: tuple[str, ...]


@dataclass(frozen=True)
class PreviousCheck(Outcome):
    """Back to the check before."""


# --- the pain ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Eased(Outcome):
    """It has let go: the checks that are left, then comfort. afresh: nothing was asked before."""

    afresh: bool = False


@dataclass(frozen=True)
class NotEased(Outcome):
    """It still hurts: the next check, the next round, or whom to call."""


@dataclass(frozen=True)
class Worse(Outcome):
    """Stretching made it worse: none of it any more. afresh: nothing was asked before."""

    afresh: bool = False


@dataclass(frozen=True)
class PainStays(Outcome):
    """After comfort the strong pain is there: another way of stretching, or the call."""


@dataclass(frozen=True)
class BackAgain(Outcome):
    """The cramp is back: round one; in the same leg, in time, what was clear stays clear."""

    same_leg: bool = True


@dataclass(frozen=True)
class LegStill(Outcome):
    """Pain that is not stretched: these lines, the checks, and then what `aim` says."""

    aim: Aim = Aim.SORE
    say: tuple[str, ...] = ("relief.leg_still",)


@dataclass(frozen=True)
class DidItGrab(Outcome):
    """Pain without a word of tightness: "Did it grab suddenly?"; a hip or groin is checked."""


@dataclass(frozen=True)
class StartKept(Outcome):
    """Round one for the part that she named before."""


@dataclass(frozen=True)
class InBed(Outcome):
    """The in-bed stretch, and this question now."""

    ask: Ask


# --- stretches --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Launch(Outcome):
    """Something to do at once, then which part; `say` comes before the question."""

    say: tuple[str, ...] = ()


@dataclass(frozen=True)
class StartPart(Outcome):
    """Round one for the part she named, or for `part`; `too_vague` parts are not understood."""

    part: Part | None = None
    too_vague: tuple[Part, ...] = ()


@dataclass(frozen=True)
class KeepPart(Outcome):
    """The part she named is kept for later, and the open question asked again."""

    say: tuple[str, ...] = ()


@dataclass(frozen=True)
class FirstRound(Outcome):
    """Round one for the part that is known; `say` comes first, and says what to watch for."""

    say: tuple[str, ...] = ()


@dataclass(frozen=True)
class NextRound(Outcome):
    """Another round, another way."""


@dataclass(frozen=True)
class AnotherWay(Outcome):
    """The stretch that is on, in the way she asked for."""


@dataclass(frozen=True)
class StretchAgain(Outcome):
    """The stretch that is on, without the hold that she has heard."""


@dataclass(frozen=True)
class ComfortAgain(Outcome):
    """Comfort and the net once more."""


# --- finding the way --------------------------------------------------------------------------


@dataclass(frozen=True)
class Open(Outcome):
    """Another question opens, after these lines."""

    ask: Ask
    say: tuple[str, ...] = ()
    aim: Aim | None = None
    checked: Check | None = None
    again: Again = Again.FIRST_TIME


@dataclass(frozen=True)
class AskAgain(Outcome):
    """These lines, then the open question, in short where that is wanted."""

    say: tuple[str, ...] = ()
    shortly: bool = False


@dataclass(frozen=True)
class Repeat(Outcome):
    """What the open question's table says on "repeat"."""


@dataclass(frozen=True)
class StartOver(Outcome):
    """From the start; the level of an urgent line that was given stays."""


@dataclass(frozen=True)
class Answer(Outcome):
    """The answer to her question; `then` opens, or the open question is asked again, shortly."""

    then: Ask | None = None


@dataclass(frozen=True)
class Step(Outcome):
    """So many steps on in the routine that is open, or the first of `routine`."""

    by: int = 0
    routine: Ask | None = None


@dataclass(frozen=True)
class End(Outcome):
    """The session ends with these lines."""

    say: tuple[str, ...]


# --- after an urgent line ---------------------------------------------------------------------


@dataclass(frozen=True)
class Number(Outcome):
    """A line that ends in whom to call, and the urgent question that is open, or `ask`."""

    say: str
    ask: Ask | None = None


@dataclass(frozen=True)
class Recheck(Outcome):
    """All checks again from breathing; comfort stays shut."""

    say: str


@dataclass(frozen=True)
class EndUrgent(Outcome):
    """The session ends with the number."""

    say: str


def close(say: str) -> End:
    """The last words of a conversation that gave health information: a line, the disclaimer."""
    return End((say, "close.disclaimer"))
