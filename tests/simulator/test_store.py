"""skill.simulator.store: what was learned is kept, and never trusted where it is not sound."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skill.simulator import learned, store
from skill.simulator.learned import Fitted
from skill.simulator.model import built

MODEL = built("en-US")


def small() -> Fitted:
    """Something that is learned at once."""
    return learned.fit(
        [
            ("my leg hurts", "A"),
            ("my leg hurts a lot", "A"),
            ("my foot hurts", "B"),
            ("my foot hurts a lot", "B"),
            ("what a day", "AMAZON.FallbackIntent"),
            ("what a night", "AMAZON.FallbackIntent"),
        ]
    )


@pytest.fixture
def fits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An empty folder, learning that is quick, and how often it was done."""
    count: list[int] = []

    def fit(sentences: Any) -> Fitted:
        count.append(1)
        return fitted

    fitted = small()
    monkeypatch.setattr(learned, "fit", fit)
    monkeypatch.setenv(store.SETTING, str(tmp_path / "cache"))
    return count


def test_learned_once(fits: list[int]) -> None:
    """What was learned is read the next time, and says the same."""
    first, second = store.learned_from(MODEL), store.learned_from(MODEL)
    assert len(fits) == 1
    said = ["my leg", "what"]
    assert (first.scores(said) == second.scores(said)).all()
    assert first.intents == second.intents


def test_another_model_is_another_file(fits: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is the digest of the model, the background, the code and the versions."""
    places = [store.place(MODEL), store.place(MODEL + " ")]
    monkeypatch.setattr(store, "version", lambda name: "9")
    places.append(store.place(MODEL))
    monkeypatch.setattr(store, "packaged", lambda name: "another background")
    places.append(store.place(MODEL))
    assert len(set(places)) == len(places)


def arrays(path: Path) -> dict[str, Any]:
    """What is in a file."""
    with np.load(path) as found:
        return {name: found[name] for name in found.files}


def changed(change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Callable[[Path], None]:
    """Writes a file again with its arrays, and the JSON in it, changed."""

    def write(path: Path) -> None:
        found = arrays(path)
        text = json.loads(found["text"].tobytes())
        change(found, text)
        if "text" in found:
            found["text"] = np.frombuffer(json.dumps(text).encode(), np.uint8)
        np.savez(path, **found)

    return write


class Mischief:
    """Runs when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("unpickled",))


def pickled(path: Path) -> None:
    np.savez(path, **{**arrays(path), "weights": np.array([Mischief()], dtype=object)})


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(arrays(path)["weights"].tobytes())] ^= 1
    path.write_bytes(bytes(data))


def npy(path: Path) -> None:
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    path.write_bytes(file.getvalue())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"nonsense"),
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        lambda path: path.write_bytes(pickle.dumps(Mischief())),
        flipped,
        pickled,
        npy,
        lambda path: path.write_bytes(store.place(MODEL + " ").read_bytes()),
        changed(lambda found, text: text.update(intents=[])),
        changed(lambda found, text: text.update(intents=["A", "B", "C"])),
        changed(lambda found, text: text.update(terms=[["my"], ["leg"]])),
        changed(lambda found, text: text.update(terms=3)),
        changed(lambda found, text: text["terms"].reverse()),
        changed(lambda found, text: text["terms"].pop()),
        changed(lambda found, text: text["terms"][0].__setitem__(0, text["terms"][0][1])),
        changed(lambda found, text: found.pop("text")),
        changed(lambda found, text: found.pop("bias")),
        changed(lambda found, text: found["weights"].fill(np.nan)),
        changed(lambda found, text: found.update(weights=found["weights"].astype(np.float64))),
        changed(lambda found, text: found.update(weights=found["weights"].T)),
        changed(lambda found, text: found.update(idf=found["idf"][1:])),
    ],
)
def test_a_spoilt_file_is_learned_anew(fits: list[int], spoil: Callable[[Path], None]) -> None:
    """A file that is damaged, or another's, is never trusted: it is replaced by a sound one."""
    store.learned_from(MODEL + " ")
    store.learned_from(MODEL)
    fits.clear()
    spoil(store.place(MODEL))
    store.learned_from(MODEL)
    assert len(fits) == 1
    store.learned_from(MODEL)
    assert len(fits) == 1


def test_no_folder(fits: list[int], tmp_path: Path) -> None:
    """Where no folder can be made, everything works, and is learned each time."""
    (tmp_path / "cache").write_text("a file")
    assert store.learned_from(MODEL).intents == ["A", "AMAZON.FallbackIntent", "B"]
    store.learned_from(MODEL)
    assert len(fits) == 2


def test_the_oldest_are_forgotten(fits: list[int]) -> None:
    """A folder keeps a few files, the newest."""
    for number in range(store.MOST_KEPT + 2):
        store.learned_from(MODEL + " " * number)
    kept = list(store.place(MODEL).parent.iterdir())
    assert len(kept) == store.MOST_KEPT
    assert store.place(MODEL + " " * (store.MOST_KEPT + 1)) in kept
