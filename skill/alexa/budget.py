"""How many chains are fetched in a minute, and how many of them a stranger can use up."""

import re
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Any

MOST_TURNED_AWAY = 1024

# Addresses that were seen: echo-api-cert.pem, -12.pem, -USAmazon-prod-30584302.pem (alexa.md 4).
_USUAL_URL = re.compile(r".+/echo\.api/echo-api-cert[A-Za-z0-9-]*\.pem")


class _Share(Enum):
    """Parts of the budget. What one address may use, another kind of address cannot use up."""

    PROVED = "at addresses whose chain once fitted a signature"
    AGAIN = "at usual addresses that were turned away before"
    USUAL = "at addresses of the form that Amazon uses"
    STRANGE = "at any other"


FETCHES_A_MINUTE = {_Share.PROVED: 8, _Share.AGAIN: 4, _Share.USUAL: 6, _Share.STRANGE: 2}
"""Made-up addresses differ from one another, and Amazon's next one is asked for again and again:
so that those who make up any number of usual ones cannot keep it out."""


class Budget:
    """The fetches of the last minute, by a monotonic clock. Not safe for threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._starts = {
            share: deque[float](maxlen=most) for share, most in FETCHES_A_MINUTE.items()
        }
        self._turned_away: dict[str, None] = {}

    def allows(self, url: str, *, proved: bool) -> bool:
        """Whether `url` may be fetched now; `proved`: whether its chain once fitted a signature."""
        return self._share(url, proved) is not None

    def spend(self, url: str, *, proved: bool) -> bool:
        """The same, and from now on it counts, as a fetch or as turned away."""
        share = self._share(url, proved)
        self._turned_away.pop(url, None)
        if share is not None:
            self._starts[share].append(self._clock())
            return True
        self._turned_away[url] = None
        keep_latest(self._turned_away, MOST_TURNED_AWAY)
        return False

    def _share(self, url: str, proved: bool) -> _Share | None:
        open_to = [_Share.PROVED] if proved else []
        if _USUAL_URL.fullmatch(url) is None:
            open_to.append(_Share.STRANGE)
        else:
            open_to += [_Share.AGAIN, _Share.USUAL] if url in self._turned_away else [_Share.USUAL]
        return next(filter(self._has_some_left, open_to), None)

    def _has_some_left(self, share: _Share) -> bool:
        starts = self._starts[share]
        return len(starts) < FETCHES_A_MINUTE[share] or self._clock() - starts[0] >= 60


def keep_latest(entries: dict[str, Any], most: int) -> None:
    """Drops what was put in first, until there are no more than `most`."""
    while len(entries) > most:
        del entries[next(iter(entries))]
