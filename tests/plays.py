"""Plays: conversations as a midwife could read them, held through the real webhook.

    python -m tests.plays            # fills in new turns, and what she hears after a wording change
    python -m tests.plays --check    # writes nothing; exits 1 where a play would change

A turn has `she` (what she says; "(silence)" for none; "(touch let_go)" for a button on the screen,
where the play has a `screen`), `after` where time passes before it, and
what follows: `understood` (the intent, with the ids in its slots), `hears`, `microphone`, `place`
and, for urgent turns, `level`. Rewriting never changes a level, a place or a microphone that stands
in the file: those are changed by hand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from skill.alexa.authority import Authority
from skill.simulator.device import SKILL_ID, Device
from skill.simulator.play import SILENCE, PlayError, duration, follows, read_plays, touched, written
from skill.simulator.play import Play as Conversation
from skill.simulator.screen import SCREENS
from skill.simulator.understand import listener
from skill.web import create_app

FOLDER = Path(__file__).parent / "conversations"
FIXED = ("microphone", "place", "level")


@dataclass(frozen=True)
class Play:
    """One conversation: where it stands, its locale, its turns as they are in the file."""

    file: Path
    name: str
    locale: str
    turns: list[dict[str, Any]]
    screen: str = ""


def plays() -> Iterator[Play]:
    """All plays of tests/conversations. SlipError where one has a slip: file, line and fix."""
    for file in sorted(FOLDER.glob("*.yaml")):
        yield from _plays_of(file)


def _plays_of(file: Path) -> Iterator[Play]:
    for each in read_plays(file.read_text("utf-8"), f"tests/conversations/{file.name}"):
        yield Play(file, each.name, each.locale, each.turns, each.screen)


class Stage:
    """An Echo and the webhook behind it, in one process, with verification on."""

    def __init__(self, locale: str, screen: str = "") -> None:
        self._answer: Mapping[str, Any] = {}
        self._device = Device(locale, listener(locale), self._send)
        self._device.screen = SCREENS.get(screen)
        self._webhook = create_app(
            skill_ids=[SKILL_ID],
            roots=_authority().root_pem,
            now=self._device.now,
            fetch=_authority().fetch,
        ).test_client()

    def play(self, turn: Mapping[str, Any]) -> dict[str, Any]:
        """What follows when she says what a turn says."""
        if "after" in turn:
            self._device.wait(duration(turn["after"]))
        if turn["she"] == SILENCE:
            said = self._device.silence(SILENCE)
        elif button := touched(turn["she"]):
            said = self._device.touch(button)
        else:
            said = self._device.say(turn["she"])
        return follows(said, self._answer, level_of(self._answer))

    def _send(self, envelope: dict[str, Any]) -> Mapping[str, Any]:
        body = json.dumps(envelope).encode()
        response = self._webhook.post(
            "/alexa",
            data=body,
            content_type="application/json",
            headers=dict(_authority().sign(body)),
        )
        assert response.status_code == 200, response.text
        self._answer = response.get_json()
        return self._answer


@cache
def _authority() -> Authority:
    """One for all plays: to make its keys takes longer than a play."""
    return Authority()


def level_of(answer: Mapping[str, Any]) -> int | None:
    """The level of an urgent turn, by its card, which names whom to call."""
    card = answer.get("response", {}).get("card")
    if not card:
        return None
    if "local emergency number" in card["content"]:
        return 1
    return 2 if "If nobody answers" in card["content"] else None


def rewritten(play: Play) -> list[dict[str, Any]]:
    """The turns of a play with new words. PlayError where anything but words would change."""
    stage = Stage(play.locale, play.screen)
    turns = []
    for turn in play.turns:
        after = stage.play(turn)
        for name in FIXED:
            if "hears" in turn and turn.get(name) != after.get(name):
                raise PlayError(
                    f"{play.file.name}, {play.name!r}, {turn['she']!r}: {name} is "
                    f"{after.get(name)!r}, and the play has {turn.get(name)!r}"
                )
        kept: dict[str, Any] = {name: turn[name] for name in ("after", "she") if name in turn}
        turns.append({**kept, **after})
    return turns


def _text(file: Path) -> str:
    heading = f"# {file.stem.replace('_', ' ').capitalize()}. Words are filled in: tests/plays.py\n"
    blocks = [
        written(Conversation(each.name, each.locale, rewritten(each), each.screen))
        for each in _plays_of(file)
    ]
    return heading + "\n" + "\n".join(blocks)


def main(check: bool) -> int:
    """Rewrites, or checks, all plays; returns the exit code."""
    code = 0
    for file in sorted(FOLDER.glob("*.yaml")):
        try:
            text = _text(file)
        except PlayError as error:
            print(error)
            code = 1
            continue
        if text != file.read_text("utf-8"):
            print(f"{file.name} {'differs' if check else 'rewritten'}")
            code = code or int(check)
            if not check:
                file.write_text(text, "utf-8")
    return code


if __name__ == "__main__":
    raise SystemExit(main("--check" in sys.argv[1:]))
