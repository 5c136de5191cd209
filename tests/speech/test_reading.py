"""Each line can be followed at three in the morning, and rests on sources that are known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import textstat

from skill.coach.place import Speaker
from skill.publish import evidence
from skill.speech.catalogue import FORMS, LOCALES, Entry, catalogue
from skill.speech.words import plain

HIGHEST_GRADE = 6.0

HARD_TO_READ = {
    "ask.anything_else": "two everyday words; the formula is made for sentences",
    "anywhere.noted": "one everyday word",
    "urgent.emergency.overdose": "decided word for word, with the local emergency number",
    "ask.getting_easier": "four everyday words",
    "told.bump_hard": "thirty-seven weeks is how it is counted (G18)",
    "card.emergency": "local emergency number is how it is called",
    "screen.urgent.call_now": "whom to call, and nothing else; the formula is made for sentences",
    "screen.touch.again": "one everyday word",
    "screen.touch.emergency": "one everyday word",
}
"""Lines above the grade, each with its reason."""

ENTRIES = catalogue("en-US").entries


def texts(key: str) -> Iterator[str]:
    """Each text of a line as it is spoken in en-US, to a pregnant woman and to her helper."""
    words = catalogue("en-US")
    for form in FORMS:
        if form in words.entries[key].texts[frozenset()]:
            for speaker in Speaker:
                tags = frozenset({speaker.value, "pregnant", "emergency"})
                yield plain(words.pieces(key, form, tags, "breathless"))


def grade(text: str) -> float:
    """The school year in which a text can be read, by Flesch and Kincaid."""
    return float(textstat.flesch_kincaid_grade(text))


@pytest.mark.parametrize("key", [key for key in ENTRIES if not key.startswith("sign.")])
def test_a_line_reads_at_grade_six_at_most(key: str) -> None:
    """Everyday words in short sentences. Signs are not sentences: urgent lines hold them."""
    hardest = max(texts(key), key=grade)
    assert grade(hardest) <= HIGHEST_GRADE or key in HARD_TO_READ, f"{grade(hardest)}: {hardest}"


@pytest.mark.parametrize("key", [key for key in ENTRIES if key.startswith("sign.")])
def test_an_urgent_line_stays_readable_with_each_sign(key: str) -> None:
    """The words of a sign do not make its urgent line hard to follow."""
    words, name = catalogue("en-US"), key.removeprefix("sign.")
    tags = frozenset({"she", "pregnant", "emergency"})
    line = plain(words.pieces("urgent.emergency.feels_wrong", "say", tags, name))
    assert grade(line) <= HIGHEST_GRADE + 1, line


def test_an_exception_is_of_a_line_that_is_there() -> None:
    """No exception outlives its line, or the reason for it."""
    assert HARD_TO_READ.keys() <= ENTRIES.keys()
    easy = [key for key in HARD_TO_READ if max(map(grade, texts(key))) <= HIGHEST_GRADE]
    assert not easy


@pytest.mark.parametrize("locale", LOCALES)
def test_every_source_is_known(locale: str) -> None:
    """Each code of each line is a source, a row or a mark of responses/sources.yaml."""
    for entry in catalogue(locale).entries.values():
        assert evidence.sources_of(entry), entry.key


def test_a_source_has_a_grade_and_an_address() -> None:
    """Each source says how good it is, what it is, and where it is."""
    for code, source in evidence.sources().items():
        assert source.what, code
        if source.kind == "source":
            assert source.grade in tuple("ABCD"), code
            assert source.url.startswith(("https://", "http://")), code


def rests_on(entry: Entry) -> bool:
    """Whether a line rests on anything but an anecdote."""
    return any(source.grade != "D" for source in evidence.sources_of(entry))


def test_no_line_rests_on_anecdotes_alone() -> None:
    """Grade D is for language and warnings: such a line has a row or a better source as well."""
    assert all(map(rests_on, ENTRIES.values()))
