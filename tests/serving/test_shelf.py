"""skill.serving.shelf: what one process leaves for another (across processes: test_worker.py)."""

from pathlib import Path

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
    """It does not grow for ever: once full it begins anew, with the latest."""
    monkeypatch.setattr(Shelf, "MOST_BYTES", 100)
    shelf = Shelf()
    for number in range(100):
        shelf.put(str(number), b"x" * 30)
        assert str(number) in shelf.chains()
        assert len(shelf.chains()) <= 3


def test_it_outlives_its_process(tmp_path: Path) -> None:
    """In a folder, which it makes for its owner alone, what is left is found by whoever is next."""
    folder = tmp_path / "state" / "chains"
    Shelf(folder).put("one", GOOD.chain_pem)
    assert Shelf(folder).chains() == {"one": GOOD.chain_pem}
    assert {each.stat().st_mode & 0o77 for each in (folder, *folder.iterdir())} == {0}


def test_many_share_a_folder(tmp_path: Path) -> None:
    """What one leaves, another that is open already finds; the same is not left twice."""
    one, other = Shelf(tmp_path), Shelf(tmp_path)
    assert other.chains() == {}
    one.put("one", GOOD.chain_pem)
    (file,) = tmp_path.iterdir()
    size = file.stat().st_size
    other.put("one", GOOD.chain_pem)
    assert file.stat().st_size == size
    other.put("two", b"two")
    assert one.chains() == {"one": GOOD.chain_pem, "two": b"two"}


@pytest.mark.parametrize(
    "damage",
    [b"", b"\0" * 50, b'["cut off', b"[1, 2]\n[]\n{}\n", b"\xff\xfe\n", '["a", "€"]\n'.encode()],
)
def test_damaged_file(tmp_path: Path, damage: bytes) -> None:
    """Of a damaged file what can be read is found, and it goes on after the damage."""
    Shelf(tmp_path).put("one", b"one")
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() + damage)
    shelf = Shelf(tmp_path)
    shelf.put("two", b"two")
    assert shelf.chains() == {"one": b"one", "two": b"two"}


def test_no_folder(tmp_path: Path) -> None:
    """Where the folder cannot be, that is an OSError, and nothing else."""
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        Shelf(tmp_path / "file")
