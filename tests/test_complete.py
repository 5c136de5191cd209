"""Nothing is forgotten: each thing that the conversation knows has all that belongs to it.

No walk, no listener, no process: a second at most. A failure is a sentence for each thing that is
missing. docs/changing.md says, for each kind of change, what belongs to it.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest

from skill.alexa import attributes
from skill.alexa.attributes import Carried
from skill.alexa.intents import INTENTS, NOT_A_LEG, event_for
from skill.coach import conversation, events, interpreter, outcomes, relief, signs, tables, urgent
from skill.coach.events import (
    Denial,
    Denied,
    Event,
    Named,
    Question,
    Said,
    SignHeard,
    Stretch,
    TellsStage,
    Topic,
    name_of,
)
from skill.coach.outcomes import Outcome, When
from skill.coach.place import (
    OUTSIDE_RELIEF,
    URGENT_PLACES,
    Again,
    Aim,
    Ask,
    Check,
    Manner,
    Part,
    Place,
    Session,
    Speaker,
    Stage,
    Status,
    Way,
)
from skill.coach.reachable import is_reachable
from skill.coach.signs import HEARD, Level, Sign
from skill.coach.tables import QUESTIONS
from skill.coach.tables.by_day import STEPS
from skill.coach.tables.checks import NEXT_CHECK
from skill.coach.tables.everywhere import EVERYWHERE
from skill.coach.turn import Turn, question_key
from skill.screen.shown import _ALWAYS, _OFFERED
from skill.speech.catalogue import LOCALES, PAUSES, Entry, MissingLine, catalogue
from tests.coach.step import EVENTS
from tests.coach.test_signs import CANNOT_BE_DENIED, DENIED, LEVELS
from tests.replay import Scene, replay

ROOT = Path(__file__).parents[1]
COACH = sorted((ROOT / "skill" / "coach").rglob("*.py"))
EVERYBODY = [
    frozenset((speaker.value, stage.value, level.name.lower()))
    for speaker, stage, level in product(Speaker, Stage, Level)
]

# --- what is left out, each with its reason ---------------------------------------------------

NO_INTENT = {
    Said.LAUNCH: "a LaunchRequest, which has no intent",
    Way.WALL: "the coach's own way of the second round; nobody asks for it",
}
NAMED_BY_THEMSELVES = {Question, Denial, SignHeard}
NO_ROW = {
    Named.SIGN: "a sign is heard before any table is read",
    Said.VIOLENCE: "one line and the end, wherever she is, before any table is read",
}
NEVER_ASKED = {
    Ask.NOTHING: "a new session: nothing has been asked",
    Ask.LOST: "attributes that cannot be read, which no play can bring about: tests/test_web.py",
}
NOT_YES_OR_NO = {
    Ask.LOST: "whatever she says, the checks begin again",
    Ask.LEG_OR_TUMMY: "it asks which",
    Ask.WHICH_PART: "it asks which",
    Ask.WHICH_THIGH: "it asks which",
}
NO_STRETCH = {Way.GETTING_UP: "getting up first, then the standing stretch"}
READ_AHEAD = {outcomes.If, outcomes.Repeat}
"""Outcomes that stand for another one, and have no turn of their own."""
AT_ANY_TIME = {
    Topic.WHY,
    Topic.WHY_AT_NIGHT,
    Topic.BAD_FOR_BABY,
    Topic.HOW_LONG,
    Topic.PREVENT,
    Topic.BEDTIME_STRETCHES,
    Topic.MAGNESIUM,
    Topic.CALCIUM,
    Topic.BANANAS,
    Topic.WATER,
    Topic.SPORTS_DRINKS,
    Topic.QUININE,
    Topic.PAINKILLER,
    Topic.WHEN_TO_CALL,
    Topic.AFTER_BIRTH,
    Topic.SLEEPING_SIDE,
    Topic.SOCKS,
    Topic.POINTING_TOES,
    Topic.PHYSIO,
    Topic.OFTEN,
    Topic.ABOUT,
    Topic.COMMON,
    Topic.MAY_PLAY_A_PART,
    Topic.UNPROVEN_CAUSE,
    Topic.MY_FAULT,
    Topic.FIZZY_AND_COFFEE,
    Topic.WHAT_IS_A_CRAMP,
    Topic.SAME_LEG,
    Topic.SIGN_OF_PREGNANCY,
    Topic.FOOD_AND_VITAMINS,
    Topic.HOME_REMEDIES,
    Topic.CANNABIS_AND_ALCOHOL,
    Topic.MEDICINES,
    Topic.TREATMENT,
    Topic.SCIATICA,
    Topic.LIGHTNING_PAINS,
    Topic.VEINS,
    Topic.WHAT_ELSE,
    Topic.LABOUR,
    Topic.TUMMY_CRAMPS,
    Topic.AFTERPAINS,
    Topic.BLOOD_PRESSURE,
    Topic.WITH_BABY,
    Topic.WHAT_IS_A_CLOT,
    Topic.HOW_TO_LOOK,
    Topic.WHY_YOU_ASK,
    Topic.HOLDING,
    Topic.PARTNER,
    Topic.SORENESS,
    Topic.COMES_BACK,
    Topic.PRIVACY,
    Topic.FOR_OTHERS,
    Topic.SEX,
}
"""Questions that are answered in the middle of a cramp, before any check; by decision."""


# --- what there is ----------------------------------------------------------------------------


def name(thing: Enum) -> str:
    """`Sign.FIT`, as it is written."""
    return f"{type(thing).__name__}.{thing.name}"


def spoken(who: str, key: str, *forms: str) -> Iterator[str]:
    """What a line lacks of the forms in which it can be spoken, in any locale."""
    without: dict[str, list[str]] = defaultdict(list)
    for locale in LOCALES:
        entry = catalogue(locale).entries.get(key)
        if entry is None:
            without[f"line {key}"].append(locale)
            continue
        for form in set(forms) - entry.texts[frozenset()].keys():
            without[f"`{form}` in its line {key}"].append(locale)
    for what, locales in without.items():
        files = ["en/"] if locales == list(LOCALES) else [f"{locale}.yaml" for locale in locales]
        for file in files:
            yield f"{who} has no {what} in responses/{file}"


def by_locale(found: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Sentences that hold in some locales, each once, with the locales that it holds in."""
    where: dict[str, list[str]] = defaultdict(list)
    for sentence, locale in found:
        where[sentence].append(locale)
    for sentence, locales in where.items():
        yield f"{sentence} ({'every locale' if locales == list(LOCALES) else ', '.join(locales)})"


def listed(who: Enum, slot_type: str) -> Iterator[tuple[str, str]]:
    """That a list of the built models has no words for it."""
    for locale, model in models().items():
        if who.value not in model.lists[slot_type]:
            yield f"{name(who)} has no words in the built list {slot_type}", locale


@dataclass(frozen=True)
class Model:
    """A built model: the intents with samples, the events they can mean, and the lists."""

    intents: frozenset[str]
    events: frozenset[Event]
    lists: dict[str, dict[str, frozenset[str]]]


@cache
def models() -> dict[str, Model]:
    """The committed models; those that are the same, byte for byte, are read once."""
    read = {locale: (ROOT / "interaction_model" / f"{locale}.json") for locale in LOCALES}
    return {locale: _model(file.read_bytes()) for locale, file in read.items() if file.is_file()}


@cache
def _model(text: bytes) -> Model:
    language: dict[str, Any] = json.loads(text)["interactionModel"]["languageModel"]
    lists = {
        each["name"]: {
            value["id"]: frozenset((value["name"]["value"], *value["name"]["synonyms"]))
            for value in each["values"]
        }
        for each in language["types"]
    }
    heard = {each["name"]: each for each in language["intents"] if _is_heard(each)}
    meant = {event for each in heard.values() for event in _events(each, lists)}
    return Model(frozenset(heard), frozenset(meant), lists)


def _is_heard(intent: dict[str, Any]) -> bool:
    return bool(intent["samples"]) or intent["name"].startswith("AMAZON.")


def _events(intent: dict[str, Any], lists: dict[str, Any]) -> Iterator[Event]:
    """The events of an intent: for each set of slots that a sample has, each id in each slot."""
    type_of = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
    filled = {frozenset(re.findall(r"\{(\w+)\}", sample)) for sample in intent["samples"]}
    for slots in filled or {frozenset()}:
        ids = {slot: sorted(lists[type_of[slot]]) for slot in slots}
        usual = {slot: values[0] for slot, values in ids.items()}
        yield event_for(intent["name"], usual)
        for slot, values in ids.items():
            yield from (event_for(intent["name"], {**usual, slot: value}) for value in values)


def heard(who: Enum, means: Callable[[Event], bool], intent: str = "") -> Iterator[str]:
    """That no intent of a built model leads there, in any locale that has none."""
    if who not in NO_INTENT:
        yield from by_locale(
            (f"{name(who)}: no {intent or 'intent'} with samples leads to it", locale)
            for locale, model in models().items()
            if not any(map(means, model.events))
        )


def played(who: Enum, shows: Callable[[Scene], object]) -> Iterator[str]:
    """That no play reaches it. Where a play goes wrong, that is told first, and this not yet."""
    if not replay().troubles and not any(map(shows, replay().scenes)):
        yield f"{name(who)} is in no play of tests/conversations"


def camel(thing: Enum) -> str:
    return "".join(word.capitalize() for word in str(thing.value).split("_"))


@cache
def used(kind: type) -> frozenset[Any]:
    """What the tables use of a kind: outcomes, conditions, questions that an outcome opens."""
    found: set[Any] = set()
    for question in QUESTIONS.values():
        _look(list(question.answers.values()), found)
        _look([question.otherwise, question.repeats, list(question.halves.values())], found)
    _look([list(EVERYWHERE.values()), list(NEXT_CHECK.values())], found)
    return frozenset(each for each in found if isinstance(each, kind))


def _look(value: object, found: set[object]) -> None:
    if isinstance(value, list | tuple):
        for each in value:
            _look(each, found)
    elif isinstance(value, Enum | str):
        found.add(value)
    elif is_dataclass(value):
        found.add(value)
        _look([getattr(value, each.name) for each in fields(value)], found)


@cache
def passed_in_code(kind: str) -> frozenset[str]:
    """The members of an enum that the coach's own code passes to a call, or chooses between.

    `ask(..., Ask.LET_GO)`, and `to = Ask.IS_THAT_RIGHT_LEG if leg else Ask.IS_THAT_RIGHT`.
    """
    return frozenset(
        given.attr
        for module in (conversation, interpreter, relief, urgent)
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8")))
        for given in _given(node)
        if isinstance(given, ast.Attribute)
        and isinstance(given.value, ast.Name)
        and given.value.id == kind
    )


def _given(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from (*node.args, *(keyword.value for keyword in node.keywords))
    if isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)


# --- what belongs to each ---------------------------------------------------------------------


def each_sign() -> Iterator[str]:
    """A level, stated twice; its echo and urgent lines; an intent; a denial decided; a play."""
    for sign in Sign:
        if sign not in signs._RULES:
            yield f"{name(sign)} has no family and level in skill/coach/signs.py"
            continue
        yield from spoken(name(sign), f"sign.{sign.value}", "say")
        if sign in {each.sign for each in used(outcomes.SaidYes)}:
            yield from spoken(name(sign), f"sign.{sign.value}", "agreed")
        for level in {sign.level, sign.level_for(breathing_noted=True)}:
            key = f"urgent.{level.name.lower()}"
            yield from spoken(name(sign), f"{key}.{sign.family.value}", "say")
            yield from spoken(name(sign), f"{key}.reprompt", "say")
        if sign in HEARD:
            yield from heard(sign, {SignHeard(sign)}.__contains__, f"{camel(sign)}SignIntent")
        yield from _level(sign)
        yield from _denial(sign)
        yield from played(sign, lambda scene, sign=sign: _gives(scene, sign))


def _gives(scene: Scene, sign: Sign) -> bool:
    """Whether a scene gives a sign's urgent line at the sign's own level."""
    return scene.turn.level is sign.level and any(line.sign is sign for line in scene.turn.lines)


def _level(sign: Sign) -> Iterator[str]:
    if sign not in LEVELS:
        yield f"{name(sign)} has no level in LEVELS of tests/coach/test_signs.py"
    elif sign.level is not LEVELS[sign]:
        stated = f"{LEVELS[sign].name} in tests/coach/test_signs.py"
        yield f"{name(sign)} is {sign.level.name} in skill/coach/signs.py and {stated}"


def _denial(sign: Sign) -> Iterator[str]:
    if sign not in DENIED and sign not in CANNOT_BE_DENIED:
        where = "DENIED or CANNOT_BE_DENIED of tests/coach/test_signs.py"
        yield f"{name(sign)}: whether it can be denied is not decided in {where}"
    elif sign in DENIED:
        what, word = DENIED[sign]
        yield from by_locale(
            (f"{name(sign)}: {word!r} is no word for {name(what)} in the built list DENIED", locale)
            for locale, model in models().items()
            if word not in model.lists["DENIED"].get(what.value, ())
        )


def each_topic() -> Iterator[str]:
    """An answer, long and short; an intent; a play; and whether it may be answered at any time."""
    for topic in Topic:
        key = f"questions.{topic.value}"
        yield from spoken(name(topic), key, "say", "short")
        yield from heard(topic, {Question(topic)}.__contains__, f"{camel(topic)}QuestionIntent")
        yield from played(topic, lambda s, key=key: any(line.key == key for line in s.turn.lines))
        if (topic in events._QUESTIONS) is (topic in AT_ANY_TIME):
            yield (
                f"{name(topic)} stands in neither, or both: events._QUESTIONS (what is not to be "
                "answered before the checks) and AT_ANY_TIME of tests/test_complete.py"
            )


def each_part() -> Iterator[str]:
    """A decision whether it is stretched; a line for each way; words in the list; a play."""
    for part in Part:
        ways = relief._WAYS.get(part, frozenset())
        if bool(ways) is (part in relief.CHECKS_FIRST):
            yield f"{name(part)} stands in neither, or both, of relief._WAYS and CHECKS_FIRST"
        for way in {Way.BED, Way.HELPER} - ways if ways else ():
            yield f"{name(part)} has no {name(way)} in relief._WAYS, and that is the default"
        for way in ways:
            yield from spoken(name(part), f"stretch.{part.value}.{way.value}", "say")
        yield from by_locale(listed(part, "PART"))
        yield from heard(part, lambda e, part=part: getattr(e, "part", None) is part)
        yield from played(part, lambda s, part=part: getattr(s.event, "part", None) is part)
    known = {part.value for part in Part} | NOT_A_LEG.keys()
    yield from by_locale(
        (f"{ident!r} in the list of parts is no Part, nor in NOT_A_LEG of intents.py", locale)
        for locale, model in models().items()
        for ident in model.lists["PART"].keys() - known
    )


def each_way() -> Iterator[str]:
    """An intent, a part that is stretched in it, and a play."""
    for way in Way:
        if way not in NO_STRETCH and not any(way in ways for ways in relief._WAYS.values()):
            yield f"{name(way)} is a way of no part in relief._WAYS"
        yield from heard(way, lambda e, way=way: isinstance(e, Stretch) and e.way is way)
        end = "relief.getting_up" if way is Way.GETTING_UP else f".{way.value}"
        yield from played(
            way, lambda s, end=end: any(_ends(line.key, end) for line in s.turn.lines)
        )


def _ends(key: str, end: str) -> bool:
    return key == end or (key.startswith("stretch.") and key.endswith(end))


def _is_carried(turn: Turn) -> bool:
    return not turn.open or is_reachable(turn.session)


def each_question() -> Iterator[str]:
    """A table; its line, a narrower form, whom to call; what opens it; a play; it travels."""
    for ask in {s.turn.session.place.ask for s in replay().scenes if not _is_carried(s.turn)}:
        yield f"{name(ask)} is open in a play, in a place that skill/coach/reachable.py has not"
    for ask in Ask:
        if ask not in QUESTIONS:
            yield f"{name(ask)} has no table in skill/coach/tables"
        else:
            yield from _answers(ask)
        if ask not in NEVER_ASKED:
            yield from _asked(ask)
            opened = ask in used(Ask) or ask.name in passed_in_code("Ask")
            if not opened:
                yield f"{name(ask)} is opened by no outcome of a table, nor by relief.py"
            yield from played(
                ask, lambda s, ask=ask: s.turn.session.place.ask is ask and s.turn.open
            )
        if ask is not Ask.LOST:
            answered = played(ask, lambda s, ask=ask: s.before.place.ask is ask)
            yield from (each.replace("is in no", "is answered in no") for each in answered)
    tabled = [each.ask for room in _rooms() for each in room.QUESTIONS]
    for ask in {ask for ask in tabled if tabled.count(ask) > 1}:
        yield f"{name(ask)} has two tables in skill/coach/tables"


def _rooms() -> list[Any]:
    return [room for room in vars(tables).values() if hasattr(room, "QUESTIONS")]


def _asked(ask: Ask) -> Iterator[str]:
    """The line of a question. After an urgent line the number is said again, not the question."""
    who, key = name(ask), question_key(ask)
    urgent = ask in URGENT_PLACES
    missing = list(spoken(who, key, *(("say",) if urgent else ("say", "again", "reprompt"))))
    yield from missing
    if missing or urgent:
        return
    for locale in LOCALES:
        for forms in catalogue(locale).entries[key].texts.values():
            if forms.get("again", "") == forms.get("say"):
                yield f"{who}: `again` of {key} is no narrower than `say`"
            whom = re.search(
                r"\{(call|call_short|emergency)\}", forms.get("reprompt", "{emergency}")
            )
            if ask not in OUTSIDE_RELIEF and not whom:
                yield f"{who}: the reprompt of {key} does not say whom to call"


def _answers(ask: Ask) -> Iterator[str]:
    question = QUESTIONS[ask]
    wanted = [] if ask in NOT_YES_OR_NO else [Said.YES, Said.NO]
    if ask is Ask.STOPPED:
        wanted = [Said.YES]  # whatever is no yes: stop somewhere safe first
    if question.halves:
        wanted.append(Said.SOFT_NO)
    for said in wanted:
        if said not in question.answers:
            yield f"{name(ask)} has no row for {name(said)} in its table"
    if len(question.halves) > 2:
        yield f"{name(ask)} has more than two halves: of those left after a denial one is asked"
    for half, left in question.halves.items():
        other = QUESTIONS.get(left)
        if other and (half not in other.halves or other.check is not question.check):
            yield f"{name(left)} asks for {name(half)}, and does not pass the check of {name(ask)}"


def each_check() -> Iterator[str]:
    """A question that passes it, a question that follows, and a play that gets there."""
    for check in set(Check) - {Check.NONE}:
        if not any(question.check is check for question in QUESTIONS.values()):
            yield f"{name(check)} is passed by no question (`check=` in its table)"
        yield from played(check, lambda s, check=check: s.turn.session.place.checked is check)
    for check in set(Check) - {Check.ALL} - NEXT_CHECK.keys():
        yield f"{name(check)} has no question that follows it in NEXT_CHECK"


def each_aim() -> Iterator[str]:
    """A play in which the checks lead to it."""
    for aim in Aim:
        yield from played(aim, lambda s, aim=aim: s.turn.session.place.aim is aim)


def each_event() -> Iterator[str]:
    """A table that names it, an intent that leads to it, and a play in which it is said."""
    rows = EVERYWHERE.keys() | {each for table in QUESTIONS.values() for each in table.answers}
    for event in (*Said, *Named):
        if event not in rows and event not in NO_ROW:
            yield f"{name(event)} is named by no table in skill/coach/tables"
        intent = f"{camel(event)}Intent" if isinstance(event, Said) else ""
        yield from heard(event, lambda e, event=event: name_of(e) is event, intent)
        yield from played(event, lambda s, event=event: name_of(s.event) is event)


def each_denial() -> Iterator[str]:
    """Words for it, in a sentence that denies them; and a play."""
    for denied in Denied:
        yield from heard(denied, lambda e, it=denied: isinstance(e, Denial) and it in e.of)
        yield from played(denied, lambda s, it=denied: it in getattr(s.event, "of", ()))


def each_kind_of_event() -> Iterator[str]:
    """A name, an intent that leads to it, and a share in the walk."""
    meant = {type(event) for model in models().values() for event in model.events}
    for kind in get_args(Event):
        if kind is not Said and kind not in events._WITH_A_PART and kind not in NAMED_BY_THEMSELVES:
            yield f"{kind.__name__} of events.py has no name in _WITH_A_PART"
        if kind not in meant:
            yield f"{kind.__name__} of events.py: no intent with samples leads to it"
        if kind not in set(map(type, EVENTS)):
            yield f"{kind.__name__} of events.py is not among the EVENTS of the walk (tests/coach)"


def each_fact() -> Iterator[str]:
    """Each field of where she is travels between turns."""
    now = datetime(2026, 11, 23, 3, tzinfo=UTC)
    recheck = Place(Ask.SWELLING, Aim.RECHECK, Check.BREATHING, Again.SOFT_NO, Level.CALL_NOW)
    yield from _travels(recheck, now)
    yield from _travels(Place(Ask.BEDTIME, step=1), None)


def _travels(place: Place, since: datetime | None) -> Iterator[str]:
    """A place, with a status and manner of which nothing is as at the start."""
    session = Session(place, _other(Status()), _other(Manner()))
    written = attributes.write(Carried(session, since))
    read = attributes.read(written, datetime(2026, 11, 23, 3, tzinfo=UTC))
    if read is None:
        yield "what skill/alexa/attributes.py writes, it does not read"
        return
    for part in fields(Session):
        before, after = getattr(session, part.name), getattr(read.session, part.name)
        for each in fields(before):
            if getattr(before, each.name) != getattr(after, each.name):
                where = "write and read of skill/alexa/attributes.py"
                yield f"{type(before).__name__}.{each.name} does not travel: {where}"


def _other(value: Any) -> Any:
    """A value that differs in every field."""
    return type(value)(**{it.name: _unlike(getattr(value, it.name)) for it in fields(value)})


def _unlike(value: Any) -> Any:
    if isinstance(value, Enum):
        return next(member for member in type(value) if member is not value)
    return not value if isinstance(value, bool) else value + 1


def each_stage() -> Iterator[str]:
    """An intent that tells it, words in the list, and a play in it."""
    for stage in Stage:
        yield from heard(stage, lambda e, it=stage: isinstance(e, TellsStage) and e.stage is it)
        yield from by_locale(listed(stage, "STAGE"))
        yield from played(stage, lambda s, it=stage: s.turn.session.status.stage is it)


def each_outcome() -> Iterator[str]:
    """A table that uses it, a turn that the interpreter makes of it, and a play."""
    tabled = {type(each) for each in used(Outcome)}
    for kind in Outcome.__subclasses__():
        if kind not in tabled:
            yield f"{kind.__name__} of outcomes.py is used in no table"
        if kind not in interpreter._TURNS.keys() | READ_AHEAD:
            yield f"{kind.__name__} of outcomes.py is not known to the interpreter (_TURNS)"
        if kind not in replay().outcomes and not replay().troubles:
            yield f"{kind.__name__} of outcomes.py is in no play of tests/conversations"


def each_condition() -> Iterator[str]:
    """A table that uses it, an answer of the interpreter's, and a play."""
    now = interpreter.Moment(Session(), Said.YES, late=False)
    for when in When:
        if when not in used(When):
            yield f"{name(when)} is used in no table"
        try:
            interpreter.holds(when, now)
        except KeyError:
            yield f"{name(when)} is not known to the interpreter (_HOLDS)"
        if when not in replay().conditions and not replay().troubles:
            yield f"{name(when)} is in no play of tests/conversations"


def each_intent() -> Iterator[str]:
    """Samples in every built model; and no intent that the coach has no event for."""
    for locale in set(LOCALES) - models().keys():
        yield f"interaction_model/{locale}.json is not there: run `cramp-coach build`"
    yield from by_locale(_intents())


def _intents() -> Iterator[tuple[str, str]]:
    for locale, model in models().items():
        for intent in INTENTS - model.intents:
            yield f"{intent} has no samples in its built model; after `cramp-coach build`?", locale
        for intent in model.intents - INTENTS:
            yield f"{intent} of the built model leads to no event (skill/alexa/intents.py)", locale


def each_line() -> Iterator[str]:
    """A line that the coach names is there; and one that is there is said by something."""
    named = set(_named())
    for key, where in sorted(_named()):
        yield from spoken(f"What {where} says", key, "say")
    said = {key for key, _ in named} | {f"sign.{sign.value}" for sign in Sign}
    said |= {question_key(ask) for ask in Ask} | {f"questions.{topic.value}" for topic in Topic}
    said |= {f"stretch.{p.value}.{w.value}" for p, ways in relief._WAYS.items() for w in ways}
    said |= {f"{routine.value}.done" for routine in STEPS}
    entries = catalogue(LOCALES[0]).entries
    said |= {entry.card for key, entry in entries.items() if key in said and entry.card}
    for level in Level:
        said |= {f"urgent.{level.name.lower()}.{it.family.value}" for it in signs._RULES}
        said |= {f"urgent.{level.name.lower()}.{end}" for end in ("said_yes", "said_yes_leg")}
        said |= {f"urgent.{s.level.name.lower()}.{urgent._reprompt_of(s)}" for s in Sign}
    shown = {f"screen.{key}" for key in said} | {f"screen.urgent.{it.name.lower()}" for it in Level}
    shown |= {f"screen.touch.{label}" for buttons in _OFFERED.values() for _, label in buttons}
    shown |= {f"screen.touch.{label}" for _, label in _ALWAYS}
    for key in sorted(entries.keys() - said - shown):
        yield f"line {key} in responses/en is said by nothing, and not shown"
    for routine in STEPS:
        yield from spoken(f"the routine {routine.value}", f"{routine.value}.done", "say")


_KEY = re.compile(r"[a-z_]+(\.[a-z_]+)+")


@cache
def _named() -> frozenset[tuple[str, str]]:
    """The keys that stand in the coach's code and on cards, with the file that they stand in."""
    files = [*COACH, ROOT / "skill/alexa/reply.py", ROOT / "skill/screen/shown.py"]
    return frozenset(
        (node.value, str(file.relative_to(ROOT)))
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _KEY.fullmatch(node.value)
    )


def each_locale() -> Iterator[str]:
    """A file of words with every token that the lines need, for everybody; and a play."""
    yield from by_locale(_unsaid())
    for locale in LOCALES:
        if not any(scene.locale == locale for scene in replay().scenes):
            yield f"{locale} is in no play of tests/conversations"


def _unsaid() -> Iterator[tuple[str, str]]:
    for locale in LOCALES:
        words = catalogue(locale)
        for key, entry in words.entries.items():
            for tags in entry.texts:
                if not any(tags <= everybody for everybody in EVERYBODY):
                    yield f"{key} has words for {'+'.join(sorted(tags))}, who is nobody", locale
        needed = {token: key for key, it in words.entries.items() for token in _tokens(it)}
        for token, key in needed.items():
            lacking = [tags for tags in EVERYBODY if not _says(words, token, tags)]
            if lacking:
                who = "anybody" if len(lacking) == len(EVERYBODY) else "+".join(sorted(lacking[0]))
                yield f"no token {{{token}}} for {who} in responses/, which {key} needs", locale


def _tokens(entry: Entry) -> Iterable[str]:
    texts = " ".join(text for forms in entry.texts.values() for text in forms.values())
    return set(re.findall(r"\{(\w+)\}", texts)) - PAUSES.keys() - {"sign", "Sign", "Yes"}


def _says(words: Any, token: str, tags: frozenset[str]) -> bool:
    try:
        return bool(list(words._token(token, tags)))
    except MissingLine:
        return False


def each_play() -> Iterator[str]:
    """A play goes as it stands in its file."""
    yield from replay().troubles


KINDS = (
    each_sign,
    each_topic,
    each_part,
    each_way,
    each_question,
    each_check,
    each_aim,
    each_event,
    each_denial,
    each_kind_of_event,
    each_fact,
    each_stage,
    each_outcome,
    each_condition,
    each_intent,
    each_line,
    each_locale,
    each_play,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_nothing_is_missing(kind: Callable[[], Iterator[str]]) -> None:
    """Each thing of a kind has all that belongs to it."""
    missing = sorted(set(kind()))
    if missing:
        pytest.fail("\n".join(missing), pytrace=False)


def test_what_is_left_out_is_still_left_out() -> None:
    """No exception outlives its reason."""
    meant = {event for model in models().values() for event in model.events}
    ways = {event.way for event in meant if isinstance(event, Stretch)}
    assert not NO_INTENT.keys() & (meant | ways)
    assert not any(ask in NOT_YES_OR_NO and Said.YES in QUESTIONS[ask].answers for ask in QUESTIONS)
    assert not any(way in ways for ways in relief._WAYS.values() for way in NO_STRETCH)
