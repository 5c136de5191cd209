"""Warning signs that stand, un-negated, anywhere in what was said (conversation.md 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from skill.coach.signs import Level
from skill.simulator.closeness import Closeness
from skill.simulator.readings import Reading
from skill.simulator.samples import Samples, Tokens
from skill.simulator.words import (
    BREAKS,
    DOUBTS,
    FREE,
    JOINS,
    NEGATIONS,
    SUBJECTS,
    answers,
    denies,
    stem,
)

LEAST_CLAUSE_SCORE = 0.85
_MOST_CLAUSES = 6  # that are read together as well as apart


class Way(IntEnum):
    """How a sign was found; the lower, the surer."""

    PHRASE = 0  # a sample, word for word
    CLAUSE = 1  # a clause that is close to a sample
    WORDS = 2  # the content words of a sample, in order, with none between them
    WORD = 3  # a single word that is a sample


_SCORES = {Way.PHRASE: 0.95, Way.WORDS: 0.85, Way.WORD: 0.75}


@dataclass(frozen=True)
class Alarm:
    """A warning sign that was found in a reading, and the words that it was found in."""

    intent: str
    level: Level
    way: Way
    score: float
    span: Reading


class Alarms:
    """Finds warning signs in readings."""

    def __init__(self, samples: Samples, closeness: Closeness) -> None:
        self._samples = samples
        self._closeness = closeness

    def worst(self, readings: Iterable[Reading], *, single_words: bool = False) -> Alarm | None:
        """The sign of the worst level, the surest one of these; None if no sign stands.

        With `single_words` only signs of a single word are looked for.
        """
        find = self._single_words if single_words else self._signs
        found = [alarm for reading in readings for alarm in find(reading)]
        return min(
            found,
            key=lambda it: (it.level, it.way, -it.score, -len(it.span.tokens), -len(it.span.slots)),
            default=None,
        )

    def _signs(self, reading: Reading) -> Iterator[Alarm]:
        yield from self._phrases(reading)
        for start, end in clauses(reading.tokens):
            yield from self._words(reading, start, end)
        yield from self._close_clauses(reading)

    def _phrases(self, reading: Reading) -> Iterator[Alarm]:
        tokens = reading.tokens
        for start in range(len(tokens)):
            for end in range(start + 2, min(len(tokens), start + self._longest) + 1):
                signs = self._samples.signs.get(" ".join(tokens[start:end]))
                if signs and not negated(tokens, start):
                    yield from self._alarms(signs, Way.PHRASE, reading.part(start, end))

    def _words(self, reading: Reading, start: int, end: int) -> Iterator[Alarm]:
        tokens = reading.tokens
        places = [place for place in range(start, end) if tokens[place] not in FREE]
        stems = [stem(tokens[place]) for place in places]
        for first in range(len(places)):
            for last in range(first + 2, len(places) + 1):
                signs = self._by_content.get(tuple(stems[first:last]))
                if signs and not negated(tokens, _begin(tokens, places[first])):
                    span = reading.part(places[first], places[last - 1] + 1)
                    yield from self._alarms(signs, Way.WORDS, span)

    def _close_clauses(self, reading: Reading) -> Iterator[Alarm]:
        tokens = reading.tokens
        for start, end in _clause_runs(tokens):
            if end - start == len(tokens) or negated(tokens, start):
                continue
            for match in self._closeness.matches(tokens[start:end], self._samples.levels):
                if match.score >= LEAST_CLAUSE_SCORE:
                    span = reading.part(start, end)
                    yield from self._alarms([match.intent], Way.CLAUSE, span, match.score)

    def _single_words(self, reading: Reading) -> Iterator[Alarm]:
        for start, token in enumerate(reading.tokens):
            signs = [it for it in self._samples.exact.get(token, ()) if it in self._samples.levels]
            if signs and not negated(reading.tokens, start):
                yield from self._alarms(signs, Way.WORD, reading.part(start, start + 1))

    def _alarms(
        self, intents: list[str], way: Way, span: Reading, score: float | None = None
    ) -> Iterator[Alarm]:
        for intent in intents:
            yield Alarm(intent, self._samples.levels[intent], way, score or _SCORES[way], span)

    @cached_property
    def _longest(self) -> int:
        return max((len(sample.split()) for sample in self._samples.signs), default=0)

    @cached_property
    def _by_content(self) -> dict[Tokens, list[str]]:
        """The signs by the stems of their content words, where these are two or more."""
        signs: dict[Tokens, list[str]] = defaultdict(list)
        for group in self._samples.groups:
            names = {name for _, name in group.samples if name in self._samples.levels}
            if sum(word not in NEGATIONS for word in group.content) > 1:
                signs[tuple(map(stem, group.content))].extend(sorted(names))
        return {content: names for content, names in signs.items() if names}


def clauses(tokens: Tokens) -> list[tuple[int, int]]:
    """Where each clause begins and ends, without what joins it and without a leading yes or no."""
    found = []
    start = 0
    for place in range(len(tokens) + 1):
        if place == len(tokens) or tokens[place] in BREAKS or tokens[place] in JOINS:
            while start < place and answers(tokens, start):
                start += 1
            if start < place:
                found.append((start, place))
            start = place + 1
    return found


def _clause_runs(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Each clause, and clauses that follow on each other taken together."""
    found = clauses(tokens)
    together = len(found) if len(found) <= _MOST_CLAUSES else 1
    for first in range(len(found)):
        for last in range(first, min(len(found), first + together)):
            yield found[first][0], found[last][1]


def _begin(tokens: Tokens, place: int) -> int:
    """Where the words that lead up to a content word begin: its article, its subject."""
    while place and tokens[place - 1] in FREE and tokens[place - 1] not in JOINS:
        place -= 1
    return place


def negated(tokens: Tokens, start: int) -> bool:
    """Whether what begins at `start` is denied, or doubted, by a word before it.

    A "no" that answers denies nothing: "no my chest hurts". A denial reaches a clause with a
    subject of its own only through a word of doubt: "i don't think my leg is hot".
    """
    own_subject = tokens[start] in SUBJECTS
    for place in range(start - 1, -1, -1):
        token = tokens[place]
        if token in BREAKS or (own_subject and token in JOINS):
            return False
        if denies(tokens, place):
            between = tokens[place + 1 : start]
            if not own_subject or not between or not DOUBTS.isdisjoint(between):
                return True
    return False
