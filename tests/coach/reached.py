"""What attributes are accepted, beside what the walk reaches; prints how many there are of each.

python -m tests.coach.reached
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from skill.coach.place import Again, Aim, Ask, Check, Place, Session, Speaker, Stage, Status
from skill.coach.reachable import is_reachable
from skill.coach.signs import Level
from skill.coach.tables.by_day import STEPS
from tests.coach.alike import STARTS
from tests.coach.walk import Walk


def combinations() -> Iterator[Session]:
    """Every session that can be written down, in the default manner, up to a step too many."""
    statuses = [Status(*of) for of in product(Speaker, Stage, (False, True), (False, True))]
    for ask in Ask:
        steps = range(len(STEPS.get(ask, [()])) + 1)
        for of in product(Aim, Check, Again, (None, *Level), steps):
            place = Place(ask, *of)
            yield from (Session(place, status) for status in statuses)


def accepted() -> set[Session]:
    """Every session that attributes may bring back, in the default manner."""
    return set(filter(is_reachable, combinations()))


def reached(walk: Walk) -> set[Session]:
    """Every session that a conversation is left in, in the default manner."""
    return {session for session in walk.sessions if session.place.ask not in STARTS}


def places(sessions: set[Session]) -> str:
    """Where those sessions are: a line for each place."""
    return "\n".join(sorted({str(session.place) for session in sessions}))


def main() -> None:
    """Walks, and prints."""
    known, found = accepted(), reached(Walk())
    print(f"{sum(1 for _ in combinations()):9,} sessions can be written down, in one manner")
    print(f"{len(found):9,} of them are reached by a conversation")
    print(f"{len(known):9,} are accepted")
    print(f"{len(known - found):9,} are accepted and not reached")
    print(f"{len(found - known):9,} are reached and not accepted")


if __name__ == "__main__":
    main()
