"""`make pictures`: what each kind of screen shows, drawn by Amazon's renderer, to be looked at."""

from __future__ import annotations

import sys
from pathlib import Path

from skill.speech.catalogue import DEFAULT_LOCALE, catalogue
from tests.screen.renderer import VIEWPORTS, Screen, screen
from tests.screen.scenes import scenes, stretches

HELD = 27_000  # ms of speech and breath, after which a hold is half counted


def draw(on: Screen, folder: Path) -> int:
    """Writes a picture of each scene on each screen, and of each stretch on a small one."""
    words, drawn = catalogue(DEFAULT_LOCALE), 0
    small = {f"stretch_{name}": turn for name, turn in stretches().items()}
    for viewport in VIEWPORTS:
        for name, turn in (scenes() | (small if viewport.name == "small" else {})).items():
            on.show(turn, words, viewport)
            on.page.wait_for_timeout(HELD if name == "hold" and viewport.name == "small" else 100)
            on.page.screenshot(path=folder / f"{viewport.name}_{name}.png")
            drawn += 1
    return drawn


if __name__ == "__main__":
    into = Path(sys.argv[1])
    into.mkdir(parents=True, exist_ok=True)
    with screen() as page:
        print(f"{draw(page, into)} pictures in {into}")
