"""Long work in handfuls, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

Given = TypeVar("Given")
Found = TypeVar("Found")
Spread = Callable[[Callable[[Given], Found], Iterable[Given]], Iterable[Found]]
"""What `map` does."""

HANDFUL = 8


def processes() -> int:
    """One for each core; but beside pytest-xdist's workers the cores have their work already."""
    return 1 if "PYTEST_XDIST_WORKER" in os.environ else os.cpu_count() or 1


def handfuls(many: Sequence[Given]) -> list[Sequence[Given]]:
    """A few at a time, in their order."""
    return [many[at : at + HANDFUL] for at in range(0, len(many), HANDFUL)]


def nothing_is_found(
    find: Callable[[Sequence[Given]], str],
    many: Sequence[Given],
    watch: Callable[[int, int], object],
) -> None:
    """Fails with the first thing that `find` tells of a handful.

    watch: is told how many of how many handfuls were looked at.
    """
    some = handfuls(many)
    with cores() as spread:
        for count, found in enumerate(spread(find, some), 1):
            assert not found, found
            watch(count, len(some))


@contextmanager
def cores() -> Iterator[Spread[Any, Any]]:
    """`map`, spread over all cores; what is found comes in the order of what is given."""
    if processes() == 1:
        yield map
        return
    with ProcessPoolExecutor(processes(), mp_context=get_context("spawn")) as pool:
        yield pool.map
