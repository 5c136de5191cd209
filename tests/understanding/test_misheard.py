"""tests.understanding.misheard: words that sound alike, and what becomes of what she said."""

from __future__ import annotations

import pytest

from tests.understanding.misheard import Misheard, Outcome, common, misheard, neighbours


@pytest.mark.parametrize(
    ("word", "other"),
    [("calf", "cough"), ("leg", "let"), ("numb", "none"), ("chest", "chess"), ("red", "bread")],
)
def test_one_sound_apart(word: str, other: str) -> None:
    """Words are neighbours where one sound is another, is left out, or is added."""
    assert other in neighbours(word)
    assert word in neighbours(other)


def test_sounding_the_same() -> None:
    """Words that differ in their spelling alone are neighbours."""
    assert "read" in neighbours("red")
    assert "week" in neighbours("weak")


@pytest.mark.parametrize(
    ("word", "other"), [("calf", "cramp"), ("calf", "coffee"), ("calf", "calf"), ("leg", "leg's")]
)
def test_no_neighbours(word: str, other: str) -> None:
    """Words two sounds apart, the word itself and its possessive are no neighbours of a word."""
    assert other not in neighbours(word)


def test_rare_words_are_left_out() -> None:
    """Nobody hears a word that is neither common nor the skill's own."""
    assert "wren" not in common()
    assert {"government", "cramping"} <= common()


def test_one_word_at_a_time() -> None:
    """A misheard sentence differs from the one that was meant in one word, and is none twice."""
    found = misheard()
    assert len(found) > 1000
    assert len({it.say for it in found}) == len(found)
    for it in found:
        pairs = zip(it.meant.split(), it.say.split(), strict=True)
        assert sum(meant != heard for meant, heard in pairs) == 1


@pytest.mark.fitting
@pytest.mark.parametrize(
    ("meant", "place", "heard", "outcome"),
    [
        ("i can't breathe", 1, "cannot", Outcome.UNDERSTOOD),
        ("i can't breathe", 1, "can", Outcome.CLEAR_NO),
        ("my leg is hot", 3, "hurt", Outcome.LOST),
        ("i'm turning blue", 2, "flu", Outcome.LOWER_LEVEL),
        ("my calf hurts", 2, "hurt", Outcome.UNDERSTOOD),
        ("my calf hurts", 1, "cough", Outcome.FALSE_SIGN),
        ("my calf hurts", 1, "shin", Outcome.OTHER),
        ("more than ten minutes", 2, "two", Outcome.CLEAR_NO),
    ],
)
def test_outcome(meant: str, place: int, heard: str, outcome: Outcome) -> None:
    """A sign wants one as urgent, relief the same wish for the same part, and neither a no."""
    assert Misheard("", meant, place, heard).outcome is outcome
