"""An outcome of a table in words: what an answer leads to, for a reviewer who reads no code.

Lines, questions and signs go by their keys, under which they are read and signed themselves. What
the words in capitals stand for is told by `skill.publish.follows`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from skill.coach import outcomes as out
from skill.coach.outcomes import Outcome, When
from skill.coach.place import Again, Aim, Check

REASONS = {
    Again.NOT_UNDERSTOOD: "AGAIN",
    Again.SOFT_NO: "SOFT AGAIN",
    Again.UNSURE: "UNSURE AGAIN",
}
AIMS = {
    Aim.COMFORT: "eased",
    Aim.STRETCH: "cramping",
    Aim.CALL: "worse",
    Aim.SORE: "hurting",
    Aim.EASIER: "sore afterwards",
    Aim.MENTION: "to mention",
    Aim.SCIATICA: "sciatica",
    Aim.TALK: "no cramp",
    Aim.RECHECK: "taken back",
}
"""How the pain goes."""
QUESTION = "the question"
"""The open question again; where a row says nothing of a question, that is what follows."""

CHECKED = {
    Check.NONE: "none",
    Check.BREATHING: "breathing",
    Check.SWELLING: "breathing, swelling",
    Check.ALL: "all",
}


def leads(outcome: Outcome) -> str:
    """What an outcome leads to. KeyError for a kind of outcome that has no words here."""
    return _WORDS[type(outcome)](outcome)


def condition(when: When) -> str:
    """The short name of a condition; when it holds is told by `skill.publish.follows`."""
    return when.name.replace("_", " ")


def _if(outcome: out.If) -> str:
    if isinstance(outcome.then, out.If) and outcome.then.when is outcome.when:
        outcome = out.If(outcome.when, outcome.then.then, outcome.otherwise)
    then = leads(outcome.then)
    if isinstance(outcome.then, out.If):
        then = f"({then})"
    return f"if {condition(outcome.when)}: {then}; otherwise {leads(outcome.otherwise)}"


def _once_more(outcome: out.OnceMore) -> str:
    return f"{REASONS[outcome.reason]}{_saying(outcome.say)}: {leads(outcome.then)}"


def _saying(say: tuple[str, ...]) -> str:
    return f", {', '.join(say)}" if say else ""


def _narrow(outcome: out.Narrow) -> str:
    noted = ", breathing noted" if outcome.noted else ""
    return f"asks {outcome.ask.value}{noted}{_checked(outcome.checked)}"


def _checked(check: Check | None) -> str:
    return "" if check is None else f"; clear: {CHECKED[check]}"


def _this_first(outcome: out.ThisFirst) -> str:
    pain = f"; {AIMS[outcome.pain]}" if outcome.pain else ""
    return f"THIS FIRST{pain}{', a cramp' if outcome.named else ''}"


def _open(outcome: out.Open) -> str:
    aim = f"; {AIMS[outcome.aim]}" if outcome.aim else ""
    again = "" if outcome.again is Again.FIRST_TIME else f", as asked {outcome.again.name.lower()}"
    asks = f"asks {outcome.ask.value}{aim}{_checked(outcome.checked)}{again}"
    return f"{', '.join(outcome.say)}, {asks}" if outcome.say else asks


def _ask_again(outcome: out.AskAgain) -> str:
    return ", ".join([*outcome.say, "in short"] if outcome.shortly else outcome.say) or QUESTION


def _start_part(outcome: out.StartPart) -> str:
    part = f" of {outcome.part.value}" if outcome.part else ""
    vague = ", ".join(each.value for each in outcome.too_vague)
    return f"START{part}" + (f", but {vague}: as anything else" if vague else "")


def _step(outcome: out.Step) -> str:
    if outcome.routine:
        return f"the first step of {outcome.routine.value}"
    return {1: "the next step", -1: "the step before", 0: "the step again"}[outcome.by]


def _number(outcome: out.Number) -> str:
    return f"{outcome.say}, asks {outcome.ask.value}" if outcome.ask else f"{outcome.say}, CALL"


def _plain(words: str) -> Callable[[Any], str]:
    return lambda _: words


def _with_lines(words: str) -> Callable[[Any], str]:
    return lambda outcome: words + _saying(outcome.say)


_WORDS: Mapping[type[Outcome], Callable[[Any], str]] = {
    out.If: _if,
    out.OnceMore: _once_more,
    out.Clear: _with_lines("CLEAR"),
    out.Call: lambda outcome: f"sign {outcome.sign.value}",
    out.SaidYes: lambda outcome: f"yes to {outcome.sign.value}",
    out.Acknowledged: _plain("NO ANSWER"),
    out.Narrow: _narrow,
    out.ThisFirst: _this_first,
    out.NextCheck: _with_lines("NEXT CHECK"),
    out.CheckOrNext: _with_lines("CHECK"),
    out.PreviousCheck: _plain("CHECK BEFORE"),
    out.Eased: lambda outcome: "LET GO, nothing asked before" if outcome.afresh else "LET GO",
    out.NotEased: _plain("STILL HURTS"),
    out.Worse: lambda outcome: "WORSE, nothing asked before" if outcome.afresh else "WORSE",
    out.PainStays: _plain("PAIN STAYS"),
    out.BackAgain: lambda outcome: "BACK" if outcome.same_leg else "BACK, the other leg",
    out.LegStill: lambda outcome: f"LEG STILL, {AIMS[outcome.aim]}{_saying(outcome.say)}",
    out.DidItGrab: _plain("DID IT GRAB"),
    out.StartKept: _plain("FIRST ROUND"),
    out.InBed: lambda outcome: f"STRETCH in bed, asks {outcome.ask.value}",
    out.Launch: _with_lines("LAUNCH"),
    out.StartPart: _start_part,
    out.KeepPart: lambda outcome: ", ".join(["part kept", *outcome.say]),
    out.FirstRound: _with_lines("FIRST ROUND"),
    out.NextRound: _plain("NEXT ROUND"),
    out.AnotherWay: _plain("THAT WAY"),
    out.StretchAgain: _plain("STRETCH AGAIN"),
    out.ComfortAgain: _plain("COMFORT"),
    out.Open: _open,
    out.AskAgain: _ask_again,
    out.Repeat: _plain("repeats"),
    out.StartOver: _plain("START OVER"),
    out.Answer: lambda outcome: (
        f"ANSWER, asks {outcome.then.value}" if outcome.then else "ANSWER in short"
    ),
    out.Step: _step,
    out.End: lambda outcome: ", ".join([*outcome.say, "the end"]),
    out.Number: _number,
    out.Recheck: lambda outcome: f"{outcome.say}, RECHECK",
    out.EndUrgent: lambda outcome: f"{outcome.say}, the end, CALL",
}
