"""The lines that `cramp-coach talk` reads: what she says, and commands that begin with a slash."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from datetime import timedelta

from rapidfuzz import process

from skill.simulator.device import Answered, Device, DeviceError

_COMMANDS = {
    "/launch": "opens the skill, in a new session",
    "/new": "ends the session without a word",
    "/silence": "says nothing: the reprompt is heard, then the session ends",
    "/wait 10m": "lets time pass before the next words: 30s, 10m, 1h",
    "/intent Name slot=value": "sends an intent, whatever is understood",
    "/help": "lists these",
}
_TIME = re.compile(r"(\d+(?:\.\d+)?) *(s|m|h)(?:ec|in)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600}
Tell = Callable[[str], object]
LONGEST_WAIT = timedelta(days=7)


def obey(device: Device, line: str, tell: Tell = lambda _: None) -> Answered | None:
    """Does what a line says; returns the turn, or None where there is none (/new, /wait, /help).

    `tell` is given what whoever types should know, where she hears nothing.
    DeviceError if the line is no command, or one that cannot be obeyed; nothing was sent then.
    """
    if not line.startswith("/"):
        return device.say(line)
    command, _, rest = line.partition(" ")
    match command, rest.strip():
        case "/launch", "":
            return device.launch(line)
        case "/silence", "":
            return device.silence(line)
        case "/intent", intent if intent:
            return _force(device, intent, line)
        case "/new", "":
            device.forget()
        case "/wait", time if time:
            tell(_wait(device, time))
        case "/help", "":
            tell(_help())
        case _:
            raise DeviceError(_refusal(command, line))
    return None


def _refusal(command: str, line: str) -> str:
    return f"cannot obey {line!r}; commands: {', '.join(_COMMANDS)}{_hint(command)}"


def _wait(device: Device, time: str) -> str:
    device.wait(waited := _duration(time))
    return f"     [{waited} later]"


def _help() -> str:
    return "\n".join(f"  {name:<24} {does}" for name, does in _COMMANDS.items())


def _hint(command: str) -> str:
    known = [each.split()[0] for each in _COMMANDS]
    closest = process.extractOne(command, known, score_cutoff=60)
    return f"; did you mean {closest[0]}?" if closest and command not in known else ""


def _duration(time: str) -> timedelta:
    found = _TIME.fullmatch(time)
    if not found:
        raise DeviceError(f"/wait: {time!r} is no time; say 30s, 10m or 1h")
    seconds = float(found[1]) * _SECONDS[found[2]]
    if seconds > LONGEST_WAIT.total_seconds():
        raise DeviceError(f"/wait: {time!r} is too long; at most {LONGEST_WAIT.days} days")
    return timedelta(seconds=seconds)


def _force(device: Device, intent_and_slots: str, line: str) -> Answered:
    try:
        intent, *pairs = shlex.split(intent_and_slots)
    except ValueError as error:
        raise DeviceError(f"/intent: {error} in {intent_and_slots!r}") from error
    slots = {}
    for pair in pairs:
        slot, equals, value = pair.partition("=")
        if not (slot and equals and value):
            raise DeviceError(f"/intent: {pair!r} is not slot=value")
        slots[slot] = value
    return device.force(intent, slots, line)
