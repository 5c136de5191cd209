"""Plays in Amazon's simulator: the real understanding, and the endpoint that is live.

The simulator hears words, and knows no silence and no passing of time. It takes one simulation at a
time, and keeps what came of it for ten minutes (alexa.md 8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from skill.alexa.envelope import read_envelope
from skill.simulator.device import Answered, to_plain_text
from skill.simulator.play import SILENCE, follows
from tests.amazon.ask import Ask, AskError
from tests.amazon.kept import Kept
from tests.plays import Play, level_of, plays

LAUNCHES = "open cramp coach"
POLLED = 60  # times at most, a second apart
COMPARED = ("understood", "level", "place", "microphone", "hears")
"""What has to be as it is written, the weightiest first."""


def playable(locale: str) -> Iterator[Play]:
    """The plays of a locale that need neither silence nor time nor a screen."""
    for play in plays():
        silent = any(turn["she"] == SILENCE or "after" in turn for turn in play.turns)
        if play.locale == locale and not (silent or play.screen):
            yield play


def titled(play: Play) -> str:
    """What a play is called here: two files may each have one of a name."""
    return f"{play.file.stem}: {play.name}"


def differences(kept: Kept, skill_id: str, locale: str, ask: Ask) -> dict[str, str | None]:
    """Where each play first goes another way than it is written; None where it does not.

    A play whose simulation fails is named, and played again next time. AskError as `Kept.fill`.
    """
    named = {titled(play): play for play in playable(locale)}
    failed = kept.fill(list(named), lambda name: _difference(named[name], skill_id, ask), "Played")
    return {name: str(failed[name]) if name in failed else kept[name] for name in named}


def _difference(play: Play, skill_id: str, ask: Ask) -> str | None:
    is_open = False
    for turn in play.turns:
        found = said(turn["she"], play.locale, skill_id, ask, new=not is_open)
        for name in COMPARED:
            if found.get(name) != turn.get(name):
                wanted = f"{name} is {found.get(name)!r} and not {turn.get(name)!r}"
                return f"at {turn['she']!r} {wanted}"
        is_open = found["microphone"] == "open"
    return None


def said(she: str, locale: str, skill_id: str, ask: Ask, *, new: bool) -> dict[str, Any]:
    """What follows when she says something, as `tests.plays` has it. AskError."""
    words = f"tell cramp coach {she}" if new and she != LAUNCHES else she
    options = {
        "skill-id": skill_id,
        "device-locale": locale,
        "input-content": words,
        "session-mode": "FORCE_NEW_SESSION" if new else "DEFAULT",
    }
    begun = ask("simulate-skill", options)
    result = _result(str(begun["id"]), skill_id, ask)
    invocations = (result.get("skillExecutionInfo") or {}).get("invocations") or ()
    if not invocations:
        return {"understood": "nothing: the skill was not called", "microphone": "closed"}
    return _turn(she, invocations[-1])


def _result(number: str, skill_id: str, ask: Ask) -> Mapping[str, Any]:
    for _ in range(POLLED):
        answer = ask("get-skill-simulation", {"skill-id": skill_id, "simulation-id": number})
        if answer.get("status") != "IN_PROGRESS":
            result: Mapping[str, Any] = answer.get("result") or {}
            if answer.get("status") == "FAILED" and not result.get("skillExecutionInfo"):
                told = (result.get("error") or {}).get("message")
                raise AskError(f"the simulation failed: {told or 'no reason was given'}")
            return result
        ask.wait(1)
    raise AskError(f"the simulation took longer than {POLLED} seconds")


def _turn(she: str, invocation: Mapping[str, Any]) -> dict[str, Any]:
    """A call of the skill, request and answer, as a turn of a play."""
    request = read_envelope((invocation.get("invocationRequest") or {})["body"])
    answer = (invocation.get("invocationResponse") or {}).get("body") or {}
    response = answer.get("response") or {}
    speech = to_plain_text((response.get("outputSpeech") or {}).get("ssml", ""))
    answered = Answered(
        she,
        request.intent or request.kind,
        {name: slot for name, slot in request.slots.items() if slot.value is not None},
        speech=speech,
        open=response.get("shouldEndSession") is False,
    )
    return follows(answered, answer, level_of(answer))
