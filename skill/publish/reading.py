"""Everything that is signed, laid out so that each thought is read once.

A line that several keys share stands once; what a helper hears is told by the words that differ; a
table says how it differs from one before it; en-US is read whole, and of other locales their
numbers, roles and spellings. Nothing that a hash covers is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from skill.coach.signs import Sign
from skill.publish import labels
from skill.publish.rows import GROUPS
from skill.publish.signatures import OpenQuestion, all_things
from skill.publish.tables import KINDS_OF_HERS, SHARED, sayings
from skill.publish.things import Thing
from skill.speech.catalogue import BASE, DEFAULT_LOCALE, FORMS, SPOKEN, Tags, Words, paragraphs

WORDS_A_MINUTE = 200
READ = ("‹", "›")
"""Around a sentence that was read before, word for word."""

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
    "not_yet": "On the way to a call",
    "recheck": "When something was misheard",
    "told": "What she tells that is no sign",
    "sign": "The signs, as they are echoed",
    "card": "On a card",
    "screen": "On the screen of an Echo Show",
    "store": "Amazon's store, which is read (responses/store.yaml)",
    "privacy": "The privacy policy, which is read (responses/pages.yaml)",
    "terms": "The terms of use, which are read (responses/pages.yaml)",
}
"""What the parts of the file are called for a reader; another part goes by its own name."""

ONLY_READ = ("store", "privacy", "terms")

_FORMS = {"say": "", "write": ""}


@dataclass(frozen=True)
class Item:
    """One thing to read and to sign, or several that read alike: a title, and rows of text."""

    ids: tuple[str, ...]
    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chapter:
    """A part of the script, with what is said at its head."""

    title: str
    note: str
    items: tuple[Item, ...]
    only_read: bool = False
    """Whether nobody hears it, and it decides nothing: the store, and the pages."""


def script(locales: Iterable[str] = SPOKEN) -> list[Chapter]:
    """The whole, in the order in which it is read; the words of these locales."""
    chosen = [each for each in SPOKEN if each in set(locales)]
    return [
        *_lines(chosen),
        _words(chosen),
        _signs(),
        _denials(),
        _tables(),
        _follows(),
        _stretches(),
    ]


# --- lines ------------------------------------------------------------------------------------


def _lines(locales: list[str]) -> Iterator[Chapter]:
    groups: dict[str, dict[object, list[Thing]]] = {}
    for thing in _of("line"):
        part = groups.setdefault(thing.name.split(".")[0], {})
        part.setdefault(tuple(thing.means.items()), []).append(thing)
    read: set[str] = set()
    for name, alike in groups.items():
        items = tuple(_line(each, locales, read) for each in alike.values())
        note = TELL if name == "sign" else ""
        yield Chapter(CHAPTERS.get(name, _plain(name)), note, items, name in ONLY_READ)


def _line(alike: list[Thing], locales: list[str], read: set[str]) -> Item:
    title = ", ".join(thing.name.split(".", 1)[1] for thing in alike)
    key = alike[0].name
    rows: list[tuple[str, str]] = []
    above: dict[str, list[str]] = {}
    for name, text in _of_locales(locales, alike[0].means):
        who, form = _who_and_form(name)
        heard = text if name == "card" else spoken(text, key, name)
        ways = [_differing(each, heard) for each in above.get(form, ())]
        said = min([*ways, _with_read(heard, read)], key=words_in)
        if form == "tell" and (whole := _told(rows, heard)):
            rows[0] = ("", whole)
            continue
        above.setdefault(form, []).append(heard)
        if form == "agreed" and heard == f"{_YES}{alike[0].means['tell']}":
            said = f"{_with_read(_YES.strip(), read)} |"
        rows.append((", ".join(filter(None, (who, _FORMS.get(form, form)))), said))
    return Item(tuple(thing.id for thing in alike), title, _of_her_once(rows))


def _who_and_form(name: str) -> tuple[str, str]:
    """Who hears a text, or where, and in which form: "elsewhere: helper, say"."""
    place, _, own = name.rpartition(": ")
    who, _, form = own.rpartition(", ")
    return ", ".join(filter(None, (place, who))), form


def _of_locales(locales: list[str], means: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a line means everywhere, and in these locales; not what would be heard all the same."""
    for name, text in means.items():
        locale, own, form = name.partition(": ")
        usual = form if own else name.rpartition(", ")[2]
        as_usual = name != usual and " and " not in name and means.get(usual) == text
        if not as_usual and (not own or locale in locales):
            yield name, text


def _told(rows: list[tuple[str, str]], tell: str) -> str:
    """The echo of a sign, with "|" after the part that is told on the phone; "" where it is not."""
    said = rows[0][1] if rows and not rows[0][0] else ""
    whole = said.lower().startswith(f"{tell.lower()} ")
    return f"{said[: len(tell)]} |{said[len(tell) :]}" if whole else ""


def _of_her_once(rows: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Rows of a line; where every form is said of her alike, that stands once."""
    helper = [row for row in rows if row[0] in ("helper", *(f"helper, {form}" for form in FORMS))]
    if len(helper) < 2 or any(said != HER for _, said in helper):
        return tuple(rows)
    return (*(row for row in rows if row not in helper), ("helper", HER))


_SIGN_TOKENS = {"Sign": "⟨Sign⟩", "sign": "⟨sign⟩", "Yes": "⟨Yes⟩"}
_TOKEN = re.compile(r"\{(\w+)\}")


def spoken(text: str, key: str, name: str = "") -> str:
    """A text in the words of en-US, or of the locale that its name begins with.

    What they are for others, the words of a locale tell.
    """
    level = "emergency" if ".emergency." in key else "call_now"
    tags = frozenset({"she", "pregnant", level})
    place, named, _ = name.partition(": ")
    locale = place if named else DEFAULT_LOCALE
    return _TOKEN.sub(lambda found: _word(found[1], tags, locale), text)


@cache
def _word(name: str, tags: Tags, locale: str) -> str:
    if name in _SIGN_TOKENS:
        return _SIGN_TOKENS[name]
    pieces = paragraphs(locale).token(name, tags)
    digits = "".join(each.text if isinstance(each, Words) else _digits(each) for each in pieces)
    return f"⟨{' '.join(digits.split())}⟩"


def _digits(piece: object) -> str:
    return str(getattr(piece, "digits", " "))


TELL = "“|” ends, or stands for, what is told on the phone."
_YES = "You said yes to "
_PAUSE = re.compile(r"\[[\d.]+s\]")


def _with_read(text: str, read: set[str]) -> str:
    """A text with the sentences that were read before marked as such."""
    found = []
    for sentence in re.split(r"(?<=[.?!])\s+", text):
        bare = _PAUSE.sub("", sentence).strip()
        known = bare in read and len(bare.split()) > 1
        found.append(f"{READ[0]}{sentence}{READ[1]}" if known else sentence)
        read.add(bare)
    return " ".join(found)


def _differing(base: str, other: str) -> str:
    """The words of a text that are not those of another; "…" is what is the same."""
    if _of_her(base) == other:
        return HER
    one, two = base.split(), other.split()
    found = []
    for what, _, _, start, end in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if what == "equal":
            found.append("…")
        elif what == "delete":
            found.append("[–]")
        else:
            found += two[start:end]
    return " ".join(found)


HER = "her"
"""In place of a text: it is the same, said of her."""

_OF_HER = {
    "your": "her",
    "you're": "she's",
    "you've": "she's",
    "you": "she",
    "yours": "hers",
    "yourself": "herself",
    "are": "is",
    "have": "has",
}


def _of_her(text: str) -> str:
    """What is said to her, said of her: word by word, and nothing else."""

    def swapped(found: re.Match[str]) -> str:
        word = _OF_HER.get(found[0].lower(), found[0])
        return word.capitalize() if found[0][0].isupper() else word

    return re.sub(r"[A-Za-z']+", swapped, text)


# --- the words of a locale --------------------------------------------------------------------


def _words(locales: list[str]) -> Chapter:
    tokens: dict[str, dict[str, Thing]] = {}
    for thing in _of("words"):
        place, _, name = thing.name.partition(".")
        tokens.setdefault(name, {})[place] = thing
    places = (BASE, DEFAULT_LOCALE, *(each for each in locales if each != DEFAULT_LOCALE))
    items = []
    for name, by_place in tokens.items():
        shown = {place: by_place[place] for place in places if place in by_place}
        if shown:
            ids = tuple(thing.id for thing in shown.values())
            items.append(Item(ids, name, tuple(_in_places(shown, locales))))
    return Chapter(
        "Numbers, roles and spellings",
        "In place of the words in ⟨⟩ above, which are those of en-US. Without a locale: where it "
        "has none of its own. Where one begins a sentence, it begins with a capital.",
        tuple(items),
    )


_ALWAYS = re.compile("^(always|digits)(, )?")


def _in_places(shown: Mapping[str, Thing], locales: list[str]) -> list[tuple[str, str]]:
    alike: dict[tuple[str, str], list[str]] = {}
    for place, thing in shown.items():
        for who, text in thing.means.items():
            small = thing.means.get(who.removesuffix(", at the start"))
            if not (who.endswith(", at the start") and small and text == _capital(small)):
                alike.setdefault((_ALWAYS.sub("", who), text), []).append(place)
    base: dict[tuple[str, ...], str] = {}
    rows: list[tuple[str, str]] = []
    for (who, text), where in alike.items():
        mine = tuple(where)
        said = _differing(base[mine], text) if who.startswith("helper") and mine in base else text
        base[mine] = text
        rows.append((", ".join(filter(None, (_places(where, locales), who))), said))
    return [
        _with_hers(*pair) for pair in zip(rows, [*rows[1:], None], strict=True) if pair[0][1] != HER
    ]


def _places(where: list[str], locales: list[str]) -> str:
    """Which locales a word is of; "" where it is that of each that has no other."""
    return "" if where == [BASE] or set(where) == set(locales) else ", ".join(where)


def _with_hers(row: tuple[str, str], after: tuple[str, str] | None) -> tuple[str, str]:
    """A row; with that for a helper in it, where it follows and is the same, said of her."""
    return (row[0], f"{row[1]} (helper: {HER})") if after and after[1] == HER else row


def _capital(text: str) -> str:
    letter = next((at for at, each in enumerate(text) if each.isalpha()), 0)
    return text[:letter] + text[letter].upper() + text[letter + 1 :]


# --- what decides -----------------------------------------------------------------------------


def _signs() -> Chapter:
    order = {family: at for at, family in enumerate(labels.FAMILIES.values())}
    alike: dict[tuple[tuple[str, str], ...], list[Thing]] = {}
    for thing in sorted(_of("sign"), key=lambda t: order[labels.FAMILIES[Sign(t.name).family]]):
        alike.setdefault(tuple(thing.means.items()), []).append(thing)
    items = [
        Item(tuple(t.id for t in group), ", ".join(_plain(t.name) for t in group), _led(means))
        for means, group in alike.items()
    ]
    return Chapter(
        "The signs and their levels",
        "Level 1 is an emergency; level 2 is a call now, tonight. Where nothing else is said"
        f"{_USUAL[0]} or {_USUAL[1].removeprefix(_ASKS)}.",
        tuple(items),
    )


_ASKS = ", asks can_you_call; after silence "
_USUAL = tuple(f"{_ASKS}urgent.{level}.reprompt" for level in ("call_now", "emergency"))


def _led(means: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """What a sign means: level, family and what is heard; not what nearly every one leads to."""
    led = {name: text.removesuffix(_USUAL[0]).removesuffix(_USUAL[1]) for name, text in means}
    rows = [(f"level {led.pop('level')[0]}, {led.pop('family')}", led.pop("she hears"))]
    if noted := led.pop("level, once noted", ""):
        rows.append((f"level {noted[0]}, once noted", led.pop("she hears, once noted")))
    return (*rows, *led.items())


def _denials() -> Chapter:
    items = [Item((t.id,), _plain(t.name), _nested(t.means["no"])) for t in _of("denial")]
    note = "Heard as no, after “no”, “it isn't”, “I don't have” and the like."
    return Chapter("What is heard as a denial", note, tuple(items))


def _nested(phrases: str) -> tuple[tuple[str, str], ...]:
    """Each phrase; under it those that only add words to it, with "…" in its place."""
    under: dict[str, list[str]] = {}
    for phrase in sorted(phrases.split(", "), key=lambda each: len(each.split())):
        inside = (each for each in under if re.search(rf"\b{re.escape(each)}\b", phrase))
        if head := next(inside, None):
            under[head].append(phrase.replace(head, "…", 1))
        else:
            under[phrase] = []
    rows = (f"{head} ({', '.join(more)})" if more else head for head, more in under.items())
    return (("", ", ".join(rows)),)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _tables() -> Chapter:
    things = {thing.name: thing for thing in _of("table")}
    order = [*SHARED, *(ask.value for group in GROUPS for ask in group.asks)]
    order += [name for name in things if name not in order]
    depth: dict[str, int] = {}
    items = []
    for name in order:
        whole = (-1, "", _grouped(things[name].means))
        before = [each for each in depth if each not in SHARED and depth[each] < 4]
        ways = [(depth[each], each, _against(things, each, name)) for each in before]
        deep, like, rows = min([whole, *ways], key=lambda way: _size(way[2]) + 4 * bool(way[1]))
        depth[name] = deep + 1
        as_that = f"{name}: like {like}" if like else name
        rows = _but_usual(rows) if name == KINDS_OF_HERS else rows
        items.append(Item((things[name].id,), as_that, rows))
    note = (
        "What she says, by short names (examples at the end), and what it leads to. Lines, signs "
        "and questions go by the names above; capitals: see the next part. No question named: "
        "the open one. "
        "“like”, “without”: as that table, but for these rows."
    )
    return Chapter("Her answers, question by question", note, tuple(items))


def examples() -> list[tuple[str, str]]:
    """Short names of what she says with an example each: to look up, and not signed."""
    return [(short, whole) for short, whole in sayings().items() if short != whole]


def _but_usual(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Her questions by kind, where those of no other kind need no list: their lines name them."""
    return tuple((kind, "all others" if kind == "question" else each) for kind, each in rows)


def _grouped(means: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Answers that lead to the same in one row."""
    alike: dict[str, list[str]] = {}
    for said, leads in means.items():
        alike.setdefault(leads, []).append(said)
    return tuple((" · ".join(said), leads) for leads, said in alike.items())


def _against(things: Mapping[str, Thing], one: str, two: str) -> tuple[tuple[str, str], ...]:
    """How a table differs from another."""
    base, own = things[one].means, things[two].means
    rows = _grouped({said: leads for said, leads in own.items() if base.get(said) != leads})
    gone = [said for said in base if said not in own]
    return (*rows, ("without", " · ".join(gone))) if gone else rows


def _follows() -> Chapter:
    items = [Item((t.id,), t.name, _grouped(t.means)) for t in _of("follows")]
    return Chapter(
        "What the words of the tables lead to",
        "Each word and condition in capitals, by the round or check that is open, how the pain "
        "goes, what was told, and the time. What is not named makes no difference.",
        tuple(items),
    )


def _stretches() -> Chapter:
    items = [Item((t.id,), t.name, tuple(t.means.items())) for t in _of("stretch")]
    return Chapter("The stretches and their ways, in order", "", tuple(items))


def _of(kind: str) -> list[Thing]:
    return [thing for thing in all_things().values() if thing.kind == kind]


# --- how much there is to read ----------------------------------------------------------------


def words_in(text: str) -> int:
    """The words of a text: not pauses or other marks, nor sentences that were read before."""
    fresh = _PAUSE.sub("", re.sub(f"{READ[0]}[^{READ[1]}]*{READ[1]}", " ", text))
    return sum(any(letter.isalnum() for letter in word) for word in fresh.split())


def _size(rows: Iterable[tuple[str, str]]) -> int:
    """The words of rows; a drawing is looked at."""
    return sum(words_in(f"{head} {text}") for head, text in rows if head != "drawing")


def words_of_item(item: Item) -> int:
    """The words of an item: its title and its rows."""
    return words_in(item.title) + _size(item.rows)


def words_of(chapter: Chapter) -> int:
    """The words of a part: its title, its note, and its items."""
    return words_in(f"{chapter.title} {chapter.note}") + sum(map(words_of_item, chapter.items))


def count(locales: Iterable[str], asked: Iterable[OpenQuestion]) -> int:
    """The words of all that is spoken or decided in these locales, and of the open questions."""
    questions = sum(words_in(each.asks) for each in asked)
    return questions + sum(words_of(each) for each in script(locales) if not each.only_read)


def count_only_read(locales: Iterable[str]) -> int:
    """The words of what is signed too, and is only read: in the store, and on the pages."""
    return sum(words_of(each) for each in script(locales) if each.only_read)


def minutes(words: int) -> int:
    """How long that takes, at WORDS_A_MINUTE."""
    return -(-words // WORDS_A_MINUTE)
