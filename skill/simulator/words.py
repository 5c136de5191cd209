"""Words: from what was typed or said to tokens that can be compared.

Case, apostrophes, digits and contractions are made alike: "I CAN’T" is `i can not`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hassil.numbers import get_rbnf_engine

COMMA = ","
"""The token of anything that ends a clause."""

NO = frozenset({"no", "nope", "nah"})
ANSWERED_NO = "no,"
"""A "no" that answers, and denies nothing of what follows: "no my chest hurts"."""

NEGATIONS = (
    NO
    | frozenset({ANSWERED_NO})
    | frozenset("not never neither nor without nothing none nobody hardly barely".split())
)

FILLERS = frozenset(
    """
    um umm uh er erm hmm mm ah aah oh ooh ow ouch argh ugh please just really like now alexa
    so actually literally basically
    """.split()
)
"""Said without meaning anything; free in any number."""

FREE = FILLERS | frozenset(
    """
    a an the this that these those there here some any all too very quite also even then i me
    my mine myself you your we us our it its she he her him his they them their is am are was
    were be been being has have had having do does did can could would will should get gets
    got getting to of in on at for from with into by about and but or as than seems looks
    feels left right 's
    """.split()
)
"""Function words: they may be left out or added at no more than a small cost."""

SUBJECTS = frozenset(
    """
    i my the it this that these those there she he her his we our they their you your both one
    {part} {helper} {stage}
    """.split()
)
"""Words that begin a clause of its own."""

BREAKS = frozenset(
    "but because although though however except why when while whereas unless".split()
)
"""Words after which nothing that was denied before counts any more."""

JOINS = frozenset({COMMA, "and", "plus", "also", "then", "so"})
"""What joins a clause to the one before, or an item of a list."""

DOUBTS = frozenset(
    """
    think believe reckon say said saying mean know sure tell see notice noticed look looks
    seem seems guess suppose certain remember convinced aware wonder find feel that like if
    whether
    """.split()
)
"""Words that carry a "not" over into the clause after them: "i don't think my leg is hot"."""

_LEADS = NO | {"yes", "yeah", "yep", "yup", "okay", "well"}
_AFTER_AN_ANSWER = SUBJECTS | BREAKS | JOINS | _LEADS

DIGITS = {
    str(digit): word
    for digit, word in enumerate("zero one two three four five six seven eight nine".split())
}

_CONTRACTED = {
    "cant": "can't", "dont": "don't", "wont": "won't", "isnt": "isn't", "arent": "aren't",
    "wasnt": "wasn't", "werent": "weren't", "doesnt": "doesn't", "didnt": "didn't",
    "hasnt": "hasn't", "havent": "haven't", "hadnt": "hadn't", "couldnt": "couldn't",
    "shouldnt": "shouldn't", "wouldnt": "wouldn't", "aint": "ain't",
    "im": "i'm", "ive": "i've", "youre": "you're", "theyre": "they're", "weve": "we've",
    "its": "it's", "thats": "that's", "shes": "she's", "hes": "he's", "theres": "there's",
    "whats": "what's", "wheres": "where's", "hows": "how's", "whos": "who's", "lets": "let's",
    "cos": "because", "coz": "because", "cuz": "because", "'cause": "because", "'cos": "because",
    "ok": "okay",
}  # fmt: skip

_SPLIT = (
    (re.compile(r"\bcan(?:no|')t\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bain't\b"), "is not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"'s\b"), " 's"),
)

# What is typed or pasted for an apostrophe: curly ones, modifier letter, accents, full width.
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc`\u00b4\uff07", "'"))
_WORD_OR_COMMA = re.compile(r"'?[a-z]+(?:'[a-z]+)*|[.,;:!?\u2026()\u2013\u2014]+")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Words:
    """What was said: `tokens`, and for each the place of its word in `said`."""

    said: tuple[str, ...]
    tokens: tuple[str, ...]
    origins: tuple[int, ...]

    def between(self, start: int, end: int) -> str:
        """The words as they were said for tokens `start` up to `end`."""
        whole = self.origins[end : end + 1] != (self.origins[end - 1],)
        if whole and (start == 0 or self.origins[start - 1] != self.origins[start]):
            return " ".join(self.said[self.origins[start] : self.origins[end - 1] + 1])
        return " ".join(self.tokens[start:end]).replace(" 's", "'s")


def read(text: str) -> Words:
    """The words of `text`."""
    said = tuple(_CONTRACTED.get(word, word) for word in _words(text))
    split = [(token, place) for place, word in enumerate(said) for token in _split(word).split()]
    return Words(said, tuple(token for token, _ in split), tuple(place for _, place in split))


def plain(text: str) -> str:
    """`text` with its words one space apart, contractions kept, clause marks gone."""
    return " ".join(word for word in read(text).said if word != COMMA)


def split_literal(text: str) -> str:
    """A literal piece of a template with its contractions split as in `read`."""
    return _split(text.replace("-", " "))


def _words(text: str) -> Iterable[str]:
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).lower()
    text = text.replace("&", " and ")
    text = _NUMBER.sub(lambda number: f" {_spelled(number.group())} ", text)
    for found in _WORD_OR_COMMA.findall(text):
        yield found if found[-1].isalpha() else COMMA


@lru_cache(maxsize=256)
def _spelled(digits: str) -> str:
    """Small numbers as numbers, long ones digit by digit: "10" is ten, "999" nine nine nine."""
    if not digits.isascii() or len(digits) > 2 or digits.startswith("0"):
        return " ".join(DIGITS[str(int(digit))] for digit in digits)
    spelled = get_rbnf_engine("en").format_number(int(digits)).text
    return spelled.replace("-", " ")


@lru_cache(maxsize=10_000)
def _split(word: str) -> str:
    if "'" not in word and word != "cannot":
        return word
    for contraction, apart in _SPLIT:
        word = contraction.sub(apart, word)
    return word.lstrip("'")


def content(tokens: Sequence[str]) -> tuple[str, ...]:
    """The tokens that mean something by themselves, negations among them."""
    return tuple(
        ANSWERED_NO if token in NO and not denies(tokens, place) else token
        for place, token in enumerate(tokens)
        if token not in FREE and token != COMMA
    )


def denies(tokens: Sequence[str], place: int) -> bool:
    """Whether the token at `place` denies what follows; a "no" before a clause only answers."""
    if tokens[place] not in NO:
        return tokens[place] in NEGATIONS
    after = tokens[place + 1 : place + 2]
    return bool(after) and after[0] not in _AFTER_AN_ANSWER


def answers(tokens: Sequence[str], place: int) -> bool:
    """Whether the token at `place` is a yes or no, or the like, to a question before."""
    return tokens[place] in _LEADS and not denies(tokens, place)


_IRREGULAR = {
    "calves": "calf", "feet": "foot", "swollen": "swell", "felt": "feel", "fell": "fall",
    "fallen": "fall", "gone": "go", "went": "go", "goes": "go", "woke": "wake", "woken": "wake",
    "stood": "stand", "took": "take", "taken": "take", "given": "give", "gave": "give",
    "came": "come", "broke": "break", "broken": "break", "lying": "lie", "bled": "bleed",
    "worst": "worse",
}  # fmt: skip
_ENDINGS = ("ing", "ed", "es", "s", "e", "y")


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """A word without its inflection: "cramping" and "cramps" are `cramp`."""
    if word in _IRREGULAR:
        return stem(_IRREGULAR[word])
    if word.endswith(("ss", "eed")):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            if ending in ("ing", "ed") and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            return word.removesuffix("e") if ending in ("es", "s") and len(word) > 3 else word
    return word
