"""skill.serving.shelf: what one process leaves for another (across processes: test_worker.py)."""

import pytest

from skill.serving.shelf import Shelf
from tests.chains import GOOD


def test_what_is_left_is_found() -> None:
    """Chains are found by their addresses, as they were left; the latest counts."""
    shelf = Shelf()
    assert shelf.chains() == {}
    shelf.put("one", b"old")
    shelf.put("two", bytes(range(256)))
    shelf.put("one", GOOD.chain_pem)
    assert shelf.chains() == {"one": GOOD.chain_pem, "two": bytes(range(256))}


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not grow for ever."""
    monkeypatch.setattr(Shelf, "MOST_BYTES", 100)
    shelf = Shelf()
    for number in range(100):
        shelf.put(str(number), b"x" * 30)
    assert 2 <= len(shelf.chains()) <= 4
