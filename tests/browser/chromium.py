"""Debian's Chromium with a page of this machine in it, and what goes wrong there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Frame,
    Locator,
    Page,
    Request,
    TimeoutError,
    ViewportSize,
    expect,
    sync_playwright,
)

AXE = Path(__file__).parents[2] / "build" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP, PHONE = (1440, 900), (360, 780)
TOUCHES = 6
MIDDLE = """it => {
  const { left, right, top, bottom } = it.getBoundingClientRect();
  return [(left + right) / 2 / innerWidth, (top + bottom) / 2 / innerHeight];
}"""
"""The middle of what is drawn, as shares of its frame."""
TOO_SOON = 450
"""Milliseconds after which the page for signing believes that a text was read."""

VOICES = """
const said = (window.said = []);
const voices = [
  { name: "Afar", lang: "en-US", localService: false },
  { name: "Near", lang: "en-US", localService: true },
];
const synthesis = {
  getVoices: () => window.noneIsNear ? voices.slice(0, 1) : voices,
  cancel() {}, addEventListener() {},
  speak(words) { said.push(words); setTimeout(() => words.onend()); },
};
Object.defineProperty(window, "speechSynthesis", { value: synthesis });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
"""A voice of this machine and one of a server: `said` has what they were given to say."""


def viewport(size: tuple[int, int]) -> ViewportSize:
    """A size as the browser takes it."""
    return {"width": size[0], "height": size[1]}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that is installed on this machine."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as driver:
        own = ["--no-sandbox"] if os.geteuid() == 0 else []  # root has none
        browser = driver.chromium.launch(executable_path=path, args=own)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page of this machine as somebody uses it; `troubles` has errors, and requests off it."""

    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)

    def load(self) -> None:
        """Loads the page, and watches it."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", self._request)
        self.page.goto(self.address)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.troubles.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.address, f"blob:{self.address}")):
            self.troubles.append(f"asked for {request.url}")

    def violations(self) -> list[str]:
        """What axe-core finds wrong with the page as it is, a line each.

        It cannot see into a frame that has no origin; what is drawn there stands beside it too.
        """
        self.page.evaluate(AXE.read_text("utf-8"))
        found: Any = self.page.evaluate("rules => axe.run({runOnly: rules, iframes: false})", RULES)
        return [
            f"{each['id']}: {node['html'][:120]}: {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]


class Simulator(Watched):
    """The simulator's page."""

    def open(self) -> None:
        """Loads the page, and waits until a conversation can begin."""
        self.load()
        self.page.locator("#answer-tables .answer").first.wait_for()

    def say(self, line: str) -> Locator:
        """Types a line and sends it; the turn, once it is answered."""
        self.page.fill("#line", line)
        self.page.press("#line", "Enter")
        return self.answered()

    def touch(self, label: str) -> Locator:
        """Presses the button beside the screen that has this label; the turn, answered."""
        turns = self.page.locator(".turn").count()
        self.page.locator("#touches").get_by_role("button", name=label, exact=True).click()
        self.page.locator(".turn").nth(turns).wait_for()
        return self.answered()

    def drawn(self) -> Frame:
        """The frame in which Amazon's renderer has drawn the screen; beside it there is none."""
        self.page.locator("#glass iframe.drawn:only-child").wait_for()
        frame = self.page.locator("#glass iframe").element_handle().content_frame()
        assert frame
        return frame

    def touch_drawn(self, label: str) -> Locator:
        """Touches what is drawn with this label, as a finger does; the turn, answered.

        Now and then the renderer swallows a touch that comes while the machine is busy.
        """
        turns = self.page.locator(".turn")
        before = turns.count()
        for _ in range(TOUCHES):
            x, y = self.drawn().get_by_text(label, exact=True).evaluate(MIDDLE)
            box = self.page.locator("#glass iframe").bounding_box()
            assert box
            self.page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
            self.page.mouse.down()
            self.page.wait_for_timeout(120)
            self.page.mouse.up()
            with suppress(TimeoutError):
                turns.nth(before).wait_for(timeout=5_000)
                return self.answered()
        raise AssertionError(f"{label!r} was touched {TOUCHES} times, and nothing came of it")

    def answered(self) -> Locator:
        """The last turn, once it is answered."""
        turn = self.page.locator(".turn").last
        turn.locator(".coach").wait_for()
        return turn

    def tab(self, name: str) -> Locator:
        """What stands behind the conversation under this name."""
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def choose(self, field_id: str, value: str) -> None:
        """Sets something of the device."""
        self.page.locator("#setup").evaluate("it => (it.open = true)")
        self.page.select_option(f"#{field_id}", value)

    @property
    def state(self) -> str:
        """What the device is doing."""
        return str(self.page.get_attribute("#night", "data-state"))

    def wait_for(self, state: str) -> None:
        """Waits until the device is in this state."""
        self.page.locator(f"#night[data-state={state}]").wait_for()


class Desk(Watched):
    """The page for signing."""

    def open(self) -> None:
        """Loads the page, and waits until somebody can begin."""
        self.load()
        self.page.locator("#begin:not([disabled])").wait_for()

    def begin(self, by: str, role: str) -> None:
        """Says who signs; waits until something is shown."""
        self.page.fill("#by", by)
        self.page.fill("#role", role)
        self.page.press("#role", "Enter")
        self.page.locator("#title").wait_for()

    @property
    def title(self) -> str:
        """What is shown."""
        return self.page.inner_text("#title")

    def press(self, key: str, says: str) -> None:
        """Presses a key once the text could have been read; waits until the page says this."""
        self.page.wait_for_timeout(TOO_SOON)
        self.page.keyboard.press(key)
        expect(self.page.locator("#said")).to_contain_text(says)

    def agree(self, told: str = "") -> None:
        """Says "as it is" of what is shown, by its key; waits until that is written."""
        self.press("a", f"{self.title}: as it is{told}.")
