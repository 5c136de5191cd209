"""Questions about cramps, clots, comfort and prevention: which form of an answer is given.

Three forms (conversation.md 6): on its own, short in the middle of a relief conversation, and for
comfort a refusal until the checks are clear. After an urgent line `urgent.py` answers.
"""

from __future__ import annotations

from skill.coach.events import Topic

COMFORT = frozenset(
    {
        Topic.RUB,
        Topic.MASSAGE,
        Topic.WARMTH,
        Topic.BATH,
        Topic.STANDING,
        Topic.GETTING_UP,
        Topic.EXERCISE,
    }
)
"""Questions about comfort: not answered before the checks, nor after an urgent line."""

HALF_A_SIGN = frozenset({Topic.IS_IT_A_CLOT, Topic.CRAMP_OR_CLOT})
"""Questions that, in a relief conversation, lead to the next check."""

RUBBING = frozenset({Topic.RUB, Topic.MASSAGE})
"""Questions about touching the leg, refused where rubbing is."""
