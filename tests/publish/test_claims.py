"""Every claim of the founding texts is answered, or dropped for a reason."""

from __future__ import annotations

from typing import Any

import pytest

from skill.cli import main
from skill.publish import claims, evidence
from skill.simulator.understand import understand
from skill.speech.catalogue import LOCALES
from skill.speech.edited import SlipError


def test_the_rows_are_one_to_seventy_two() -> None:
    """No claim is missing, and none is there twice."""
    assert [row.number for row in claims.rows()] == [f"A{number}" for number in range(1, 73)]


def test_every_claim_is_answered_or_dropped() -> None:
    """A claim has a line, a reason, or is on the list of those that wait for their line."""
    assert {row.number for row in claims.rows() if not row.settled} == set()


@pytest.mark.fitting
def test_what_is_heard_is_heard_in_every_locale() -> None:
    """A claim that is only listened for is understood everywhere."""
    for row in claims.rows():
        for intent, said in (row.heard or {}).items():
            assert {understand(said, locale).intent for locale in LOCALES} == {intent}


@pytest.mark.parametrize(
    ("number", "row", "says"),
    [
        ("A1", {"lines": ["questions.no_such_line"]}, "A1: there is no line questions.no_such"),
        ("A1", {"lines": [], "dropped": "no need"}, "A1: give it"),
        ("A1", {"reason": "no need"}, "A1: give it"),
        ("A73", {"dropped": "no need"}, "do not hold the same claims: A73"),
    ],
)
def test_a_row_that_is_wrong_is_an_error(
    monkeypatch: pytest.MonkeyPatch, number: str, row: dict[str, Any], says: str
) -> None:
    """An unknown line, two outcomes at once, or a claim that is not there is named."""
    read = evidence.data
    monkeypatch.setattr(
        "skill.publish.claims.data",
        lambda name: {**read(name), number: row} if name == "claims.yaml" else read(name),
    )
    with pytest.raises(SlipError, match=says):
        claims.rows()


def test_a_missing_row_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim without a row is named."""
    read = evidence.data
    monkeypatch.setattr(
        claims, "data", lambda name: {k: v for k, v in read(name).items() if k != "A40"}
    )
    with pytest.raises(SlipError, match="A40"):
        claims.rows()


def test_rows_are_listed_with_what_became_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    """`review --rows` prints each claim with its lines or its reason; 1 while one has neither."""
    assert main(["review", "--rows"]) == 0
    printed = capsys.readouterr().out
    for row in claims.rows():
        assert str(row) in printed
    assert printed.count("NOT ANSWERED") == 0
