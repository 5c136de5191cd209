"""The privacy policy and the terms of use, as pages: their text is in `responses/pages.yaml`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import jinja2
from markupsafe import Markup, escape

from skill.speech import signed
from skill.speech.catalogue import CONTACT, LOCALES, OPERATOR, paragraphs
from skill.speech.words import in_digits

PAGES = ("privacy", "terms")
_FOR_TESTING = "terms.testing"
_READER = frozenset({"she", "pregnant"})


class Operator(NamedTuple):
    """Who runs this copy of the skill, and where to write to; empty where nobody has said so."""

    name: str = ""
    contact: str = ""


def operator(settings: Mapping[str, str] = os.environ) -> Operator:
    """Who the settings say runs it: CRAMP_COACH_OPERATOR, and CRAMP_COACH_CONTACT."""
    return Operator(
        settings.get("CRAMP_COACH_OPERATOR", "").strip(),
        settings.get("CRAMP_COACH_CONTACT", "").strip(),
    )


def is_address(contact: str) -> bool:
    """Whether one can write there: an address of mail, or of the web."""
    return re.fullmatch(r"(mailto:)?[^@\s:]+@[^@\s]+\.[^@\s]+|https://\S+", contact) is not None


@cache
def html(page: str, locale: str, who: Operator) -> str:
    """A page ("privacy" or "terms") in a locale, whole: it needs nothing from elsewhere.

    KeyError for another page or locale. The contact is an address of mail or of the web.
    """
    if page not in PAGES or locale not in LOCALES:
        raise KeyError(f"{page} in {locale}")
    (title, first), *rest = _read(locale, page, who)
    return _template().render(locale=locale, title=title, first=first, paragraphs=rest)


def write(folder: Path, locales: Iterable[str], who: Operator) -> list[Path]:
    """Writes both pages in these locales, as `privacy-en-GB.html`; returns their paths.

    For a host that serves files alone. KeyError as `html`, OSError if they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for locale in locales:
        for page in PAGES:
            path = folder / f"{page}-{locale}.html"
            path.write_text(html(page, locale, who), encoding="utf-8")
            written.append(path)
    return written


def _read(locale: str, page: str, who: Operator) -> Iterator[tuple[Markup, Markup]]:
    """The headings and paragraphs of a page, in the order of the file."""
    words = paragraphs(locale)
    for key in words.entries:
        if key.startswith(f"{page}.") and (key != _FOR_TESTING or _unsigned()):
            heading, text = (
                in_digits(words.pieces(key, form, _READER)) for form in ("heading", "say")
            )
            yield escape(heading), _named(text, who)


def _unsigned() -> bool:
    """Whether anything has nobody's signature: as long as that is so, the terms say it."""
    count, of = signed.tally()
    return count < of


def _named(text: str, who: Operator) -> Markup:
    """A text with the name of who runs it, and the contact as a link."""
    name = escape(who.name or "somebody who has given no name yet")
    named = escape(text).replace(escape(OPERATOR), name)
    return named.replace(escape(CONTACT), _link(who.contact))


def _link(contact: str) -> Markup:
    if not contact:
        return Markup("whoever gave you this skill")
    known = contact.startswith(("https://", "mailto:"))
    address = contact if known else f"mailto:{contact}"
    return Markup('<a href="{}">{}</a>').format(address, contact.removeprefix("mailto:"))


@cache
def _template() -> jinja2.Template:
    loader = jinja2.PackageLoader("skill.pages", ".")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    return environment.get_template("page.html")
