"""SSML as a browser can say it: words with rate, volume and whisper, and the pauses between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from xml.etree import ElementTree

from skill.simulator.device import SPEAK, SPELLED
from skill.simulator.text import DIGITS

VOLUMES = {"x-loud": 1.0, "loud": 1.0, "medium": 0.8, "soft": 0.5, "x-soft": 0.3, "silent": 0.0}
USUAL = VOLUMES["medium"]
_TIME = re.compile(r"(\d+(?:\.\d+)?)(ms|s)")


@dataclass(frozen=True)
class Manner:
    """How words are said: `rate` of the usual 1, `volume` from 0 to 1."""

    rate: float = 1.0
    volume: float = USUAL
    whisper: bool = False


def sounds(ssml: str) -> list[dict[str, Any]]:
    """What is said, in order: `{"say", "rate", "volume", "whisper"}` or `{"pause"}`, in seconds.

    Markup that cannot be read was refused by the device before; that of no speech is empty.
    """
    if not ssml:
        return []
    root = ElementTree.fromstring(ssml.replace("<speak>", SPEAK, 1))
    return list(_joined(_of(root, Manner())))


def _of(element: ElementTree.Element, manner: Manner) -> Iterator[dict[str, Any]]:
    if element.tag == "break":
        yield {"pause": _seconds(element.get("time", "0ms"))}
        return
    inside = _inside(element, manner)
    yield _said(_spelled(element), inside)
    for child in element:
        yield from _of(child, inside)
        yield _said(child.tail or "", inside)


def _said(text: str, manner: Manner) -> dict[str, Any]:
    return {"say": text, **vars(manner)}


def _inside(element: ElementTree.Element, manner: Manner) -> Manner:
    if element.tag.endswith("effect") and element.get("name") == "whispered":
        return replace(manner, whisper=True)
    rate, volume = element.get("rate", ""), element.get("volume", "")
    if rate.endswith("%"):
        manner = replace(manner, rate=float(rate[:-1]) / 100)
    return replace(manner, volume=VOLUMES.get(volume, manner.volume))


def _spelled(element: ElementTree.Element) -> str:
    text = element.text or ""
    if element.tag == "say-as" and element.get("interpret-as") in SPELLED:
        return " ".join(DIGITS.get(letter, letter) for letter in "".join(text.split()))
    return text


def _seconds(time: str) -> float:
    found = _TIME.fullmatch(time)
    return float(found[1]) / (1000 if found[2] == "ms" else 1) if found else 0.0


def _joined(parts: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Neighbouring words in one manner as one, and neighbouring pauses as one."""
    last: dict[str, Any] = {}
    for part in parts:
        if "say" in part and not part["say"]:
            continue
        alike = last and part.keys() == last.keys()
        if alike and "pause" in part:
            last["pause"] += part["pause"]
        elif alike and all(part[it] == last[it] for it in part if it != "say"):
            last["say"] += part["say"]
        else:
            yield from _worth_saying(last)
            last = part
    yield from _worth_saying(last)


def _worth_saying(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "say" in part:
        part["say"] = " ".join(part["say"].split())
    if part.get("say") or part.get("pause"):
        yield part
