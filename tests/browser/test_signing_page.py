"""The page for signing in a real browser, as a clinician uses it: `make browser`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from skill.browser.loopback import beside
from skill.browser.signing import create_app
from skill.publish import reading, review, signatures
from skill.publish.signatures import Verdict, open_questions, sign
from skill.publish.things import Thing
from skill.speech import signed
from skill.speech.catalogue import SPOKEN
from tests.browser.chromium import DESKTOP, PHONE, TOO_SOON, VOICES, Desk, chromium, viewport
from tests.browser.test_page import PATIENCE
from tests.browser.test_signing import signed_before
from tests.publish.covered import covered, words_of

pytestmark = pytest.mark.browser

ADA, GRACE = ("Ada Example", "midwife, community"), ("Grace Sample", "Obstetrician")
FIRST = "line relief.launch"

Open = Callable[..., Desk]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all tests."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the page is served; signatures lie in a scratch folder."""
    with beside(create_app(tmp_path)) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Open]:
    """Opens the page, for somebody who signs; nothing may go wrong in it, nor leave the machine."""
    all_opened: list[Desk] = []

    def open_page(
        who: tuple[str, str] | None = ADA, size: tuple[int, int] = DESKTOP, script: str = ""
    ) -> Desk:
        page = browser.new_page(viewport=viewport(size), reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        page.add_init_script(script)
        desk = Desk(page, address)
        all_opened.append(desk)
        desk.open()
        if who:
            desk.begin(*who)
        return desk

    yield open_page
    for desk in all_opened:
        desk.page.close()
        assert desk.troubles == []


def person(folder: Path, by: tuple[str, str] = ADA) -> signed.Person:
    """What stands in a reviewer's file."""
    return signed.person(folder / signatures.file_of(by[0]))


def show(desk: Desk, which: str = "all", locale: str = "", subject: str = "") -> None:
    """Chooses what is shown, and goes back to reading."""
    desk.page.select_option("#which", which)
    desk.page.select_option("#locale", locale)
    desk.page.select_option("#subject", label=subject or "All")
    desk.page.focus("#title")


# --- an evening


def test_an_evening(opened: Open, tmp_path: Path) -> None:
    """Ten are signed, one with a comment, one disagreed on; closed and opened, nothing is lost."""
    desk = opened()
    for _ in range(10):
        desk.agree()
    desk.page.fill("#comment", "Plain enough.")
    desk.page.focus("#title")
    desk.agree(", with your comment")
    _disagree(desk, "Say it in fewer words.")
    kept = list(person(tmp_path).entries.values())
    assert {each.comment for each in kept} == {"", "Plain enough.", "Say it in fewer words."}
    assert [each.verdict for each in kept].count("change") == 1
    assert len(kept) >= 12
    next_one = desk.title
    desk.page.close()
    again = opened()
    assert again.title == next_one
    expect(again.page.locator("#progress")).to_contain_text(f"By you: {len(kept)} of")
    again.press("p", "")
    expect(again.page.locator(".others .against")).to_contain_text("Say it in fewer words.")


def _disagree(desk: Desk, comment: str) -> None:
    desk.page.fill("#comment", comment)
    desk.page.wait_for_timeout(TOO_SOON)
    desk.page.click("#change")
    expect(desk.page.locator("#said")).to_contain_text("change, with your comment")


def test_what_was_typed_waits(opened: Open) -> None:
    """A comment that was not sent is there again, when one comes back to its thing."""
    desk = opened()
    desk.page.fill("#comment", "Half a thou")
    desk.page.focus("#title")
    desk.press("n", "")
    expect(desk.page.locator("#comment")).to_have_value("")
    desk.press("p", "")
    expect(desk.page.locator("#comment")).to_have_value("Half a thou")
    desk.page.reload()
    desk.page.locator("#begin:not([disabled])").click()
    expect(desk.page.locator("#comment")).to_have_value("Half a thou")


def test_later(opened: Open, tmp_path: Path) -> None:
    """What is put off is passed over, and comes again once the rest was looked at."""
    desk = opened()
    show(desk, subject="Help")
    put_off = desk.title
    desk.press("l", ": later.")
    assert desk.title != put_off
    desk.agree()
    assert desk.title == put_off
    desk.press("a", "everything that is shown here")
    assert len(person(tmp_path).entries) == 2


def test_taken_back(opened: Open, tmp_path: Path) -> None:
    """What was pressed by mistake is taken back, and is not said any more."""
    desk = opened()
    title = desk.title
    desk.agree()
    desk.press("p", "")
    desk.press("u", "Taken back")
    assert desk.title == title
    assert person(tmp_path).entries == {}


def test_a_key_that_was_pressed_twice(opened: Open, tmp_path: Path) -> None:
    """What comes sooner than anybody reads signs nothing."""
    desk = opened()
    desk.page.keyboard.press("n")
    desk.page.keyboard.press("a")
    expect(desk.page.locator("#said")).to_contain_text("too soon")
    assert list(tmp_path.iterdir()) == []


def test_time_left(opened: Open, tmp_path: Path) -> None:
    """The words of the whole stand at the top; the time left is of what I said nothing of."""
    words, only_read = reading.count(SPOKEN, open_questions()), reading.count_only_read(SPOKEN)
    desk = opened()
    expect(desk.page.locator("#how-much")).to_contain_text(f"{words:,} words to read")
    progress = desk.page.locator("#progress")
    expect(progress).to_contain_text(f"About {reading.minutes(words + only_read)} minutes left")
    first, *rest = reading.script()
    things = [
        signatures.all_things()[id] for each in rest for item in each.items for id in item.ids
    ]
    verdicts = [Verdict(thing.id, thing.hash, "as it is") for thing in things]
    sign(*ADA, verdicts, {each.id: "Yes." for each in open_questions()}, folder=tmp_path)
    left = reading.minutes(reading.words_of(first))
    expect(opened().page.locator("#progress")).to_contain_text(f"About {left} minutes left")


# --- several people


def test_two_at_once(opened: Open, tmp_path: Path) -> None:
    """Two people sign side by side: each has a file, and sees what the other said."""
    ada, grace = opened(ADA), opened(GRACE)
    title = ada.title
    ada.page.fill("#comment", "Mind the knee.")
    ada.page.focus("#title")
    ada.agree(", with your comment")
    for desk in (grace, ada, grace, ada):
        desk.agree()
    assert (len(person(tmp_path).entries), len(person(tmp_path, GRACE).entries)) == (3, 2)
    grace.press("p", "")
    grace.press("p", "")
    assert grace.title == title
    expect(grace.page.locator(".others")).to_contain_text("Mind the knee.")
    expect(grace.page.locator("#progress")).to_contain_text("2 of")
    expect(grace.page.locator(".tag.signed")).to_have_text("signed")


def test_two_windows_of_one_person(opened: Open, tmp_path: Path) -> None:
    """What the other window said is shown before it is replaced, and what was typed stays."""
    one, two = opened(), opened()
    one.page.fill("#comment", "first")
    one.page.wait_for_timeout(TOO_SOON)
    one.page.click("#change")
    expect(one.page.locator("#said")).to_contain_text("change")
    two.page.fill("#comment", "second")
    two.page.wait_for_timeout(TOO_SOON)
    two.page.click("#as-is")
    expect(two.page.locator("#trouble")).to_contain_text("you said something else of it")
    expect(two.page.locator("#comment")).to_have_value("second")
    expect(two.page.locator(".others .against")).to_contain_text("first")
    assert person(tmp_path).entries[FIRST].comment == "first"
    two.page.click("#as-is")
    expect(two.page.locator("#said")).to_contain_text("as it is")
    assert person(tmp_path).entries[FIRST].comment == "second"


# --- keys alone


def test_keys_alone(opened: Open, tmp_path: Path) -> None:
    """Who signs, what is shown, verdicts, comments and an answer: all without a mouse."""
    desk = opened(None)
    for text in ADA:
        desk.page.keyboard.type(text)
        desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    desk.page.locator("#title").wait_for()
    desk.agree()
    desk.page.keyboard.press("m")
    _typed_and_sent(desk, "a change in words, l n p", "as it is, with your comment")
    desk.press("c", "Write what is to be changed")
    _typed_and_sent(desk, "Softer.", "change, with your comment")
    desk.page.keyboard.press("m")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#title")).to_be_focused()
    desk.page.keyboard.press("w")
    expect(desk.page.locator("#more details:not([open])")).to_have_count(0)
    assert [each.verdict for each in person(tmp_path).entries.values()].count("change") == 1
    _answered_by_keys(desk)
    assert [each.answer for each in person(tmp_path).answers.values()] == ["Yes, it is."]


def _typed_and_sent(desk: Desk, text: str, says: str) -> None:
    desk.page.keyboard.type(text)
    desk.page.wait_for_timeout(TOO_SOON)
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#said")).to_contain_text(says)


def _answered_by_keys(desk: Desk) -> None:
    """Goes to the questions by the keys of a list, and answers the first."""
    desk.page.focus("#subject")
    desk.page.keyboard.press("End")
    expect(desk.page.locator("#comment-label")).to_have_text("Your answer")
    desk.page.focus("#title")
    desk.press("c", "Write the answer")
    _typed_and_sent(desk, "Yes, it is.", "answered")


def test_keys_can_be_off(opened: Open, tmp_path: Path) -> None:
    """Who speaks to the computer, or hits keys by chance, turns single keys off."""
    desk = opened()
    desk.page.click("#keys-panel > summary")
    desk.page.uncheck("#keys")
    desk.page.focus("#title")
    desk.page.wait_for_timeout(TOO_SOON)
    desk.page.keyboard.press("a")
    desk.page.keyboard.press("n")
    assert desk.title == "Launch"
    assert list(tmp_path.iterdir()) == []


# --- what is shown


@pytest.mark.parametrize("mark", ["design decision", "not confirmed"])
def test_only_what_is_marked(opened: Open, mark: str) -> None:
    """What is a decision of the project, or not confirmed, can be read alone."""
    desk = opened()
    show(desk, which=mark)
    for _ in range(3):
        expect(desk.page.locator(".tag.mark", has_text=mark)).to_have_count(1)
        desk.press("n", "")


def shown() -> int:
    """How many items and questions there are."""
    return sum(len(each.items) for each in reading.script()) + len(open_questions())


def test_only_one_locale(opened: Open) -> None:
    """What a locale has of its own can be read alone."""
    desk = opened()
    show(desk, locale="en-GB")
    expect(desk.page.locator(".tag", has_text="en-GB")).to_have_count(1)
    expect(desk.page.locator("#matching")).not_to_contain_text(f"{shown()} of")
    desk.page.click("#contents > summary")
    desk.page.get_by_role("button", name="Emergency", exact=True).click()
    expect(desk.page.locator(".text")).to_contain_text("999")


def test_only_what_is_not_signed(opened: Open) -> None:
    """What I said something of, and what is signed, is left out."""
    desk = opened()
    show(desk, which="mine", subject="Stop")
    expect(desk.page.locator("#matching")).to_have_text(f"4 of {shown()} shown")
    desk.agree()
    expect(desk.page.locator("#matching")).to_have_text(f"3 of {shown()} shown")
    show(desk, which="unsigned", subject="Stop")
    expect(desk.page.locator("#matching")).to_have_text(f"4 of {shown()} shown")


def test_what_changed_since(opened: Open, tmp_path: Path) -> None:
    """What was signed stands beside what is, and can be read alone."""
    thing = signatures.all_things()[FIRST]
    sign(*ADA, [Verdict(FIRST, thing.hash, "as it is")], folder=tmp_path)
    signed_before(tmp_path / "ada-example.yaml", FIRST, "say", "Straighten it.")
    desk = opened(GRACE)
    show(desk, which="changed")
    expect(desk.page.locator("#matching")).to_contain_text("1 of")
    expect(desk.page.locator(".old")).to_contain_text("Was: Straighten it.")
    expect(desk.page.locator(".old")).to_contain_text(f"Is: {thing.means['say']}")
    expect(desk.page.locator(".tag.changed")).to_have_text("changed")


def test_what_it_rests_on(opened: Open) -> None:
    """A source tells its grade, and what it is; a row of the facts stands there whole."""
    desk = opened()
    desk.page.get_by_text("Rests on").click()
    told = desk.page.locator("#more details[data-name=sources]")
    expect(told).to_contain_text("grade A: national authority or guideline")
    expect(told).to_contain_text("Push your heel away from you")
    desk.press("n", "")
    expect(desk.page.locator("#more details[data-name=sources]")).to_have_attribute("open", "")


def test_it_is_heard(opened: Open) -> None:
    """A line is spoken by a voice of this machine, and only when that is asked for."""
    desk = opened(script=VOICES)
    assert desk.page.evaluate("said.length") == 0
    desk.page.keyboard.press("s")
    desk.page.wait_for_function("said.length === 1")
    text, voice = desk.page.evaluate("[said[0].text, said[0].voice.name]")
    assert text.startswith("Straighten your leg")
    assert voice == "Near"


# --- what goes wrong


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("#by", "NAME", "which is not a person's name: write who it is"),
        ("#role", "none", "which is not a role, such as midwife: write who it is"),
        ("#date", "31.1.2026", "is not a date: write it as 2026-01-31"),
        ("#date", "2136-01-31", "has not come yet"),
    ],
)
def test_nobody_is_no_reviewer(opened: Open, field: str, text: str, says: str) -> None:
    """A name, role or date that is none is refused with a sentence that names the fix."""
    desk = opened(None)
    desk.page.fill("#by", ADA[0])
    desk.page.fill("#role", ADA[1])
    desk.page.fill(field, text)
    desk.page.click("#begin")
    expect(desk.page.locator("#who-trouble")).to_contain_text(says)
    expect(desk.page.locator("#desk")).to_be_hidden()
    expect(desk.page.locator(field)).to_be_focused()
    assert desk.violations() == []


def test_it_changed_since_it_was_shown(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read is not signed as something else; what was typed stays."""
    desk = opened()
    desk.page.fill("#comment", "Good.")
    things = signatures.all_things()
    means = {**things[FIRST].means, "say": "Something else."}
    changed = Thing("line", "relief.launch", means)
    monkeypatch.setattr(signatures, "all_things", lambda: {**things, FIRST: changed})
    desk.page.wait_for_timeout(TOO_SOON)
    desk.page.click("#as-is")
    expect(desk.page.locator("#trouble")).to_contain_text("has changed since it was shown")
    expect(desk.page.locator("#comment")).to_have_value("Good.")
    assert list(tmp_path.glob("*.yaml")) == []
    assert desk.violations() == []
    monkeypatch.undo()
    desk.page.click("#anew")
    expect(desk.page.locator("#said")).to_have_text("This is how it is now.")
    expect(desk.page.locator("#comment")).to_have_value("Good.")


def test_a_slip_in_a_file(opened: Open, tmp_path: Path) -> None:
    """A file that somebody edited is named, with line and fix; once it is mended, it goes on."""
    desk = opened()
    slip = tmp_path / "grace-sample.yaml"
    slip.write_text("by: Grace Sample\nrole: midwife, b: c\n")
    desk.page.fill("#comment", "Good.")
    desk.page.wait_for_timeout(TOO_SOON)
    desk.page.click("#as-is")
    expect(desk.page.locator("#trouble")).to_contain_text("grace-sample.yaml, line 2")
    expect(desk.page.locator("#comment")).to_have_value("Good.")
    slip.unlink()
    desk.page.click("#anew")
    expect(desk.page.locator("#trouble")).to_be_hidden()


def test_a_slip_at_the_start(opened: Open, tmp_path: Path) -> None:
    """Where nothing can be shown yet, the file is named; once it is mended, one can begin."""
    slip = tmp_path / "grace-sample.yaml"
    slip.write_text("by: Grace Sample\nrole: midwife, b: c\n")
    desk = opened(None)
    expect(desk.page.locator("#who-trouble")).to_contain_text("grace-sample.yaml, line 2")
    assert desk.violations() == []
    slip.unlink()
    desk.begin(*ADA)
    assert desk.title == "Launch"


def test_the_server_is_gone(browser: Browser, tmp_path: Path) -> None:
    """Where nobody answers any more, the page says so, and what was typed stays."""
    with beside(create_app(tmp_path)) as address:
        page = browser.new_page(viewport=viewport(DESKTOP))
        page.set_default_timeout(PATIENCE)
        desk = Desk(page, address)
        desk.open()
        desk.begin(*ADA)
    page.fill("#comment", "Good.")
    page.wait_for_timeout(TOO_SOON)
    page.click("#as-is")
    expect(page.locator("#trouble")).to_contain_text("Is cramp-coach still running?")
    expect(page.locator("#comment")).to_have_value("Good.")
    page.close()


# --- for everybody


SUBJECTS = (
    "The stretches",
    "The signs, as they are echoed",
    "Numbers, roles and spellings",
    "The signs and their levels",
    "What is heard as a denial",
    "Her answers, question by question",
    "What the words of the tables lead to",
    "The stretches and their ways, in order",
    "Questions and decisions",
)


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_every_state_is_accessible(opened: Open, tmp_path: Path, size: tuple[int, int]) -> None:
    """No kind of thing breaks a rule of axe-core, or is wider than the screen."""
    thing = signatures.all_things()[FIRST]
    sign(*GRACE, [Verdict(FIRST, thing.hash, "change", "Shorter.")], folder=tmp_path)
    desk = opened(None, size)
    _all_is_well(desk)
    desk.begin(*ADA)
    _all_is_well(desk)
    desk.press("w", "")
    desk.press("c", "Write what is to be changed")
    _all_is_well(desk)
    desk.page.click("#keys-panel > summary")
    desk.page.click("#contents > summary")
    for subject in SUBJECTS:
        show(desk, subject=subject)
        _all_is_well(desk)


def _all_is_well(desk: Desk) -> None:
    assert desk.violations() == []
    wide, room = desk.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room


# --- paper


def test_paper_holds_every_word(browser: Browser, tmp_path: Path) -> None:
    """Printed to PDF, the page for paper holds each word of all locales that a hash covers."""
    review.write(tmp_path, SPOKEN)
    page = browser.new_page()
    page.goto((tmp_path / "review.html").as_uri())
    page.pdf(path=tmp_path / "review.pdf", format="A4")
    page.close()
    printed = _printed(tmp_path / "review.pdf")
    for name, words in covered().items():
        assert words <= printed, (name, words - printed)
    places = (*SPOKEN, "triple zero", "999", "112", "911")
    assert all(words_of(each) <= printed for each in places)


def _printed(path: Path) -> set[str]:
    """The words of a PDF; one that is broken at the end of a line is one word, and "ﬂ" is "fl"."""
    texts = (normalize("NFKC", sheet.extract_text()) for sheet in PdfReader(path).pages)
    lines = [line for text in texts for line in text.splitlines()]
    ends = (one.split(" ")[-1] + two.split(" ")[0] for one, two in pairwise(lines))
    return {word for text in (*lines, *ends) for word in words_of(text)}
