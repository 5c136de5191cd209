"""The icons: of their size, and to be read on dark and on light."""

from __future__ import annotations

import pytest
from PIL import Image

from skill.publish.icons import SIZES, icon


@pytest.mark.parametrize("size", SIZES)
def test_an_icon_is_a_disc_of_its_size(size: int) -> None:
    """It is square, clear in the corners, and full in the middle of each side."""
    drawn = icon(size)
    assert (drawn.size, drawn.mode) == ((size, size), "RGBA")
    middle = size // 2
    assert all(_alpha(drawn, at) == 0 for at in ((0, 0), (size - 1, 0), (0, size - 1)))
    assert all(_alpha(drawn, at) > 200 for at in ((middle, middle), (middle, 1), (1, middle)))


@pytest.mark.parametrize("behind", ["#000000", "#ffffff"])
def test_it_reads_at_forty_pixels(behind: str) -> None:
    """On black and on white, the leg, the moon and the night keep apart at 40 pixels."""
    page = Image.new("RGBA", (40, 40), behind)
    page.alpha_composite(icon(108).resize((40, 40), Image.Resampling.LANCZOS))
    leg, night, moon = (_shade(page, at) for at in ((18, 28), (22, 22), (9, 15)))
    assert leg - night > 150
    assert moon - night > 90


def _shade(drawn: Image.Image, at: tuple[int, int]) -> int:
    pixel = drawn.convert("L").getpixel(at)
    assert isinstance(pixel, int)
    return pixel


def _alpha(drawn: Image.Image, at: tuple[int, int]) -> int:
    pixel = drawn.getpixel(at)
    assert isinstance(pixel, tuple)
    return int(pixel[3])
