"""The script for review: complete, readable without a network, and honest about signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from skill.cli import main
from skill.publish import evidence, review, signatures
from skill.publish.evidence import ReviewError
from skill.publish.lines import entries
from skill.publish.signatures import SPOKEN
from skill.publish.worked import worked_conversations
from skill.publish.worked import written as written_out
from skill.speech import catalogue as speech
from skill.speech.catalogue import ELSEWHERE, PAUSES, Entry, catalogue

KEY = "relief.watch"


def entry(reviewed: Any) -> Entry:
    """The line with a `reviewed` of its own."""
    return replace(catalogue("en-US").entries[KEY], reviewed=reviewed)


def signed(**changes: Any) -> dict[str, Any]:
    """A signature of the line that holds, but for the changes."""
    good = {
        "by": "A Midwife",
        "role": "midwife",
        "date": "2026-01-31",
        "hash": signatures.hash_of(KEY),
    }
    return {**good, **changes}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The page and the plain text in all locales, by the ends of their names."""
    paths = review.write(tmp_path_factory.mktemp("review"), SPOKEN)
    return {path.suffix: path.read_text("utf-8") for path in paths}


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


def test_every_line_is_in_the_page_and_in_the_text(written: Mapping[str, str]) -> None:
    """Each line of each file stands in both forms, with its hash."""
    for key in entries("en-US"):
        assert f'id="{key}"' in written[".html"]
        assert f"\n{key}  (" in written[".txt"]
        assert all(signatures.hash_of(key) in text for text in written.values())


def test_lines_stand_in_the_order_of_the_file() -> None:
    """A reviewer reads the chapters in the order in which the files have them."""
    keys = [line.key for _, part in review.chapters(review.script(["en-GB"])) for line in part]
    assert keys == list(entries("en-GB"))


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


def test_words_of_every_locale_are_shown(written: Mapping[str, str]) -> None:
    """Each locale's own words stand in the page, under its name, and those for every other one."""
    for locale in SPOKEN:
        said = catalogue(locale).pieces(
            "stop.urgent", "say", frozenset({"she", "pregnant", "call_now"})
        )
        assert written_out(said) in written[".html"]
        assert f'for="in-{locale}"' in written[".html"]


def test_variants_are_named_by_who_hears_them() -> None:
    """A line's other words are shown with who hears them, and only where they differ."""
    (line,) = (each for each in review.script(["en-US"]) if each.key == "ask.breathing")
    (version,) = line.versions
    (variant,) = version.variants
    assert variant.who == "to a helper"
    assert variant.forms["say"].startswith("Does she have")


def test_a_form_that_is_alike_is_not_shown_again() -> None:
    """Of a variant only the texts that differ are shown."""
    (line,) = (each for each in review.script(["en-US"]) if each.key == "ask.let_go")
    assert all("again" not in each.forms for each in line.versions[0].variants)


def test_marks_are_spelled_out(written: Mapping[str, str]) -> None:
    """What no source says is marked in words, in both forms."""
    for text in written.values():
        assert "design decision" in text
        assert "not confirmed" in text


def test_three_conversations_are_played_through(written: Mapping[str, str]) -> None:
    """The page shows one that eases, one with a sign, and one that does not ease."""
    played = worked_conversations(["en-US"])
    levels = [{each.level for each in versions[0][1]} for _, versions in played]
    assert levels == [{None}, {None, 2}, {None}]
    assert all(not versions[0][1][-1].silence for _, versions in played), "each one ends"
    assert all(name in written[".html"] for name, _ in played)


def test_a_signature_of_the_words_as_they_are_holds() -> None:
    """A line with the hash of its present words is signed, by whom and when."""
    found = signatures.signature(entry(signed()))
    assert found.holds
    assert str(found) == "signed by A Midwife, midwife, 2026-01-31"


def test_what_the_page_offers_to_paste_holds_once_it_is_filled_in() -> None:
    """The entry under a line is a signature as soon as it has a name, a role and a date."""
    (line,) = (each for each in review.script(["en-US"]) if each.key == KEY)
    pasted = line.entry.replace("YYYY-MM-DD", "2026-01-31").replace("ROLE", "obstetrician")
    assert signatures.signature(entry(yaml.safe_load(pasted)["reviewed"])).holds
    with pytest.raises(ReviewError, match="is not a date"):
        signatures.signature(entry(yaml.safe_load(line.entry)["reviewed"]))


def test_a_date_may_stand_without_quotes() -> None:
    """YAML reads a bare date as a date; that is as good."""
    assert signatures.signature(entry(signed(date=date(2026, 1, 31)))).date == "2026-01-31"


def test_a_line_changed_after_signing_is_unsigned() -> None:
    """Another hash than that of the present words does not hold, and is shown as changed."""
    found = signatures.signature(entry(signed(hash="000000000000")))
    assert not found.holds
    assert str(found).startswith("changed since it was signed by A Midwife")


def test_nobody_has_signed_a_line_without_an_entry() -> None:
    """`reviewed: null` is no signature."""
    assert not signatures.signature(entry(None)).holds


@pytest.mark.parametrize(
    ("reviewed", "says"),
    [
        ("yes", "needs by, role, date, hash"),
        ({"by": "A"}, "needs by, role, date, hash"),
        (signed(note="fine"), "nothing else"),
        (signed(by=""), "no by"),
        (signed(role=None), "no role"),
        (signed(hash=123456789012), "no hash in words"),
        (signed(date="last week"), "'last week' is not a date"),
    ],
)
def test_a_bad_entry_names_the_line_and_the_fix(reviewed: Any, says: str) -> None:
    """An entry that cannot be read is an error with the line's key and what to write."""
    with pytest.raises(ReviewError, match=re.escape(says)) as caught:
        signatures.signature(entry(reviewed))
    assert str(caught.value).startswith(f"{KEY}: ")


@pytest.mark.parametrize("locale", SPOKEN)
def test_the_hash_is_of_the_words_in_every_locale(
    locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that changes in one locale, or elsewhere, changes the hash of lines that say it."""
    before = {key: _hash_anew(key) for key in (KEY, "relief.good")}
    words = catalogue(locale)
    words.pieces.cache_clear()
    monkeypatch.setitem(words._tokens, "emergency", {"digits": "1"})
    after = {key: _hash_anew(key) for key in before}
    words.pieces.cache_clear()
    assert after[KEY] != before[KEY]
    assert after["relief.good"] == before["relief.good"]


def _hash_anew(key: str) -> str:
    return signatures.hash_of.__wrapped__(key)


def test_a_locale_that_says_nothing_new_leaves_signatures_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where all locales say the same, the hash does not depend on which there are."""
    before = _hash_anew("relief.good"), _hash_anew(KEY)
    monkeypatch.setattr(signatures, "SPOKEN", SPOKEN[:-1])
    assert _hash_anew("relief.good") == before[0]
    assert _hash_anew(KEY) != before[1]


def test_pauses_are_part_of_what_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hold that becomes shorter is not what was signed."""
    before = _hash_anew("relief.hold")
    monkeypatch.setitem(PAUSES, "breath", 2.0)
    for locale in SPOKEN:
        catalogue(locale).pieces.cache_clear()
    after = _hash_anew("relief.hold")
    for locale in SPOKEN:
        catalogue(locale).pieces.cache_clear()
    assert after != before


def test_check_names_the_lines_that_nobody_has_signed(capsys: pytest.CaptureFixture[str]) -> None:
    """`review --check` prints each line that is not signed as it is, and exits 1."""
    left = signatures.unsigned()
    assert main(["review", "--check"]) == (1 if left else 0)
    assert capsys.readouterr().out.splitlines() == [f"{key}: {found}" for key, found in left]


def test_check_is_content_when_all_is_signed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`review --check` is silent and exits 0 once every line is signed."""
    monkeypatch.setattr(signatures, "unsigned", list)
    assert main(["review", "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_an_unreadable_entry_stops_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad entry is said on standard error, and the command exits 1."""

    def unreadable() -> None:
        raise ReviewError("relief.watch: reviewed needs a date")

    monkeypatch.setattr(signatures, "unsigned", unreadable)
    assert main(["review", "--check"]) == 1
    assert "relief.watch: reviewed needs a date" in capsys.readouterr().err


def test_review_writes_both_forms_for_one_locale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`review --locale en-GB --out DIR` writes that locale's words and no other's."""
    assert main(["review", "--locale", "en-GB", "--out", str(tmp_path / "new" / "folder")]) == 0
    text = (tmp_path / "new" / "folder" / "review.txt").read_text("utf-8")
    assert "nine nine nine" in text
    assert "nine one one" not in text
    assert capsys.readouterr().out.count("wrote ") == 2


def test_all_that_is_said_is_reviewed_unless_told_otherwise(tmp_path: Path) -> None:
    """`review` writes the words of every locale, and those for where she is in none of them."""
    assert main(["review", "--out", str(tmp_path)]) == 0
    text = (tmp_path / "review.txt").read_text("utf-8")
    assert "your local emergency number" in text
    assert f", {ELSEWHERE} (every other locale together)" in text


def test_a_line_in_other_words_elsewhere_is_signed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that has words of its own elsewhere is signed where it stands, as any other is."""
    read = speech._read

    def with_a_signature(path: str) -> dict[str, Any]:
        content = read(path)
        if path == f"{speech.BASE}/relief.yaml":
            content["relief"]["watch"]["reviewed"] = signed()
        return content

    monkeypatch.setattr(speech, "_read", with_a_signature)
    monkeypatch.setattr(speech, "_base", speech._base.__wrapped__)
    assert speech._catalogue.__wrapped__(ELSEWHERE).entries[KEY].reviewed == signed()


def test_an_unknown_locale_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A locale that is not there is named, with those that are."""
    assert main(["review", "--locale", "fr-FR"]) == 2
    assert "fr-FR" in capsys.readouterr().err


def test_an_unknown_source_is_an_error() -> None:
    """A code that no source has is named with its line."""
    odd = replace(catalogue("en-US").entries[KEY], sources=("NHS-DVTP", "NO-SUCH"))
    with pytest.raises(ReviewError, match=r"relief\.watch: NO-SUCH"):
        evidence.sources_of(odd)
