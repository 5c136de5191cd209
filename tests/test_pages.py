"""skill.pages, and the pages of the webhook: the privacy policy and the terms of use."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from skill import pages
from skill.pages import PAGES, Operator, html, operator
from skill.publish import signatures
from skill.speech.catalogue import CONTACT, LOCALES, OPERATOR, paragraphs
from skill.web import MARKS_HEADER, create_app, mark
from tests.chains import SKILL_ID
from tests.test_web import Alexa, assert_refused

MIDWIVES = Operator("The Midwives of <Ambridge>", "privacy@example.org")
NUMBERS = {"en-US": "911", "en-GB": "999", "en-AU": "triple zero", "en-CA": "911", "en-IN": "112"}


class _Reader(HTMLParser):
    """The words of a page, and its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def get(path: str, alexa: Alexa | None = None) -> TestResponse:
    """What anybody is answered."""
    return (alexa or Alexa()).http.get(path)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("locale", [None, *LOCALES])
def test_page_of_a_locale(page: str, locale: str | None) -> None:
    """Each page opens in each locale, as HTML of that language, and says which it is."""
    response = get(f"/{page}/{locale}" if locale else f"/{page}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    read = _Reader(response.text)
    assert dict(read.tags)["html"] == {"lang": locale or "en-US"}
    assert (
        f"{'Privacy policy' if page == 'privacy' else 'Terms of use'} of Cramp Coach" in read.words
    )
    assert not re.search(r"[{}\[\]]", read.words.split("}")[-1]), "a token is left"


@pytest.mark.parametrize("locale", LOCALES)
def test_whom_to_call(locale: str) -> None:
    """The terms name the number to call there."""
    assert f"call {NUMBERS[locale]} yourself" in _Reader(html("terms", locale, MIDWIVES)).words


def test_who_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name and contact come from the settings, safely, and the contact is a link."""
    monkeypatch.setenv("CRAMP_COACH_OPERATOR", f" {MIDWIVES.name} ")
    monkeypatch.setenv("CRAMP_COACH_CONTACT", MIDWIVES.contact)
    assert operator() == MIDWIVES
    for page in PAGES:
        text = get(f"/{page}").text
        assert "Cramp Coach is run by The Midwives of &lt;Ambridge&gt;." in text
        assert '<a href="mailto:privacy@example.org">privacy@example.org</a>' in text
        assert OPERATOR not in text
        assert CONTACT not in text


def test_contact_of_another_kind() -> None:
    """An address of the web stays one; without any she is sent to whoever gave her the skill."""
    web = "https://midwives.example/privacy"
    assert f'<a href="{web}">{web}</a>' in html("privacy", "en-GB", Operator("A", web))
    nobody = html("privacy", "en-GB", Operator())
    assert "run by somebody who has given no name yet" in nobody
    assert "write to whoever gave you this skill" in nobody


def test_a_page_needs_nothing_from_elsewhere() -> None:
    """A page loads nothing, sets nothing, runs nothing, and says so to the browser."""
    for page in PAGES:
        response = get(f"/{page}")
        assert {tag for tag, _ in _Reader(response.text).tags}.isdisjoint(
            {"script", "img", "link", "iframe", "form"}
        )
        assert "url(" not in response.text
        assert "Set-Cookie" not in response.headers
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_other_pages_and_methods() -> None:
    """A page is read, and nothing else; there is none of another name or locale."""
    alexa = Alexa()
    for path in ("/privacy/fr-FR", "/privacy/", "/terms/en-gb", "/imprint"):
        assert_refused(get(path, alexa), 404)
    refused = alexa.http.post("/privacy", data=b"{}")
    assert_refused(refused, 405)
    assert refused.headers["Allow"] == "GET, HEAD"
    assert alexa.http.head("/terms").status_code == 200


def test_marks_of_the_skills() -> None:
    """A page shows which skills the webhook answers for, and the ids cannot be read from it."""
    app = create_app(skill_ids=[SKILL_ID, " amzn1.ask.skill.b "])
    shown = app.test_client().get("/privacy").headers[MARKS_HEADER]
    assert shown.split(", ") == [mark(SKILL_ID), mark("amzn1.ask.skill.b")]
    assert "amzn1" not in shown
    assert SKILL_ID[-12:] not in shown


def test_unsigned_words_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a line has nobody's signature, the terms say that it is for testing only."""
    told = "No clinician has signed all the words"
    html.cache_clear()
    assert told in html("terms", "en-US", MIDWIVES)
    html.cache_clear()
    monkeypatch.setattr(pages, "_unsigned", lambda: False)
    assert told not in html("terms", "en-US", MIDWIVES)
    html.cache_clear()


def test_pages_are_reviewed() -> None:
    """Each paragraph is a thing to be signed, with its heading, and waits for a signature."""
    things = {f"line {key}" for key in paragraphs("en-GB").entries}
    assert things < {state.thing.id for state in signatures.unsigned()}
    privacy = signatures.all_things()["line privacy.in_short"]
    assert privacy.means["heading"] == "In short"


def test_static_pages(tmp_path: Path) -> None:
    """The same pages can be written as files, for a host without the webhook."""
    written = pages.write(tmp_path / "pages", ["en-GB", "en-IN"], MIDWIVES)
    names = ["privacy-en-GB.html", "terms-en-GB.html", "privacy-en-IN.html", "terms-en-IN.html"]
    assert [path.name for path in written] == names
    assert written[0].read_text("utf-8") == html("privacy", "en-GB", MIDWIVES)


def test_no_page_of_another_name() -> None:
    """A page or a locale that there is not is an error of ours."""
    for page, locale in (("imprint", "en-GB"), ("terms", "fr-FR")):
        with pytest.raises(KeyError):
            html(page, locale, MIDWIVES)
