"""Words: from what was typed or said to tokens that can be compared.

Case, apostrophes, digits and contractions are made alike: "I CAN’T" is `i can not`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from unicode_rbnf import RbnfEngine

COMMA = ","
"""The token of anything that ends a clause."""

NO = frozenset({"no", "nope", "nah"})
ANSWERED_NO = "no,"
"""A "no" that answers, and denies nothing of what follows: "no my chest hurts"."""

NEGATIONS = (
    NO
    | frozenset({ANSWERED_NO})
    | frozenset(
        "not never neither nor without nothing none nobody hardly barely less fewer".split()
    )
)

FILLERS = frozenset(
    """
    um umm uh er erm hmm mm ah aah oh ooh ow ouch argh ugh please just really like now alexa
    so actually real literally basically honestly phew gosh mate love darling
    """.split()
)
"""Said without meaning anything; free in any number."""

FREE = FILLERS | frozenset(
    """
    a an the this that these those there here some any all too very quite also even then i me
    my mine myself you your we us our it its she he her him his they them their is am are was
    were be been being has have had having do does did can could would will should get gets
    got getting to of in on at for from with into by about and but or as than seems looks
    feels exactly absolutely completely totally left right 's
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

BREAK = "but,"
"""The token of a word of BREAKS between a denial and what stands in spite of it."""

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

MODALS = frozenset("can could should shall may might will would do does did".split())
QUESTIONS = MODALS | frozenset("is are am how why when what which who where".split())
"""Words that a question begins with."""

HEADS = tuple(
    tuple(words.split())
    for words in (
        "okay", "oh", "well", "so", "look", "listen", "hi", "hello", "hey", "sorry", "and", "then",
        "right", "now", "i mean", "i said", "i think", "god", "oh god", "oh my god", "oh no",
        "thank god", "thank goodness", "you know", "to be honest",
    )
)  # fmt: skip
TAILS = tuple(
    tuple(words.split())
    for words in (
        "please", "thanks", "thank you", "then", "though", "right now", "at the moment", "here",
        "or anything", "or anything like that", "or something", "that i can see",
        "that i can tell", "that i can feel", "as far as i can see", "as far as i can tell",
        "you know", "i mean", "to be honest", "at all", "thank god", "thank goodness", "yeah",
        "tonight", "today", "already",
        "so far", "i said", "i promise", "is it", "what is it", "or whatever", "and everything",
    )
)  # fmt: skip
"""What people say around what they mean."""

_LEADS = NO | {"yes", "yeah", "yep", "yup", "okay", "well"}
_AFTER_AN_ANSWER = SUBJECTS | BREAKS | JOINS | _LEADS | NEGATIONS

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

# Two spellings, or two ways of writing it, of one word.
_SPELLINGS = {
    "color": "colour", "colors": "colours", "discolored": "discoloured", "gray": "grey",
    "labor": "labour", "mom": "mum", "mommy": "mummy", "paralyzed": "paralysed",
    "alright": "all right", "anymore": "any more", "wanna": "want to", "gonna": "going to",
    "gotta": "got to", "kinda": "kind of", "sorta": "sort of", "noone": "no one",
    "cesarean": "caesarean", "its": "it's", "lets": "let's", "someones": "someone 's",
}  # fmt: skip
_WRITTEN = (
    (re.compile(r"\bd\.? ?v\.? ?t\b\.?"), "dvt"),
    (re.compile(r"\bpost[ -](partum|natal)\b"), r"post\1"),
    (re.compile(r"\bdown (?:there|below)\b"), "downthere"),
    (re.compile(r"\blight[ -]headed\b"), "lightheaded"),
)

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
_SPELLED = re.compile(rf"\b(?:{'|'.join(_SPELLINGS)})\b")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Words:
    """What was said: `tokens`, and for each the place of its word in `said`."""

    said: tuple[str, ...]
    tokens: tuple[str, ...]
    origins: tuple[int, ...]

    def part(self, start: int, end: int) -> Words:
        """The words of tokens `start` up to `end` alone."""
        return Words(self.said, self.tokens[start:end], self.origins[start:end])

    def without_repeats(self) -> Words:
        """The words with each that follows on itself said once: "calf calf cramp"."""
        kept = [
            place
            for place, token in enumerate(self.tokens)
            if place == 0 or token != self.tokens[place - 1]
        ]
        tokens = tuple(self.tokens[place] for place in kept)
        return Words(self.said, tokens, tuple(self.origins[place] for place in kept))

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


def as_written(text: str) -> str:
    """`text` with what is written in several ways written in the usual one: "d v t" is dvt."""
    for ways, usual in _WRITTEN:
        text = ways.sub(usual, text)
    return text


def _words(text: str) -> Iterable[str]:
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).lower()
    text = as_written(text.replace("&", " and "))
    text = _NUMBER.sub(lambda number: f" {_spelled(number.group())} ", text)
    for found in _WORD_OR_COMMA.findall(text):
        yield found if found[-1].isalpha() else COMMA


@lru_cache(maxsize=256)
def _spelled(digits: str) -> str:
    """Small numbers as numbers, long ones digit by digit: "10" is ten, "999" nine nine nine."""
    if not digits.isascii() or len(digits) > 2 or digits.startswith("0"):
        return " ".join(DIGITS[str(int(digit))] for digit in digits)
    spelled = _spelling().format_number(int(digits)).text
    return spelled.replace("-", " ")


@lru_cache(maxsize=1)
def _spelling() -> RbnfEngine:
    return RbnfEngine.for_language("en")


@lru_cache(maxsize=10_000)
def _split(word: str) -> str:
    word = _SPELLED.sub(lambda spelled: _SPELLINGS[spelled.group()], word)
    if "'" not in word and "cannot" not in word:
        return word
    for contraction, apart in _SPLIT:
        word = contraction.sub(apart, word)
    return word.lstrip("'")


def content(tokens: Sequence[str]) -> tuple[str, ...]:
    """The tokens that mean something by themselves, negations among them.

    A word such as "but" is one of them after a denial: "not that but it's hot" is no "not hot".
    """
    return tuple(word for _, word in content_at(tokens))


def content_at(tokens: Sequence[str]) -> list[tuple[int, str]]:
    """As `content`, each word with its place among the tokens."""
    found: list[tuple[int, str]] = []
    denied = False
    for place, token in enumerate(tokens):
        if token in BREAKS and denied:
            found.append((place, BREAK))
        elif token in NO and not denies(tokens, place):
            found.append((place, ANSWERED_NO))
            denied = True
        elif not is_free(tokens, place):
            found.append((place, token))
            denied = denied or token in NEGATIONS
    return found


def is_free(tokens: Sequence[str], place: int) -> bool:
    """Whether the token at `place` may be left out or added; the last "right" of "not right" no."""
    token = tokens[place]
    if token == "right":
        return place + 1 < len(tokens)
    return token in FREE or token == COMMA


def without_chatter(tokens: Sequence[str]) -> tuple[int, int]:
    """Where what is meant begins and ends."""
    start, end = 0, len(tokens)
    while length := _head(tuple(tokens[start:end])):
        start += length
    while length := _tail(tuple(tokens[start:end])):
        end -= length
    return (start, end) if start < end else (0, len(tokens))


def _head(tokens: tuple[str, ...]) -> int:
    return max((len(head) for head in HEADS if tokens[: len(head)] == head), default=0)


def _tail(tokens: tuple[str, ...]) -> int:
    return max((len(tail) for tail in TAILS if tokens[-len(tail) :] == tail), default=0)


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
    "stood": "stand", "took": "take", "taken": "take",
    "came": "come", "broke": "break", "broken": "break", "lying": "lie", "bled": "bleed",
    "worst": "worse", "worsening": "worse", "began": "begin", "begun": "begin",
    "tore": "tear", "torn": "tear", "hurting": "hurt", "rang": "ring",
    # other words for the same
    "awful": "terrible", "horrible": "terrible", "dreadful": "terrible", "horrendous": "terrible",
    "loads": "lot", "lots": "lot", "tons": "lot", "heaps": "lot",
    "tablets": "tablet", "pills": "tablet", "pill": "tablet",
    "mobile": "phone", "cell": "phone", "cellphone": "phone",
    "crampy": "cramp", "charlie": "charley", "kicks": "kick",
    "bluish": "blue", "blueish": "blue", "reddish": "red", "purplish": "purple",
    "greyish": "grey", "puffier": "puffy", "badly": "bad", "hottest": "hot",
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
