"""Pieces as SSML, as plain words, and in seconds."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from skill.coach.place import Manner, Volume
from skill.speech.catalogue import Digits, Pause, Piece, Words, catalogue
from skill.speech.words import plain, seconds, ssml


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"])))
def test_any_text_is_escaped(text: str) -> None:
    """No character of a line can break the markup."""
    root = ElementTree.fromstring(ssml([Words(text)], Manner()))
    assert "".join(root.itertext()) == text.replace("\r", "\n")


def test_a_number_is_digits_in_speech_and_words_in_text() -> None:
    """conversation.md 1: say-as in SSML; "nine one one" in plain text."""
    pieces: list[Piece] = [Words("Call "), Digits("911"), Words(".")]
    assert '<say-as interpret-as="digits">911</say-as>' in ssml(pieces, Manner())
    assert plain(pieces) == "Call nine one one."


def test_a_long_number_is_said_in_its_groups() -> None:
    """conversation.md 1: "1800 022 222", with a breath between, and written so on a card."""
    pieces = list(catalogue("en-AU")._expanded("{health_line}", frozenset(), {}))
    said = ElementTree.fromstring(ssml(pieces, Manner()))
    assert [each.text for each in said.findall("say-as")] == ["1800", "022", "222"]
    assert len(said.findall("break")) == 2
    assert "".join(said.itertext()) == "1800 022 222"


def test_a_long_pause_is_several_breaks() -> None:
    """alexa.md 3: a break is at most ten seconds."""
    breaks = ElementTree.fromstring(ssml([Pause(15)], Manner())).findall("break")
    assert [element.attrib["time"] for element in breaks] == ["10000ms", "5000ms"]


def test_seconds_are_words_and_breaks() -> None:
    """conversation.md 1: words ÷ 2.5, plus breaks; each digit is a word."""
    assert seconds([Words("Call now "), Digits("999"), Pause(3)]) == 5 / 2.5 + 3


def test_manner_is_in_the_markup() -> None:
    """Slower, whispered and loud are said as Alexa understands them."""
    assert "rate" in ssml([Words("a")], Manner(slower=True))
    assert "whispered" in ssml([Words("a")], Manner(volume=Volume.QUIET))
    assert "x-loud" in ssml([Words("a")], Manner(volume=Volume.LOUD))
