"""What is shown → Amazon's RenderDocument directive (alexa.md 7), with the drawing as AVG.

The document is one for all that is shown: `document.json`, APL 1.4. What differs travels beside
it as data; a drawing is put into it, as a document finds its graphics in itself or on the web.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources
from typing import Any

import orjson

from skill.coach.turn import Turn
from skill.screen.drawing import avg, ratio
from skill.screen.shown import Shown, View, shown, view
from skill.speech.catalogue import Catalogue

TOKEN = "cramp-coach"
"""Names the document to the device: the same for everybody and everything."""


def directive(turn: Turn, words: Catalogue) -> dict[str, Any]:
    """The directive that shows a turn, for `orjson`: what is long in it is bytes already."""
    return _directive(view(turn), words)


@lru_cache(maxsize=1024)
def _directive(it: View, words: Catalogue) -> dict[str, Any]:
    """The directive for a view: remembered, as to make it takes almost as long as the rest."""
    what = shown(it, words)
    return {
        "type": "Alexa.Presentation.APL.RenderDocument",
        "token": TOKEN,
        "document": orjson.Fragment(document(what.drawing)),
        "datasources": orjson.Fragment(orjson.dumps({"screen": data(what)})),
    }


@cache
def document(drawing: str | None) -> bytes:
    """The document with a drawing, as JSON. FileNotFoundError where there is none of that name."""
    text = resources.files("skill.screen").joinpath("document.json").read_bytes()
    content = orjson.loads(text)
    if drawing is not None:
        content["graphics"] = {"drawing": avg(drawing)}
    return orjson.dumps(content)


def data(what: Shown) -> dict[str, Any]:
    """What the document reads as `payload.screen`; where it is narrow, buttons are in two rows."""
    buttons = [{"touch": it.touch.value, "label": it.label} for it in what.buttons]
    return {
        "text": what.text,
        "letters": len(what.text) + len(what.also) * 3 // 4,
        "also": what.also,
        "urgent": what.urgent,
        "drawn": what.drawing is not None,
        "ratio": ratio(what.drawing) if what.drawing else 1,
        "buttons": buttons,
        "first": buttons[:2],
        "second": buttons[2:],
        "breaths": [{"after": it.after, "lasts": it.lasts} for it in what.breaths],
    }
