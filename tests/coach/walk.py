"""The walk: every place that a conversation can reach, with every event, late or not.

Manner is left at its default: `test_manner.py` shows that it changes words only. Nor is each place
walked for all who are alike, nor with all events that are (`alike.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import NamedTuple

from skill.coach.conversation import LOST, respond
from skill.coach.events import Event
from skill.coach.place import Ask, Manner, Place, Session, Speaker, Stage, Status
from skill.coach.signs import Level
from skill.coach.turn import Line, Turn
from tests.coach.alike import (
    STARTS,
    about,
    alike,
    folded,
    kind_of,
    spoken_to,
    tells_speaker,
    tells_stage,
    unfolded,
)
from tests.coach.cores import cores, handfuls, processes
from tests.coach.rules import RULES, Rule
from tests.coach.step import EVENTS, Step

SHOWN = 3
"""How many of the steps that break a rule are kept to be shown."""


Rules = tuple[Rule, ...]


class Told(NamedTuple):
    """Whether a turn stands for its speaker alone, and for its stage alone: it was told in it.

    event: what else it stands for, by the event that is walked for others; None for itself alone.
    """

    speaker: bool
    stage: bool
    event: Event | None = None


class Spoken(NamedTuple):
    """What is said in a turn, and to whom."""

    lines: tuple[Line, ...]
    question: Line | None
    reprompt: tuple[Line, ...]
    status: Status
    level: Level | None
    ask: Ask
    given: Level | None

    def turn(self, manner: Manner) -> Turn:
        """The turn again, in a manner."""
        session = Session(Place(self.ask, given=self.given), self.status, manner)
        return Turn(self.lines, self.question, self.reprompt, session, self.level)


@dataclass
class Seen:
    """What was seen in some steps.

    after: the sessions that they lead to. said: what was said, by what was told in the same turn.
    applied: how often each rule applied. broken: how often it was broken, and `first`, the first
    steps that broke it.
    """

    after: dict[Session, None] = field(default_factory=dict)
    said: dict[Told, set[Spoken]] = field(default_factory=dict)
    turns: int = 0
    applied: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[str]] = field(default_factory=dict)

    def add(self, more: Seen) -> None:
        """Adds what was seen later."""
        self.after |= more.after
        for told, said in more.said.items():
            self.said.setdefault(told, set()).update(said)
        self.turns += more.turns
        self.applied += more.applied
        self.broken += more.broken
        for name, steps in more.first.items():
            kept = self.first.setdefault(name, [])
            kept += steps[: SHOWN - len(kept)]

    def without(self, sent: Seen) -> Seen:
        """The same, without sessions and words that `sent` holds; from now on it holds them."""
        after = {session: None for session in self.after if session not in sent.after}
        said = {told: some - sent.said.get(told, set()) for told, some in self.said.items()}
        fresh = Seen(after, said, self.turns, self.applied, self.broken, self.first)
        sent.add(Seen(after, said))
        return fresh


class Walk:
    """One walk over every turn of every conversation, with every rule looked at on the way.

    watch: is told how many of how many sessions were walked so far. standing: the sessions that
    were walked, each for all that are alike.
    """

    def __init__(
        self,
        *,
        watch: Callable[[int, int], object] = lambda walked, found: None,
    ) -> None:
        self.seen = Seen(after=dict.fromkeys((Session(), LOST)))
        self.standing = list(self.seen.after)
        look = _look_and_send if processes() > 1 else _look
        walked = 0
        with cores() as spread:
            while edge := handfuls(self.standing[walked:]):
                for handful, seen in zip(edge, spread(look, edge), strict=True):
                    self.seen.add(seen)
                    walked += len(handful)
                    watch(walked, len(self.seen.after))
                self.standing = list(self.seen.after)

    @cached_property
    def sessions(self) -> list[Session]:
        """Every session, of default manner, that a conversation can be in."""
        return [session for one in self.standing for session in unfolded(one)]

    @cached_property
    def spoken(self) -> set[Spoken]:
        """Every different turn, as what is said, to whom: to all who are alike."""
        return {
            one
            for told, said in self.seen.said.items()
            for some in said
            for status in alike(some.status, told.speaker, told.stage)
            for one in _to_all(some, status, told.event)
        }


def _to_all(some: Spoken, status: Status, event: Event | None) -> Iterator[Spoken]:
    """What is said to somebody who is alike, to every event that an event stands for."""
    lines = spoken_to(some.lines, some.status.speaker, status.speaker)
    if event is None:
        yield some._replace(lines=lines, status=status)
        return
    for other in walked_for()[event]:
        reprompt = about(some.reprompt, event, other)
        yield some._replace(lines=about(lines, event, other), reprompt=reprompt, status=status)


@cache
def walked_for() -> dict[Event, list[Event]]:
    """The events that are walked, each with those that it stands for, itself first.

    They are of a kind, and the same rules are about them.
    """
    groups: dict[object, list[Event]] = {}
    for event in EVENTS:
        rules = tuple(rule.name for rule in RULES if event in rule.on)
        groups.setdefault((kind_of(event), rules), []).append(event)
    return {events[0]: events for events in groups.values()}


class Clock:
    """Says that it is not late, and knows whether it was asked."""

    def __init__(self) -> None:
        self.asked = False

    def __bool__(self) -> bool:
        self.asked = True
        return False


def early_and_late(session: Session, event: Event) -> tuple[Turn, Turn]:
    """The turn within ten minutes, and later: where nobody asks what time it is, the same."""
    clock = Clock()
    early = respond(session, event, late=clock)  # type: ignore[arg-type]
    return early, respond(session, event, late=True) if clock.asked else early


def _look(handful: Sequence[Session]) -> Seen:
    """Every turn that can follow in some sessions."""
    seen = Seen()
    for session in handful:
        for event, told, rules, rules_if_late in _events_at(session.place.ask):
            turns = early_and_late(session, event)
            seen.turns += 2
            for step, held in _steps(session, event, turns, rules, rules_if_late):
                _hold(step, held, seen)
                seen.said.setdefault(told, set()).add(_spoken(step.turn))
                if step.turn.open:
                    seen.after[folded(step.after)] = None
    return seen


def _steps(
    session: Session, event: Event, turns: tuple[Turn, Turn], rules: Rules, rules_if_late: Rules
) -> Iterator[tuple[Step, Rules]]:
    """The early turn and, where it differs or rules are about it, the late one, with its rules."""
    early, late = turns
    yield Step(session, event, early), rules
    if late is not early and late != early:
        yield Step(session, event, late, late=True), rules + rules_if_late
    elif rules_if_late:
        yield Step(session, event, late, late=True), rules_if_late


def broken(session: Session, event: Event, turns: tuple[Turn, Turn]) -> str:
    """The first rule that a turn, early or late, breaks; nothing where all are kept."""
    for step, rules in _steps(session, event, turns, *_rules_at(session.place.ask, event)):
        for rule in rules:
            if (rule.where is None or rule.where(step)) and not rule.holds(step):
                return f"{rule.name}\n{step}"
    return ""


@cache
def _rules_at(ask: Ask, event: Event) -> tuple[Rules, Rules]:
    """The rules about an event at a question, always and if late."""
    rules = [rule for rule in RULES if rule.is_about(ask, event)]
    late = tuple(rule for rule in rules if rule.late)
    return tuple(rule for rule in rules if not rule.late), late


@cache
def _events_at(ask: Ask) -> list[tuple[Event, Told, Rules, Rules]]:
    """At a question: each event, what it tells, and the rules about it, always and if late."""
    return [(event, _told(ask, event), *_rules_at(ask, event)) for event in walked_for()]


def _told(ask: Ask, event: Event) -> Told:
    others = event if len(walked_for()[event]) > 1 else None
    alone = ask in STARTS
    return Told(alone or tells_speaker(event), alone or tells_stage(event), others)


def _hold(step: Step, rules: Iterable[Rule], seen: Seen) -> None:
    for rule in rules:
        if rule.where is None or rule.where(step):
            seen.applied[rule.name] += 1
            if not rule.holds(step):
                seen.broken[rule.name] += 1
                if len(first := seen.first.setdefault(rule.name, [])) < SHOWN:
                    first.append(str(step))


def _spoken(turn: Turn) -> Spoken:
    place, status = turn.session.place, turn.session.status
    to_whom = _to_whom(status.speaker, status.stage)
    return Spoken(
        turn.lines, turn.question, turn.reprompt, to_whom, turn.level, place.ask, place.given
    )


@cache
def _to_whom(speaker: Speaker, stage: Stage) -> Status:
    return Status(speaker, stage)  # the rest of it changes no words


_SENT = Seen()
"""What this process has sent to another already: it sends nothing twice."""


def _look_and_send(handful: Sequence[Session]) -> Seen:
    return _look(handful).without(_SENT)
