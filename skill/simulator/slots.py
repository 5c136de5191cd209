"""The values of slots in what was said: as listed, nearly as listed, or in their place alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from skill.alexa.envelope import SlotValue
from skill.simulator.model import Model
from skill.simulator.text import Words, read

NEAR = 85
"""How alike (of 100) a word that is in no sample has to be to a value to count as that value."""


@dataclass(frozen=True)
class Span:
    """Where a value stands, and what it resolves to."""

    start: int
    end: int
    ids: tuple[str, ...] = ()
    possessive: bool = False

    def value(self, words: Words) -> SlotValue:
        """The value as it was said, without the 's that belongs to the sentence."""
        said = " ".join(words.said[self.start : self.end])
        if self.possessive:
            said = said.removesuffix("s").removesuffix("'")
        return SlotValue(said, self.ids)


class Values:
    """Finds the values of a model's slot types."""

    def __init__(self, model: Model) -> None:
        self._slots = model.slots
        self._ids: dict[str, dict[str, tuple[str, ...]]] = {
            name: {read(said).key: (ident,) for ident, all_said in ids.items() for said in all_said}
            for name, ids in model.types.items()
        }
        self._longest = max(len(key.split()) for ids in self._ids.values() for key in ids)
        self._first = {name: _first_words(ids) for name, ids in self._ids.items()}
        self._known = {
            word for samples in model.samples.values() for it in samples for word in read(it).keys
        }
        self._known |= {word for ids in self._ids.values() for key in ids for word in key.split()}
        self._before = _before(model)

    def resolve(self, type_name: str, value: str) -> SlotValue:
        """A value as it was typed, with its ids; an id of the type resolves to itself."""
        ids = self._ids[type_name]
        known = {ident for idents in ids.values() for ident in idents}
        return SlotValue(value, (value,) if value in known else ids.get(read(value).key, ()))

    def starting(self, type_name: str, words: Words, start: int) -> Iterator[Span]:
        """The values of a type that begin at `start`, the longest first."""
        if words.keys[start] not in self._first[type_name]:
            return
        for end in range(min(len(words.keys), start + self._longest), start, -1):
            key = " ".join(words.keys[start:end])
            owns = words.said[end - 1].endswith("'s")  # "her leg's cramping" is about one leg
            for possessive in (owns, not owns):
                said = key.removesuffix("s") if possessive else key
                if (ids := self._ids[type_name].get(said)) and (said != key or not possessive):
                    yield Span(start, end, ids, possessive)

    def fill(self, intent: str, words: Words) -> dict[str, SlotValue]:
        """The slots of an intent, with the first values of their types that stand in the words."""
        filled: dict[str, SlotValue] = {}
        for type_name in dict.fromkeys(self._slots[intent].values()):
            names = [name for name, it in self._slots[intent].items() if it == type_name]
            spans = self._listed(type_name, words) or self._near(type_name, words)
            spans = spans or self._unlisted(intent, names[0], words)
            filled |= {name: span.value(words) for name, span in zip(names, spans, strict=False)}
        return filled

    def _listed(self, type_name: str, words: Words) -> list[Span]:
        """The values that stand in the words, from the left, each as long as can be."""
        spans: list[Span] = []
        for start in range(len(words.keys)):
            if not spans or spans[-1].end <= start:
                spans.extend(next(([it] for it in self.starting(type_name, words, start)), []))
        return spans

    def _near(self, type_name: str, words: Words) -> list[Span]:
        """The values that a word that is in no sample may have been meant for."""
        ids = self._ids[type_name]
        spans = []
        for place, word in enumerate(words.keys):
            if word not in self._known:
                found = process.extract(word, list(ids), scorer=fuzz.ratio, score_cutoff=NEAR)
                best = [it for it, score, _ in found if score == found[0][1]]
                if best:
                    meant = dict.fromkeys(ident for it in best for ident in ids[it])
                    spans.append(Span(place, place + 1, tuple(meant)))
        return spans

    def _unlisted(self, intent: str, slot: str, words: Words) -> list[Span]:
        """A word that is in no sample, after words that the slot follows in the samples."""
        return [
            Span(place, place + 1)
            for place, word in enumerate(words.keys)
            if word not in self._known
            and words.keys[max(0, place - 2) : place] in self._before[intent, slot]
        ][:1]


def _first_words(values: Iterable[str]) -> set[str]:
    """The words that values begin with, and each with the s of "her calf's cramping"."""
    first = {key.split()[0] for key in values if key}
    return first | {f"{word}s" for word in first}


def _before(model: Model) -> dict[tuple[str, str], set[tuple[str, ...]]]:
    """For each intent and slot the two words before it in the samples."""
    before = defaultdict(set)
    for intent, samples in model.samples.items():
        for slot in model.slots.get(intent, ()):
            for sample in samples:
                head, found, _ = sample.partition("{" + slot + "}")
                if found:
                    before[intent, slot].add(read(head).keys[-2:])
    return before
