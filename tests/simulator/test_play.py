"""skill.simulator.play: conversations in a file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from skill.simulator.play import Play, duration, read_plays, touched, touching, written
from skill.speech.edited import SlipError
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
        ("", "line 1: this is no list of plays"),
        ("a: [", "line 2: did not find expected node content"),
        ("- play: one\n  turns: [{she: \x07}]", "line 1: .*control characters"),
        ("- turns: []", "line 1: a play has no name"),
        ("- play: one\n  turns: []", "line 2: 'one' has no turns"),
        ("- play: one\n  locale: fr-FR\n  turns: [{she: hi}]", "line 2: .*no locale 'fr-FR'"),
        ("- play: one\n  screen: huge\n  turns: [{she: hi}]", "line 2: .*no screen 'huge'"),
        ("- play: one\n  turns: [{hears: hi}]", "no line of hers"),
        ("- play: one\n  turns: [{she: 7}]", "no line of hers"),
        (
            "- play: one\n  turns:\n  - {she: hi}\n  - {she: hi, after: soon}",
            "line 4: .*'soon' is no time",
        ),
        ("- play: one\n  turns: [{she: hi, herd: ho}]", "there is no herd in a turn"),
        ("- play: one\n  turns: [{she: !!python/name:os.system x}]", "line 2: could not determine"),
    ],
)
def test_no_plays(text: str, reason: str) -> None:
    """What is no file of plays is refused with the line, the reason and the fix."""
    with pytest.raises(SlipError, match=reason):
        read_plays(text)


def test_a_line_that_is_a_touch() -> None:
    """A touch is a line of its own; what is said is none, nor is silence."""
    assert touched(touching("let_go")) == "let_go"
    assert touched("touch let_go") is touched("(silence)") is touched("(touch)") is None


def test_duration() -> None:
    """A time is in seconds or minutes."""
    assert (duration("30 s"), duration("9 min")) == (timedelta(seconds=30), timedelta(minutes=9))
