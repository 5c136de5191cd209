"""skill.simulator.play: conversations in a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from skill.simulator.play import Play, PlayError, duration, read_plays, touched, touching, written
from tests.plays import plays


def test_the_plays_of_the_project_can_be_read() -> None:
    """Every file of tests/conversations is a file of plays."""
    for file in {play.file for play in plays()}:
        assert read_plays(file.read_text("utf-8"))


@pytest.mark.parametrize("locale", ["en-US", "en-GB"])
@pytest.mark.parametrize("screen", ["", "round"])
def test_what_is_written_can_be_read(locale: str, screen: str) -> None:
    """A play that was written is the same when it is read."""
    play = Play("one", locale, [{"after": "30 s", "she": "it's gone", "hears": "Good."}], screen)
    assert read_plays(written(play)) == [play]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a list"),
        ("a: [", "no file of plays"),
        ("- turns: []", "no name"),
        ("- play: one\n  turns: []", "has no turns"),
        ("- play: one\n  locale: fr-FR\n  turns: [{she: hi}]", "no locale 'fr-FR'"),
        ("- play: one\n  screen: huge\n  turns: [{she: hi}]", "no screen 'huge'"),
        ("- play: one\n  turns: [{hears: hi}]", "no line of hers"),
        ("- play: one\n  turns: [{she: 7}]", "no line of hers"),
        ("- play: one\n  turns: [{she: hi, after: soon}]", "'soon' is no time"),
        ("- play: one\n  turns: [{she: !!python/name:os.system x}]", "no file of plays"),
    ],
)
def test_no_plays(text: str, reason: str) -> None:
    """What is no file of plays is refused with the reason."""
    with pytest.raises(PlayError, match=reason):
        read_plays(text)


def test_a_line_that_is_a_touch() -> None:
    """A touch is a line of its own; what is said is none, nor is silence."""
    assert touched(touching("let_go")) == "let_go"
    assert touched("touch let_go") is touched("(silence)") is touched("(touch)") is None


def test_duration() -> None:
    """A time is in seconds or minutes."""
    assert (duration("30 s"), duration("9 min")) == (timedelta(seconds=30), timedelta(minutes=9))
