"""The documents: what cites them leads somewhere, and what they say of the house is so.

A citation is "conversation.md 3.3", "clinical.md C3-9" or "design.md rule 2", and in code and docs
also a row alone, "C3-9". A failure names file, line and citation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from skill.coach.place import Session, Speaker, Stage, Status
from skill.coach.signs import Level, Sign
from skill.speech.catalogue import DEFAULT_LOCALE, FORMS, catalogue
from skill.speech.words import plain, tags_of
from tests.files import read_yaml

ROOT = Path(__file__).parents[1]
ROOMS = ("skill", "tests", "bench", "deploy", "responses", "interaction_model", "docs")
DOCS = sorted((ROOT / "docs").glob("*.md"))
TOP = [ROOT / name for name in ("README.md", "CHANGELOG.md", "SECURITY.md", "Makefile", ".ci/run")]


@cache
def texts() -> dict[str, str]:
    """Every file that is read by people, but this one, by its path."""
    found = [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in (".py", ".md", ".yaml", ".html") and path != Path(__file__)
    ]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in (*found, *TOP)}


def doc(name: str) -> str:
    """A document."""
    return texts()[f"docs/{name}.md"]


def line_of(text: str, at: int) -> int:
    """The number of the line in which something stands."""
    return text.count("\n", 0, at) + 1


def fail_for(faults: Iterable[str]) -> None:
    """Fails with a sentence for each fault, if there is one."""
    if found := list(faults):
        pytest.fail("\n".join(found), pytrace=False)


# --- citations ---------------------------------------------------------------------------------

ANCHORS = {
    "conversation": r"^#+ (\d(?:\.\d)?)\.? ",
    "alexa": r"^(?:#+ |- \*\*)(\d(?:\.\d)?)(?:\.|\*\*)? ",
    "design": r"^(\d+)\. \*\*",
    "clinical": r"^(?:#+ ([A-G]\d?)\.|\| ([A-G]\d{1,2}|C\d-\w+) \|)",
}
"""What a citation leads to: a heading, a rule, a row."""

_NUMBER = r"\d+(?:\.\d)?(?![\w-])"
_ROW = r"[A-G]\d{0,2}(?:-\w+)?(?![\w-])"
CITED = {
    name: re.compile(rf"\b{name}\.md[`)]*\s+\(?(?:rules? )?({one}(?:(?:, | and | to ){one})*)")
    for name, one in ((name, _ROW if name == "clinical" else _NUMBER) for name in ANCHORS)
}
ROW = re.compile(r"(?<![\w.+/-])(?:[A-G]\d{1,2}|C\d-\w+)(?![\w+-])")
OTHER_IDS = {"tests/publish/test_claims.py"}
"""Where ids stand that are not to be found."""


@cache
def anchors(name: str) -> Counter[str]:
    """What may be cited of a document, and how often it stands there."""
    found = re.findall(ANCHORS[name], doc(name), re.M)
    return Counter("".join(each) for each in found)


def cited() -> Iterator[tuple[str, str, str]]:
    """Where something is cited, the document, and what of it."""
    for path, text in texts().items():
        for name, pattern in CITED.items():
            for match in pattern.finditer(text):
                for one in re.split(", | and | to ", match[1]):
                    yield f"{path}:{line_of(text, match.start())}", name, one
        for match in ROW.finditer(text) if _may_cite_alone(path) else ():
            if not text.endswith("vitamin ", 0, match.start()):
                yield f"{path}:{line_of(text, match.start())}", "clinical", match[0]


def _may_cite_alone(path: str) -> bool:
    return path not in OTHER_IDS and (path.endswith((".py", ".md")) or "responses/" in path)


def test_each_citation_leads_to_a_heading_or_a_row() -> None:
    """What code, words, tests and documents cite of a document is there."""
    fail_for(
        f"{where}: there is no {one} in docs/{name}.md"
        for where, name, one in cited()
        if one not in anchors(name)
    )


@pytest.mark.parametrize("name", ANCHORS)
def test_each_document_is_cited(name: str) -> None:
    """The search for citations finds some of each document."""
    assert anchors(name)
    assert any(each == name for _, each, _ in cited())


@pytest.mark.parametrize("name", ANCHORS)
def test_nothing_that_is_cited_stands_twice(name: str) -> None:
    """A heading, a rule or a row is one."""
    assert [one for one, times in anchors(name).items() if times > 1] == []


# --- the rows and sources of the clinical facts ------------------------------------------------


@cache
def listed() -> dict[str, dict[str, str]]:
    """What responses/sources.yaml holds."""
    found: dict[str, dict[str, str]] = read_yaml(ROOT / "responses" / "sources.yaml")
    return found


def bare(text: str) -> str:
    """A text without its marks of emphasis."""
    return text.replace("**", "").strip()


@cache
def named() -> dict[str, str]:
    """Each row of docs/clinical.md, and each heading that has no rows, with its first words."""
    headings = re.findall(r"^#+ ([A-G]\d)\. (.*)", doc("clinical"), re.M)
    rows = re.findall(r"^\| ([A-G]\d{1,2}|C[35]-\w+) \| ([^|]*) \|", doc("clinical"), re.M)
    return {one: bare(name) for one, name in (*headings, *rows)}


def test_the_short_names_are_of_the_same_rows() -> None:
    """responses/sources.yaml names each row of docs/clinical.md, and no other."""
    assert set(listed()["rows"]) == set(named())


def test_a_short_name_says_what_its_row_says() -> None:
    """It is the row's first words; a fact's is shorter, and has no number that the fact lacks."""
    for row, short in listed()["rows"].items():
        if row.startswith("G"):
            assert set(re.findall(r"\d+", short)) <= set(re.findall(r"\d+", named()[row])), row
        else:
            assert bare(short) == named()[row]


def test_each_source_is_in_the_list_and_used() -> None:
    """Each code in brackets is in responses/sources.yaml, and each that is there is cited."""
    codes = set(re.findall(r"\[([A-Z][A-Za-z0-9-]+)\]", doc("clinical"))) - {"CODE"}
    assert codes == set(listed()["sources"])


def test_each_line_that_a_fact_is_for_is_there() -> None:
    """A line that docs/clinical.md names is a line of the catalogue."""
    lines = set(re.findall(r"\bquestions\.\w+", doc("clinical")))
    assert lines
    assert lines <= set(catalogue(DEFAULT_LOCALE).entries)


# --- what the documents say of the house --------------------------------------------------------

EXAMPLES = {"responses/en-NZ.yaml"}
"""Paths of what a document only supposes."""

QUOTING = ("conversation", "clinical")
"""Documents that quote the coach, in curly quotes."""


@cache
def all_that_is_said() -> str:
    """Every text of every line in the United States, as anybody hears it."""
    words = catalogue(DEFAULT_LOCALE)
    everybody = [
        tags_of(Session(status=Status(speaker, stage)), level)
        for speaker, stage, level in product(Speaker, Stage, Level)
    ]
    return "\n".join(
        plain(words.pieces(key, form, tags, echoed(key).value)).casefold()
        for key, entry in words.entries.items()
        for form in FORMS
        if form in entry.texts[frozenset()]
        for tags in everybody
    )


def echoed(key: str) -> Sign:
    """A sign with which an urgent line can be said."""
    *_, level, family = ("", "", *key.split("."))
    fitting = [sign for sign in Sign if sign.family.value == family]
    at_level = [sign for sign in fitting if sign.level.name.lower() == level]
    return next(iter(at_level or fitting or Sign))


def quoted(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence that is quoted of the coach, with its line; three dots leave something out."""
    for match in re.finditer("“([^”]*)”", text):
        for sentence in re.split(r"(?<=[.?!]) |…", match[1]):
            if said := sentence.strip().rstrip(".?!,"):
                yield line_of(text, match.start()), said


@pytest.mark.parametrize("name", QUOTING)
def test_the_coach_is_quoted_as_it_speaks(name: str) -> None:
    """What stands in curly quotes is said, word for word."""
    fail_for(
        f"docs/{name}.md:{line}: nothing says “{said}”"
        for line, said in quoted(doc(name))
        if said.casefold() not in all_that_is_said()
    )


def test_marks_are_explained_where_they_stand() -> None:
    """A mark such as [R] has a row that explains it in the same document."""
    for path in DOCS:
        text = path.read_text("utf-8")
        for mark in set(re.findall(r"\[[A-Z0-9]\]|\[ran\]", text)):
            assert f"| {mark} |" in text, f"{path.name}: {mark} is not explained"


def test_what_the_documents_name_is_there() -> None:
    """Each path, each Python file and each page that a document names exists."""
    names = {path.name for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    for path in (*DOCS, ROOT / "README.md"):
        text = path.read_text("utf-8")
        for named_path in re.findall(rf"\b(?:{'|'.join(ROOMS)})/[\w./-]*\w|`\.ci/\w+`", text):
            there = (ROOT / named_path.strip("`")).exists()
            assert there or named_path in EXAMPLES, f"{path.name}: {named_path}"
        for link in re.findall(r"\]\(([\w./-]+)[)#]", text):
            assert (path.parent / link).exists(), f"{path.name}: {link}"
        for file in re.findall(r"`(\w+\.py)`", text):
            assert file in names, f"{path.name}: {file}"


def test_names_are_where_the_documents_say() -> None:
    """`Name` in `path` is in a file of that name."""
    claims = [
        (page.name, name, where)
        for page in DOCS
        for name, where in re.findall(r"`(\w+)`\sin\s`([\w./]+\.\w+)`", page.read_text("utf-8"))
    ]
    assert claims
    for page, name, where in claims:
        there = [text for path, text in texts().items() if f"/{path}".endswith(f"/{where}")]
        assert any(re.search(rf"\b{name}\b", text) for text in there), f"{page}: {name} in {where}"


IMPORTED = r"(?m)^\s*(?:from skill\.|from skill import |import skill\.)(\w+)"


def test_rooms_import_what_the_architecture_says() -> None:
    """A room imports nothing but what its row in docs/architecture.md lets it."""
    rows = re.findall(
        r"^\| `skill/(\w+)(?:/|\.py)` \| [^|]* \| ([^|]*) \|", doc("architecture"), re.M
    )
    rooms = [room for room, _ in rows]
    for room, may in rows:
        files = [text for path, text in texts().items() if re.match(rf"skill/{room}\b", path)]
        used = {each for text in files for each in re.findall(IMPORTED, text)}
        assert files
        assert used - {room} <= {each for each in rooms if each in re.findall(r"\w+", may)}, room


def test_the_question_in_the_design_is_one_of_the_tables() -> None:
    """The example of an entry is the entry."""
    example = re.findall(r"```python\n(.*?)```", doc("design"), re.S)
    code = "".join(texts()["skill/coach/tables/checks.py"].split())
    assert example
    assert all("".join(each.split()) in code for each in example)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_the_readme_lists_each_document(path: Path) -> None:
    """A reader finds every document from the README."""
    assert f"docs/{path.name}" in texts()["README.md"]


# --- the product alone ---------------------------------------------------------------------------

OUT_OF_PLACE = {
    r"(?<!pytest-xdist )\bissues? #?\d": "how work is organised",
    r"\b(?:the|an|that) issues? (?:adds?|says?|that|which)": "how work is organised",
    r"\bworktree\b|\bsub-?agents?\b|\bTODO\b|\bFIXME\b": "how work is organised",
    r"\((?:as )?tried\b|\btried\)": "say that it was executed, or nothing",
    r"\b(?:the|this|your) notes? (?:says?|has|tells?)|\binto the note\b": "a working note",
    r"(?i)\b(?:decided|added|learned|built) on \d+ [a-z]+ 20\d\d": "when work was done",
    r"(?i)founding documents?": "they are the founding texts",
    r"\b\d{3}_[0-9a-f]{8,}|\bstyle\.md\b": "a file that is not in the tree",
    r"(?<![\w.])/(?:work|home|Users|root)/\w|\.\./shared": "a path of one machine",
}
"""What has no place in a file, and why."""


def test_the_product_speaks_of_itself_alone() -> None:
    """No file tells how, when or by whom work was done, or names what is not in the tree."""
    fail_for(
        f"{path}:{line_of(text, match.start())}: “{match[0]}”: {reason}"
        for path, text in texts().items()
        for pattern, reason in OUT_OF_PLACE.items()
        for match in re.finditer(pattern, text)
    )
