"""The rows of docs/flow.md: which answers share one, where it stands, and what she hears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from skill.coach.events import Denial, Event, Name, Said, SignHeard, name_of
from skill.coach.outcomes import AskAgain, Clear, Outcome, Repeat
from skill.coach.place import Ask
from skill.coach.tables import QUESTIONS
from skill.coach.tables.by_day import OUTSIDE
from skill.coach.tables.everywhere import EVERYWHERE, RELIEF
from skill.coach.turn import Line, ask_again, question_key
from skill.publish import labels
from skill.publish.conditions import Rule, told
from skill.publish.hears import (
    AS_ABOVE,
    AS_GIVEN,
    CLEAR_AFTER,
    GIVEN,
    SILENCE,
    Hears,
    either,
    has,
    title,
    words,
)
from skill.publish.labels import Answer
from skill.publish.reached import CLEARING, Conversations, Situation

Rows = Mapping[Name, Outcome]

ANYTHING_ELSE = "anything else"


@dataclass(frozen=True, eq=False)
class Group:
    """Questions that stand together; `shared` is what they answer alike as all their kind do.

    common: what most of them answer alike, and not as their kind, has a table of the group.
    """

    title: str
    asks: tuple[Ask, ...]
    shared: Rows
    common: bool = False


GROUPS = (
    Group(
        "First words, and by day",
        (
            Ask.NOTHING,
            Ask.WHAT_NEXT,
            Ask.ANYTHING_ELSE,
            Ask.MOVING_HELPS,
            Ask.BEDTIME,
            Ask.PRACTICE,
        ),
        OUTSIDE,
    ),
    Group(
        "Where the pain is",
        (Ask.LEG_OR_TUMMY, Ask.WHICH_PART, Ask.WHICH_THIGH),
        RELIEF,
        common=True,
    ),
    Group(
        "The pain",
        (
            Ask.GRAB,
            Ask.STOPPED,
            Ask.LET_GO,
            Ask.PAIN_GONE,
            Ask.GETTING_EASIER,
            Ask.ONE_MORE,
        ),
        RELIEF,
    ),
    Group(
        "The safety questions: breath, chest and back",
        (
            Ask.BREATHING,
            Ask.BREATHLESS_ONLY,
            Ask.CHEST_ONLY,
            Ask.BREATHING_WORSE,
            Ask.BREATH_FROM_PAIN,
            Ask.HEART_FROM_PAIN,
            Ask.BACK_BREATHING,
            Ask.COMES_AND_GOES,
        ),
        RELIEF,
        common=True,
    ),
    Group(
        "The safety questions: how long, and numbness",
        (Ask.TEN_MINUTES, Ask.NUMB, Ask.GOES_ON_MOVING),
        RELIEF,
        common=True,
    ),
    Group(
        "The safety questions: the leg",
        (
            Ask.SWELLING,
            Ask.HEAT_OR_COLOUR,
            Ask.HEAT_ONLY,
            Ask.COLOUR_ONLY,
            Ask.BY_TOUCH,
            Ask.STRONG_OR_LASTING,
        ),
        RELIEF,
        common=True,
    ),
    Group("The safety questions: face, hands and head", (Ask.FACE_OR_HANDS,), RELIEF),
    Group(
        "After a yes to a safety question",
        (Ask.IS_THAT_RIGHT, Ask.IS_THAT_RIGHT_LEG),
        {},
        common=True,
    ),
    Group(
        "After an urgent line",
        (Ask.CAN_YOU_CALL, Ask.CAN_YOU_CALL_AFTER_YES),
        {},
        common=True,
    ),
    Group("If a conversation breaks off", (Ask.LOST,), {}),
)
"""The questions in the order in which she meets them."""


@dataclass(frozen=True)
class Row:
    """Answers that lead to the same, and what she hears under each condition."""

    labels: tuple[str, ...]
    rules: tuple[Rule[Hears], ...]


@dataclass(frozen=True)
class Case:
    """An answer with the questions at which it is looked at."""

    answer: Answer
    asks: tuple[Ask, ...]


# --- which rows stand where -------------------------------------------------------------------


@cache
def everything() -> tuple[Answer, ...]:
    """All that she may say."""
    halves = [frozenset(question.halves) for question in QUESTIONS.values()]
    return tuple(labels.answers(half for half in halves if len(half) > 1))


@cache
def conversations() -> Conversations:
    """All that can happen."""
    return Conversations(answer.event for answer in everything())


def situations(asks: Iterable[Ask]) -> tuple[Situation, ...]:
    """Every situation in which one of these questions is open."""
    return tuple(now for ask in asks for now in conversations().situations(ask))


def outcome(ask: Ask, event: Event) -> Outcome:
    """What the table of a question says to an event; "repeat" as this question has it."""
    question = QUESTIONS[ask]
    found = question.outcome(event, EVERYWHERE)
    return question.repeats if isinstance(found, Repeat) else found


def bases(ask: Ask) -> list[Rows]:
    """The shared tables before which a question's own goes, the nearest first."""
    group = group_of(ask)
    shared = [] if QUESTIONS[ask].alone else [group.shared, EVERYWHERE]
    return [common(group), *shared]


def group_of(ask: Ask) -> Group:
    """The group of a question; ValueError where it has no section."""
    for group in GROUPS:
        if ask in group.asks:
            return group
    raise ValueError(f"{ask} has no section in GROUPS")


def position(ask: Ask) -> tuple[int, int]:
    """Where the section of a question stands."""
    group = group_of(ask)
    return GROUPS.index(group), group.asks.index(ask)


@cache
def common(group: Group) -> Rows:
    """What most questions of a group answer alike, and not as in a table that more share.

    Of those that answer it otherwise, each has a row of its own.
    """
    if not group.common:
        return {}
    tables = [QUESTIONS[ask].answers for ask in group.asks]
    names = dict.fromkeys(name for table in tables for name in table)
    usual = {name: _usual([table.get(name) for table in tables]) for name in names}
    return {
        name: outcome
        for name, outcome in usual.items()
        if outcome is not None and group.shared.get(name) != outcome
    }


@cache
def common_rest(group: Group) -> Outcome | None:
    """What most questions of a group make of all that no table names."""
    return _usual([QUESTIONS[ask].otherwise for ask in group.asks]) if group.common else None


def _usual(outcomes: Sequence[Outcome | None]) -> Outcome | None:
    """The outcome of more than half of them."""
    found = [outcome for outcome in outcomes if outcomes.count(outcome) * 2 > len(outcomes)]
    return found[0] if found else None


def inherited(ask: Ask, event: Event) -> Rows | None:
    """The shared table whose row for an event is this question's own too."""
    name = name_of(event)
    for base in bases(ask):
        if name in base:
            same = base[name]
            same = AskAgain() if isinstance(same, Repeat) else same
            return base if outcome(ask, event) == same else None
    return None


def heard_first(answer: Answer) -> bool:
    """Whether no table has a say: a sign, and violence, are answered alike in every place."""
    return isinstance(answer.event, SignHeard) or answer.event is Said.VIOLENCE


@cache
def own_rows(ask: Ask) -> tuple[Row, ...]:
    """The rows of a question that no shared table has, then all that lands in `otherwise`."""
    rest = QUESTIONS[ask].otherwise
    left = [
        answer
        for answer in everything()
        if not heard_first(answer) and inherited(ask, answer.event) is None
    ]
    own = [Case(each, (ask,)) for each in left if outcome(ask, each.event) != rest]
    rows = merged(own, title(ask))
    if others := [Case(each, (ask,)) for each in left if outcome(ask, each.event) == rest]:
        found = merged(others, title(ask))
        rows += [Row((_all_else(ask, row, alone=len(found) == 1),), row.rules) for row in found]
    return tuple(_as_above(row) if rest == common_rest(group_of(ask)) else row for row in rows)


def _all_else(ask: Ask, row: Row, *, alone: bool) -> str:
    """What no row names, in the words that are fewer: what it is, or what a table above answers."""
    kept = [
        each.label
        for each in everything()
        if not heard_first(each) and inherited(ask, each.event) is not None
    ]
    if not alone or len(kept) >= len(row.labels):
        return f"{ANYTHING_ELSE} ({' · '.join(row.labels)})"
    but = f", but for what a table above answers ({' · '.join(kept)})" if kept else ""
    return f"{ANYTHING_ELSE}{but}"


def _as_above(row: Row) -> Row:
    """Anything else, where the table of the group says what she hears."""
    if not row.labels[0].startswith(ANYTHING_ELSE):
        return row
    return Row(row.labels, (Rule((), Hears((), AS_ABOVE)),))


def rest_rows(group: Group) -> list[Row]:
    """What most questions of a group make of all that no table names."""
    rest = common_rest(group)
    where = tuple(ask for ask in group.asks if QUESTIONS[ask].otherwise == rest)
    noise = next(answer for answer in everything() if answer.event is Said.NOT_UNDERSTOOD)
    found = merged([Case(noise, where)], group.title, shared=True) if rest else []
    return [Row((ANYTHING_ELSE,), row.rules) for row in found]


def shared_rows(base: Rows, asks: Iterable[Ask]) -> list[Row]:
    """The rows of a shared table, looked at in every question that has them."""
    cases = []
    for answer in everything():
        if name_of(answer.event) in base:
            using = tuple(ask for ask in asks if inherited(ask, answer.event) is base)
            if using:
                cases.append(Case(answer, using))
    return merged(cases, "a shared table", shared=True)


def sign_rows() -> list[Row]:
    """A sign, and violence, in every place."""
    signs = [answer for answer in everything() if heard_first(answer)]
    return merged([Case(sign, tuple(QUESTIONS)) for sign in signs], "a sign", shared=True)


def silence_row(asks: Iterable[Ask]) -> Row:
    """Saying nothing, where a question has words for it."""
    asked = [ask for ask in asks if has(Line(question_key(ask), "reprompt"))]
    ways = ((now, [_silence(now)]) for now in situations(asked))
    return Row(("nothing, for eight seconds",), tuple(told(ways, "silence")))


def _silence(now: Situation) -> Hears:
    """The words of the question that is open, and what comes with them."""
    given = now.session.place.given
    _, *more = ask_again(now.session).reprompt
    both = either(*(tuple(words(line, level) for line in more) for level in GIVEN))
    return Hears((), " ".join([SILENCE, *both]), AS_GIVEN if given and more else "—")


def clear_rows() -> list[Row]:
    """What follows a clear no, a row for the questions after which the same follows."""
    talks = conversations()
    rows: dict[tuple[Rule[Hears], ...], list[str]] = {}
    for ask in (ask for group in GROUPS for ask in group.asks if ask in CLEARING):
        ways = zip(talks.situations(ask), talks.hears(ask, Clear()), strict=True)
        rows.setdefault(tuple(told(ways, f"a clear no to {title(ask)}")), []).append(title(ask))
    return [Row(tuple(titles), rules) for rules, titles in rows.items()]


def merged(cases: Iterable[Case], where: str, *, shared: bool = False) -> list[Row]:
    """Rows: answers that lead to the same share one."""
    column = conversations().column
    alike: dict[tuple[object, ...], list[Case]] = {}
    for case in cases:
        heard = tuple(id(column(ask, case.answer.event)) for ask in case.asks)
        alike.setdefault((case.asks, heard), []).append(case)
    rows: dict[tuple[Rule[Hears], ...], list[Answer]] = {}
    for group in alike.values():
        rules = explained(group[0], where, shared)
        rows.setdefault(rules, []).extend(case.answer for case in group)
    return [Row(tuple(_labels(said)), rules) for rules, said in rows.items()]


def _labels(said: Sequence[Answer]) -> Iterator[str]:
    """Answers in words; where every denial leads to the same, one stands for all."""
    every = (labels.ANY_DENIAL, labels.ANY_SOFT_DENIAL)
    kinds = [{answer for answer in everything() if _denies(answer, soft)} for soft in (False, True)]
    alike = [kind if kind <= set(said) else set() for kind in kinds]
    yield from (answer.label for answer in said if not any(answer in kind for kind in alike))
    yield from (label for label, kind in zip(every, alike, strict=True) if kind)


def _denies(answer: Answer, soft: bool) -> bool:
    return isinstance(answer.event, Denial) and answer.event.soft is soft


def explained(case: Case, where: str, shared: bool) -> tuple[Rule[Hears], ...]:
    """What she hears and when."""
    talks, event = conversations(), case.answer.event
    ways = [each for ask in case.asks for each in talks.hears(ask, event, shared=shared)]
    answers = [each for ask in case.asks for each in talks.column(ask, event)]
    after = dict.fromkeys(way for each in ways for way in each if way.asks == CLEAR_AFTER)
    for at, answer in enumerate(answers):
        if answer.level is not None and answer.before_clear == ():
            ways[at] = (*ways[at], *after)
    cases = zip(situations(case.asks), ways, strict=True)
    made = outcome(case.asks[0], event)
    return tuple(told(cases, f"{where}, “{case.answer.label}”, {made}"))
