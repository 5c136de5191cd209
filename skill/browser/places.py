"""The places of the conversation as the page shows them: every question, in its group."""

from __future__ import annotations

from typing import Any

from skill.publish.hears import title
from skill.publish.rows import GROUPS


def places() -> list[dict[str, Any]]:
    """Each group of docs/flow.md with its questions, in the order in which she meets them."""
    return [
        {
            "group": group.title,
            "asks": [{"ask": ask.value, "title": title(ask)} for ask in group.asks],
        }
        for group in GROUPS
    ]
