"""The script for review: every line as she hears it, what it rests on, and who has signed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import jinja2

from skill.publish import picture
from skill.publish.evidence import Source, data, sources, sources_of
from skill.publish.lines import Version, entries, versions
from skill.publish.signatures import Signature, hash_of, signature
from skill.publish.worked import Exchange, worked_conversations

CHAPTERS = {
    "relief": "Relief",
    "stretch": "The stretches",
    "ask": "Questions that it asks",
    "checks": "Around the checks",
    "comfort": "Comfort, after every check was clear",
    "close": "The end of a conversation",
    "stop": "Stop",
    "anywhere": "In any place",
    "bedtime": "The bedtime stretch",
    "practice": "Practice, by day",
    "help": "Help",
    "urgent": "Urgent lines",
    "questions": "Questions that she asks",
    "calling": "After an urgent line",
    "not_yet": "On the way to a call, with nothing urgent heard",
    "recheck": "When something was misheard",
    "sign": "The signs, as they are echoed",
    "card": "On a card",
    "screen": "On the screen of an Echo Show",
    "store": "Amazon's store, which is read (responses/store.yaml)",
    "privacy": "The privacy policy, which is read (responses/pages.yaml)",
    "terms": "The terms of use, which are read (responses/pages.yaml)",
}
"""What the parts of the file are called for a reader; another part goes by its own name."""

FORM_NAMES = {
    "heading": "Heading",
    "say": "Says",
    "again": "Asked again",
    "short": "In short, during relief",
    "reprompt": "After silence",
    "tell": "Told on the phone",
    "agreed": "After a bare yes",
    "write": "Is read",
}


@dataclass(frozen=True)
class ScriptLine:
    """A line of the script, with all that a reviewer needs."""

    key: str
    versions: tuple[Version, ...]
    sources: tuple[Source, ...]
    signature: Signature
    hash: str

    @property
    def entry(self) -> str:
        """What to put into the file to sign the line."""
        return f'reviewed: {{by: NAME, role: ROLE, date: YYYY-MM-DD, hash: "{self.hash}"}}'


def script(locales: Sequence[str]) -> list[ScriptLine]:
    """Every line in the order of its file, as spoken in these locales.

    ReviewError as `signature` and `sources_of`.
    """
    return [
        ScriptLine(
            key,
            tuple(versions(locales, key)),
            sources_of(entry),
            signature(entry),
            hash_of(key),
        )
        for key, entry in entries(locales[0]).items()
    ]


def chapters(lines: Iterable[ScriptLine]) -> list[tuple[str, list[ScriptLine]]]:
    """The script in its parts, each with its name."""
    parts = groupby(lines, key=lambda line: line.key.split(".")[0])
    return [(CHAPTERS.get(name, name.replace("_", " ")), list(part)) for name, part in parts]


@dataclass(frozen=True)
class Page:
    """All that stands in the script for review."""

    locales: tuple[str, ...]
    chapters: list[tuple[str, list[ScriptLine]]]
    conversations: list[tuple[str, list[tuple[tuple[str, ...], list[Exchange]]]]]
    used: list[Source]
    grades: Mapping[str, str]

    @property
    def lines(self) -> list[ScriptLine]:
        """Every line, in order."""
        return [line for _, part in self.chapters for line in part]

    @property
    def signed(self) -> int:
        """How many lines are signed as they are now."""
        return sum(line.signature.holds for line in self.lines)


def page(locales: Sequence[str]) -> Page:
    """The script in these locales. ReviewError as `script`."""
    lines = script(locales)
    used = {source.code: source for line in lines for source in line.sources}
    in_order = [source for code, source in sources().items() if code in used]
    return Page(
        tuple(locales),
        chapters(lines),
        worked_conversations(locales),
        in_order,
        data("sources.yaml")["grades"],
    )


def write(folder: Path, locales: Sequence[str]) -> list[Path]:
    """Writes the script into `folder` as `review.html` and `review.txt`; returns both paths.

    The page needs nothing from elsewhere. ReviewError as `script`, OSError if it cannot be written.
    """
    content = page(locales)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, template in (("review.html", "page.html"), ("review.txt", "page.txt")):
        path = folder / name
        path.write_text(_rendered(template, content), encoding="utf-8")
        written.append(path)
    return written


def _rendered(template: str, content: Page) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("skill.publish", "."),
        autoescape=template.endswith(".html"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    rendered = environment.get_template(template).render(
        page=content, form_names=FORM_NAMES, places=picture.follows(), many=len(content.locales) > 1
    )
    return rendered.rstrip() + "\n"
