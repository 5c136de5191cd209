"""What an utterance means to the local Alexa: an intent with its slots, or Fallback.

This is not Alexa's own understanding. It hears what the samples say, and what comes close to it;
it never guesses, and what may be a warning sign is never taken for anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from skill.alexa.intents import event_for
from skill.coach.events import SignHeard
from skill.publish import models
from skill.simulator.alarms import Alarms, clauses
from skill.simulator.closeness import Closeness
from skill.simulator.readings import Reading, SlotValue, readings
from skill.simulator.samples import Samples, Tokens, built_in_phrases
from skill.simulator.words import COMMA, FILLERS, FREE, NEGATIONS, Words, plain, read

LAUNCH, FALLBACK = "LaunchRequest", "AMAZON.FallbackIntent"
CONFIDENCE = 0.75
"""What scores less is a Fallback."""
NEARLY_EQUAL = 0.03
_SAME_BUT_FILLERS, _SAME_BUT_TYPOS = 0.98, 0.95
_ASIDES = ("stage", "helper")
_SLOTS_FOR_UNKNOWN = ("part", "helper", "denied", "also_denied")
_LONGEST_UNKNOWN = 3
_SIDES = frozenset({"left", "right"})

_INVOCATION = re.compile(r"(?:alexa )?(?:open|launch|start|begin) cramp coach")
_ONE_SHOT = re.compile(
    r"(?:alexa )?(?:ask|tell) cramp coach\b ?(?:(?:to|that|about|for|if|whether)\b)? ?(?P<rest>.*)"
)
_WAKE_WORD = re.compile(r"alexa ")


@dataclass(frozen=True)
class Understood:
    """What was understood: `how` is exact, close, fallback or launch; `score` from 0 to 1."""

    text: str
    intent: str
    slots: dict[str, SlotValue] = field(default_factory=dict)
    how: str = "exact"
    score: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """As `cramp-coach understand` prints it."""
        return {
            "text": self.text,
            "intent": self.intent,
            "slots": {name: {"value": it.value, "id": it.id} for name, it in self.slots.items()},
            "how": self.how,
            "score": self.score,
        }


@dataclass(frozen=True)
class _Candidate:
    intent: str
    score: float
    slots: dict[str, SlotValue]


@cache
def listener(locale: str) -> Listener:
    """The listener of a locale. KeyError if the locale is unknown."""
    return Listener(Samples(models.source(locale), built_in_phrases()))


def understand(text: str, locale: str = "en-US") -> Understood:
    """How `text` is understood. KeyError if the locale is unknown."""
    return listener(locale).understand(text)


class Listener:
    """Understands utterances by the samples of a model."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self._closeness = Closeness(samples)
        self._alarms = Alarms(samples, self._closeness)

    def understand(self, text: str) -> Understood:
        """How `text` is understood: exactly, closely, or not at all."""
        said = plain(text)
        one_shot = _ONE_SHOT.fullmatch(said)
        if _INVOCATION.fullmatch(said) or (one_shot and not one_shot["rest"]):
            return Understood(text, LAUNCH, how="launch")
        words = _without(read(text), said, one_shot["rest"] if one_shot else said)
        if found := self._exact(words):
            return Understood(text, found.intent, found.slots)
        found = self._close(words)
        if found is None or found.score < CONFIDENCE:
            score = found.score if found else 0.0
            return Understood(text, FALLBACK, how="fallback", score=score)
        return Understood(text, found.intent, found.slots, "close", found.score)

    def slot_value(self, intent: str, slot: str, value: str) -> SlotValue:
        """`value` resolved as Alexa does; an id of the slot's list resolves to itself.

        KeyError if the intent has no such slot.
        """
        list_name = self.samples.slots_of[intent][slot]
        if value in self.samples.names[list_name]:
            return SlotValue(value, (value,))
        ids = self.samples.values[list_name].get(read(value).tokens, [])
        return SlotValue(value, tuple(ids))

    def exact_intents(self, text: str) -> set[str]:
        """Every intent that has `text` among its sentences."""
        words = read(text)
        return {found.intent for found in self._sentences(words, words.tokens)}

    def _exact(self, words: Words) -> _Candidate | None:
        return self._literal_first(self._sentences(words, words.tokens))

    def _sentences(self, words: Words, tokens: Tokens) -> Iterator[_Candidate]:
        for reading in readings(words, tokens, self.samples, fuzzy=False):
            for intent in self.samples.exact.get(reading.sentence, ()):
                yield _Candidate(intent, 1.0, reading.slots)

    def _literal_first(self, candidates: Iterable[_Candidate]) -> _Candidate | None:
        """The intent whose sentence takes the fewest words for slots, with all slots it has."""
        found = sorted(candidates, key=lambda it: len(it.slots))
        literal = [it for it in found if len(it.slots) == len(found[0].slots)]
        if not (chosen := self._unrivalled(literal)):
            return None
        return next(it for it in reversed(found) if it.intent == chosen.intent)

    def _close(self, words: Words) -> _Candidate | None:
        tokens = self._closeness.corrected(words.tokens)
        found = readings(words, tokens, self.samples, fuzzy=True)
        score = _SAME_BUT_FILLERS if tokens == words.tokens else _SAME_BUT_TYPOS
        return (
            self._but_for_fillers(found, score)
            or self._alarm(found)
            or self._confident(self._nearest(found))
            or self._with_aside(found)
            or self._with_unknown_value(words, found)
            or self._alarm(found, single_words=True)
            or self._nearest(found)
        )

    def _but_for_fillers(self, found: list[Reading], score: float) -> _Candidate | None:
        return self._literal_first(
            _Candidate(intent, score, reading.slots)
            for reading in found
            for intent in self._own(_without_fillers(reading.sentence))
        )

    def _own(self, sentence: str) -> list[str]:
        """The intents that have this sentence; Amazon's own are heard word for word only."""
        samples = self.samples
        owners = samples.exact.get(sentence) or samples.without_fillers.get(sentence) or []
        return [intent for intent in owners if not intent.startswith("AMAZON.")]

    def _alarm(self, found: list[Reading], *, single_words: bool = False) -> _Candidate | None:
        alarm = self._alarms.worst(found, single_words=single_words)
        if alarm is None:
            return None
        slots = {**self._asides(alarm.intent, found), **alarm.span.slots}
        return _Candidate(alarm.intent, alarm.score, slots)

    def _asides(self, intent: str, found: list[Reading]) -> dict[str, SlotValue]:
        """Who speaks or what she is, said in a clause of its own, where the intent has a slot."""
        return {
            slot: reading.slots[slot]
            for slot in _ASIDES
            if slot in self.samples.slots_of.get(intent, {})
            for reading in found
            if _apart(reading, slot)
        }

    def _nearest(self, found: list[Reading]) -> _Candidate | None:
        best: dict[str, _Candidate] = {}
        for reading in found:
            for match in self._closeness.matches(reading.tokens):
                candidate = _Candidate(match.intent, match.score, reading.slots)
                if _rank(candidate) > _rank(best.get(match.intent)):
                    best[match.intent] = candidate
        return self._unrivalled(best.values())

    def _unrivalled(self, candidates: Iterable[_Candidate]) -> _Candidate | None:
        """The best one. Of several that are nearly as good a sign, else none."""
        ranked = sorted(candidates, key=lambda it: -it.score)
        near = [it for it in ranked if it.score >= ranked[0].score - NEARLY_EQUAL]
        if len({it.intent for it in near}) <= 1:
            return near[0] if near else None
        signs = [it for it in near if self._is_sign(it)]
        return min(signs, key=self._level, default=None)

    def _is_sign(self, candidate: _Candidate) -> bool:
        ids = {name: value.id for name, value in candidate.slots.items()}
        return isinstance(event_for(candidate.intent, ids), SignHeard)

    def _level(self, candidate: _Candidate) -> int:
        ids = {name: value.id for name, value in candidate.slots.items()}
        event = event_for(candidate.intent, ids)
        return event.sign.level if isinstance(event, SignHeard) else 0

    def _confident(self, found: _Candidate | None) -> _Candidate | None:
        return found if found and found.score >= CONFIDENCE else None

    def _with_aside(self, found: list[Reading]) -> _Candidate | None:
        """A clause that only says who speaks or what she is, and the rest, which stands alone."""
        for reading in found:
            for slot in _ASIDES:
                if not (rest := _apart(reading, slot)):
                    continue
                nearest = self._but_for_fillers([rest], 1.0) or self._nearest([rest])
                if nearest and slot in self.samples.slots_of[nearest.intent]:
                    slots = {slot: reading.slots[slot], **nearest.slots}
                    return replace(nearest, slots=slots, score=round(nearest.score * 0.98, 3))
        return None

    def _with_unknown_value(self, words: Words, found: list[Reading]) -> _Candidate | None:
        """A sample that fits exactly but for a word in a slot that is not of its list."""
        tokens = found[0].tokens
        candidates = []
        for start, end in self._unknown_spans(tokens):
            value = SlotValue(words.between(start, end))
            for slot in _SLOTS_FOR_UNKNOWN:
                sentence = Reading((*tokens[:start], "{" + slot + "}", *tokens[end:])).sentence
                candidates += [
                    _Candidate(intent, CONFIDENCE, {slot: value})
                    for intent in self._own(_without_fillers(sentence))
                ]
        return self._literal_first(candidates)

    def _unknown_spans(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        for start in range(len(tokens)):
            for end in range(start + 1, min(len(tokens), start + _LONGEST_UNKNOWN) + 1):
                if self._may_be_a_thing(tokens[start:end]):
                    yield start, end

    def _may_be_a_thing(self, tokens: Tokens) -> bool:
        """Whether these may name something: words of values or of no sample, no verb among them."""
        unknown = [it for it in tokens if it not in self.samples.vocabulary and it not in FREE]
        known = [it for it in tokens if it not in unknown]
        return (
            bool(unknown)
            and all(it in self._value_words and it not in NEGATIONS for it in known)
            and not any(it == COMMA or it.endswith(("ing", "ed", "n't")) for it in unknown)
        )

    @cached_property
    def _value_words(self) -> frozenset[str]:
        samples = self.samples
        takers = {
            name
            for name, slots in samples.slot_names.items()
            if set(slots) & set(_SLOTS_FOR_UNKNOWN)
        }
        return _SIDES.union(*(words for name in takers for words in samples.values[name]))


def _without(words: Words, said: str, rest: str) -> Words:
    """The words without the invocation or the wake word that they begin with."""
    wake_word = _WAKE_WORD.match(rest)
    kept = rest[wake_word.end() :] if wake_word else rest
    return words if kept == said else read(kept)


def _without_fillers(sentence: str) -> str:
    return " ".join(word for word in sentence.split() if word not in FILLERS)


def _rank(candidate: _Candidate | None) -> float:
    """By score; between nearly equal ones the more slots the better."""
    return candidate.score + 0.01 * len(candidate.slots) if candidate else -1.0


def _apart(reading: Reading, slot: str) -> Reading | None:
    """What a reading says besides a clause that is nothing but this slot; None without one."""
    placeholder = "{" + slot + "}"
    spans = clauses(reading.tokens)
    rest = [(start, end) for start, end in spans if reading.tokens[start:end] != (placeholder,)]
    if len(rest) in (0, len(spans)):
        return None
    tokens = tuple(token for start, end in rest for token in (*reading.tokens[start:end], COMMA))
    return Reading(tokens, {name: it for name, it in reading.slots.items() if name != slot})
