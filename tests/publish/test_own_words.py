"""skill.publish.own_words: whole sentences as women say them, beside the templates."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from skill.cli import main
from skill.publish import source
from skill.publish.own_words import FILE, own_words
from skill.simulator.text import read
from skill.speech import edited
from tests.understanding.sets import COUNTED, HERE, SETS, answers, sentences

Write = Callable[[str], None]


@pytest.fixture
def write(monkeypatch: pytest.MonkeyPatch) -> Write:
    """Has a text stand in own_words.yaml."""
    text = edited.text

    def stand(written: str) -> None:
        monkeypatch.setattr(
            edited, "text", lambda path, package: written if path == FILE else text(path, package)
        )

    return stand


def test_each_is_a_sample() -> None:
    """Every sentence of the file is a sample of its intent in the built model."""
    model = json.loads(source.text("en-US.json"))
    intents = model["interactionModel"]["languageModel"]["intents"]
    samples = {intent["name"]: set(intent["samples"]) for intent in intents}
    assert {
        name for name, said in own_words().items() if not samples[name].issuperset(said)
    } == set()


def test_no_sentence_of_a_set_is_one() -> None:
    """What understanding is measured with stands in no model: it would measure itself."""
    own = {read(it).key for said in own_words().values() for it in said}
    measured = {it.say for each in (HERE, COUNTED) for name in SETS for it in sentences(name, each)}
    measured |= {it.say for it in answers()}
    assert {it for it in measured if read(it).key in own} == set()


@pytest.mark.parametrize(
    ("written", "line", "says"),
    [
        ("CrampIntent:\n  - 'ow'\n  - 5\n", 1, "write a sentence in quotes on each line"),
        ("CrampIntent: ow\n", 1, "write a sentence in quotes on each line"),
        ("EasedIntent:\n  - 'let go'\nCrmpIntent:\n  - 'ow'\n", 3, "no intent of en.yaml"),
        ("EasedIntent:\n  - 'gone'\n  - 'my {ankle} let go'\n", 3, "has a slot {ankle}: write out"),
        ("EasedIntent:\n  - 'it is gone'\n  - 'Gone?'\n", 3, "Amazon does not take the sample"),
        ("WorseIntent:\n  - 'worse now'\nEasedIntent:\n  - 'worse now'\n", 2, "leave it to one"),
    ],
)
def test_a_slip_is_named(
    written: str, line: int, says: str, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """`build` tells the file and the line of a slip, and what to do."""
    write(written)
    assert main(["build", "--check"]) == 1
    told = capsys.readouterr().err
    assert f"interaction_model/{FILE}, line {line}: " in told
    assert says in told
