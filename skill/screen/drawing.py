"""A drawing: an SVG of this project, and the same as Amazon's vector graphic (AVG).

The SVGs in `drawings/` are the one source, for the screen, for pages and for documents. They are
made of paths alone, with the attributes that are named here: what else SVG has, AVG has not.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_TEXTS = {
    "d": "pathData",
    "fill": "fill",
    "stroke": "stroke",
    "stroke-linecap": "strokeLineCap",
    "stroke-linejoin": "strokeLineJoin",
}
_NUMBERS = {"stroke-width": "strokeWidth", "opacity": "opacity"}
_NONE = "transparent"


class DrawingError(ValueError):
    """A drawing that has what AVG has not: names the file and what it is."""


@cache
def svg(name: str) -> str:
    """The SVG of a drawing. FileNotFoundError where there is none of that name."""
    return resources.files("skill.screen").joinpath("drawings", f"{name}.svg").read_text("utf-8")


def names() -> tuple[str, ...]:
    """The name of each drawing."""
    folder = resources.files("skill.screen").joinpath("drawings")
    files = (file.name for file in folder.iterdir() if file.name.endswith(".svg"))
    return tuple(sorted(name.removesuffix(".svg") for name in files))


@cache
def avg(name: str) -> dict[str, Any]:
    """A drawing as AVG 1.1, which APL 1.4 draws. FileNotFoundError, and DrawingError."""
    root = ElementTree.fromstring(svg(name))
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    if (left, top) != (0, 0):
        raise DrawingError(f"{name}: its viewBox begins at 0 0")
    return {
        "type": "AVG",
        "version": "1.1",
        "width": width,
        "height": height,
        "items": [_path(name, each) for each in root],
    }


def ratio(name: str) -> float:
    """How many times wider than high a drawing is."""
    drawn = avg(name)
    return float(round(drawn["width"] / drawn["height"], 3))


def _path(name: str, element: ElementTree.Element) -> dict[str, Any]:
    unknown = element.attrib.keys() - _TEXTS.keys() - _NUMBERS.keys()
    if element.tag != f"{_SVG}path":
        unknown = {element.tag.removeprefix(_SVG)}
    if unknown:
        known = ", ".join((*_TEXTS, *_NUMBERS))
        raise DrawingError(f"{name}: {', '.join(sorted(unknown))} is not known; a path has {known}")
    path: dict[str, Any] = {"type": "path"}
    for key, value in element.attrib.items():
        if key in _NUMBERS:
            path[_NUMBERS[key]] = float(value)
        else:
            path[_TEXTS[key]] = _NONE if value == "none" else value
    return path
