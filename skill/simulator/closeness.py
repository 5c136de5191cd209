"""How close a sentence is to the samples: by its content words, their order, and its letters."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Indel

from skill.simulator.samples import Group, Samples, Tokens
from skill.simulator.words import COMMA, FREE, NEGATIONS, content, stem

LEAST_COVERED = 0.8  # of a sample's content words, weighted by how telling they are
_MOST_COMPARED = 60
_SOUNDS = str.maketrans("kqz", "ccs")
_TELLING = frozenset({"{part}", "{stage}"})  # slots that say enough by themselves
_ALL_BUT_THE_SAME = 95
_TURNING = frozenset("stop stopped lost worse wrong".split())
"""Words of a sample without which it says the contrary: "the baby has stopped kicking"."""

_INFLECTED, _PER_TYPO = 0.02, 0.05  # what they cost


@dataclass(frozen=True)
class Match:
    """An intent, the sample that comes closest, and how close it comes (0 to 1)."""

    intent: str
    score: float
    sample: str


class Closeness:
    """Compares sentences with the samples of a model."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self.explains = lru_cache(maxsize=10_000)(self._explains)

    def corrected(self, tokens: Tokens) -> Tokens:
        """The tokens, with each small typo of one word of the samples put right."""
        return tuple(map(self._corrected, tokens))

    def matches(self, tokens: Tokens, among: Container[str] | None = None) -> list[Match]:
        """The intents whose samples explain every content word, the closest first.

        `among`: the intents that count, all by default. Negations are the same, before the same
        words; content words that a sample has beyond what was said cost score.
        """
        said = content(tokens)
        if NEGATIONS.issuperset(said):
            return []
        best: dict[str, Match] = {}
        for group, aligned in self._aligned(said):
            for match in self._scored(tokens, group, aligned):
                if among is None or match.intent in among:
                    known = best.get(match.intent)
                    if known is None or match.score > known.score:
                        best[match.intent] = match
        return sorted(best.values(), key=lambda match: -match.score)

    def _corrected(self, token: str) -> str:
        if token in self._samples.vocabulary or stem(token) in self._samples.by_stem:
            return token
        nearest = self._typos(token, self._samples.vocabulary)
        return next(iter(nearest)) if len(nearest) == 1 else token

    def _explains(self, token: str) -> dict[str, float]:
        """The words of samples that a token can stand for, and what each costs."""
        samples = self._samples
        if token in NEGATIONS or token.startswith("{"):
            return {token: 0.0} if token in samples.groups_with else {}
        same = {token: 0.0} if token in samples.groups_with else {}
        inflected = dict.fromkeys(samples.by_stem.get(stem(token), ()), _INFLECTED)
        known = inflected | same
        if known or token in samples.vocabulary:
            return known
        return self._typos(token, samples.groups_with)

    def _typos(self, token: str, words: Container[str]) -> dict[str, float]:
        if len(token) < 4 or token in FREE or token in NEGATIONS or token.endswith("less"):
            return {}
        found = process.extract(
            token,
            [word for word in words if _sound(word) == _sound(token) and len(word) > 3],  # type: ignore[attr-defined]
            scorer=OSA.distance,
            score_cutoff=1 if len(token) < 8 else 2,
        )
        least = min((distance for _, distance, _ in found), default=0)
        return {
            word: _PER_TYPO * distance
            for word, distance, _ in found
            if distance == least and word not in NEGATIONS
        }

    def _aligned(self, said: Tokens) -> Iterator[tuple[Group, _Alignment]]:
        explained = {token: self.explains(token) for token in said}
        if not all(explained.values()):
            return
        places = self._places(explained)
        covering = sorted(
            (-covered, place)
            for place in places
            if (covered := self._covered(self._samples.groups[place], explained)) >= LEAST_COVERED
        )
        for _, place in covering[:_MOST_COMPARED]:
            group = self._samples.groups[place]
            if aligned := _align(said, group.content, explained):
                yield group, aligned

    def _places(self, explained: dict[str, dict[str, float]]) -> set[int]:
        with_word = self._samples.groups_with
        unions = [set().union(*(with_word[word] for word in words)) for words in explained.values()]
        unions.sort(key=len)
        return unions[0].intersection(*unions[1:])

    def _covered(self, group: Group, explained: dict[str, dict[str, float]]) -> float:
        weights = self._samples.weights
        said = {word for words in explained.values() for word in words}
        whole = sum(weights[word] for word in group.content)
        return sum(weights[word] for word in group.content if word in said) / whole

    def _scored(self, tokens: Tokens, group: Group, aligned: _Alignment) -> Iterator[Match]:
        weights = self._samples.weights
        whole = sum(weights[word] for word in group.content)
        covered = sum(weights[group.content[place]] for place in set(aligned.places)) / whole
        if covered < LEAST_COVERED or not _TURNING.isdisjoint(
            {word for place, word in enumerate(group.content) if place not in aligned.places}
        ):
            return
        words = [group.content[place] for place in aligned.places]
        order = Indel.normalized_similarity(words, group.content)
        text = " ".join(aligned.reworded.get(token, token) for token in tokens if token != COMMA)
        for sample, intent in group.samples:
            if not _may_stand_alone(group.content, text, sample):
                continue
            if intent not in self._samples.levels and len(group.content) == 1 and aligned.inflected:
                continue  # "please stop" is not "it stopped"
            likeness = 0.6 + 0.2 * order + 0.2 * fuzz.ratio(text, sample) / 100
            yield Match(intent, round(covered * likeness - aligned.cost, 3), sample)


def _may_stand_alone(sample_content: Tokens, text: str, sample: str) -> bool:
    """Function words matter where they are all: "there's {denied}" is no "i can {denied}"."""
    telling = [word for word in sample_content if not word.startswith("{") or word in _TELLING]
    return bool(telling) or fuzz.ratio(text, sample) >= _ALL_BUT_THE_SAME


def _sound(word: str) -> str:
    """What a word begins with to the ear, roughly."""
    return word[0].translate(_SOUNDS)


@dataclass(frozen=True)
class _Alignment:
    """For each content word said the place of the sample's word that explains it."""

    places: tuple[int, ...]
    reworded: dict[str, str]
    cost: float

    @property
    def inflected(self) -> bool:
        """Whether a word is not the sample's own, nor a misspelling of it."""
        return any(
            token != word and stem(token) == stem(word) for token, word in self.reworded.items()
        )


def _align(
    said: Tokens, sample: Tokens, explained: dict[str, dict[str, float]]
) -> _Alignment | None:
    places: list[int] = []
    cost = 0.0
    for token in said:
        costs = explained[token]
        able = [place for place, word in enumerate(sample) if word in costs]
        if not able:
            return None
        last = places[-1] if places else -1
        # A word of its own if there is one, the next in order before any other.
        place = min(able, key=lambda at: (at in places, costs[sample[at]], at < last, at))
        places.append(place)
        cost += costs[sample[place]]
    words = tuple(sample[place] for place in places)
    if _negations(words) != _negations(sample):
        return None
    return _Alignment(tuple(places), dict(zip(said, words, strict=True)), cost)


def _negations(content: Tokens) -> list[tuple[str, str | None]]:
    """Each negation with the word that it stands before, be it the "but" that ends a denial."""
    return [
        (word, next((after for after in content[place + 1 :] if after not in NEGATIONS), None))
        for place, word in enumerate(content)
        if word in NEGATIONS
    ]
