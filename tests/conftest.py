"""Fixtures that tests share, the bar while the long ones run, and what runs in which tier."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from hypothesis import settings
from tqdm import tqdm

from tests.coach.kept import walked
from tests.coach.walk import Walk

# An example that takes long says that the machine is busy: no test here is about that.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# Tests keep much and leave few cycles behind: the collector need not look often.
gc.set_threshold(100_000)

Watch = Callable[[int, int], object]
"""Is told how many of how many are done."""

Bar = Callable[[str], AbstractContextManager[Watch]]


def pytest_configure(config: pytest.Config) -> None:
    """What listeners learn is kept beside pytest's own cache, for this run and the next."""
    if getattr(config, "cache", None) is not None:  # not with `-p no:cacheprovider`
        os.environ.setdefault("CRAMP_COACH_CACHE_DIR", str(config.cache.mkdir("listeners")))


@pytest.fixture(scope="session")
def bar(pytestconfig: pytest.Config) -> Bar:
    """A bar with a name, on a terminal; where there is none, nothing."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    @contextmanager
    def shown(name: str) -> Iterator[Watch]:
        with capture.global_and_fixture_disabled(), tqdm(desc=name, leave=False, disable=None) as b:

            def watch(done: int, known: int) -> None:
                b.total = known
                b.update(done - b.n)

            yield watch

    return shown


@pytest.fixture(scope="session")
def walk(bar: Bar, pytestconfig: pytest.Config) -> Walk:
    """One walk over every turn of every conversation, with every rule checked on the way."""
    cache = getattr(pytestconfig, "cache", None)  # not with `-p no:cacheprovider`
    with bar("The walk") as watch:
        return walked(cache.mkdir("walks"), watch) if cache else Walk(watch=watch)


FITTING = {"browser", "simulator", "understanding"}
"""Folders in which nearly every test fits the listener."""


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the walk runs in one worker, which walks once; so does what fits the listener."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if walks := "walk" in fixtures:
            item.add_marker(pytest.mark.walk)
        if item.path.parent.name in FITTING:
            item.add_marker(pytest.mark.fitting)
        if walks:
            item.add_marker(pytest.mark.xdist_group("walk"))
        elif item.get_closest_marker("fitting"):
            item.add_marker(pytest.mark.xdist_group("listener"))
