"""A linear classifier that is fitted on a model's samples, and on what is not meant for the skill.

Word 1-2-grams and character 4-grams, weighed by tf-idf, into one linear support vector machine for
all intents (Crammer and Singer's: a machine for each intent would take twice as long). How far an
intent is ahead of Fallback is its score: not how far it is ahead of the next intent, since what
lies between two of them is meant for the skill.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack
from scipy.special import expit
from sklearn import config_context
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from skill.simulator.model import FALLBACK, Ids, Model
from skill.simulator.text import read

WORD_FOR_WORD = ("AMAZON.YesIntent", "AMAZON.NoIntent")
"""What a sentence is never taken for."""
FILLINGS = 2
"""How many sentences a sample with slots becomes."""
SHARPNESS = 2.0
"""What a lead is multiplied by before it becomes a score between 0 and 1."""

Floats = NDArray[np.float32]

_SLOT = re.compile(r"\{\w+\}(?:'s)?")


@dataclass(frozen=True)
class Fitted:
    """What was learned: the terms of each kind of n-gram, and for each term, one kind after the
    other, its idf and a row of weights, a column an intent."""

    intents: list[str]
    terms: list[list[str]]
    idf: Floats
    weights: Floats
    bias: Floats


class Learned:
    """Tells how far each intent is ahead of Fallback. ValueError if what was learned is unsound."""

    def __init__(self, fitted: Fitted) -> None:
        self.intents = fitted.intents
        self.fallback = fitted.intents.index(FALLBACK)
        self._fitted = fitted
        self._vectorizers = _vectorizers()
        ends = np.cumsum([len(terms) for terms in fitted.terms])
        idf = np.split(fitted.idf, ends[:-1])
        for vectorizer, terms, its in zip(self._vectorizers, fitted.terms, idf, strict=True):
            vectorizer.vocabulary = terms
            vectorizer.idf_ = its

    def scores(self, texts: list[str]) -> Floats:
        """A row for each text (as `text.read` keys it), a column for each of `intents`.

        From 0 to 1, and 0.5 where an intent is level with Fallback; Fallback itself has 0.
        """
        with config_context(assume_finite=True, skip_parameter_validation=True):  # a third of it
            features = hstack([each.transform(texts) for each in self._vectorizers], format="csr")
        margins = features @ self._fitted.weights + self._fitted.bias
        found: Floats = expit(SHARPNESS * (margins - margins[:, [self.fallback]]))
        found[:, self.fallback] = 0
        return found


def fit(sentences: Iterable[tuple[str, str]]) -> Fitted:
    """Learns from sentences and their intents. The same sentences always give the same."""
    texts, intents = zip(*sentences, strict=True)
    vectorizers = _vectorizers()
    features = hstack([each.fit_transform(texts) for each in vectorizers], format="csr")
    # C and tol by `make understand`: a larger C, or a smaller tol, takes longer and hears no more
    machine = LinearSVC(C=0.5, tol=0.1, multi_class="crammer_singer", random_state=0)
    machine.fit(features, intents)
    return Fitted(
        list(map(str, machine.classes_)),
        [list(each.get_feature_names_out()) for each in vectorizers],
        np.concatenate([each.idf_ for each in vectorizers], dtype=np.float32),
        np.ascontiguousarray(machine.coef_.T, np.float32),
        machine.intercept_.astype(np.float32),
    )


def sentences(model: Model, background: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What to learn from: samples with slots filled, and what is left alone as Fallback."""
    values = {name: cycle(_usual_often(ids)) for name, ids in model.types.items()}
    alone = {it for said in model.samples.values() for it in said if _SLOT.fullmatch(it)}
    for intent, samples in model.samples.items():
        for sample in samples if intent not in WORD_FOR_WORD else ():
            for filled in _filled(sample, model.slots.get(intent, {}), values):
                yield read(filled).key, intent
            if frame := _frame(sample, alone):
                yield read(frame).key, intent
    yield from ((read(line).key, FALLBACK) for line in background)


def _usual_often(ids: Ids) -> list[str]:
    """The values of a slot type, the usual word of an id before each of its other words."""
    return [
        value
        for usual, *others in ids.values()
        for value in (usual, *(each for other in others for each in (other, usual)))
    ]


def _filled(sample: str, slots: dict[str, str], values: dict[str, Any]) -> Iterator[str]:
    used = [slot for slot in slots if "{" + slot + "}" in sample]
    for _ in range(FILLINGS if used else 1):
        filled = sample
        for slot in used:
            filled = filled.replace("{" + slot + "}", next(values[slots[slot]]))
        yield filled


def _frame(sample: str, alone: set[str]) -> str:
    """A sample without its slot, which may hold what is no value; "" where that tells too little.

    alone: slots that may be all that is said, and so be misheard: "my half is cramping".
    """
    rest = _SLOT.sub("", sample)
    slots = {found[0].removesuffix("'s") for found in _SLOT.finditer(sample)}
    return rest if slots and slots <= alone and len(rest.split()) > 1 else ""


def _vectorizers() -> list[TfidfVectorizer]:
    common = {"sublinear_tf": True, "dtype": np.float32, "lowercase": False, "min_df": 2}
    return [
        TfidfVectorizer(analyzer="word", ngram_range=(1, 2), token_pattern=r"\S+", **common),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), **common),
    ]
