"""The skill's icons, drawn: a leg stretched in bed, toes up, and the moon.

No letters, no cross: nothing that would promise help in an emergency (alexa.md 1). The night has a
pale rim, so that it stands out on dark and on light; it reads at 40 pixels.
"""

from __future__ import annotations

from PIL import Image, ImageDraw

SIZES = (108, 512)
"""Pixels a side, as Amazon wants them."""

_FINE = 4  # drawn so much larger, and then made smaller: edges come out smooth
_NIGHT, _RIM, _LEG, _MOON = "#1b2a5c", "#e9edf8", "#ffffff", "#ffcf5c"

# In parts of the side, from the top left.
_KNEE, _HEEL, _TOES = (0.20, 0.70), (0.77, 0.70), (0.71, 0.36)
_THICK = 0.15
_MOON_AT, _MOON_RADIUS, _SHADOW_AT = (0.37, 0.35), 0.18, (0.455, 0.285)


def icon(size: int) -> Image.Image:
    """The icon, `size` pixels a side; transparent outside its disc."""
    side = size * _FINE
    drawn = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(drawn)
    _disc(pen, side, (0.5, 0.5), 0.5, _RIM)
    _disc(pen, side, (0.5, 0.5), 0.465, _NIGHT)
    _disc(pen, side, _MOON_AT, _MOON_RADIUS, _MOON)
    _disc(pen, side, _SHADOW_AT, _MOON_RADIUS, _NIGHT)
    _limb(pen, side, _KNEE, _HEEL)
    _limb(pen, side, _HEEL, _TOES)
    return drawn.resize((size, size), Image.Resampling.BOX)


def _disc(
    pen: ImageDraw.ImageDraw, side: int, at: tuple[float, float], radius: float, colour: str
) -> None:
    x, y = at
    corners = (x - radius, y - radius, x + radius, y + radius)
    pen.ellipse([corner * side for corner in corners], fill=colour)


def _limb(
    pen: ImageDraw.ImageDraw, side: int, start: tuple[float, float], end: tuple[float, float]
) -> None:
    """A thick line with round ends."""
    line = [(x * side, y * side) for x, y in (start, end)]
    pen.line(line, fill=_LEG, width=round(_THICK * side))
    for at in (start, end):
        _disc(pen, side, at, _THICK / 2, _LEG)
