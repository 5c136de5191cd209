"""What an utterance means to the local Alexa: an intent with its slots, or Fallback.

As on a real Alexa, all that is known is the model that is pasted into Amazon's console: first its
samples word for word, then what was learned from them, then nothing. It is not Alexa's own
understanding, but fails in the same ways.
"""

from __future__ import annotations

import re
import sys
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from skill.alexa.envelope import SlotValue
from skill.simulator.exact import Exact
from skill.simulator.model import FALLBACK, built, read_model
from skill.simulator.slots import Values
from skill.simulator.text import Words, read

if TYPE_CHECKING:
    from skill.simulator.learned import Learned

LAUNCH = "LaunchRequest"
ALWAYS, CALIBRATED, STRICT = 0.0, 0.62, 0.75
"""The score that an intent has to have. Of held-out sentences that are not meant for the skill, 85
of 100 are left alone at CALIBRATED and 94 of 100 at STRICT (`make understand`)."""
PATIENCE_SECONDS = 2.0

_INVOCATION = re.compile(r"(?:alexa )?(?:open|launch|start|begin) cramp coach")
_ONE_SHOT = re.compile(
    r"(?:alexa )?(?:ask|tell) cramp coach\b ?(?:(?:to|that|about|for|if|whether)\b)? ?(?P<rest>.*)"
)
_WAKE_WORD = re.compile(r"alexa (?P<rest>.*)")


@dataclass(frozen=True)
class Understood:
    """What was understood: `how` is exact, learned, fallback or launch; `score` from 0 to 1."""

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


@cache
def listener(locale: str) -> Listener:
    """The listener of a locale. KeyError if the locale is unknown."""
    return Listener(built(locale))


def understand(text: str, locale: str = "en-US", threshold: float = CALIBRATED) -> Understood:
    """How `text` is understood. KeyError if the locale is unknown."""
    return listener(locale).understand(text, threshold)


class Listener:
    """Understands utterances by a model, given as the JSON that Amazon gets."""

    def __init__(self, model: str) -> None:
        self._text = model
        self.model = read_model(model)
        self.values = Values(self.model)
        self.exact = Exact(self.model, self.values)
        self._learned: Future[Learned] | None = None
        self._lock = Lock()

    def prepare(self) -> Future[Learned]:
        """Begins to learn, or to read what was learned, in the background, once."""
        with self._lock:
            if self._learned is None:
                self._learned = Future()
                Thread(target=self._learn, args=[self._learned], daemon=True).start()
            return self._learned

    def understand(self, text: str, threshold: float = CALIBRATED) -> Understood:
        """How `text` is understood: exactly, as learned where that is probable, or not at all."""
        words = read(text)
        one_shot = _ONE_SHOT.fullmatch(words.key)
        if _INVOCATION.fullmatch(words.key) or (one_shot and not one_shot["rest"]):
            return Understood(text, LAUNCH, how="launch")
        if spoken := one_shot or _WAKE_WORD.fullmatch(words.key):
            words = words.after(len(words.keys) - len(spoken["rest"].split()))
        if found := self.exact.best(words):
            return Understood(text, found.intent, found.slots)
        intent, score = self.guess(words)
        if score < threshold:
            return Understood(text, FALLBACK, how="fallback", score=score)
        return Understood(text, intent, self.values.fill(intent, words), "learned", score)

    def guess(self, words: Words) -> tuple[str, float]:
        """The likeliest intent that is none of Amazon's, and its score."""
        (best,) = self.readings(words, 1)
        return best

    def readings(self, words: Words, most: int) -> list[tuple[str, float]]:
        """The likeliest intents that are none of Amazon's, and the score of each."""
        learned = self._when_learned()
        (row,) = learned.scores([words.key])
        best = (-row).argsort(kind="stable")[:most]
        return [(learned.intents[it], round(float(row[it]), 3)) for it in best]

    def _when_learned(self) -> Learned:
        learned = self.prepare()
        try:
            return learned.result(PATIENCE_SECONDS)
        except TimeoutError:
            print("Not ready yet: it learns from the samples first, once.", file=sys.stderr)
            return learned.result()

    def _learn(self, learned: Future[Learned]) -> None:
        try:
            from skill.simulator.store import learned_from

            learned.set_result(learned_from(self._text))
        except Exception as error:  # noqa: BLE001 it is raised to whoever waits
            learned.set_exception(error)
