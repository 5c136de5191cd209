"""Readings: the ways in which words that name a slot's value can be taken for that slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from skill.simulator.samples import Samples, Tokens
from skill.simulator.words import COMMA, Words, stem

_MOST_READINGS = 128
_MOST_PLACES = 10


@dataclass(frozen=True)
class SlotValue:
    """A slot's value as it was said, and the ids that it resolves to: none for NO_MATCH."""

    value: str
    ids: tuple[str, ...] = ()

    @property
    def id(self) -> str | None:
        """The best id."""
        return self.ids[0] if self.ids else None


@dataclass(frozen=True)
class Reading:
    """The tokens with some of them taken for slots, which stand as `{slot}`."""

    tokens: Tokens = ()
    slots: dict[str, SlotValue] = field(default_factory=dict)

    def part(self, start: int, end: int) -> Reading:
        """The tokens `start` up to `end` as a reading of their own."""
        tokens = self.tokens[start:end]
        return Reading(
            tokens,
            {name: value for name, value in self.slots.items() if "{" + name + "}" in tokens},
        )

    @property
    def sentence(self) -> str:
        """The tokens as a sample would have them."""
        return " ".join(token for token in self.tokens if token != COMMA)


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    slot: str
    ids: tuple[str, ...]


def readings(words: Words, tokens: Tokens, samples: Samples, *, fuzzy: bool) -> list[Reading]:
    """The readings of `tokens` (those of `words`, or corrected ones), the plain one first.

    With `fuzzy` a value is found by the stems of its words too.
    """
    mentions = _first(list(_mentions(tokens, samples, fuzzy)))
    plain = Reading(tokens)
    others = islice(_with_mentions(words, tokens, mentions, 0), _MOST_READINGS)
    return [plain, *(reading for reading in others if reading.slots)]


def _first(mentions: list[_Mention]) -> list[_Mention]:
    """Those at the first few places; what is said at more would take for ever to combine."""
    places = sorted({mention.start for mention in mentions})[:_MOST_PLACES]
    return [mention for mention in mentions if mention.start in places]


def _mentions(tokens: Tokens, samples: Samples, fuzzy: bool) -> Iterator[_Mention]:
    stems = tuple(map(stem, tokens))
    for name, values in samples.values.items():
        stemmed = samples.stemmed_values[name] if fuzzy else {}
        longest = max(map(len, values), default=0)
        for start in range(len(tokens)):
            for end in range(min(len(tokens), start + longest), start, -1):
                ids = values.get(tokens[start:end]) or stemmed.get(stems[start:end])
                for slot in samples.slot_names.get(name, ()) if ids else ():
                    yield _Mention(start, end, slot, tuple(ids or ()))


def _with_mentions(
    words: Words, tokens: Tokens, mentions: list[_Mention], start: int
) -> Iterator[Reading]:
    """Readings of the tokens from `start` on, with and without each mention, fullest first."""
    ahead = [mention for mention in mentions if mention.start >= start]
    if not ahead:
        yield Reading(tokens[start:])
        return
    first = min(mention.start for mention in ahead)
    for mention in (mention for mention in ahead if mention.start == first):
        value = SlotValue(words.between(mention.start, mention.end), mention.ids)
        for rest in _with_mentions(words, tokens, mentions, mention.end):
            if mention.slot not in rest.slots:
                before = (*tokens[start:first], "{" + mention.slot + "}")
                yield Reading((*before, *rest.tokens), {mention.slot: value, **rest.slots})
    for rest in _with_mentions(words, tokens, mentions, first + 1):
        yield replace(rest, tokens=(*tokens[start : first + 1], *rest.tokens))
