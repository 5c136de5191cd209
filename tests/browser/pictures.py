"""Pictures of the page, to be looked at: `make pictures` writes them to build/pictures.

python -m tests.browser.pictures docs/simulator.jpg    # the one in the README
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from skill.browser.serve import page_beside
from skill.simulator.screen import SCREENS
from tests.browser.chromium import DESKTOP, PHONE, Simulator, chromium, viewport

FOLDER = Path(__file__).parents[2] / "build" / "pictures"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCENES: dict[str, tuple[str, ...]] = {
    "first answer": (),
    "hold": ("my calf is cramping",),
    "check": ("my calf is cramping", "it's gone"),
    "urgent": ("my calf is cramping", "it's gone", "no", "yes my leg is swollen"),
    "comfort": ("my calf is cramping", "it's gone", "no", "no", "no"),
    "bedtime": ("start the bedtime routine",),
}
"""What is said before each picture; the microphone waits."""


def main() -> None:
    """Takes every picture: each scene, on each device, on a desktop and on a phone."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with page_beside() as address, chromium() as browser:
        for device, (where, size) in product(("", *SCREENS), SIZES.items()):
            for scene, lines in SCENES.items():
                page = browser.new_page(viewport=viewport(size), reduced_motion="reduce")
                _play(Simulator(page, address), device, lines)
                name = f"{scene} {where} {device or 'no screen'}".replace(" ", "-")
                page.screenshot(path=FOLDER / f"{name}.png")
                page.close()


def portrait(path: Path) -> None:
    """Takes the picture for the README, small enough for it."""
    with page_beside() as address, chromium() as browser:
        page = browser.new_page(viewport=viewport((1200, 760)), reduced_motion="reduce")
        _play(Simulator(page, address), "", SCENES["check"])
        page.screenshot(path=path, type="jpeg", quality=62)


def _play(simulator: Simulator, device: str, lines: Sequence[str]) -> None:
    simulator.open()
    for field, value in {"speech": "once", "clock": "wait", "device": device}.items():
        simulator.choose(field, value)
    simulator.page.locator("#setup").evaluate("it => (it.open = false)")
    for line in lines:
        simulator.say(line)
    if device and lines:
        simulator.drawn()
    simulator.page.wait_for_timeout(300)  # until the page has scrolled to the answer


if __name__ == "__main__":
    portrait(Path(sys.argv[1])) if sys.argv[1:] else main()
