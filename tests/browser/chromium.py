"""Debian's Chromium with a page of this machine in it, and what goes wrong there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

AXE = Path(__file__).parents[2] / "build" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP, PHONE = (1440, 900), (360, 780)
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
        """What axe-core finds wrong with the page as it is, a line each."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found: Any = self.page.evaluate("rules => axe.run({runOnly: rules})", RULES)
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
