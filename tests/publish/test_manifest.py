"""The manifest: what the store shows in each locale."""

from __future__ import annotations

import re

import pytest

from skill.publish.evidence import sources_of
from skill.publish.manifest import (
    COUNTRIES,
    SCREENS,
    Certificate,
    Endpoint,
    manifest,
    written,
)
from skill.publish.signatures import all_things
from skill.speech.catalogue import LOCALES, catalogue, store
from skill.speech.words import in_digits
from tests.screen.renderer import VIEWPORTS, Viewport

HOST = Endpoint("https://coach.example.org/alexa", Certificate.WILDCARD)
LAMBDA = Endpoint("arn:aws:lambda:eu-west-1:123456789012:function:coach")
NUMBERS = {"AU": "000", "CA": "911", "GB": "999", "IN": "112", "US": "911"}
"""The emergency number of each country, from clinical.md D."""


def test_each_locale_is_offered_where_its_number_is_answered() -> None:
    """A country is named where the description and the urgent card have its number, in digits.

    Ireland and New Zealand are not: what is said there names another number.
    """
    whole = manifest(HOST, None, released=True)["manifest"]["publishingInformation"]
    assert sorted(whole["distributionCountries"]) == sorted(NUMBERS)
    assert set(COUNTRIES) == set(LOCALES)
    for locale, country in COUNTRIES.items():
        card = catalogue(locale).pieces(
            "card.emergency", "say", frozenset({"she", "pregnant", "emergency"})
        )
        assert re.search(rf"\b{NUMBERS[country]}\b", in_digits(card)), locale
        assert re.search(rf"\b{NUMBERS[country]}\b", written("description", locale)), locale


@pytest.mark.parametrize("locale", LOCALES)
def test_the_description_says_what_it_is_not(locale: str) -> None:
    """Each description has the disclaimer, and sends her to her own doctor or midwife."""
    said = written("description", locale)
    assert "not a substitute for professional medical advice" in said
    assert "it cannot make a call" in said


def test_what_is_not_released_says_so() -> None:
    """Until the release, the description begins with what it is: for testing, and unapproved."""
    for released in (False, True):
        whole = manifest(HOST, None, released=released)["manifest"]["publishingInformation"]
        for locale, shown in whole["locales"].items():
            began = shown["description"].startswith(written("for_testing", locale))
            assert began is not released


def test_an_address_has_a_certificate_and_a_lambda_has_none() -> None:
    """The endpoint stands as Amazon wants it."""
    apis = [manifest(each, None, released=False)["manifest"]["apis"] for each in (HOST, LAMBDA)]
    assert [api["custom"]["endpoint"] for api in apis] == [
        {"uri": HOST.uri, "sslCertificateType": "Wildcard"},
        {"uri": LAMBDA.uri},
    ]


def test_pages_are_linked_where_there_are_any() -> None:
    """The privacy policy and the terms are linked for each locale, or not at all."""
    pages = "https://coach.example.org/{page}/{locale}"
    with_pages = manifest(HOST, pages, released=False)["manifest"]
    linked = with_pages["privacyAndCompliance"]["locales"]
    assert set(linked) == set(LOCALES)
    assert linked["en-GB"] == {
        "privacyPolicyUrl": "https://coach.example.org/privacy/en-GB",
        "termsOfUseUrl": "https://coach.example.org/terms/en-GB",
    }
    without = manifest(HOST, None, released=False)["manifest"]
    assert "locales" not in without["privacyAndCompliance"]


def test_each_line_that_is_read_has_its_sources() -> None:
    """What is only read is a line like any other: its codes are known, and it is signed."""
    read = store("en-US").entries
    assert {f"line {key}" for key in read} < set(all_things())
    for entry in read.values():
        assert sources_of(entry)


@pytest.mark.parametrize("viewport", VIEWPORTS, ids=lambda it: it.name)
def test_each_screen_that_is_drawn_is_named(viewport: Viewport) -> None:
    """Amazon hears of the screens for which tests draw documents."""
    shape = "ROUND" if viewport.round else "RECTANGLE"
    (named,) = (it for it in SCREENS["supportedViewports"] if it["shape"] == shape)
    assert named["minWidth"] <= viewport.width <= named["maxWidth"]
    assert named["minHeight"] <= viewport.height <= named["maxHeight"]
