"""What women in pain and their partners say, each at its place (`make real`).

    python -m tests.understanding.real [--sets DIR]

Each sentence is heard by the local listener, as `talk` hears it, and answered by the real coach.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.understanding.judge import understood
from tests.understanding.places import described
from tests.understanding.scores import NOT_ALEXA
from tests.understanding.sets import HERE

RESULTS = ("right", "not understood", "alarmed", "lost", "wrong")


@dataclass(frozen=True)
class Real:
    """A sentence, where it is said, what it should lead to, and what it did lead to."""

    say: str
    place: str
    wanted: str
    expect: frozenset[str]
    led_to: frozenset[str]

    @property
    def is_sign(self) -> bool:
        """Whether nothing but an urgent line will do."""
        return bool(self.expect) and all(it.startswith("level") for it in self.expect)

    @property
    def result(self) -> str:
        """One of RESULTS. A worse level than the one that was wanted is right."""
        wanted, led = _level(self.expect), _level(self.led_to)
        if self.expect & self.led_to or (wanted and led and led <= wanted):
            return "right"
        if led:
            return "wrong" if wanted else "alarmed"
        if "not_understood" in self.led_to:
            return "not understood"
        return "lost" if self.is_sign else "wrong"


def _level(outcomes: frozenset[str]) -> int:
    return max((int(it[-1]) for it in outcomes if it.startswith("level")), default=0)


def real(folder: Path = HERE) -> list[Real]:
    """Every sentence of real_words.tsv, with what it led to."""
    with (folder / "real_words.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file.readlines()[1:], delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Real(
            row["utterance"],
            row["place"],
            row["wanted"],
            frozenset(row["expect"].split("|")),
            frozenset(described(row["place"], understood(row["utterance"]))),
        )
        for row in rows
    ]


def main() -> None:
    """Prints each sentence with what it led to, what is wrong last, and how many of each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", type=Path, default=HERE, help="a folder with real_words.tsv")
    found = real(parser.parse_args().sets)
    print(NOT_ALEXA)
    for result in RESULTS:
        print(f"\n{result}:")
        for it in found:
            if it.result == result:
                taken = understood(it.say)
                print(
                    f"  {it.place}: {it.say!r} was {taken.intent} ({taken.score:.2f}): "
                    f"{'|'.join(sorted(it.led_to))}; wanted: {it.wanted}"
                )
    print(f"\nsigns, {_counted([it for it in found if it.is_sign])}")
    print(f"others, {_counted([it for it in found if not it.is_sign])}")


def _counted(some: list[Real]) -> str:
    count = Counter(it.result for it in some)
    return f"{len(some)}: " + ", ".join(f"{name} {count[name]}" for name in RESULTS)


if __name__ == "__main__":
    main()
