"""What an utterance means to the local Alexa: an intent with its slots, or Fallback.

This is not Alexa's own understanding. It hears what the samples say, and what comes close to it;
it never guesses, and what may be a warning sign is never taken for anything else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from skill.alexa.intents import NOT_A_LEG, event_for
from skill.coach.events import SignHeard
from skill.publish import models
from skill.simulator.alarms import Alarms, clauses, negated
from skill.simulator.closeness import Closeness
from skill.simulator.readings import Reading, SlotValue, readings
from skill.simulator.samples import Samples, Tokens, built_in_phrases
from skill.simulator.words import (
    BREAKS,
    COMMA,
    FILLERS,
    FREE,
    JOINS,
    NEGATIONS,
    Words,
    content,
    plain,
    read,
    without_chatter,
)

LAUNCH, FALLBACK = "LaunchRequest", "AMAZON.FallbackIntent"
CONFIDENCE = 0.75
"""What scores less is a Fallback."""
NEARLY_EQUAL, NEARLY_EQUAL_TO_A_SIGN = 0.015, 0.03
"""Scores no further apart than this cannot be told from each other."""
_SAME_BUT_FILLERS, _SAME_BUT_CHATTER, _IN_TWO = 0.98, 0.93, 0.9
_SURE = 0.95  # that each of two sentences is that; of the same meaning they may be less
_LONGEST_IN_TWO = 24
_ASIDES = ("stage", "helper")
_SLOTS_FOR_UNKNOWN = ("part", "helper", "denied", "also_denied")
_LONGEST_UNKNOWN = 3
_SIDES = frozenset({"left", "right"})

_CLOT_HISTORY, _PAIN_AFTER_CLOT = "ClotHistoryIntent", "PainAfterClotSignIntent"
DENIALS = frozenset({"DenialIntent", "SoftNoIntent", "LooksAlikeIntent", "NoInWordsIntent"})
_HURTS = frozenset({"SoreIntent", "StillHurtsIntent"})

# What matters less than anything else that is said in the same breath, the least first.
_LESS = (
    "ThanksIntent",
    "OkayIntent",
    "GoodbyeIntent",
    "AMAZON.NoIntent",
    "AMAZON.YesIntent",
    "YesInWordsIntent",
    "AMAZON.HelpIntent",
    "ScaredIntent",
    "InPainIntent",
    "CrampIntent",
)
_MATTERS = len(_LESS)
_POLITE = frozenset({"GoodbyeIntent", "ThanksIntent"})
_YES, _NO = frozenset({"AMAZON.YesIntent", "YesInWordsIntent"}), frozenset({"AMAZON.NoIntent"})
_NOT_AFTER_YES = _NO | {"DenialIntent", "NoInWordsIntent", "SoftNoIntent"}
_NOT_AFTER_NO = _YES | {"EasedIntent", "ABitIntent", "ABitBreathlessIntent", "BothSwollenIntent"}

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
        words = words.without_repeats()
        words = replace(words, tokens=self._closeness.corrected(words.tokens))
        found = self._readings(words)
        nearest = self._nearest(found)
        return (
            self._but_for_fillers(found)
            or self._alarm(found)
            or self._confident(nearest)
            or self._with_aside(found)
            or self._without_chatter(words)
            or self._in_two(words)
            or self._with_unknown_value(words, found)
            or self._alarm(found, single_words=True)
            or nearest
        )

    def _readings(self, words: Words) -> list[Reading]:
        """The readings, without those that take a denied part for the one that hurts."""
        found = readings(words, words.tokens, self.samples, fuzzy=True)
        return [reading for reading in found if not _denies_its_part(reading)]

    def _without_chatter(self, words: Words) -> _Candidate | None:
        start, end = without_chatter(words.tokens)
        if (start, end) == (0, len(words.tokens)):
            return None
        return _at_most(_SAME_BUT_CHATTER, self._plainly(words.part(start, end)))

    def _plainly(self, words: Words) -> _Candidate | None:
        """What words mean by themselves."""
        found = self._readings(words)
        exactly = self._literal_first(self._sentences(words, words.tokens))
        return exactly or self._but_for_fillers(found) or self._confident(self._nearest(found))

    def _in_two(self, words: Words) -> _Candidate | None:
        """Two sentences, one after the other, that mean the same or of which one matters less."""
        start, end = without_chatter(words.tokens)
        tokens = words.tokens[start:end]
        if len(tokens) > _LONGEST_IN_TWO:
            return None
        words = words.part(start, end)
        found = [self._joined(words, place) for place in range(1, len(tokens))]
        return max((it for it in found if it), key=lambda it: it.score, default=None)

    def _joined(self, words: Words, place: int) -> _Candidate | None:
        tokens = words.tokens
        ends, begins = place, place
        while ends and (tokens[ends - 1] in JOINS or tokens[ends - 1] in BREAKS):
            ends -= 1
        while begins < len(tokens) and (tokens[begins] in JOINS or tokens[begins] in BREAKS):
            begins += 1
        if not ends or begins == len(tokens) or negated(tokens, begins):
            return None
        first = self._plainly(words.part(0, ends))
        second = first and self._plainly(words.part(begins, len(tokens)))
        return self._both(first, second) if first and second else None

    def _both(self, first: _Candidate, second: _Candidate) -> _Candidate | None:
        """What two sentences mean together; None where neither may be left out."""
        score = min(first.score, second.score)
        intents = {first.intent, second.intent}
        if any(map(self._is_sign, (first, second))):
            return self._sign_beside(first, second)
        if _CLOT_HISTORY in intents and intents & _HURTS:
            return _Candidate(_PAIN_AFTER_CLOT, round(score * _IN_TWO, 3), {})
        main, other = (second, first) if _matters(second) >= _matters(first) else (first, second)
        if len(intents) > 1 and not (score >= _SURE and _agree(main, other)):
            return None
        own = self.samples.slots_of.get(main.intent, {})
        slots = {name: value for name, value in other.slots.items() if name in own} | main.slots
        return _Candidate(main.intent, round(score * _IN_TWO, 3), slots)

    def _sign_beside(self, first: _Candidate, second: _Candidate) -> _Candidate | None:
        """The worse sign of the two, unless the other sentence may speak of the same thing."""
        sign, other = sorted((first, second), key=self._urgency)
        denied = second.intent in _NO  # "chest pain no"
        if self._is_sign(other) or (other.intent in _LESS and not denied):
            return _at_most(_IN_TWO, sign)
        return None

    def _urgency(self, candidate: _Candidate) -> float:
        return self._level(candidate) or math.inf

    def _but_for_fillers(self, found: list[Reading]) -> _Candidate | None:
        return self._literal_first(
            _Candidate(intent, _SAME_BUT_FILLERS, reading.slots)
            for reading in found
            for intent in self._own(_without_fillers(reading.sentence))
        )

    def _own(self, sentence: str) -> list[str]:
        """The intents that have this sentence, with fillers or without."""
        samples = self.samples
        return samples.exact.get(sentence) or samples.without_fillers.get(sentence) or []

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
        denials = [it for it in near if it.intent in DENIALS]
        if denials:
            near = [it for it in near if it.intent in self.samples.levels] + denials[:1]
        if len({it.intent for it in near}) == 1:
            return self._sign_or(near[0], ranked)
        signs = [it for it in near if self._is_sign(it)]
        return min(signs, key=self._level, default=None)

    def _sign_or(self, best: _Candidate, ranked: list[_Candidate]) -> _Candidate:
        """The best one, or a sign that is nearly as good."""
        signs = [
            it
            for it in ranked
            if it.score >= best.score - NEARLY_EQUAL_TO_A_SIGN and it.intent in self.samples.levels
        ]
        return best if self._is_sign(best) else min(signs, key=self._level, default=best)

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
                nearest = self._but_for_fillers([rest]) or self._nearest([rest])
                if nearest and slot in self.samples.slots_of.get(nearest.intent, {}):
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
                kept = _without_fillers(sentence)
                if kept != "{" + slot + "}":
                    candidates += [
                        _Candidate(intent, CONFIDENCE, {slot: value}) for intent in self._own(kept)
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


def _denies_its_part(reading: Reading) -> bool:
    """Whether a part that is no part of a leg is denied: "it's not my tummy"."""
    part = reading.slots.get("part")
    if part is None or part.id not in NOT_A_LEG:
        return False
    before = content(reading.tokens[: reading.tokens.index("{part}")])
    return before[-1:] != () and before[-1] in NEGATIONS


def _at_most(score: float, found: _Candidate | None) -> _Candidate | None:
    return replace(found, score=round(score * found.score, 3)) if found else None


def _matters(candidate: _Candidate) -> int:
    """How much it matters beside something else."""
    return _LESS.index(candidate.intent) if candidate.intent in _LESS else _MATTERS


def _agree(main: _Candidate, other: _Candidate) -> bool:
    """Whether what matters less may go without a loss: no answer against what is said."""
    if _matters(other) == _MATTERS or (main.intent, other.intent) == ("EasedIntent", "CrampIntent"):
        return False
    if main.intent.startswith("AMAZON."):
        return other.intent in _POLITE
    if other.intent in _YES:
        return main.intent not in _NOT_AFTER_YES
    return other.intent not in _NO or main.intent not in _NOT_AFTER_NO


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
