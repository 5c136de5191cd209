"""What the words of the tables lead to: found by trying the coach, case by case.

A table says "it's gone → LET GO". What follows LET GO depends on where she is, how the pain goes,
how long, and what she told. The coach is asked in each of these cases, and cases that lead to the
same share a line. So a change of the order of the checks, or of a rule in `skill/coach/relief.py`,
changes what is signed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from skill.coach import outcomes as out
from skill.coach.conversation import respond
from skill.coach.events import (
    ClotHistory,
    Cramp,
    Event,
    HelperSpeaks,
    Question,
    Said,
    Stretch,
    TellsStage,
    Topic,
)
from skill.coach.interpreter import Moment, holds, turn_for
from skill.coach.outcomes import Outcome, When
from skill.coach.place import (
    LATE,
    Again,
    Aim,
    Ask,
    Check,
    Manner,
    Part,
    Place,
    Session,
    Speaker,
    Stage,
    Status,
    Way,
)
from skill.coach.signs import Level, Sign
from skill.coach.turn import Turn
from skill.publish import labels
from skill.publish.leads import AIMS, CHECKED, QUESTION, condition
from skill.speech.catalogue import BETWEEN_GROUPS
from skill.speech.words import BETWEEN_LINES, SLOWER_SPEED

Cases = Mapping[str, object]
"""What one thing can be, in words."""

_CALF = Manner(part=Part.CALF)
_FIRST = Place(Ask.NOTHING)
_STRETCH = Aim.STRETCH


def _let_go(checked: Check) -> Place:
    return Place(Ask.LET_GO, _STRETCH, checked)


_BY_DAY: Cases = {"first words": _FIRST, "by day": Place(Ask.ANYTHING_ELSE)}
_CHECKS: Cases = {
    "breathing": Place(Ask.BREATHING),
    "swelling": Place(Ask.SWELLING, checked=Check.BREATHING),
    "heat": Place(Ask.HEAT_OR_COLOUR, checked=Check.SWELLING),
}
_ROUNDS: Cases = {
    "round one": _let_go(Check.NONE),
    "round two": _let_go(Check.BREATHING),
    "round three": _let_go(Check.ALL),
}
_ASKED_MORE: Cases = {"one_more": Place(Ask.ONE_MORE, checked=Check.ALL)}
_COMFORTED: Cases = {"pain_gone": Place(Ask.PAIN_GONE, checked=Check.ALL)}
_URGENT: Cases = {
    "level 2 given": Place(Ask.CAN_YOU_CALL, Aim.RECHECK, given=Level.CALL_NOW),
    "level 1 given": Place(Ask.CAN_YOU_CALL, Aim.RECHECK, given=Level.EMERGENCY),
    "yes at level 2": Place(Ask.IS_THAT_RIGHT_LEG, Aim.RECHECK, given=Level.CALL_NOW),
}
_AGAIN: Mapping[Again, str] = {
    Again.FIRST_TIME: "first",
    Again.OKAY: "okay",
    Again.OKAY_TWICE: "okay twice",
    Again.NOT_UNDERSTOOD: "noise",
    Again.NOISE_AND_OKAY: "noise and okay",
    Again.UNSURE: "unsure",
    Again.SOFT_NO: "soft",
    Again.SOFT_AND_NOISE: "soft and noise",
}
"""For what the question was asked again before."""


class Word(NamedTuple):
    """A word of the tables: an outcome, something said that leads to it, and where it stands."""

    outcome: Outcome
    said: Event
    places: Cases


_RELIEF: Cases = {**_CHECKS, **_ROUNDS, **_COMFORTED}
_NO = Said.NO
_NOISE = out.OnceMore(Again.NOT_UNDERSTOOD, out.Call(Sign.UNCLEAR))
_SOFT = out.OnceMore(Again.SOFT_NO, out.Call(Sign.UNCLEAR))
_UNSURE = out.OnceMore(Again.UNSURE, out.Call(Sign.LEG_UNSURE))

WORDS: Mapping[str, Word] = {
    "CLEAR": Word(out.Clear(), _NO, _CHECKS),
    "NEXT CHECK": Word(out.NextCheck(), _NO, {**_CHECKS, "round two": _let_go(Check.BREATHING)}),
    "CHECK": Word(out.CheckOrNext(()), _NO, {**_CHECKS, "round two": _let_go(Check.BREATHING)}),
    "CHECK BEFORE": Word(out.PreviousCheck(), Said.PREVIOUS, _CHECKS),
    "THIS FIRST": Word(out.ThisFirst(), _NO, _CHECKS),
    "THIS FIRST; cramping": Word(out.ThisFirst(_STRETCH), _NO, _CHECKS),
    "THIS FIRST; eased": Word(out.ThisFirst(Aim.COMFORT), _NO, _CHECKS),
    "THIS FIRST; cramping, a cramp": Word(
        out.ThisFirst(_STRETCH, named=True), Cramp(Part.CALF), _CHECKS
    ),
    "NO ANSWER": Word(out.Acknowledged(), Said.OKAY, _CHECKS),
    "AGAIN": Word(_NOISE, Said.NOT_UNDERSTOOD, _CHECKS),
    "SOFT AGAIN": Word(_SOFT, Said.SOFT_NO, _CHECKS),
    "UNSURE AGAIN": Word(_UNSURE, Said.UNSURE, _CHECKS),
    "LET GO": Word(out.Eased(), Said.EASED, {**_ROUNDS, **_CHECKS}),
    "LET GO, nothing asked before": Word(out.Eased(afresh=True), Said.EASED, _BY_DAY),
    "STILL HURTS": Word(out.NotEased(), Said.STILL_HURTS, {**_ROUNDS, **_ASKED_MORE}),
    "WORSE": Word(out.Worse(), Said.WORSE, _RELIEF),
    "WORSE, nothing asked before": Word(out.Worse(afresh=True), Said.WORSE, _BY_DAY),
    "PAIN STAYS": Word(out.PainStays(), _NO, _COMFORTED),
    "BACK": Word(out.BackAgain(), Said.BACK_AGAIN, {**_ROUNDS, **_COMFORTED}),
    "BACK, the other leg": Word(
        out.BackAgain(same_leg=False), Said.OTHER_LEG, {**_ROUNDS, **_COMFORTED}
    ),
    "LEG STILL": Word(out.LegStill(), Said.SORE_AFTER, {**_BY_DAY, **_ROUNDS}),
    "DID IT GRAB": Word(out.DidItGrab(), Said.IN_PAIN, _BY_DAY),
    "LAUNCH": Word(out.Launch(), Said.LAUNCH, _BY_DAY),
    "START": Word(out.StartPart(), Cramp(Part.CALF), {**_BY_DAY, **_ROUNDS, **_COMFORTED}),
    "FIRST ROUND": Word(out.FirstRound(), _NO, {**_ROUNDS, **_COMFORTED}),
    "NEXT ROUND": Word(out.NextRound(), Said.YES, {**_ROUNDS, **_ASKED_MORE}),
    "THAT WAY": Word(out.AnotherWay(), Stretch(Way.STANDING), {**_ROUNDS, **_COMFORTED}),
    "STRETCH AGAIN": Word(out.StretchAgain(), Said.REPEAT, _ROUNDS),
    "COMFORT": Word(out.ComfortAgain(), Said.REPEAT, _COMFORTED),
    "START OVER": Word(out.StartOver(), Said.START_OVER, {**_BY_DAY, **_ROUNDS, **_URGENT}),
    "ANSWER": Word(out.Answer(), Question(Topic.WHY), _ROUNDS),
    "the question": Word(out.AskAgain(), Said.HELP, {**_BY_DAY, **_ROUNDS, **_URGENT}),
    "CALL": Word(out.Number("the line"), Said.HELP, {**_BY_DAY, **_ROUNDS, **_URGENT}),
    "RECHECK": Word(out.Recheck("the line"), Said.NOT_WHAT_I_SAID, _URGENT),
    "the end, CALL": Word(out.EndUrgent("the line"), Said.STOP, _URGENT),
    "yes to": Word(out.SaidYes(Sign.SWOLLEN_LEG), Said.YES, _CHECKS),
    "a leg sign": Word(out.Call(Sign.SWOLLEN_LEG), Said.YES, {**_CHECKS, **_URGENT}),
    "another sign at level 2": Word(out.Call(Sign.HEADACHE), Said.YES, {**_CHECKS, **_URGENT}),
    "a sign at level 1": Word(out.Call(Sign.CHEST_PAIN), Said.YES, {**_CHECKS, **_URGENT}),
}
"""Each word in capitals of the tables, and what else of them depends on the case."""

_PAIN: Cases = {AIMS[aim]: aim for aim in Aim}
_HISTORY: Cases = {
    "": Status(),
    "clot told": Status(no_rub=True),
    "after birth": Status(stage=Stage.AFTER_BIRTH),
    "noted": Status(breathing_noted=True),
}
_WHEN: Cases = {"in time": False, "later": True}


def follows() -> dict[str, dict[str, str]]:
    """For each word of the tables what follows it, by the case; with what holds for all."""
    found = {name: _cases(word) for name, word in WORDS.items()}
    more = {"what she tells": told(), "silence": silence(), "numbers": numbers()}
    return conditions() | found | more


def conditions() -> dict[str, dict[str, str]]:
    """When each condition of the tables holds."""
    places = {**_BY_DAY, **_ROUNDS, **_URGENT}
    again = {name: again for again, name in _AGAIN.items()}
    found = {}
    for when in When:
        axes = [again if when is When.MISUNDERSTOOD else places, _PAIN, _HISTORY, _WHEN]
        cases = dict.fromkeys(product(*axes), "no")
        for case in cases:
            where, aim, status, late = (axis[name] for axis, name in zip(axes, case, strict=True))
            place = Place(Ask.BREATHING, again=where) if isinstance(where, Again) else where
            now = Moment(_session(place, aim, status), Said.YES, bool(late))
            cases[case] = "yes" if holds(when, now) else "no"
        every = _told_apart(cases, axes)
        found[f"if {condition(when)}"] = {case: "" for case, yes in every.items() if yes == "yes"}
    return found


def numbers() -> dict[str, str]:
    """Numbers that no line holds."""
    return {
        "later, or ten minutes have passed": f"{LATE.total_seconds() / 60:g} minutes",
        "between two lines": f"{BETWEEN_LINES.seconds:g} seconds",
        "between the groups of a long number": f"{BETWEEN_GROUPS.seconds:g} seconds",
        "slower": f"{SLOWER_SPEED:.0%} of the usual speed",
    }


def told() -> dict[str, str]:
    """What is kept of what she tells, and that violence ends the conversation."""
    events: tuple[Event, ...] = (
        HelperSpeaks(),
        Said.SHE_SPEAKS,
        *(TellsStage(stage) for stage in Stage),
        ClotHistory(),
        Said.AFTERPAINS,
        Said.LOSS,
    )
    names = {answer.event: answer.label for answer in labels.answers()}
    before = Session(Place(Ask.LET_GO), Status(Speaker.SHE, Stage.PREGNANT))
    kept = {
        names.get(event, "neither"): _status(respond(before, event).session.status)
        for event in events
    }
    ended = respond(before, Said.VIOLENCE)
    return {**kept, labels.SAID[Said.VIOLENCE]: _heard(before, ended)}


def _status(status: Status) -> str:
    rub = ", must not rub" if status.must_not_rub else ""
    return f"{status.speaker.value}, {status.stage.value.replace('_', ' ')}{rub}"


def silence() -> dict[str, str]:
    """What she hears after eight seconds of silence, beside the question's own words."""
    found = {}
    for name, place in {**_ROUNDS, **_URGENT}.items():
        turn = turn_for(out.AskAgain(), _session(place, None, Status()), Said.HELP, late=False)
        found[name] = ", ".join(f"{line.key} {line.form}" for line in turn.reprompt)
    return found


def _session(place: object, aim: object, status: object) -> Session:
    """A session of a case; `RECHECK` is reached after an urgent line alone."""
    assert isinstance(place, Place)
    assert isinstance(status, Status)
    if isinstance(aim, Aim) and place.given is None:
        given = Level.CALL_NOW if aim is Aim.RECHECK else None
        place = replace(place, aim=aim, given=given)
    return Session(place, status, _CALF)


def _cases(word: Word) -> dict[str, str]:
    """What follows a word in each case, cases that lead to the same as one."""
    if isinstance(word.outcome, out.OnceMore | out.Acknowledged):
        again = {name: again for again, name in _AGAIN.items()}
        return _told_apart({(name,): _again(word, each) for name, each in again.items()}, [again])
    axes = [word.places, _PAIN, _HISTORY, _WHEN]
    turns = {
        case: _turn(word, *(axis[name] for axis, name in zip(axes, case, strict=True)))
        for case in product(*axes)
    }
    told = []
    for where, order in product(_WHERES, _ORDERS):
        cases: dict[tuple[str, ...], str] = {
            tuple(case[at] for at in order): _and_where(*turn, where)
            for case, turn in turns.items()
        }
        told.append(_told_apart(cases, [axes[at] for at in order]))
    return min(told, key=lambda cases: len(" ".join((*cases, *cases.values())).split()))


def _again(word: Word, again: object) -> str:
    assert isinstance(again, Again)
    session = Session(Place(Ask.BREATHING, Aim.COMFORT, again=again), manner=_CALF)
    return _heard(session, turn_for(word.outcome, session, word.said, late=False))


def _turn(
    word: Word, place: object, aim: object, status: object, late: object
) -> tuple[str, Session, Turn]:
    session = _session(place, aim, status)
    turn = turn_for(word.outcome, session, word.said, late=bool(late))
    in_full = isinstance(word.outcome, out.Call | out.SaidYes)
    return _heard(session, turn, in_full=in_full), session, turn


_ORDERS = ((0, 1, 2, 3), (1, 0, 2, 3), (2, 3, 1, 0), (1, 2, 3, 0), (0, 2, 3, 1))
"""In which orders place, pain, history and time are looked at: the shortest is told."""

_WHERES = tuple(product((False, True), repeat=2))
"""Whether pain and checks are told as they are now, or only where they have changed."""


def _and_where(heard: str, before: Session, turn: Turn, always: tuple[bool, ...]) -> str:
    """What is heard, with how the pain goes and what is clear afterwards, where it goes on."""
    after, place = turn.session.place, before.place
    if turn.level is not None or not turn.open:
        return heard
    if always[0] or after.aim is not place.aim:
        heard += f"; {AIMS[after.aim]}"
    if always[1] or after.checked is not place.checked:
        heard += f"; clear: {CHECKED[after.checked]}"
    return heard


def _told_apart(
    turns: Mapping[tuple[str, ...], str], axes: Sequence[Mapping[str, object]]
) -> dict[str, str]:
    """Each result with its case, in as few words as tell the cases apart."""
    rows = _split(turns, axes, ())
    told = {"; ".join(filter(None, case)) or "always": result for case, result in rows}
    assert len(told) == len(rows), "two cases have one name"
    return told


def _split(
    turns: Mapping[tuple[str, ...], str],
    axes: Sequence[Mapping[str, object]],
    before: tuple[str, ...],
) -> list[tuple[tuple[str, ...], str]]:
    if len(set(turns.values())) == 1:
        return [(before, next(iter(turns.values())))]
    names = list(axes[0])
    rest = {
        name: {case[1:]: result for case, result in turns.items() if case[0] == name}
        for name in names
    }
    alike = _alike(rest)
    last = next((each for each in alike if "" in each), max(alike, key=len))
    left = "otherwise" if "" in last or len(last) * 2 > len(names) else " or ".join(last)
    rows = []
    for group in [each for each in alike if each is not last] + [last]:
        name = left if group is last else " or ".join(group)
        rows += _split(rest[group[0]], axes[1:], (*before, "" if len(alike) == 1 else name))
    return rows


def _alike(rest: Mapping[str, object]) -> list[list[str]]:
    """Names that lead to the same, together."""
    alike: list[list[str]] = []
    for name, leads in rest.items():
        same = next((group for group in alike if rest[group[0]] == leads), None)
        if same is None:
            alike.append([name])
        else:
            same.append(name)
    return alike


def _heard(before: Session, turn: Turn, *, in_full: bool = False) -> str:
    """A turn by the keys of its lines; where she is next, as far as that has changed.

    in_full: an urgent line by its key, which by itself goes by its sign.
    """
    said = list(dict.fromkeys(_name(line.key) for line in turn.lines))
    if turn.lines and (sign := turn.lines[0].sign) and not in_full:
        return f"{'yes to' if 'said_yes' in turn.lines[0].key else 'sign'} {sign.value}"
    if turn.level and not in_full:
        said.append(f"level {turn.level.value}")
    after, place = turn.session.place, before.place
    if turn.question is None:
        return ", ".join([*said, "the end"])
    if after.ask is not place.ask:
        said.append(f"asks {after.ask.value}")
    elif turn.question.form == "again":
        said.append("in short")
    return ", ".join(said) or QUESTION


def _name(key: str) -> str:
    return "STRETCH" if key.startswith("stretch.") else key
