"""The lines that `cramp-coach talk` reads: what she says, and commands that begin with a slash."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta

from rapidfuzz import process

from skill.simulator.device import Answered, Device, DeviceError

_COMMANDS = ("/launch", "/new", "/silence", "/wait 10m", "/intent Name slot=value")
_TIME = re.compile(r"(\d+(?:\.\d+)?) *(s|m|h)(?:ec|in)?")
_SECONDS = {"s": 1, "m": 60, "h": 3600}
LONGEST_WAIT = timedelta(days=7)


def obey(device: Device, line: str) -> Answered | None:
    """Does what a line says; returns the turn, or None where there is none (/new, /wait).

    DeviceError if the line is no command, or one that cannot be obeyed; nothing was sent then.
    """
    if not line.startswith("/"):
        return device.say(line)
    command, _, rest = line.partition(" ")
    match command, rest.strip():
        case "/launch", "":
            return device.launch(line)
        case "/new", "":
            device.forget()
            return None
        case "/silence", "":
            return device.silence(line)
        case "/wait", time if time:
            device.wait(_duration(time))
            return None
        case "/intent", intent if intent:
            return _force(device, intent, line)
    raise DeviceError(f"cannot obey {line!r}; commands: {', '.join(_COMMANDS)}{_hint(command)}")


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
