"""An SVG → the same as AVG."""

from __future__ import annotations

import re

import pytest

from skill.screen import drawing
from skill.screen.drawing import DrawingError, avg, names, svg


@pytest.mark.parametrize("name", names())
def test_each_drawing_is_the_same_as_avg(name: str) -> None:
    """All its paths are there, in their order, and nothing in it is fetched."""
    drawn = avg(name)
    assert (drawn["type"], drawn["version"]) == ("AVG", "1.1")
    assert [path["pathData"] for path in drawn["items"]] == re.findall(r' d="([^"]+)"', svg(name))
    assert "href" not in svg(name)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('<svg xmlns="{}" viewBox="0 0 9 9"><circle r="3"/></svg>', "circle is not known"),
        ('<svg xmlns="{}" viewBox="0 0 9 9"><path style="x"/></svg>', "style is not known"),
        ('<svg xmlns="{}" viewBox="1 0 9 9"/>', "begins at 0 0"),
    ],
)
def test_what_avg_has_not_is_named(monkeypatch: pytest.MonkeyPatch, content: str, why: str) -> None:
    """A drawing with more than paths is refused, with the name of what it has."""
    monkeypatch.setattr(drawing, "svg", lambda _: content.format("http://www.w3.org/2000/svg"))
    with pytest.raises(DrawingError, match=why):
        avg.__wrapped__("it")


@pytest.mark.parametrize("name", names())
def test_nothing_is_cut_off(name: str) -> None:
    """What is drawn lies in its picture, but for a leg close by, which comes in from the left."""
    drawn = avg(name)
    for path in drawn["items"]:
        half = path.get("strokeWidth", 0) / 2
        for x, y in re.findall(r"[ML](\S+) (\S+)", path["pathData"]):
            assert half - 0.1 <= float(y) <= drawn["height"] - half + 0.1, path
            assert float(x) <= drawn["width"] - half + 0.1, path
