"""The script for review: complete, readable without a network, and honest about signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from skill.cli import main
from skill.publish import evidence, review
from skill.publish.lines import entries
from skill.publish.worked import worked_conversations
from skill.speech.catalogue import ELSEWHERE, SPOKEN, catalogue
from skill.speech.edited import SlipError

KEY = "relief.watch"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The page and the plain text in all locales, by the ends of their names."""
    paths = review.write(tmp_path_factory.mktemp("review"), SPOKEN)
    return {path.suffix: path.read_text("utf-8") for path in paths if path.suffix != ".csv"}


class Tags(HTMLParser):
    """Every tag of a page that names another file, and every id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.loads += [value for name, value in found.items() if name in ("src", "srcset")]
        self.loads += [found["href"]] if tag == "link" else []
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []


def test_the_page_needs_nothing_from_elsewhere(written: Mapping[str, str]) -> None:
    """The page loads no file, font, picture or script."""
    page = written[".html"]
    assert not Tags(page).loads
    assert "<script" not in page
    assert not re.search(r"@import|url\((?!#)", page)


def test_links_within_the_page_lead_somewhere(written: Mapping[str, str]) -> None:
    """Every link is a source's address or an id of the page, and no id is there twice."""
    tags = Tags(written[".html"])
    ids = [f"#{name}" for name in tags.ids]
    assert len(ids) == len(set(ids))
    assert all(link in ids or re.match(r"https?://", link) for link in tags.links)


def test_numbers_of_every_locale_are_shown(written: Mapping[str, str]) -> None:
    """Each locale's own emergency number stands in both forms."""
    for locale in SPOKEN:
        (piece,) = catalogue(locale).token("emergency", frozenset())
        said = getattr(piece, "digits", "") or getattr(piece, "text", "")
        assert all(said in text for text in written.values())


def test_marks_are_spelled_out(written: Mapping[str, str]) -> None:
    """What no source says is marked in words, in both forms, where it stands."""
    for text in written.values():
        assert text.count("design decision") > 100
        assert text.count("not confirmed") > 1


def test_three_conversations_are_played_through(written: Mapping[str, str]) -> None:
    """The page shows one that eases, one with a sign, and one that does not ease."""
    played = worked_conversations(["en-US"])
    levels = [{each.level for each in versions[0][1]} for _, versions in played]
    assert levels == [{None}, {None, 2}, {None}]
    assert all(not versions[0][1][-1].silence for _, versions in played), "each one ends"
    assert all(name in written[".html"] for name, _ in played)


def test_review_writes_each_form_for_one_locale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`review --locale en-GB --out DIR` writes en-US whole, that locale's words, and no other's."""
    assert main(["review", "--locale", "en-GB", "--out", str(tmp_path / "new" / "folder")]) == 0
    text = (tmp_path / "new" / "folder" / "review.txt").read_text("utf-8")
    assert "999" in text
    assert "1800 022 222" not in text
    assert capsys.readouterr().out.count("wrote ") == 3


def test_facts_stand_there_whole(written: Mapping[str, str]) -> None:
    """Each row and part of the clinical facts that a line rests on has its text, not a title."""
    rows = [each for each in evidence.sources().values() if each.kind == "row"]
    assert all(row.text for row in rows)
    used = {each for entry in entries("en-US").values() for each in evidence.sources_of(entry)}
    for row in (each for each in rows if each in used):
        assert all(line in written[".txt"] for line in row.text.splitlines())
    assert "Reported: Chest or upper-back pain/tightness" in written[".html"]


def test_an_unknown_locale_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A locale that is not there is named, with those that are."""
    assert main(["review", "--locale", "fr-FR"]) == 2
    assert "fr-FR" in capsys.readouterr().err


def test_an_unknown_source_is_an_error() -> None:
    """A code that no source has is named with its file and line."""
    odd = replace(catalogue("en-US").entries[KEY], sources=("NHS-DVTP", "NO-SUCH"))
    with pytest.raises(SlipError, match=r"relief\.yaml, line \d+: relief\.watch.*: NO-SUCH"):
        evidence.sources_of(odd)


def test_all_that_is_said_is_reviewed_unless_told_otherwise(tmp_path: Path) -> None:
    """`review` writes the words of every locale, and those for where she is in none of them."""
    assert main(["review", "--out", str(tmp_path)]) == 0
    text = (tmp_path / "review.txt").read_text("utf-8")
    assert "your local emergency number" in text
    assert f", {ELSEWHERE} (every other locale together)" in text
