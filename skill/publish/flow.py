"""The conversation as a page for those who do not code: one table a question.

    python -m skill.publish.flow docs/flow.md

What stands here is how the page looks; its rows are made in `rows.py`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from skill.coach.conversation import respond
from skill.coach.events import Name, Named, Question, Said, Topic, name_of
from skill.coach.place import Ask, Session, Status
from skill.coach.signs import HEARD, Family, Level, Sign
from skill.coach.tables import QUESTIONS
from skill.coach.tables.everywhere import EVERYWHERE, RELIEF
from skill.coach.turn import Line, question_key
from skill.coach.urgent import urge
from skill.publish import labels
from skill.publish.hears import GIVEN, LEVELS, Hears, either, has, sources_of, title, words
from skill.publish.rows import (
    GROUPS,
    Group,
    Row,
    clear_rows,
    common,
    group_of,
    own_rows,
    position,
    rest_rows,
    shared_rows,
    sign_rows,
    silence_row,
    situations,
)

LONG, LONG_URGENT = 100, 95
"""What a line may have, in letters, before it is cut at the end of a sentence."""


INTRO = """# The conversation, question by question

What the coach asks, what a woman may answer, and what she hears next. This page is written by
`python -m skill.publish.flow docs/flow.md`: every cell of “she hears” is what the coach says when
it is tried in every situation that a conversation can reach. Do not edit it by hand.

**How to read it.** A question's table shows what that question alone decides. All else is as in the
tables before it: [in every place](#answered-alike-in-every-place),
[in a cramp](#answered-alike-in-every-question-about-a-cramp), and at the head of a group. Where
what she hears depends on more than her answer, each condition has a line; the first that fits
counts.

- **Bold** is the question that follows; _slanted_ stands for words; … means that more is said.
- **Level**: 1 emergency; 2 a call tonight, which is a call now, at any hour; — no urgent line.
  “2 call tonight \\*” is 1 emergency once breathing was noted. “2 / 1 as given” is the level of the
  urgent line that was given, and the words are ⟨those of level 2 / those of level 1⟩.
- _Check_: breathing, then swelling, then heat and color. _Clear no_: an answer that lets the coach
  go on to [what follows](#what-follows-a-clear-no). _Breathing was noted_: she has called herself a
  bit breathless, or breathless as usual.
- _The cramp is on_: it has not let go, and no urgent line was given. _The leg is to be kept still_:
  stretching made it worse, or she never called it a cramp. _Rubbing was ruled out_: she told of a
  clot, of blood thinners, of a loss, or of a birth six to twelve weeks ago. _The leg must not be
  rubbed_: that, or she has just had a baby. _The stretch_: that of her part and round; after an
  urgent line there is one only if the line was taken back and every check was clear again.
- Words are those for a pregnant woman in the United States who speaks herself, with a cramp in her
  calf. Another speaker, part or way of stretching changes the words.
"""

SIGNS = (
    "Each with the rows of [clinical.md](clinical.md) that it rests on. † the coach's own reason, "
    "from her answers; the others are hers to name, in every place."
)
OPENING = "As her first words, where nothing was asked yet, _the question again_ is **{}**"


def page() -> str:
    """The whole page."""
    asks = sorted(QUESTIONS, key=position)  # all of them
    relief = [ask for ask in asks if group_of(ask).shared is RELIEF]
    opening = respond(Session(), Said.HANG_ON).question
    assert opening is not None
    lines = [
        *(
            INTRO,
            *_contents(),
            "## Answered alike in every place",
            "",
            OPENING.format(words(opening)),
            "",
        ),
        *_table([*sign_rows(), *shared_rows(EVERYWHERE, asks), silence_row(asks)]),
        *("## Answered alike in every question about a cramp", ""),
        *_table(shared_rows(RELIEF, relief)),
        *("## What follows a clear no", ""),
        *_table(clear_rows(), "After a clear no to"),
        *(line for group in GROUPS for line in _group(group)),
        *_signs(),
        *_topics(),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _contents() -> list[str]:
    """The questions of each group, as links."""
    lines = []
    for group in GROUPS:
        links = (f"[{title(ask)}](#{_anchor(title(ask))})" for ask in group.asks)
        lines.append(f"- **{group.title}**: {' · '.join(links)}")
    more = ("Warning signs", "Her questions")
    return [*lines, "- " + " · ".join(f"[{each}](#{_anchor(each)})" for each in more), ""]


def _anchor(heading: str) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _group(group: Group) -> list[str]:
    """The questions of a group, after what they answer alike."""
    lines = [f"## {group.title}", ""]
    for base in (common(group), group.shared):
        if base and base not in (EVERYWHERE, RELIEF):
            rest = rest_rows(group) if base is not group.shared else []
            lines += ["Answered alike in each of these that does not say otherwise:", ""]
            lines += _table([*shared_rows(base, group.asks), *rest])
    return lines + [line for ask in group.asks for line in _question(ask)]


def _question(ask: Ask) -> list[str]:
    """The section of a question: how it is asked, and its table."""
    again = Line(question_key(ask), "again")
    forms = [f"Asked again: “{words(again)}”"] if has(again) else []
    forms += [f"After silence: “{each}”" for each in (_silence(ask),) if each]
    return [
        f"### {title(ask)}",
        "",
        *([" · ".join(forms), ""] if forms else []),
        *_table(own_rows(ask)),
    ]


def _silence(ask: Ask) -> str:
    """What she hears when she says nothing; after an urgent line, at each level."""
    own = Line(question_key(ask), "reprompt")
    if has(own):
        return words(own)
    turns = {
        turn.level: turn for turn in (respond(now.session, Said.HELP) for now in situations([ask]))
    }
    if not set(GIVEN) <= turns.keys():
        return ""
    said = ([words(line, level) for line in turns[level].reprompt] for level in GIVEN)
    return " ".join(either(*said))


def _spoken(heard: Hears) -> str:
    """Lines, long ones cut, then the question."""
    longest = LONG if heard.level == "—" else LONG_URGENT
    asks = heard.asks if heard.asks.startswith("_") else f"**{heard.asks}**"
    return " ".join([*(_cut(each, longest) for each in heard.says), asks])


def _cut(text: str, longest: int) -> str:
    """The first sentences of a text, and "…" for what is left out."""
    ends = [
        index + 1
        for index, letter in enumerate(text)
        if letter in ".?!⟩" and text[index + 1 :][:1] in ("", " ")
    ]
    fitting = [end for end in ends if end <= longest] or ends[:1] or [len(text)]
    return text if fitting[-1] >= len(text) else f"{text[: fitting[-1]]} …"


def _table(rows: Iterable[Row], first: str = "She says") -> list[str]:
    return [
        *_head(first, "She hears", "Level"),
        *(line for row in rows for line in _lines(row)),
        "",
    ]


def _head(*names: str) -> list[str]:
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]


def _lines(row: Row) -> Iterator[str]:
    """A row in Markdown: a line for each condition."""
    first = " · ".join(row.labels)
    for rule in row.rules:
        when = f"_{rule.condition}:_ " if rule.facts else ""
        yield f"| {first} | {when}{_spoken(rule.hears)} | {rule.hears.level} |"
        first = ""


def _signs() -> list[str]:
    """Signs by family and level, as the coach words them, and what it says for the first."""
    kinds: dict[tuple[Family, Level, Level], list[Sign]] = {}
    for sign in sorted(Sign, key=lambda sign: list(Family).index(sign.family)):
        noted = sign.level_for(breathing_noted=True)
        kinds.setdefault((sign.family, sign.level, noted), []).append(sign)
    lines = ["## Warning signs", "", SIGNS, "", *_head("Family", "Sign", "She hears", "Level")]
    for (family, level, noted), signs in kinds.items():
        echoes = " · ".join(map(_echo, signs))
        star = "" if noted is level else " \\*"
        name = labels.FAMILIES[family]
        lines.append(f"| {name} | {echoes} | {_urgent(signs[0], False)} | {LEVELS[level]}{star} |")
        if star:
            said = _urgent(signs[0], True)
            lines.append(f"|  | _\\* once breathing was noted_ | {said} | {LEVELS[noted]} |")
    return [*lines, "", f"After silence, right after such a line: {_silence_after_a_line()}", ""]


def _silence_after_a_line() -> str:
    """What she hears when she says nothing to an urgent line, at each level, of its first sign."""
    said = []
    for level in GIVEN:
        turn = urge(Session(), next(sign for sign in HEARD if sign.level is level))
        text = " ".join(words(line, level) for line in turn.reprompt)
        said.append(f"“{text}” ({LEVELS[level]})")
    return " · ".join(said)


def _echo(sign: Sign) -> str:
    """A sign by its name, as it is echoed, with the clinical rows that it rests on."""
    line = Line(f"sign.{sign.value}")
    rows = ", ".join(code for code in sources_of(line) if re.match(r"[CG]\d", code))
    own = "" if sign in HEARD else " †"
    return f"_{sign.value.replace('_', ' ')}_: {words(line)}{f' ({rows})' if rows else ''}{own}"


def _urgent(sign: Sign, noted: bool) -> str:
    """The urgent line of a sign, in full."""
    turn = urge(Session(status=Status(breathing_noted=noted)), sign)
    return " ".join(words(line, turn.level) for line in turn.lines)


def _topics() -> list[str]:
    """Her questions, by the kind that tables know."""
    kinds: dict[Name, list[str]] = {}
    for topic in Topic:
        kinds.setdefault(name_of(Question(topic)), []).append(labels.TOPICS[topic])
    return [
        *("## Her questions", "", *_head("Answered like", "Questions")),
        *(
            f"| {labels.NAMED[Named(kind)][0].label} | {' · '.join(asked)} |"
            for kind, asked in kinds.items()
        ),
    ]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
