"""A slip in a file that people edit names the file, the line, what is wrong and the fix."""

from __future__ import annotations

import pytest

from skill.cli import main
from skill.speech import catalogue, edited
from skill.speech.edited import SlipError


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("relief:\n  good: {say: Good, it's gone: yes: no}\n", r"it\.yaml, line 2: .*quotes"),
        ("just words\n", r"it\.yaml, line 1: names are missing"),
    ],
)
def test_what_is_no_yaml(text: str, says: str) -> None:
    """The line on which it stops being YAML, or that it holds no names."""
    with pytest.raises(SlipError, match=says):
        edited.parsed(text, "it.yaml")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"say": "Call {emergncy}.", "sources": ["D"]}, r"no token \{emergncy\}: correct it"),
        (
            {"say": "Good.", "agian": "Good?", "sources": ["D"]},
            "a form is one of heading, say, again",
        ),
        ({"say": "Good.", "sources": "D"}, r"write the codes in brackets: \[NHS-LEG, D\]"),
        ("Good.", "needs `say:` and `sources:`"),
    ],
)
def test_a_line_that_is_none(line: object, says: str) -> None:
    """A line of what she hears is named with its place in its file."""
    with pytest.raises(SlipError, match=rf"responses/en/relief\.yaml, line \d+: .*{says}"):
        _read(line)


def _read(line: object) -> None:
    entries = catalogue._entries({"relief": {"good": line}})
    catalogue._held_to_tokens(catalogue.Catalogue("en-US", entries, {"emergency": "911"}))


def test_a_command_says_it_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever command comes upon a slip says it on standard error, and exits 1."""

    def slip(_: object) -> None:
        edited.slip("claims.yaml", ["A1"], "give it lines")

    monkeypatch.setattr("skill.publish.claims.data", slip)
    assert main(["review", "--rows"]) == 1
    assert "responses/claims.yaml, line 7: A1: give it lines" in capsys.readouterr().err
