"""How Amazon is asked: not too often, again where it is busy, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.amazon.ask import BETWEEN, WAITS, Ask, AskError
from tests.amazon.kept import Kept

BUSY = (1, "", '[Error]: {\n  "message": "Client Error: failed with status code 429",\n}')
FINE = (0, '{"id": "1"}', "")


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)


def asking(*outcomes: tuple[int, str, str]) -> tuple[Ask, Clock, list[Sequence[str]]]:
    """An Ask whose command ends so, one after the other, its clock, and what was run."""
    clock, ran, left = Clock(), list[Sequence[str]](), list(outcomes)

    def run(words: Sequence[str]) -> tuple[int, str, str]:
        ran.append(words)
        return left.pop(0)

    return Ask(run, sleep=clock.sleep, now=lambda: clock.now), clock, ran


def test_a_command_has_its_options() -> None:
    """What is asked is one word an option, so that an utterance may begin with a hyphen."""
    ask, _, ran = asking(FINE)
    assert ask("profile-nlu", {"skill-id": "s", "utterance": "-- ow"}) == {"id": "1"}
    assert ran == [["ask", "smapi", "profile-nlu", "--skill-id=s", "--utterance=-- ow"]]


def test_calls_keep_their_distance() -> None:
    """From the start of a call to the next, a second passes at least."""
    ask, clock, _ = asking(FINE, FINE, FINE)
    ask("a", {})
    ask("b", {})
    clock.now += 5
    ask("c", {})
    assert clock.slept == [BETWEEN]


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_where_amazon_is_busy_it_is_asked_again(status: int) -> None:
    """Too many requests, one that still runs, and a fault are waited out, ever longer."""
    busy = (1, "", f'{{"message": "failed with status code {status}"}}')
    ask, clock, ran = asking(busy, busy, FINE)
    assert ask("profile-nlu", {}) == {"id": "1"}
    assert clock.slept == [WAITS[0], WAITS[1]]
    assert len(ran) == 3


def test_not_for_ever() -> None:
    """In the end it is told what Amazon said."""
    ask, clock, _ = asking(*[BUSY] * (len(WAITS) + 1))
    with pytest.raises(AskError, match=r"^Client Error: failed with status code 429$"):
        ask("profile-nlu", {})
    assert [it for it in clock.slept if it > BETWEEN] == list(WAITS)


def test_what_waiting_does_not_mend() -> None:
    """A wrong skill is told at once; so is what is no JSON."""
    refused = (1, "", '{"message": "failed with status code 403"}')
    ask, clock, _ = asking(refused, (2, "", "no such command\n"), (3, "", ""))
    for told in ("status code 403", "no such command", "ask ended with 3"):
        with pytest.raises(AskError, match=told):
            ask("profile-nlu", {})
    assert max(clock.slept) <= BETWEEN


def test_without_ask() -> None:
    """Where ask-cli is not there, it is told how to get it."""

    def run(_: Sequence[str]) -> tuple[int, str, str]:
        raise FileNotFoundError("ask")

    with pytest.raises(AskError, match="`make amazon` brings it"):
        Ask(run)("profile-nlu", {})


def test_answers_are_kept(tmp_path: Path) -> None:
    """What was answered is there for the next who reads the file, the last answer first."""
    path = tmp_path / "new" / "answers.jsonl"
    kept = Kept(path)
    assert "ow" not in kept
    kept.keep("ow", {"intent": "A"})
    kept.keep("ow", {"intent": "B"})
    kept.keep("é", None)
    again = Kept(path)
    assert again["ow"] == {"intent": "B"}
    assert "é" in again


def test_a_line_that_was_torn_is_asked_again(tmp_path: Path) -> None:
    """Where it was stopped while it wrote, the line is left out, and the next is whole."""
    path = tmp_path / "answers.jsonl"
    Kept(path).keep("a", 1)
    with path.open("a") as file:
        file.write('{"asked": "b", "ans')
    kept = Kept(path)
    assert "b" not in kept
    kept.keep("b", 2)
    assert [Kept(path)[it] for it in "ab"] == [1, 2]
