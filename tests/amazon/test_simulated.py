"""Plays in the simulator: the stub's has the real webhook behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from skill.simulator.device import SKILL_ID as LOCAL
from skill.simulator.device import Device
from skill.simulator.play import SILENCE
from skill.simulator.understand import listener
from skill.web import create_app
from tests.amazon import simulated
from tests.amazon.ask import Ask, AskError
from tests.amazon.kept import Kept
from tests.amazon.simulated import differences, playable, titled
from tests.amazon.standin import ask_on
from tests.amazon.stub import SKILL_ID, Amazon, listening
from tests.plays import Play

pytestmark = pytest.mark.fitting


class Echo:
    """The simulator's device, and what went between it and the webhook."""

    def __init__(self) -> None:
        self._webhook = create_app(skill_ids=[LOCAL], verify=False).test_client()
        self._device = Device("en-US", listener("en-US"), self._send)
        self._invocation: dict[str, Any] = {}

    def answer(self, _: str, content: str, new: bool) -> dict[str, Any]:
        """A simulation's result, with the fields of `spec.json`."""
        if new:
            self._device.forget()
        self._device.say(content)
        info = {"invocations": [self._invocation]}
        return {"status": "SUCCESSFUL", "result": {"skillExecutionInfo": info}}

    def _send(self, envelope: dict[str, Any]) -> Mapping[str, Any]:
        response = self._webhook.post("/alexa", json=envelope).get_json()
        self._invocation = {
            "invocationRequest": {"endpoint": "https://coach.example.org", "body": envelope},
            "invocationResponse": {"body": response},
        }
        answer: Mapping[str, Any] = response
        return answer


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    """A stub whose simulator has the webhook."""
    stub = Amazon(answer=Echo().answer)
    with listening(stub):
        yield stub


@pytest.fixture
def ask(amazon: Amazon) -> Ask:
    """Asks the stub, without waiting."""
    return Ask(ask_on(amazon.address), sleep=lambda _: None)


def few(monkeypatch: pytest.MonkeyPatch, *chosen: Play) -> None:
    """There are only these plays."""
    monkeypatch.setattr(simulated, "plays", lambda: iter(chosen))


def first(fits: Callable[[Play], bool]) -> Play:
    """The first play of the United States that fits."""
    return next(play for play in playable("en-US") if fits(play))


def test_plays_without_silence_and_time() -> None:
    """A play that needs silence, time, a screen or another locale is not put to the simulator."""
    chosen = list(playable("en-GB"))
    assert chosen
    for play in chosen:
        assert (play.locale, play.screen) == ("en-GB", "")
        assert all(turn["she"] != SILENCE and "after" not in turn for turn in play.turns)


def test_each_play_is_called_by_a_name_of_its_own() -> None:
    """Plays of two files that have the same name are both played."""
    names = [titled(play) for play in playable("en-US")]
    assert len(set(names)) == len(names)


def test_a_play_goes_as_it_is_written(
    amazon: Amazon, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words, places, levels and microphone are compared over whole plays, launched and one-shot."""
    launched = first(lambda it: it.turns[0]["she"] == simulated.LAUNCHES and len(it.turns) > 2)
    urgent = first(lambda it: any("level" in turn for turn in it.turns[1:]))
    few(monkeypatch, launched, urgent)
    kept = Kept(tmp_path / "plays.jsonl")
    assert differences(kept, SKILL_ID, "en-US", ask) == {
        titled(launched): None,
        titled(urgent): None,
    }
    asked = len(amazon.asked)
    differences(Kept(tmp_path / "plays.jsonl"), SKILL_ID, "en-US", ask)
    assert len(amazon.asked) == asked, "what was played is not played again"


@pytest.mark.parametrize(("name", "other"), [("understood", "StopIntent"), ("level", 2)])
def test_the_first_difference_is_named(
    name: str, other: object, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a play goes another way, it is said where, and in what."""
    play = first(lambda it: it.turns[0].get("level") == 1)
    (turn, *rest) = play.turns
    few(monkeypatch, Play(play.file, play.name, "en-US", [{**turn, name: other}, *rest]))
    found = differences(Kept(tmp_path / "p.jsonl"), SKILL_ID, "en-US", ask)[titled(play)]
    assert found == f"at {turn['she']!r} {name} is {turn[name]!r} and not {other!r}"


def test_the_skill_is_not_called(
    amazon: Amazon, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Alexa answers in the skill's place, that is the difference."""
    play = first(lambda _: True)
    few(monkeypatch, play)
    amazon.answer = lambda *_: {"status": "SUCCESSFUL", "result": {"alexaExecutionInfo": {}}}
    found = differences(Kept(tmp_path / "p.jsonl"), SKILL_ID, "en-US", ask)[titled(play)]
    assert found
    assert "the skill was not called" in found


def test_one_simulation_that_fails(
    amazon: Amazon, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in nobody's way: the others are played, and it alone is played again next time."""
    launched = first(lambda it: it.turns[0]["she"] == simulated.LAUNCHES)
    urgent = first(lambda it: it.turns[0].get("level") == 1)
    few(monkeypatch, urgent, launched)
    well, results = amazon.answer, [{"status": "FAILED", "result": {}}]
    amazon.answer = lambda *said: results.pop() if results else well(*said)
    kept = Kept(tmp_path / "p.jsonl")
    found = differences(kept, SKILL_ID, "en-US", ask)
    assert found == {
        titled(urgent): "the simulation failed: no reason was given",
        titled(launched): None,
    }
    assert differences(kept, SKILL_ID, "en-US", ask) == {
        titled(urgent): None,
        titled(launched): None,
    }


def test_all_simulations_fail(amazon: Amazon, ask: Ask, tmp_path: Path) -> None:
    """Once some have failed one after another, what Amazon says is told, and nothing is kept."""
    error = {"error": {"message": "The skill is not enabled."}}
    amazon.answer = lambda *_: {"status": "FAILED", "result": error}
    with pytest.raises(AskError, match="The skill is not enabled"):
        differences(Kept(tmp_path / "p.jsonl"), SKILL_ID, "en-US", ask)
    assert list(tmp_path.iterdir()) == []


def test_a_simulation_that_does_not_end(amazon: Amazon, ask: Ask, tmp_path: Path) -> None:
    """It is given up after a minute."""
    amazon.answer = lambda *_: {"status": "IN_PROGRESS"}
    with pytest.raises(AskError, match="longer than 60 seconds"):
        differences(Kept(tmp_path / "p.jsonl"), SKILL_ID, "en-US", ask)
