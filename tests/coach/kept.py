"""The walk, kept for the next run: made anew when the conversation or the walk has changed."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.coach.walk import Walk

ROOT = Path(__file__).parents[2]
MOST_KEPT = 4


def walked(folder: Path, watch: Callable[[int, int], object]) -> Walk:
    """The walk over the conversation as it stands: from `folder`, or else made and put there.

    watch: is told how many of how many sessions were walked so far.
    """
    path = place(folder)
    if path.is_file():
        return _load(path)
    walk = Walk(watch=watch)
    keep(path, walk)
    return walk


def place(folder: Path) -> Path:
    """Where it is kept: the name is the digest of all code of the conversation, walk and rules."""
    rooms = (ROOT / "skill/coach", ROOT / "tests/coach")
    files = [file for room in rooms for file in room.rglob("*.py")]
    code = [f"{file.relative_to(ROOT)}\0{file.read_text('utf-8')}" for file in sorted(files)]
    name = sha256("\0".join([sys.version, *code]).encode()).hexdigest()
    return folder / f"walk-{name}.pickle"


def _load(path: Path) -> Walk:
    walk = pickle.loads(path.read_bytes())
    assert isinstance(walk, Walk)
    return walk


def keep(path: Path, walk: Walk) -> None:
    """Writes the file, whole or not at all."""
    whole = path.with_suffix(f".{os.getpid()}.tmp")
    whole.write_bytes(pickle.dumps(walk))
    whole.replace(path)
    kept = sorted(path.parent.glob("walk-*.pickle"), key=lambda file: file.stat().st_mtime)
    for each in kept[:-MOST_KEPT]:
        each.unlink()
