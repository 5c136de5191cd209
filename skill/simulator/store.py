"""What was learned, in a folder: plain arrays and JSON, learned anew where a file is not sound."""

from __future__ import annotations

import json
import os
import zipfile
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from skill.simulator import learned
from skill.simulator.learned import Fitted, Learned
from skill.simulator.model import background, packaged, read_model

SETTING = "CRAMP_COACH_CACHE_DIR"
MOST_KEPT = 8
_UNSOUND = (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile)


def learned_from(model: str) -> Learned:
    """What is learned from the JSON of a model: from the folder, or else anew and put there."""
    path = place(model)
    try:
        return Learned(_load(path))
    except _UNSOUND:
        fitted = learned.fit(learned.sentences(read_model(model), background()))
        _keep(path, fitted)
        return Learned(fitted)


def place(model: str) -> Path:
    """Where what is learned from a model is kept: the name is the digest of all that matters."""
    code = Path(learned.__file__).read_text(encoding="utf-8")
    versions = (version("cramp-coach"), version("scikit-learn"))
    parts = (model, packaged("background.txt"), code, *versions)
    name = sha256("\0".join(parts).encode()).hexdigest()
    folder = os.environ.get(SETTING) or platformdirs.user_cache_dir("cramp-coach")
    return Path(folder) / f"listener-{name}.npz"


def _load(path: Path) -> Fitted:
    """The file at `path`; one of _UNSOUND if it is not what was put there."""
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    if arrays.pop("sum").tobytes() != _sum(path, arrays):
        raise ValueError("not what was put there")
    text = json.loads(arrays.pop("text").tobytes())
    return Fitted(**text, **arrays)


def _sum(path: Path, arrays: dict[str, NDArray[Any]]) -> bytes:
    """What tells that arrays are those that were put into the file of this name."""
    found = sha256(path.name.encode())
    for name, array in sorted(arrays.items()):
        found.update(f"{name} {array.dtype} {array.shape}".encode() + array.tobytes())
    return found.digest()


def _keep(path: Path, fitted: Fitted) -> None:
    """Writes the file, whole or not at all; a folder that cannot be written to is no error."""
    arrays = {it: each for it, each in vars(fitted).items() if isinstance(each, np.ndarray)}
    text = {it: each for it, each in vars(fitted).items() if it not in arrays}
    arrays["text"] = np.frombuffer(json.dumps(text).encode(), np.uint8)
    arrays["sum"] = np.frombuffer(_sum(path, arrays), np.uint8)
    whole = path.with_suffix(f".{os.getpid()}.tmp")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        whole.replace(path)
        kept = sorted(path.parent.glob("listener-*.npz"), key=lambda it: it.stat().st_mtime)
        for each in kept[:-MOST_KEPT]:
            each.unlink()
