"""What was typed, as a speech recogniser would write it: lower case, numbers in words, no marks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from unicode_rbnf import RbnfEngine

DIGITS = {
    str(digit): word
    for digit, word in enumerate("zero one two three four five six seven eight nine".split())
}

# What is typed or pasted for an apostrophe: curly ones, modifier letter, accents, full width.
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc`\u00b4\uff07", "'"))
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z][a-z']*")
_CAN_NOT = re.compile(r"\bcan\s+not\b")


@dataclass(frozen=True)
class Words:
    """The words as said, and for each the key that it is compared by: "can't" is `cant`."""

    said: tuple[str, ...]
    keys: tuple[str, ...]

    def after(self, count: int) -> Words:
        """The words without the first `count`."""
        return Words(self.said[count:], self.keys[count:])

    @property
    def key(self) -> str:
        """All keys, one space apart."""
        return " ".join(self.keys)


def read(text: str) -> Words:
    """The words of `text`."""
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).lower()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = _NUMBER.sub(lambda number: f" {_spelled(number.group())} ", text)
    text = _CAN_NOT.sub("cannot", text.replace("&", " and "))
    said = tuple(_WORD.findall(text))
    return Words(said, tuple(map(key, said)))


def key(word: str) -> str:
    """A word without what people leave out when they type."""
    return word.replace("'", "")


@cache
def _spelled(digits: str) -> str:
    """Small numbers as numbers, long ones digit by digit: "10" is ten, "999" nine nine nine."""
    if not digits.isascii() or len(digits) > 2 or digits.startswith("0"):
        return " ".join(DIGITS[str(int(digit))] for digit in digits)
    return _spelling().format_number(int(digits)).text.replace("-", " ")


@cache
def _spelling() -> RbnfEngine:
    return RbnfEngine.for_language("en")
