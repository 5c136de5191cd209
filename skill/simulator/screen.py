"""The screens that a device of the simulator may have, as a request tells them (alexa.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.alexa.envelope import APL

APL_VERSION = "2024.3"
RENDER = f"{APL}.RenderDocument"


@dataclass(frozen=True)
class Screen:
    """A screen: its shape, ROUND or RECTANGLE, and its size in pixels of 160 dots an inch."""

    shape: str
    width: int
    height: int

    @property
    def interfaces(self) -> dict[str, Any]:
        """What stands in `context.System.device.supportedInterfaces`."""
        return {APL: {"runtime": {"maxVersion": APL_VERSION}}}

    @property
    def context(self) -> dict[str, Any]:
        """What stands in `context` beside `System`."""
        return {
            "Viewport": {
                "mode": "HUB",
                "shape": self.shape,
                "dpi": 160,
                "pixelWidth": self.width,
                "pixelHeight": self.height,
                "currentPixelWidth": self.width,
                "currentPixelHeight": self.height,
                "touch": ["SINGLE"],
            }
        }


SCREENS = {
    "round": Screen("ROUND", 480, 480),
    "small": Screen("RECTANGLE", 960, 480),
    "wide": Screen("RECTANGLE", 1280, 800),
}
"""An Echo Spot, an Echo Show 5 and an Echo Show 8 or 10."""


@dataclass(frozen=True)
class Shown:
    """What a response puts on the screen: the document's token, and its buttons.

    buttons: what each sends when it is touched, and what stands on it.
    """

    token: str
    buttons: Mapping[str, str]


def shown(answer: Mapping[str, Any]) -> Shown | None:
    """What the skill's whole answer shows; None where it has no document."""
    for directive in (answer.get("response") or {}).get("directives") or ():
        if directive.get("type") == RENDER:
            offered = directive["datasources"]["screen"]["buttons"]
            buttons = {button["touch"]: button["label"] for button in offered}
            return Shown(directive["token"], buttons)
    return None
