"""The catalogue of lines: what it does not have is an error, never silence."""

from __future__ import annotations

import pytest

from skill.speech.catalogue import Catalogue, Entry, MissingLine, Pause, Words

PLAIN = frozenset[str]()


def one_line(text: str) -> Catalogue:
    """A catalogue of one line, "it", and one token, which is for a helper alone."""
    entry = Entry("it", {PLAIN: {"say": text}}, ())
    return Catalogue("en-US", {"it": entry}, {"whom": {"helper": "her midwife"}})


@pytest.mark.parametrize(
    ("key", "form", "why"),
    [
        ("that", "say", "no line that"),
        ("it", "again", "line it has no again"),
        ("it", "say", "no token {whom} for"),
    ],
)
def test_what_is_missing_is_named(key: str, form: str, why: str) -> None:
    """A line, a form or a token that is not there is named, with the locale."""
    with pytest.raises(MissingLine, match=f"en-US: {why}"):
        one_line("Call {whom}.").pieces(key, form, PLAIN)


def test_a_pause_may_come_first() -> None:
    """A line that begins with a pause, or has two in a row, has no empty words between them."""
    pieces = one_line("{breath}{breath}Now.").pieces("it", "say", PLAIN)
    assert [type(piece) for piece in pieces] == [Pause, Pause, Words]
