"""Amazon's own validator and renderer, as `make browser` installs them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import TimeoutError, sync_playwright

from skill.alexa.reply import to_json
from skill.coach.turn import Turn
from skill.screen.document import directive
from skill.speech.catalogue import Catalogue

TOOLS = Path(__file__).parents[2] / "tools"
CHROMIUM = shutil.which("chromium")
TOUCHES = 6


@dataclass(frozen=True)
class Viewport:
    """A screen: its name, and its size in dp, as Amazon's validator has them of its devices."""

    name: str
    width: int
    height: int
    round: bool = False

    def as_amazons(self) -> dict[str, Any]:
        """As Amazon's renderer takes it."""
        shape = "ROUND" if self.round else "RECTANGLE"
        return {"width": self.width, "height": self.height, "isRound": self.round, "shape": shape}


VIEWPORTS = (
    Viewport("round", 480, 480, round=True),
    Viewport("small", 960, 480),
    Viewport("medium", 960, 600),
    Viewport("wide", 1280, 800),
    Viewport("tall", 1080, 1920),
)


def validated(documents: Sequence[bytes]) -> list[list[dict[str, Any]]]:
    """What Amazon's validator finds in each document: nothing where it is right."""
    listed = b"[" + b",".join(documents) + b"]"
    ran = subprocess.run(
        ["node", TOOLS / "validate.js"], input=listed, capture_output=True, check=True
    )
    found: list[list[dict[str, Any]]] = json.loads(ran.stdout)
    return found


class Screen:
    """A page on which Amazon's renderer draws; nothing of it leaves the machine."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        page.set_default_timeout(120_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("**/*", self._only_files)
        self.open()

    def open(self) -> None:
        """The page afresh: the renderer swallows the first touch on a second screen of a page."""
        self.page.goto((TOOLS / "screen.html").as_uri())

    def _only_files(self, route: Any) -> None:
        """The renderer asks for web fonts, and goes without."""
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    def show(self, turn: Turn, words: Catalogue, viewport: Viewport) -> None:
        """Draws a turn."""
        sent = json.loads(to_json(directive(turn, words)))
        self.page.set_viewport_size({"width": viewport.width, "height": viewport.height})
        self.page.evaluate(
            "([document, data, viewport]) => show(document, data, viewport)",
            [sent["document"], sent["datasources"], viewport.as_amazons()],
        )

    def texts(self) -> list[dict[str, Any]]:
        """Every text that is drawn: its size, its lines' boxes, and its room."""
        found: list[dict[str, Any]] = self.page.evaluate("texts()")
        return found

    def touch(self, label: str) -> None:
        """Touches what has this label, for as long as a finger does; again where nothing comes.

        The renderer now and then swallows a touch that comes while it is drawing.
        """
        before, mouse = len(self.sent()), self.page.mouse
        for _ in range(TOUCHES):
            box = self.page.get_by_text(label, exact=True).bounding_box()
            mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            for press in (mouse.down, mouse.up):
                self.page.evaluate("frames(6)")
                press()
            with suppress(TimeoutError):
                self.page.wait_for_function(f"sent.length > {before}", timeout=5_000)
                return
        raise AssertionError(f"{label!r} was touched {TOUCHES} times, and nothing was sent")

    def sent(self) -> list[Any]:
        """The arguments of each touch that the device sent since something was shown."""
        found: list[Any] = self.page.evaluate("sent")
        return found


@contextmanager
def screen() -> Iterator[Screen]:
    """A page in Debian's chromium, as long as it is needed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield Screen(browser.new_page())
        finally:
            browser.close()
