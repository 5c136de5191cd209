"""Cross-validation: each sample heard by a listener that never saw its template.

It tells which intents are near to each other, and where the thresholds belong: no set has a say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from skill.publish import source
from skill.publish.own_words import own_words
from skill.publish.templates import expand
from skill.simulator.learned import Learned, fit, sentences
from skill.simulator.model import FALLBACK, Model, background, built, read_model

FOLDS = 4


@dataclass(frozen=True)
class Guess:
    """A held-out sentence, its intent, and what it was taken for, with what score."""

    say: str
    intent: str
    guess: str
    score: float


def guesses(locale: str = "en-US") -> list[Guess]:
    """Every sample and every line of the background, heard by a listener of the other folds."""
    model, lines = read_model(built(locale)), background()
    fold_of = _folds(locale)
    found: list[Guess] = []
    for fold in range(FOLDS):
        own = [line for place, line in enumerate(lines) if place % FOLDS == fold]
        others = [line for place, line in enumerate(lines) if place % FOLDS != fold]
        held = {key for key, its_fold in fold_of.items() if its_fold == fold}
        listener = Learned(fit(sentences(_part(model, held, kept=False), others)))
        found += _heard(listener, list(sentences(_part(model, held, kept=True), own)))
    return found


def _folds(locale: str) -> dict[tuple[str, str], int]:
    """The fold of each sample: samples of one template are in one fold, own words anywhere."""
    intents = source.parse(source.read(locale))
    folds: dict[tuple[str, str], int] = {}
    for name in intents.intents:
        for number, sentence in enumerate(source.sentences(intents, name)):
            fold = crc32(f"{name} {number}".encode()) % FOLDS
            for sample in expand(sentence.expression, intents.expansion_rules):
                folds.setdefault((name, sample), fold)
    own = ((name, sample) for name, said in own_words().items() for sample in said)
    return {it: crc32(" ".join(it).encode()) % FOLDS for it in own} | folds


def _part(model: Model, held: set[tuple[str, str]], *, kept: bool) -> Model:
    """The model with those of its samples alone that are held out, or that are not."""
    samples = {
        intent: [it for it in said if ((intent, it) in held) is kept]
        for intent, said in model.samples.items()
    }
    return replace(model, samples=samples)


def _heard(listener: Learned, held: list[tuple[str, str]]) -> Iterator[Guess]:
    rows = listener.scores([text for text, _ in held])
    for (text, intent), best, score in zip(held, rows.argmax(1), rows.max(1), strict=True):
        yield Guess(text, intent, listener.intents[best], float(score))


def report(found: list[Guess], thresholds: dict[str, float]) -> None:
    """Prints what held-out samples and the background become, and the most confused pairs."""
    inside = [it for it in found if it.intent != FALLBACK]
    outside = [it for it in found if it.intent == FALLBACK]
    print(f"\n== Cross-validation: {len(inside)} samples, {len(outside)} lines of background")
    for name, threshold in thresholds.items():
        taken = [it for it in inside if it.score >= threshold]
        right = sum(it.guess == it.intent for it in taken) / len(inside)
        left_alone = sum(it.score < threshold for it in outside) / len(outside)
        wrong = len(taken) / len(inside) - right
        print(
            f"{name:10} {threshold:.2f}  right {right:6.1%}  wrong {wrong:6.1%}  "
            f"background left alone {left_alone:6.1%}"
        )
    scores = [it.score for it in outside]
    for share in (0.85, 0.9, 0.95, 0.97):
        print(f"{share:.0%} of the background is left alone at {np.quantile(scores, share):.3f}")
    pairs = Counter((it.intent, it.guess) for it in inside if it.guess != it.intent)
    print("most confused (intent, taken for, times, for example):")
    for (intent, guess), count in pairs.most_common(30):
        say = next(it.say for it in inside if (it.intent, it.guess) == (intent, guess))
        print(f"  {intent} > {guess}: {count}, {say!r}")
