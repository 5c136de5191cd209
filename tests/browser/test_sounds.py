"""skill.browser.sounds: SSML as a browser says it."""

from __future__ import annotations

import pytest

from skill.browser.sounds import sounds
from skill.coach.place import Manner, Volume
from skill.speech.catalogue import Digits, Pause, Words
from skill.speech.words import ssml

PIECES = (Words("Call "), Digits("911"), Words(" now. "), Pause(0.7), Words(" Then rest."))
USUAL = {"rate": 1.0, "volume": 0.8, "whisper": False}


def test_words_and_pauses() -> None:
    """Words come in order, a number digit by digit, and the pauses between in seconds."""
    assert sounds(ssml(PIECES, Manner())) == [
        {"say": "Call nine one one now.", **USUAL},
        {"pause": 0.7},
        {"say": "Then rest.", **USUAL},
    ]


def test_a_long_pause_is_one() -> None:
    """Breaks that follow each other, as Alexa needs them, are one pause."""
    assert sounds(ssml([Words("Hold."), Pause(25), Words("Rest.")], Manner()))[1] == {"pause": 25}


@pytest.mark.parametrize(
    ("manner", "differs"),
    [
        (Manner(slower=True), {"rate": 0.8}),
        (Manner(volume=Volume.LOUD), {"volume": 1.0}),
        (Manner(volume=Volume.QUIET), {"whisper": True}),
        (Manner(slower=True, volume=Volume.QUIET), {"rate": 0.8, "whisper": True}),
    ],
)
def test_manner(manner: Manner, differs: dict[str, object]) -> None:
    """Rate, volume and whisper are those of the markup around the words."""
    assert sounds(ssml([Words("Rest.")], manner)) == [{"say": "Rest."} | USUAL | differs]


def test_nothing() -> None:
    """No speech is no sound."""
    assert sounds("") == []
