"""Amazon's answers, kept as they come, so that what takes hours can stop and go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tests.amazon.ask import AskError

GIVEN_UP = 3  # failures one after another: the next would be one too


class Kept:
    """Answers by what was asked, in a file with one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._answers: dict[str, Any] = {}
        for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
            try:
                kept = json.loads(line)
            except ValueError:
                continue  # it was stopped while it wrote this
            self._answers[kept["asked"]] = kept["answer"]

    def __contains__(self, asked: str) -> bool:
        return asked in self._answers

    def __getitem__(self, asked: str) -> Any:
        return self._answers[asked]

    def keep(self, asked: str, answer: Any) -> None:
        """Keeps an answer. OSError if it cannot be written."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write("\n" if self._torn() else "")
            file.write(json.dumps({"asked": asked, "answer": answer}) + "\n")
        self._answers[asked] = answer

    def fill(
        self, what: Sequence[str], answer: Callable[[str], Any], doing: str
    ) -> dict[str, AskError]:
        """Asks what is not answered yet, and shows how far it is; returns what failed, and why.

        That is asked again next time. AskError where several fail one after another.
        """
        left = [each for each in what if each not in self]
        failed: dict[str, AskError] = {}
        in_a_row, done = 0, len(what) - len(left)
        for each in tqdm(left, desc=doing, initial=done, total=len(what), disable=None):
            try:
                self.keep(each, answer(each))
                in_a_row = 0
            except AskError as error:
                failed[each], in_a_row = error, in_a_row + 1
                if in_a_row == GIVEN_UP:
                    raise
        return failed

    def _torn(self) -> bool:
        """Whether the last line was not written to its end."""
        with self._path.open("rb") as file:
            if not file.seek(0, 2):
                return False
            file.seek(-1, 2)
            return file.read() != b"\n"
