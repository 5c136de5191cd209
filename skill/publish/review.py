"""The script for review: everything that is signed, to read, on paper or on a screen."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import markupsafe

from skill.publish import picture, reading, signatures
from skill.publish.evidence import Source, data, sources, sources_of
from skill.publish.lines import entries
from skill.publish.reading import Chapter
from skill.publish.signatures import OpenQuestion, State
from skill.publish.worked import worked_conversations
from skill.speech.catalogue import DEFAULT_LOCALE

COLUMNS = ("what", "hash", "verdict", "comment", "by", "role", "date")
"""The table that is filled in; for an open question the comment is the answer."""


@dataclass(frozen=True)
class Page:
    """All that stands in the script for review."""

    locales: tuple[str, ...]
    chapters: list[Chapter]
    states: dict[str, State]
    questions: list[OpenQuestion]
    used: list[Source]

    @property
    def signed(self) -> int:
        """How many things are signed as they are now."""
        return sum(state.holds for state in self.states.values())

    @property
    def words(self) -> int:
        """How many words there are to read."""
        return reading.count(self.locales, self.questions)

    @property
    def roles(self) -> tuple[str, ...]:
        """Of which roles one each has to sign."""
        return next(iter(self.states.values())).roles

    def hashes(self, ids: Sequence[str]) -> str:
        """What the initials of an item stand for."""
        return " ".join(self.states[name].thing.hash for name in ids)

    def rests_on(self, ids: Sequence[str]) -> list[Source]:
        """The sources of the lines among these things."""
        known = entries(DEFAULT_LOCALE)
        keys = (name.removeprefix("line ") for name in ids if name.startswith("line "))
        return list(dict.fromkeys(each for key in keys for each in sources_of(known[key])))


def page(locales: Sequence[str]) -> Page:
    """The script in these locales. SlipError where a file cannot be read."""
    chapters = reading.script(locales)
    states = {state.thing.id: state for state in signatures.states()}
    known = entries(DEFAULT_LOCALE).values()
    used = {each.code for entry in known for each in sources_of(entry)}
    in_order = [source for code, source in sources().items() if code in used]
    return Page(tuple(locales), chapters, states, signatures.open_questions(), in_order)


def write(folder: Path, locales: Sequence[str]) -> list[Path]:
    """Writes the script as `review.html` and `review.txt`, and `review.csv` to be filled in.

    The page needs nothing from elsewhere. SlipError as `page`, OSError if it cannot be written.
    """
    content = page(locales)
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "review.html": _rendered("page.html", content),
        "review.txt": _rendered("page.txt", content),
        "review.csv": table(content),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def table(content: Page) -> str:
    """The table to be filled in: a row for each thing that the page has, and each question."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for chapter in content.chapters:
        for name in (each for item in chapter.items for each in item.ids):
            rows.writerow([name, content.states[name].thing.hash, *[""] * 5])
    rows.writerows([each.id, *[""] * 6] for each in content.questions)
    return out.getvalue()


def _rendered(template: str, content: Page) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("skill.publish", "."),
        autoescape=template.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rendered = environment.get_template(template).render(page=content, **_more(content))
    return rendered.rstrip() + "\n"


def _more(content: Page) -> dict[str, Any]:
    """What helps to read, and is not signed."""
    words = content.words
    return {
        "words": words,
        "minutes": reading.minutes(words),
        "examples": reading.examples(),
        "conversations": worked_conversations(content.locales[:1]),
        "places": picture.follows(),
        "grades": data("sources.yaml")["grades"],
        "open_read": markupsafe.Markup('<span class="read">‹'),
        "close_read": markupsafe.Markup("›</span>"),
    }
