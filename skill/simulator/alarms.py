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
    NO,
    QUESTIONS,
    SUBJECTS,
    answers,
    content_at,
    denies,
    stem,
)

LEAST_CLAUSE_SCORE = 0.85
_SOMETIMES = frozenset("after once until till before".split())
_LEAVE = frozenset("can could should shall may".split())
_OF_ALL = frozenset("normal common usual pregnancy pregnant true".split())
_TELLERS = frozenset({"i", "my", "it", "one", "{part}", "{helper}"})
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


@dataclass(frozen=True)
class _Half:
    """What is but half a sign where some word makes it less, and no other makes it more."""

    intent: str
    of: frozenset[str]
    words: frozenset[str]
    not_with: frozenset[str]


_HALVES = (
    _Half(
        "CantLieFlatSignIntent",
        frozenset({"BreathlessSignIntent", "CantLieFlatSignIntent"}),
        frozenset("lie lying flat pillow pillows propped".split()),
        frozenset("just suddenly sudden worse even chest".split()),
    ),
    _Half(
        "ABitBreathlessIntent",
        frozenset({"BreathlessSignIntent"}),
        frozenset("always usual usually slightly bit little normal same stairs".split()),
        frozenset("worse more suddenly sudden new really very so not never struggling".split()),
    ),
    _Half(
        "BothSwollenIntent",
        frozenset({"SwollenLegSignIntent"}),
        frozenset("both ankles feet legs calves".split()),
        frozenset("one other more bigger not".split()),
    ),
)

_NUMB_AND_STILL = "NumbAndCantMoveSignIntent"
_MOVING = frozenset("move moving lift wiggle".split())
_TOGETHER = {
    ("FellSignIntent", "BleedingSignIntent"): "FellAndBleedingSignIntent",
    ("FellSignIntent", "HeavyBleedingSignIntent"): "FellAndBleedingSignIntent",
    ("NumbSignIntent", "WeakSignIntent"): _NUMB_AND_STILL,
    ("ColdLegSignIntent", "WeakSignIntent"): _NUMB_AND_STILL,
}


def _urgency(alarm: Alarm) -> tuple[float, ...]:
    together = alarm.intent not in _TOGETHER.values()
    tokens, slots = len(alarm.span.tokens), len(alarm.span.slots)
    return (alarm.level, together, alarm.way, -alarm.score, -tokens, -slots)


class Alarms:
    """Finds warning signs in readings."""

    def __init__(self, samples: Samples, closeness: Closeness) -> None:
        self._samples = samples
        self._closeness = closeness

    def worst(self, readings: Iterable[Reading], *, single_words: bool = False) -> Alarm | None:
        """The sign of the worst level, the surest one of these; None if no sign stands.

        With `single_words` only signs of a single word are looked for. Two signs that are a worse
        one together count as that one, what is but half a sign as the intent of that half.
        """
        find = self._single_words if single_words else self._signs
        found = [alarm for reading in readings for alarm in find(reading)]
        if not found:
            return None
        return self._half(found, readings) or min([*found, *self._together(found)], key=_urgency)

    def _together(self, found: list[Alarm]) -> Iterator[Alarm]:
        for alarm in found:
            for other in found:
                intent = _TOGETHER.get((alarm.intent, other.intent))
                if intent and (intent != _NUMB_AND_STILL or _MOVING & set(other.span.tokens)):
                    level = self._samples.levels[intent]
                    yield Alarm(intent, level, alarm.way, alarm.score, alarm.span)

    def _half(self, found: list[Alarm], readings: Iterable[Reading]) -> Alarm | None:
        """The half of a sign that was said, if nothing worse was said with it."""
        words = {token for reading in readings for token in reading.tokens}
        signs = {alarm.intent for alarm in found}
        for half in _HALVES:
            if signs <= half.of and half.words & words and not half.not_with & words:
                surest = min(found, key=_urgency)
                return Alarm(half.intent, surest.level, surest.way, surest.score, surest.span)
        return None

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
                if signs and stands(tokens, start, end):
                    yield from self._alarms(signs, Way.PHRASE, reading.part(start, end))

    def _words(self, reading: Reading, start: int, end: int) -> Iterator[Alarm]:
        tokens = reading.tokens
        said = [(place, word) for place, word in content_at(tokens) if start <= place < end]
        places = [place for place, _ in said]
        stems = [stem(word) for _, word in said]
        for first in range(len(places)):
            for last in range(first + 2, len(places) + 1):
                signs = self._by_content.get(tuple(stems[first:last]))
                begin, finish = _begin(tokens, places[first]), places[last - 1] + 1
                if signs and stands(tokens, begin, finish):
                    span = reading.part(places[first], finish)
                    yield from self._alarms(signs, Way.WORDS, span)

    def _close_clauses(self, reading: Reading) -> Iterator[Alarm]:
        tokens = reading.tokens
        for start, end in _clause_runs(tokens):
            if end - start == len(tokens) or not stands(tokens, start, end):
                continue
            for match in self._closeness.matches(tokens[start:end], self._samples.levels):
                if match.score >= LEAST_CLAUSE_SCORE:
                    span = reading.part(start, end)
                    yield from self._alarms([match.intent], Way.CLAUSE, span, match.score)

    def _single_words(self, reading: Reading) -> Iterator[Alarm]:
        for start, token in enumerate(reading.tokens):
            signs = [it for it in self._samples.exact.get(token, ()) if it in self._samples.levels]
            if signs and stands(reading.tokens, start, start + 1):
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
        cores = self._samples.cores
        for group in self._samples.groups:
            names = {name for sample, name in group.samples if (sample, name) in cores}
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


def stands(tokens: Tokens, start: int, end: int) -> bool:
    """Whether the words from `start` to `end` are said to be so: not denied, not asked about."""
    return not (negated(tokens, start) or _taken_back(tokens, start, end) or _asked(tokens, start))


def _taken_back(tokens: Tokens, start: int, end: int) -> bool:
    """ "Chest pain no": a "no" after what is not a sentence."""
    return tokens[start] not in SUBJECTS and tokens[end:] != () and NO.issuperset(tokens[end:])


def _asked(tokens: Tokens, start: int) -> bool:
    """Whether it is what a question is about: "is breathlessness normal", "after i give birth".

    "Is it normal that my leg is swollen" tells of a swollen leg.
    """
    first = next((place for place in range(len(tokens)) if not answers(tokens, place)), 0)
    if tokens[first] not in QUESTIONS or start < first:
        return False
    before = tokens[start - 1] if start else ""
    if before in _SOMETIMES or (start == first and _may(tokens, first)):
        return True
    return not _OF_ALL.isdisjoint(tokens) and before != "that" and not _told(tokens, start)


def _may(tokens: Tokens, first: int) -> bool:
    """Whether it begins as a question after leave or help: "can my partner push ..."."""
    return tokens[first] in _LEAVE and tokens[first + 1 : first + 2] != ("not",)


def _told(tokens: Tokens, start: int) -> bool:
    """Whether a sentence of its own begins here: "i can't breathe", "my leg is ..."."""
    return tokens[start] in _TELLERS and tokens[start - 1 : start] not in (("for",), ())


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
