"""Fixtures that tests share."""

from __future__ import annotations

import pytest

from tests.coach.rules import RULES
from tests.coach.walk import Walk


@pytest.fixture(scope="session")
def walk() -> Walk:
    """One walk over every turn of every conversation, with every rule checked on the way."""
    return Walk(RULES)
