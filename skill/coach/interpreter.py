"""Outcome → turn: what is said, what is asked, and where she is next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from skill.coach import outcomes as out
from skill.coach import relief, urgent
from skill.coach.events import Event, Question, Stretch
from skill.coach.outcomes import Outcome, When
from skill.coach.place import Again, Aim, Ask, Check, Part, Place, Session, Stage
from skill.coach.signs import Level
from skill.coach.tables import QUESTIONS
from skill.coach.tables.by_day import STEPS, TIMED
from skill.coach.tables.checks import CHECKS, NEXT_CHECK
from skill.coach.turn import Line, Turn, ask, ask_again, end


@dataclass(frozen=True)
class Moment:
    """What a turn is made from: where she is, what happened, and whether it is late."""

    session: Session
    event: Event
    late: bool

    @property
    def place(self) -> Place:
        """Where she is."""
        return self.session.place

    @property
    def part(self) -> Part | None:
        """The part that the event names."""
        return getattr(self.event, "part", None)


def turn_for(outcome: Outcome, session: Session, event: Event, *, late: bool) -> Turn:
    """The turn that an outcome stands for, where she is and when it is."""
    now = Moment(session, event, late)
    settled = _settled(outcome, now)
    return _TURNS[type(settled)](settled, now)


def _settled(outcome: Outcome, now: Moment) -> Outcome:
    """The outcome once its conditions are looked at."""
    while True:
        if isinstance(outcome, out.If):
            outcome = outcome.then if holds(outcome.when, now) else outcome.otherwise
        elif isinstance(outcome, out.OnceMore) and _asked_for_that(outcome, now.place.again):
            outcome = outcome.then
        elif isinstance(outcome, out.Repeat):
            outcome = QUESTIONS[now.place.ask].repeats
        else:
            return outcome


def _asked_for_that(outcome: out.OnceMore, again: Again) -> bool:
    """Whether it was asked again before, for this reason or a better one."""
    if outcome.reason is Again.NOT_UNDERSTOOD and again is Again.SOFT_NO:
        return False  # two misunderstandings in a row count, and this is the first
    return again >= outcome.reason


def holds(when: When, now: Moment) -> bool:
    """Whether a condition holds in a moment. KeyError for one that has no row in _HOLDS."""
    return _HOLDS[when](now)


def _is_first_try(place: Place) -> bool:
    return place.checked is Check.NONE and place.aim is Aim.STRETCH


_GOES_ON = (Aim.CALL, Aim.SORE, Aim.STRETCH)
_HOLDS: dict[When, Callable[[Moment], bool]] = {
    When.LATE: lambda now: now.late,
    When.NOTED: lambda now: now.session.status.breathing_noted,
    When.GIVEN: lambda now: now.place.given is not None,
    When.NO_CHECK_YET: lambda now: now.place.checked is Check.NONE,
    When.ALL_CLEAR: lambda now: now.place.checked is Check.ALL,
    When.EASED: lambda now: now.place.aim is Aim.COMFORT,
    When.STRETCHING: lambda now: now.place.aim is Aim.STRETCH and now.place.given is None,
    When.GOES_ON: lambda now: now.place.aim in _GOES_ON and not _is_first_try(now.place),
    When.NO_RUB: lambda now: now.session.status.must_not_rub,
    When.TALKING: lambda now: now.place.aim is Aim.TALK,
    When.AFTER_BIRTH: lambda now: now.session.status.stage is Stage.AFTER_BIRTH,
    When.LEVEL_TWO: lambda now: now.place.given is Level.CALL_NOW,
    When.MISUNDERSTOOD: lambda now: now.place.again is Again.NOT_UNDERSTOOD,
}


# --- checks -----------------------------------------------------------------------------------


def _once_more(outcome: out.OnceMore, now: Moment) -> Turn:
    noise = outcome.reason is Again.NOT_UNDERSTOOD and now.place.again is Again.SOFT_NO
    again = Again.SOFT_AND_NOISE if noise else outcome.reason
    return ask(now.session, replace(now.place, again=again), *outcome.say)


def _clear(outcome: out.Clear, now: Moment) -> Turn:
    check = QUESTIONS[now.place.ask].check or Check.NONE
    place = replace(now.place, checked=max(now.place.checked, check))
    return relief.after_check(now.session.at(place), *outcome.say, late=now.late)


def _call(outcome: out.Call, now: Moment) -> Turn:
    return urgent.urge(now.session, outcome.sign)


def _said_yes(outcome: out.SaidYes, now: Moment) -> Turn:
    return urgent.said_yes(now.session, outcome.sign)


def _acknowledged(_: out.Acknowledged, now: Moment) -> Turn:
    place = now.place
    if place.again in (Again.OKAY_TWICE, Again.NOISE_AND_OKAY, Again.SOFT_AND_NOISE):
        otherwise = QUESTIONS[place.ask].otherwise
        return turn_for(otherwise, now.session, now.event, late=now.late)
    if place.again is Again.FIRST_TIME:
        return ask(now.session, replace(place, again=Again.OKAY))
    noise = place.again is Again.NOT_UNDERSTOOD
    again = Again.NOISE_AND_OKAY if noise else Again.OKAY_TWICE
    return ask(now.session, replace(place, again=again), "anywhere.yes_or_no")


def _narrow(outcome: out.Narrow, now: Moment) -> Turn:
    status = now.session.status
    told = replace(status, breathing_noted=status.breathing_noted or outcome.noted)
    place = now.place.to(outcome.ask, checked=outcome.checked)
    return ask(replace(now.session, status=told), place)


def _this_first(outcome: out.ThisFirst, now: Moment) -> Turn:
    place, session = now.place, now.session
    may_change = _MAY_BE_A_CRAMP if outcome.named else (Aim.STRETCH, Aim.COMFORT)
    if outcome.pain and place.aim in may_change:
        place = replace(place, aim=outcome.pain)
    if outcome.named:
        session = _part_told(now)
    return ask(session, place, "checks.this_first")


_MAY_BE_A_CRAMP = tuple(aim for aim in Aim if aim not in (Aim.CALL, Aim.RECHECK))
"""What the checks lead to, where a cramp that is named changes it."""


def _next_check(outcome: out.NextCheck, now: Moment) -> Turn:
    return relief.next_check(now.session, *outcome.say)


def _check_or_next(outcome: out.CheckOrNext, now: Moment) -> Turn:
    if now.place.ask in CHECKS:
        return ask_again(now.session, *outcome.say)
    return relief.next_check(now.session, *outcome.say)


def _previous_check(_: out.PreviousCheck, now: Moment) -> Turn:
    back = Check(max(now.place.checked - 1, Check.NONE))
    return ask(now.session, now.place.to(NEXT_CHECK[back], checked=back))


# --- the pain ---------------------------------------------------------------------------------


def _eased(outcome: out.Eased, now: Moment) -> Turn:
    return relief.eased(now.session.at(Place()) if outcome.afresh else now.session)


def _not_eased(_: out.NotEased, now: Moment) -> Turn:
    return relief.not_eased(now.session, late=now.late)


def _worse(outcome: out.Worse, now: Moment) -> Turn:
    if outcome.afresh:  # nothing was stretched, so there is nothing to stop
        return relief.worse(now.session.at(Place()), "relief.leg_still")
    return relief.worse(now.session)


def _pain_stays(_: out.PainStays, now: Moment) -> Turn:
    return relief.strong_pain_stays(now.session, late=now.late)


def _back_again(outcome: out.BackAgain, now: Moment) -> Turn:
    place = now.place
    if place.aim in (Aim.CALL, Aim.SORE):
        return ask_again(now.session, "relief.leg_still")
    if place.given is not None:
        return relief.start(now.session, now.session.manner.part)
    if outcome.same_leg and not now.late:
        return relief.same_leg_again(now.session)
    return relief.first_round(now.session)


def _leg_still(outcome: out.LegStill, now: Moment) -> Turn:
    return relief.sore(_part_told(now), outcome.aim, *outcome.say)


def _did_it_grab(_: out.DidItGrab, now: Moment) -> Turn:
    told = _part_told(now, or_else=Part.LEG)
    if told.status.no_rub or told.manner.part in relief.CHECKS_FIRST:
        return relief.sore(told, Aim.SORE, "relief.leg_still")
    return ask(told, now.place.to(Ask.GRAB))


def _in_bed(outcome: out.InBed, now: Moment) -> Turn:
    return relief.in_bed(_part_told(now), outcome.ask)


# --- stretches --------------------------------------------------------------------------------


def _way_told(now: Moment) -> Session:
    """The session with the way of stretching that she asked for."""
    if not isinstance(now.event, Stretch):
        return now.session
    return replace(now.session, manner=replace(now.session.manner, way=now.event.way))


def _part_told(now: Moment, or_else: Part | None = None) -> Session:
    """The session with the part that the event names."""
    part = now.part or or_else
    if part is None:
        return now.session
    return replace(now.session, manner=replace(now.session.manner, part=part))


def _launch(outcome: out.Launch, now: Moment) -> Turn:
    return relief.launch(_way_told(now), *outcome.say)


def _start_part(outcome: out.StartPart, now: Moment) -> Turn:
    part = outcome.part or now.part
    if part is None or part in outcome.too_vague:
        return turn_for(QUESTIONS[now.place.ask].otherwise, now.session, now.event, late=now.late)
    told = _way_told(now)
    return relief.start(told, part, told.manner.way)


def _start_kept(_: out.StartKept, now: Moment) -> Turn:
    return relief.first_round(now.session)


def _keep_part(outcome: out.KeepPart, now: Moment) -> Turn:
    return ask_again(_part_told(now), *outcome.say)


def _first_round(outcome: out.FirstRound, now: Moment) -> Turn:
    return relief.first_round(now.session, *outcome.say)


def _next_round(_: out.NextRound, now: Moment) -> Turn:
    return relief.next_round(now.session)


def _another_way(_: out.AnotherWay, now: Moment) -> Turn:
    if now.place.given is not None or now.place.aim not in (Aim.STRETCH, Aim.COMFORT):
        return ask_again(now.session, "anywhere.noted")
    return relief.stretch_another_way(_way_told(now))


def _stretch_again(_: out.StretchAgain, now: Moment) -> Turn:
    return relief.stretch_again(now.session)


def _comfort_again(_: out.ComfortAgain, now: Moment) -> Turn:
    return relief.comfort(now.session)


# --- finding the way --------------------------------------------------------------------------


def _open(outcome: out.Open, now: Moment) -> Turn:
    place = now.place.to(outcome.ask, aim=outcome.aim, checked=outcome.checked, again=outcome.again)
    return ask(now.session, place, *outcome.say)


def _ask_again(outcome: out.AskAgain, now: Moment) -> Turn:
    """In a new session no question is open yet: what she would like."""
    place = now.place.to(Ask.WHAT_NEXT) if now.place.ask is Ask.NOTHING else now.place
    return ask(now.session, place, *outcome.say, shortly=outcome.shortly)


def _start_over(_: out.StartOver, now: Moment) -> Turn:
    if now.place.given is not None:
        return urgent.recheck(now.session, "recheck.again")
    return relief.launch(now.session)


def _answer(outcome: out.Answer, now: Moment) -> Turn:
    assert isinstance(now.event, Question)
    key = f"questions.{now.event.topic.value}"
    if outcome.then is not None:
        return ask(now.session, now.place.to(outcome.then), key)
    return ask_again(now.session, Line(key, form="short"))


def _step(outcome: out.Step, now: Moment) -> Turn:
    routine = outcome.routine or now.place.ask
    steps = STEPS[routine]
    step = 0 if outcome.routine else max(now.place.step + outcome.by, 0)
    if step == len(steps) - 1:
        return end(now.session, *steps[step], f"{routine.value}.done", "close.disclaimer")
    say = steps[step] if outcome.by or outcome.routine else _untimed(steps[step])
    place = replace(now.place.to(routine, again=_kept_reason(outcome, now)), step=step)
    return ask(now.session, place, *say)


def _untimed(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in lines if line not in TIMED)


def _kept_reason(outcome: out.Step, now: Moment) -> Again:
    """A step said again is still the question that was asked again."""
    return Again.FIRST_TIME if outcome.by or outcome.routine else now.place.again


def _end(outcome: out.End, now: Moment) -> Turn:
    return end(now.session, *outcome.say)


# --- after an urgent line ---------------------------------------------------------------------


def _number(outcome: out.Number, now: Moment) -> Turn:
    return urgent.number(now.session, outcome.say, outcome.ask)


def _recheck(outcome: out.Recheck, now: Moment) -> Turn:
    return urgent.recheck(now.session, outcome.say)


def _end_urgent(outcome: out.EndUrgent, now: Moment) -> Turn:
    return urgent.end_with_the_number(now.session, outcome.say)


_TURNS: dict[type[Outcome], Callable[[Any, Moment], Turn]] = {
    out.OnceMore: _once_more,
    out.Clear: _clear,
    out.Call: _call,
    out.SaidYes: _said_yes,
    out.Acknowledged: _acknowledged,
    out.Narrow: _narrow,
    out.ThisFirst: _this_first,
    out.NextCheck: _next_check,
    out.CheckOrNext: _check_or_next,
    out.PreviousCheck: _previous_check,
    out.Eased: _eased,
    out.NotEased: _not_eased,
    out.Worse: _worse,
    out.PainStays: _pain_stays,
    out.BackAgain: _back_again,
    out.LegStill: _leg_still,
    out.DidItGrab: _did_it_grab,
    out.InBed: _in_bed,
    out.StartKept: _start_kept,
    out.Launch: _launch,
    out.StartPart: _start_part,
    out.KeepPart: _keep_part,
    out.FirstRound: _first_round,
    out.NextRound: _next_round,
    out.AnotherWay: _another_way,
    out.StretchAgain: _stretch_again,
    out.ComfortAgain: _comfort_again,
    out.Open: _open,
    out.AskAgain: _ask_again,
    out.StartOver: _start_over,
    out.Answer: _answer,
    out.Step: _step,
    out.End: _end,
    out.Number: _number,
    out.Recheck: _recheck,
    out.EndUrgent: _end_urgent,
}
