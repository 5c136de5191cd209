"""The picture of the conversation: which question follows which answer, drawn from the coach.

    python -m skill.publish.picture docs/conversation.svg

The coach is asked, in every place that these answers can reach, what it does with each of them;
the boxes and arrows are its answers. Only where a box lies on the page is set here by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from textwrap import wrap
from xml.sax.saxutils import escape

from skill.coach.conversation import respond
from skill.coach.events import Cramp, Event, Question, Said, SignHeard, Sore, Topic
from skill.coach.place import URGENT_PLACES, Aim, Ask, Check, Part, Place, Session
from skill.coach.signs import Level, Sign

START, ENDS, ASKED_AGAIN = "start", "the conversation ends", "recheck"
LEVELS = {Level.EMERGENCY: "level 1", Level.CALL_NOW: "level 2"}
OUTCOMES = (*LEVELS.values(), ENDS)

Answer = tuple[str, Event, bool]
"""An answer in words, as the coach understands it, and whether ten minutes have passed."""

_YES: Answer = ("yes", Said.YES, False)
_NO: Answer = ("no", Said.NO, False)
_UNSURE: Answer = ("not sure", Said.UNSURE, False)
_CHECK = (_YES, ("a bit", Said.A_BIT, False), _UNSURE, _NO)
_CALF: Answer = ("calf or foot", Cramp(Part.CALF), False)
_THIGH: Answer = ("thigh", Cramp(Part.THIGH), False)
_HURTS: Answer = ("still hurts", Said.STILL_HURTS, False)
_TEN_MINUTES: Answer = ("still hurts after ten minutes", Said.STILL_HURTS, True)
_MISHEARD: Answer = ("that's not what I said", Said.NOT_WHAT_I_SAID, False)
_STOP: Answer = ("stop", Said.STOP, False)
_AFTER_A_YES: tuple[Answer, ...] = (_YES, ("no, I meant no", Said.NO, False))
_CALLING: tuple[Answer, ...] = (_YES, _NO, _MISHEARD, _STOP)
_QUESTION: Answer = ("a question", Question(Topic.WHY), False)

ANSWERS: dict[Ask, tuple[Answer, ...]] = {
    Ask.NOTHING: (
        _CALF,
        _THIGH,
        ("a cramp", Cramp(), False),
        ("open Cramp Coach", Said.LAUNCH, False),
        ("pain, not tight", Sore(), False),
        ("sore after a cramp", Said.SORE_AFTER, False),
        ("it's back", Said.BACK_AGAIN, False),
        ("help", Said.HELP, False),
        ("what can you do", Said.WHAT_CAN_YOU_DO, False),
        _QUESTION,
    ),
    Ask.WHAT_NEXT: (_YES, _NO, _QUESTION),
    Ask.ANYTHING_ELSE: (_NO,),
    Ask.LEG_OR_TUMMY: (
        ("leg", Cramp(Part.LEG), False),
        ("tummy", SignHeard(Sign.TUMMY_CRAMP), False),
    ),
    Ask.WHICH_PART: (_CALF, _THIGH),
    Ask.WHICH_THIGH: (("front or back", Cramp(Part.THIGH_FRONT), False),),
    Ask.GRAB: (_YES, _UNSURE, _NO),
    Ask.TEN_MINUTES: (_YES, _UNSURE, _NO),
    Ask.LET_GO: (
        ("it's gone", Said.EASED, False),
        _HURTS,
        ("worse", Said.WORSE, False),
        _TEN_MINUTES,
    ),
    Ask.BREATHING: _CHECK,
    Ask.BREATHING_WORSE: (_YES, _UNSURE, _NO),
    Ask.SWELLING: (*_CHECK, ("both", Said.BOTH, False)),
    Ask.FACE_OR_HANDS: (_YES, _UNSURE, _NO),
    Ask.HEAT_OR_COLOUR: _CHECK,
    Ask.GETTING_EASIER: (_YES, _UNSURE, _NO),
    Ask.STRONG_OR_LASTING: (_YES, _UNSURE, _NO),
    Ask.PAIN_GONE: (_YES, _NO, _TEN_MINUTES),
    Ask.ONE_MORE: (_YES, _NO, _TEN_MINUTES),
    Ask.IS_THAT_RIGHT: _AFTER_A_YES,
    Ask.IS_THAT_RIGHT_LEG: _AFTER_A_YES,
    Ask.CAN_YOU_CALL: _CALLING,
    Ask.CAN_YOU_CALL_AFTER_YES: _CALLING,
}
"""The answers that are drawn at each question."""


def graph() -> dict[tuple[str, str], list[str]]:
    """The arrows: from which box to which, with the answers that lead there, in order."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for before, (label, _, _), after in _steps():
        start, end = box_of(before), box_of(after) if after else ENDS
        label = _with_the_pain(label, before)
        if start != end and label not in arrows.setdefault((start, end), []):
            arrows[start, end].append(label)
    return arrows


_PAIN = {
    Aim.COMFORT: "gone",
    Aim.STRETCH: "still hurts",
    Aim.CALL: "got worse",
    Aim.SORE: "sore",
    Aim.EASIER: "sore after a cramp",
}
_BY_THE_PAIN = (Ask.BREATHING, Ask.BREATHING_WORSE, Ask.HEAT_OR_COLOUR)


def _with_the_pain(label: str, before: Place) -> str:
    """The answer, with how the pain goes where what follows a clear no depends on it."""
    if label == "no" and before.ask in _BY_THE_PAIN and before.aim in _PAIN:
        return f"no; {_PAIN[before.aim]}"
    return label


def _steps() -> Iterator[tuple[Place, Answer, Place | None]]:
    """Every answer in every place that can be reached; after it no place where it ends.

    Once breathing was noted, all goes on as before but that a leg sign is level 1: not drawn.
    """
    seen, queue = {Session()}, [Session()]
    while queue:
        session = queue.pop(0)
        for answer in ANSWERS.get(session.place.ask, ()):
            turn = respond(session, answer[1], late=answer[2])
            yield session.place, answer, turn.session.place if turn.open else None
            after = Session(turn.session.place, turn.session.status)
            noted = after.status.breathing_noted and after.place.ask is not Ask.BREATHING_WORSE
            if turn.open and not noted and after not in seen:
                seen.add(after)
                queue.append(after)


def box_of(place: Place) -> str:
    """The box of a place: its question, with the round of stretching; or its level."""
    if place.given is not None:
        return LEVELS[place.given] if place.ask in URGENT_PLACES else ASKED_AGAIN
    if place.ask is Ask.NOTHING:
        return START
    if place.ask is Ask.LET_GO:
        rounds = {Check.NONE: 1, Check.ALL: 3}
        return f"{place.ask.value} {rounds.get(place.checked, 2)}"
    return str(place.ask.value)


# --- where it lies on the page ---------------------------------------------------------------

WIDTH, HEIGHT = 1290, 1080
BOX_WIDTH, LINE, PADDING = 196, 15, 8

TITLES = {
    START: "She says something",
    "let_go 1": "The stretch. Has it let go?",
    "let_go 2": "Another way. Has it let go?",
    "let_go 3": "A third way. Has it let go?",
    "what_next": "Cramping now, or a question?",
    "anything_else": "The answer. Anything else?",
    "leg_or_tummy": "Leg or foot, or tummy?",
    "which_part": "First stretch. Calf, foot or thigh?",
    "which_thigh": "Front or back of the thigh?",
    "ten_minutes": "More than ten minutes?",
    "breathing": "New trouble breathing, or pain in the chest?",
    "breathing_worse": "Chest pain, or worse than usual?",
    "swelling": "One leg more swollen?",
    "face_or_hands": "Face or hands, headache, eyes?",
    "heat_or_colour": "Hotter, redder, or darker?",
    "grab": "Did it grab suddenly?",
    "getting_easier": "Is it getting easier?",
    "pain_gone": "Comfort. Has the strong pain gone?",
    "strong_or_lasting": "Strong, or for more than a day?",
    "one_more": "Whom to call. One more stretch?",
    "level 1": "LEVEL 1: the emergency number. Can you call now?",
    "level 2": "LEVEL 2: call tonight. Can you call now?",
    ASKED_AGAIN: "All checks again; comfort stays shut",
}
"""What stands in a box; another question stands by its own name."""

SPOTS = {
    START: (600, 30),
    "what_next": (110, 34),
    "anything_else": (110, 122),
    "leg_or_tummy": (335, 138),
    "which_part": (335, 250),
    "which_thigh": (870, 250),
    "grab": (870, 140),
    "ten_minutes": (1120, 130),
    "let_go 1": (600, 345),
    "breathing": (600, 470),
    "breathing_worse": (880, 470),
    "let_go 2": (335, 585),
    "swelling": (600, 680),
    "face_or_hands": (880, 680),
    "heat_or_colour": (600, 795),
    "let_go 3": (335, 910),
    "one_more": (110, 1025),
    "pain_gone": (600, 1020),
    "strong_or_lasting": (880, 910),
    "getting_easier": (880, 1025),
    "level 1": (1100, 450),
    "level 2": (1100, 670),
    ASKED_AGAIN: (1100, 800),
}
"""The middle of each box."""

ROUTES: dict[tuple[str, str], list[tuple[int, int]]] = {
    (START, "breathing"): [(725, 90), (725, 330), (725, 425)],
    ("what_next", "which_part"): [(6, 34), (6, 250)],
    (START, "which_thigh"): [(752, 70), (752, 235)],
    ("grab", "breathing"): [(765, 190), (742, 330), (742, 430)],
    ("heat_or_colour", "getting_easier"): [(740, 960)],
    ("ten_minutes", "let_go 1"): [(1120, 345)],
    ("level 1", ASKED_AGAIN): [(1222, 450), (1222, 780)],
    ("pain_gone", "let_go 3"): [(335, 1020)],
    ("one_more", "let_go 3"): [(110, 910)],
}
"""Corners of the arrows that would otherwise run through a box or along another arrow."""

_COLOURS = {"level 1": "#b3261e", "level 2": "#a35200", ENDS: "#5b6573"}
_FILLS = {"level 1": "#fdeaea", "level 2": "#fff4e0", START: "#e8eef8"}

_STYLE = (
    "text{font:12px system-ui,'DejaVu Sans',sans-serif;fill:#1d2430}"
    ".title{font-weight:600;text-anchor:middle}.out{font-size:11px;text-anchor:middle}"
    ".label{font-size:11px;fill:#134f9c;text-anchor:middle;stroke:#fff;stroke-width:4px;"
    "paint-order:stroke;stroke-linejoin:round}"
    ".arrow{fill:none;stroke:#7c8796;stroke-width:1.4;marker-end:url(#tip)}"
)


@dataclass(frozen=True)
class Box:
    """A box on the page: its middle, its title, and what leads out of the conversation there."""

    name: str
    x: float
    y: float
    title: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]

    @property
    def half_height(self) -> float:
        """Half of what its lines need."""
        return (len(self.title) + len(self.outcomes)) * LINE / 2 + PADDING

    def border(self, x: float, y: float) -> tuple[float, float]:
        """Where a line from its middle towards a point leaves it."""
        across, down = x - self.x, y - self.y
        share = min(
            BOX_WIDTH / 2 / abs(across) if across else float("inf"),
            self.half_height / abs(down) if down else float("inf"),
        )
        return self.x + across * share, self.y + down * share


def svg() -> str:
    """The picture as one SVG element, with a title and a description for those who cannot see."""
    arrows = graph()
    boxes = _boxes(arrows)
    shown = {ends: said for ends, said in arrows.items() if ends[1] not in OUTCOMES}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-label="The places of the conversation">',
        f"<style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#7c8796"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *(_drawn_arrow(boxes[start], boxes[end]) for start, end in shown),
        *(_drawn_box(box) for box in boxes.values()),
        *(_label(boxes[start], boxes[end], said) for (start, end), said in shown.items()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _boxes(arrows: Mapping[tuple[str, str], list[str]]) -> dict[str, Box]:
    names = dict.fromkeys(name for ends in arrows for name in ends if name != ENDS)
    astray = [name for name in names if name not in SPOTS]
    return {name: _box(name, arrows, astray) for name in names}


def _box(name: str, arrows: Mapping[tuple[str, str], list[str]], astray: list[str]) -> Box:
    """A box; one that nobody has found a spot for stands in the bottom row."""
    if name in SPOTS:
        x, y = SPOTS[name]
    else:
        x, y = 110 + 190 * astray.index(name), HEIGHT - 30
    title = wrap(TITLES.get(name, name.replace("_", " ")), 26)
    outcomes = [
        (end, f"{_listed(arrows[name, end])}: {'ends' if end == ENDS else end}")
        for end in OUTCOMES
        if (name, end) in arrows
    ]
    lines = [(end, line) for end, text in outcomes for line in wrap(text, 31)]
    return Box(name, x, y, tuple(title), tuple(lines))


def _listed(said: list[str]) -> str:
    """Answers after each other: a shared "no" once, and no time where it makes no difference."""
    kept = [each for each in said if each != _TEN_MINUTES[0] or _HURTS[0] not in said]
    if kept[0].startswith("no; "):
        kept[1:] = [each.removeprefix("no; ") for each in kept[1:]]
    return ", ".join(kept)


def _drawn_box(box: Box) -> str:
    left, top = box.x - BOX_WIDTH / 2, box.y - box.half_height
    edge, fill = _COLOURS.get(box.name, "#1d2430"), _FILLS.get(box.name, "#fff")
    height = box.half_height * 2
    parts = [
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{BOX_WIDTH}" height="{height:.0f}" '
        f'rx="7" fill="{fill}" stroke="{edge}" stroke-width="1.3"/>'
    ]
    lines = [("title", "#1d2430", line) for line in box.title]
    lines += [("out", _COLOURS[end], line) for end, line in box.outcomes]
    for number, (kind, colour, line) in enumerate(lines):
        y = top + PADDING + LINE * (number + 0.78)
        parts.append(
            f'<text class="{kind}" x="{box.x:.0f}" y="{y:.0f}" style="fill:{colour}">'
            f"{escape(line)}</text>"
        )
    return "".join(parts)


def _corners(start: Box, end: Box) -> list[tuple[float, float]]:
    """The points of an arrow, from border to border."""
    via: list[tuple[float, float]] = [*ROUTES.get((start.name, end.name), [])]
    first = start.border(*(via[0] if via else (end.x, end.y)))
    last = end.border(*(via[-1] if via else (start.x, start.y)))
    return [first, *via, last]


def _drawn_arrow(start: Box, end: Box) -> str:
    points = " ".join(f"{x:.0f},{y:.0f}" for x, y in _corners(start, end))
    return f'<polyline class="arrow" points="{points}"/>'


def _label(start: Box, end: Box, said: list[str]) -> str:
    """The answers, at the middle of the longest piece of the arrow."""
    pieces = list(pairwise(_corners(start, end)))
    (x1, y1), (x2, y2) = max(pieces, key=lambda p: abs(p[0][0] - p[1][0]) + abs(p[0][1] - p[1][1]))
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    lines = wrap(_listed(said), 22)
    rows = "".join(
        f'<tspan x="{x:.0f}" dy="{0 if number == 0 else 12}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return f'<text class="label" x="{x:.0f}" y="{y + 4 - 6 * (len(lines) - 1):.0f}">{rows}</text>'


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(svg(), encoding="utf-8")
