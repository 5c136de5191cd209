"""What a consequence depends on beside the answer: found by trying, and said in words.

`told` takes what she hears in each situation, and finds a short list of conditions that explains
it. Where no fact tells two situations apart, a fact is missing here, and `Unworded` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Generic, NamedTuple, TypeVar

from skill.coach.events import Said
from skill.coach.interpreter import Moment, holds
from skill.coach.outcomes import When
from skill.coach.place import OUTSIDE_RELIEF, URGENT_PLACES, Again, Aim, Ask, Check, Stage
from skill.coach.signs import Level
from skill.coach.tables.by_day import STEPS
from skill.coach.tables.checks import BREATHING, CHECKS
from skill.publish.hears import title
from skill.publish.reached import Situation

MOST_FACTS = 3  # in one condition; more than three things at once nobody reads
LASTS = 4  # results that are tried as what is said "otherwise"
OTHERWISE = "otherwise"

R = TypeVar("R")


class Unworded(ValueError):
    """Something that the coach does and the page has no words for."""


@dataclass(frozen=True)
class Fact:
    """Something that holds in some situations, in words that follow "if" or stand alone."""

    words: str
    holds: Callable[[Situation], bool]


class Rule(NamedTuple, Generic[R]):
    """What she hears where some facts hold; the first rule that fits counts. No facts: always."""

    facts: tuple[str, ...]
    hears: R

    @property
    def condition(self) -> str:
        """ "if A and B"."""
        first, *others = self.facts or ("",)
        return " and ".join([first, *(each.removeprefix("if ") for each in others)])


@cache
def facts() -> tuple[Fact, ...]:
    """Every fact that a condition may name, the plainest first."""
    return (
        Fact("the first time", lambda now: now.session.place.again is Again.FIRST_TIME),
        *(Fact(words, _again(reason)) for reason, words in _AGAIN.items()),
        Fact("if the leg is to be kept still", _kept_still),
        *(Fact(f"if {when.value}", _when(when)) for when in When),
        *(Fact(f"if {words}", _aim(aim)) for aim, words in _AIMS.items()),
        *(Fact(f"if {words}", _checked(check)) for check, words in _CHECKED.items()),
        *_MORE,
        *(
            Fact(f"at step {step + 1}", _step(step))
            for step in range(max(map(len, STEPS.values())))
        ),
        *(Fact(f"at “{title(ask)}”", _ask(ask)) for ask in Ask),
    )


_AGAIN = {
    Again.SOFT_NO: "if it was asked again after “I don't think so”",
    Again.UNSURE: "if it was asked again after “I'm not sure” or “I don't think so”",
    Again.OKAY: "if it was asked again",
    Again.OKAY_TWICE: "if it was asked again for more than one “okay”",
    Again.NOT_UNDERSTOOD: "if it was asked again for more than “okay”",
}
_AIMS = {
    Aim.COMFORT: "it has let go",
    Aim.STRETCH: "it still cramps",
    Aim.CALL: "stretching made it worse",
    Aim.SORE: "it hurts, and was never called a cramp",
    Aim.EASIER: "it is sore after a cramp that let go some time ago",
    Aim.MENTION: "it is worth a mention at the next visit",
    Aim.SCIATICA: "it shoots from the back to the foot",
    Aim.TALK: "no cramp was spoken of",
    Aim.RECHECK: "an urgent line was taken back, or the coach lost its place",
}
_CHECKED = {
    Check.NONE: "no check was a clear no yet",
    Check.BREATHING: "the breathing check alone was a clear no",
    Check.SWELLING: "heat and color are still to be checked",
    Check.ALL: "every check was a clear no",
}
_NOISE_BESIDES = (Again.NOISE_AND_OKAY, Again.SOFT_AND_NOISE)
_NOISE = (Again.NOT_UNDERSTOOD, *_NOISE_BESIDES)
_MORE = (
    Fact("after “okay” twice", lambda now: now.session.place.again is Again.OKAY_TWICE),
    Fact(
        "after “I don't think so” just before",
        lambda now: now.session.place.again is Again.SOFT_NO,
    ),
    Fact(
        "if it was not understood before, or answered “I'm not sure”",
        lambda now: now.session.place.again in (*_NOISE, Again.UNSURE),
    ),
    Fact(
        "if it was not understood before, and asked again for another reason too",
        lambda now: now.session.place.again in _NOISE_BESIDES,
    ),
    Fact("if a check is still to be made", lambda now: now.session.place.checked is not Check.ALL),
    Fact("if a safety question is open", lambda now: now.session.place.ask in CHECKS),
    Fact("if a breathing question is open", lambda now: now.session.place.ask in BREATHING),
    Fact(
        "if a question after an urgent line is open",
        lambda now: now.session.place.ask in URGENT_PLACES,
    ),
    Fact("outside a cramp", lambda now: now.session.place.ask in OUTSIDE_RELIEF),
    Fact("if a clot or blood thinners were told", lambda now: now.session.status.no_rub),
    Fact("if she has just had a baby", lambda now: now.session.status.stage is Stage.AFTER_BIRTH),
    Fact("if level 1 was given", lambda now: now.session.place.given is Level.EMERGENCY),
    Fact("if level 2 was given", lambda now: now.session.place.given is Level.CALL_NOW),
    Fact("if no urgent line was given", lambda now: now.session.place.given is None),
    Fact("if breathing was not noted", lambda now: not now.session.status.breathing_noted),
    Fact("within ten minutes", lambda now: not now.late),
)


def _when(when: When) -> Callable[[Situation], bool]:
    """As the interpreter has it, so that a new `When` needs nothing here."""
    return lambda now: holds(when, Moment(now.session, Said.YES, now.late))


def _kept_still(now: Situation) -> bool:
    return now.session.place.aim in (Aim.CALL, Aim.SORE)


def _again(reason: Again) -> Callable[[Situation], bool]:
    return lambda now: now.session.place.again >= reason


def _aim(aim: Aim) -> Callable[[Situation], bool]:
    return lambda now: now.session.place.aim is aim


def _checked(check: Check) -> Callable[[Situation], bool]:
    return lambda now: now.session.place.checked is check


def _step(step: int) -> Callable[[Situation], bool]:
    return lambda now: now.session.place.step == step


def _ask(ask: Ask) -> Callable[[Situation], bool]:
    return lambda now: now.session.place.ask is ask


@cache
def _holding(now: Situation) -> str:
    """For each fact whether it holds, as 1 or 0."""
    return "".join("01"[fact.holds(now)] for fact in facts())


def told(cases: Iterable[tuple[Situation, Sequence[R]]], where: str) -> list[Rule[R]]:
    """The shortest rules found that give what she hears in every case.

    cases: with every situation the ways of saying what she hears in it, the best first.
    where: of what, for `Unworded`, which is raised where no fact tells two cases apart.
    """
    by_facts: dict[str, dict[int, Sequence[R]]] = {}
    for now, ways in cases:
        by_facts.setdefault(_holding(now), {})[id(ways)] = ways
    different = {key: ways for each in by_facts.values() for key, ways in each.items()}
    if always := _in_all(different.values()):
        return [Rule((), always[0])]
    results = {holding: _in_all(each.values()) for holding, each in by_facts.items()}
    for holding, ways in results.items():
        if not ways:
            one, other, *_ = by_facts[holding].values()
            raise Unworded(f"{where}: no fact tells apart {one[0]} and {other[0]}")
    examples = _Examples(list(results.items()))
    lasts = list(examples.by_result)[:LASTS]
    lists = [examples.rules(last, plain=plain) for last in lasts for plain in (True, False)]
    found = [rules for rules in lists if rules is not None]
    if not found:
        raise Unworded(f"{where}: no condition of {MOST_FACTS} facts explains {list(results)}")
    return min(found, key=_effort)


def _in_all(several: Iterable[Sequence[R]]) -> list[R]:
    """The ways that are in each, in the order of the first."""
    first, *others = several
    return [way for way in first if all(way in each for each in others)] if others else list(first)


def _effort(rules: list[Rule[R]]) -> tuple[int, int]:
    """How much there is to read."""
    return len(rules), sum(len(rule.condition) for rule in rules)


class _Examples(Generic[R]):
    """Cases as bits: for each fact, and for each result, the set of cases that it fits."""

    def __init__(self, cases: list[tuple[str, Sequence[R]]]) -> None:
        self.all = (1 << len(cases)) - 1
        self.by_result = _needed([ways for _, ways in cases])
        self.facts: dict[int, str] = {}
        by_fact = zip(*(holding for holding, _ in reversed(cases)), strict=True)
        for fact, holding in zip(facts(), by_fact, strict=True):
            bits = int("".join(holding), 2)
            if bits not in (0, self.all):
                self.facts.setdefault(bits, fact.words)

    def rules(self, last: R, *, plain: bool) -> list[Rule[R]] | None:
        """Rules for every other result, then `last` for what is left; None where that fails.

        plain: a condition of one fact goes before one of two that settles more.
        """
        sizes = [(size,) for size in range(1, MOST_FACTS + 1)] if plain else [(1, 2), (MOST_FACTS,)]
        left, found = self.all, list[tuple[int, Rule[R]]]()
        while left & ~self.by_result[last]:
            settling = (self._best(left, last, size) for size in sizes)
            if (best := next((each for each in settling if each), None)) is None:
                return None
            words, bits, result = best
            found.append((bits, Rule(words, result)))
            left &= ~bits
        return self._in_order([*found, (left, Rule((OTHERWISE,) if found else (), last))])

    def _in_order(self, found: list[tuple[int, Rule[R]]]) -> list[Rule[R]]:
        """Rules of one fact each that exclude one another, in the order of the facts."""
        *firsts, (left, last) = found
        if left not in self.facts or any(bits not in self.facts for bits, _ in firsts):
            return [rule for _, rule in found]
        if sum(bits.bit_count() for bits, _ in found) > self.all.bit_count():
            return [rule for _, rule in found]
        named = [*firsts, (left, Rule((self.facts[left],), last.hears))]
        known = list(self.facts)
        return [rule for _, rule in sorted(named, key=lambda each: known.index(each[0]))]

    def _best(
        self, left: int, last: R, sizes: tuple[int, ...]
    ) -> tuple[tuple[str, ...], int, R] | None:
        """Of the conditions that lead to one result, the one that settles it, or most of it."""
        astray = left & ~self.by_result[last]
        settling = [
            ((not wanted & astray & ~bits, (bits & astray).bit_count()), words, bits, result)
            for size in sizes
            for words, bits in self._conditions(size, astray)
            for result, wanted in self.by_result.items()
            if result != last and not bits & left & ~wanted
        ]
        return max(settling, key=lambda each: each[0])[1:] if settling else None

    def _conditions(self, size: int, within: int) -> Iterator[tuple[tuple[str, ...], int]]:
        for chosen in combinations(self.facts.items(), size):
            bits = self.all
            for each, _ in chosen:
                bits &= each
            if bits & within:
                yield tuple(words for _, words in chosen), bits


def _needed(cases: list[Sequence[R]]) -> dict[R, int]:
    """The results by the cases that they fit, most first; none that another makes needless."""
    bits: dict[R, int] = {}
    ranks: dict[R, int] = {}
    for index, ways in enumerate(cases):
        for rank, way in enumerate(ways):
            bits[way] = bits.get(way, 0) | 1 << index
            ranks[way] = max(rank, ranks.get(way, 0))
    needed: dict[R, int] = {}
    for way in sorted(bits, key=lambda each: (-bits[each].bit_count(), ranks[each])):
        if all(bits[way] & ~other for other in needed.values()):
            needed[way] = bits[way]
    return needed
