"""Fixtures that tests share."""

from __future__ import annotations

import os

import pytest

from tests.coach.rules import RULES
from tests.coach.walk import Walk


def pytest_configure(config: pytest.Config) -> None:
    """What listeners learn is kept beside pytest's own cache, for this run and the next."""
    if cache := getattr(config, "cache", None):
        os.environ.setdefault("CRAMP_COACH_CACHE_DIR", str(cache.mkdir("listeners")))


@pytest.fixture(scope="session")
def walk() -> Walk:
    """One walk over every turn of every conversation, with every rule checked on the way."""
    return Walk(RULES)
