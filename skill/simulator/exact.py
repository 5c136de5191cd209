"""Samples word for word, with any value of its type in each slot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from skill.alexa.envelope import SlotValue
from skill.simulator.model import Model
from skill.simulator.slots import Span, Values
from skill.simulator.text import Words, key


@dataclass(frozen=True)
class Match:
    """An intent that has a sample for what was said; `literal` counts words that fill no slot."""

    intent: str
    slots: dict[str, SlotValue]
    literal: int


class Exact:
    """Finds the samples that are what was said."""

    def __init__(self, model: Model, values: Values) -> None:
        self._values = values
        self._type_of = {name: it for own in model.slots.values() for name, it in own.items()}
        self._owners: dict[str, list[str]] = defaultdict(list)
        for said in (model.samples, model.phrases):
            for intent, samples in said.items():
                for sample in samples:
                    self._owners[key(sample.replace("-", " "))].append(intent)
        self._begun = {
            " ".join(words[:count])
            for words in map(str.split, self._owners)
            for count in range(1, len(words) + 1)
        }

    def best(self, words: Words) -> Match | None:
        """The intent with the fewest words in slots; of its matches the one that fills the most."""
        matches = list(self._matches(words, 0, "", {}))
        if not matches:
            return None
        first = max(matches, key=lambda it: it.literal)
        own = [it for it in matches if it.intent == first.intent]
        return max(own, key=lambda it: len(it.slots))

    def intents(self, words: Words) -> set[str]:
        """Every intent that has a sample for what was said."""
        return {it.intent for it in self._matches(words, 0, "", {})}

    def _matches(
        self, words: Words, place: int, sample: str, spans: dict[str, Span]
    ) -> Iterator[Match]:
        """The matches of a sample that begins with `sample` for the words up to `place`."""
        if place == len(words.keys):
            slots = {name: span.value(words) for name, span in spans.items()}
            literal = place - sum(span.end - span.start for span in spans.values())
            yield from (Match(it, slots, literal) for it in self._owners.get(sample, ()))
            return
        for word, end, found in self._steps(words, place, spans):
            longer = f"{sample} {word}".lstrip()
            if longer in self._begun:
                yield from self._matches(words, end, longer, spans | found)

    def _steps(
        self, words: Words, place: int, spans: dict[str, Span]
    ) -> Iterator[tuple[str, int, dict[str, Span]]]:
        """What may come next: the word itself, or a slot that takes it and perhaps more."""
        yield words.keys[place], place + 1, {}
        for slot, type_name in self._type_of.items():
            if slot not in spans:
                for span in self._values.starting(type_name, words, place):
                    end = "s" if span.possessive else ""
                    yield "{" + slot + "}" + end, span.end, {slot: span}
