"""What is signed is what happens; who signs it is a person, with a name, a role and a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from skill.cli import main
from skill.coach import relief, signs
from skill.coach.events import Said
from skill.coach.interpreter import _HOLDS
from skill.coach.outcomes import Call, When
from skill.coach.place import Ask, Check, Part, Way
from skill.coach.signs import Level, Sign
from skill.coach.tables import QUESTIONS
from skill.coach.tables.by_day import STEPS
from skill.coach.tables.checks import NEXT_CHECK
from skill.coach.tables.everywhere import RELIEF
from skill.publish import follows, paper, reading, review, signatures, tables, things
from skill.publish.signatures import Verdict, sign, states
from skill.speech import catalogue as speech
from skill.speech import edited, signed
from skill.speech.catalogue import PAUSES, SPOKEN, catalogue
from skill.speech.edited import SlipError
from skill.speech.signed import AS_IT_IS, CHANGE, NotSignedError
from tests.publish.covered import covered, words_of

REVIEWERS = (("Ada Example", "midwife, community"), ("Grace Sample", "Obstetrician"))
KEY = "line relief.watch"
Changed = Callable[[], set[str]]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """An empty folder of signatures, with the list of what is to be signed."""
    (tmp_path / signed.INDEX).write_bytes((signatures.home() / signed.INDEX).read_bytes())
    return tmp_path


@pytest.fixture
def changed() -> Changed:
    """What a change has unsigned since: the ids whose hash is another, new or gone."""
    before = {name: thing.hash for name, thing in signatures.all_things().items()}

    def found() -> set[str]:
        now = {name: thing.hash for name, thing in things.things().items()}
        return {name for name in {*before, *now} if before.get(name) != now.get(name)}

    return found


def only(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Works out nothing but what can have changed, which is what takes long."""
    everything = signatures.all_things()
    left = [name for name in ("lines", "words", "denials", "stretches") if name != kind]
    names = {"lines": "line", "words": "words", "denials": "denial", "stretches": "stretch"}
    monkeypatch.setattr(things, "follows", lambda: _means("follows"))
    for each in left:
        same = {t.name: t.means for t in everything.values() if t.kind == names[each]}
        monkeypatch.setattr(things, each, lambda same=same: same)


def _means(kind: str) -> dict[str, Mapping[str, str]]:
    return {t.name: t.means for t in signatures.all_things().values() if t.kind == kind}


def signed_whole(folder: Path, *, but: str = "") -> None:
    """Both reviewers sign everything, and answer every question."""
    every = [
        Verdict(name, thing.hash, AS_IT_IS)
        for name, thing in signatures.all_things().items()
        if name != but
    ]
    answers = {each.id: "Yes." for each in signatures.open_questions(folder)}
    for by, role in REVIEWERS:
        sign(by, role, every, answers, folder=folder)


# --- a change of meaning unsigns its own ------------------------------------------------------


def test_the_list_by_which_a_server_counts_is_what_the_skill_does() -> None:
    """responses/signed/things.txt is written anew by `cramp-coach build`."""
    assert signatures.build_index(check=True) == []


def test_a_change_of_words_unsigns_the_line(
    monkeypatch: pytest.MonkeyPatch, changed: Changed
) -> None:
    """One letter of a line unsigns that line, and nothing else."""
    only("lines", monkeypatch)
    entries = catalogue("en-US").entries
    was = entries["relief.watch"]
    texts = {tags: {**forms, "say": forms["say"] + "!"} for tags, forms in was.texts.items()}
    for locale in SPOKEN:
        monkeypatch.setitem(catalogue(locale).entries, "relief.watch", replace(was, texts=texts))
    assert changed() == {KEY}


def test_a_number_is_signed_once_a_locale(
    monkeypatch: pytest.MonkeyPatch, changed: Changed
) -> None:
    """Another emergency number unsigns the number of that locale, and no line that holds it."""
    only("words", monkeypatch)
    real, british = speech.tokens, {"emergency": {"digits": "112"}}
    monkeypatch.setattr(
        things,
        "tokens",
        lambda place: {**real(place), **(british if place == "en-GB" else {})},
    )
    assert changed() == {"words en-GB.emergency"}


def test_a_pause_unsigns_the_lines_that_hold_it(
    monkeypatch: pytest.MonkeyPatch, changed: Changed
) -> None:
    """A shorter breath is not what was signed."""
    only("lines", monkeypatch)
    monkeypatch.setitem(PAUSES, "breath", 2.0)
    unsigned = changed()
    assert "line relief.hold" in unsigned
    assert KEY not in unsigned


def test_every_level_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another level of any sign unsigns that sign, and no other."""
    for sign_now in Sign:
        family, level = signs._RULES[sign_now]
        other = Level.CALL_NOW if level is Level.EMERGENCY else Level.EMERGENCY
        with monkeypatch.context() as patch:
            patch.setitem(signs._RULES, sign_now, (family, other))
            now = things.signs()
        before = {t.name: t.means for t in signatures.all_things().values() if t.kind == "sign"}
        assert {name for name in before if before[name] != now[name]} == {sign_now.value}


def test_every_answer_of_every_table_is_signed() -> None:
    """Another outcome for any answer of any question unsigns that question."""
    before = tables.tables()
    for ask, question in QUESTIONS.items():
        for name, outcome in question.answers.items():
            other = Call(Sign.UNCLEAR) if outcome != Call(Sign.UNCLEAR) else Call(Sign.NUMB)
            answers = {**question.answers, name: other}
            assert tables.own(replace(question, answers=answers)) != before[ask.value], (ask, name)


def test_a_row_that_questions_share_is_signed_once(
    monkeypatch: pytest.MonkeyPatch, changed: Changed
) -> None:
    """Another outcome in a shared table unsigns that table."""
    monkeypatch.setitem(RELIEF, Said.FOR_AGES, Call(Sign.LASTING_PAIN))
    assert "table relief" in changed()


@pytest.mark.parametrize("when", When)
def test_every_condition_is_signed(when: When, monkeypatch: pytest.MonkeyPatch) -> None:
    """A condition that never holds, or always, is not the one that was signed."""
    before = follows.conditions()
    monkeypatch.setitem(_HOLDS, when, lambda now: True)
    assert follows.conditions() != before


def test_the_order_of_the_checks_is_signed(
    monkeypatch: pytest.MonkeyPatch, changed: Changed
) -> None:
    """Heat before swelling unsigns what follows a clear no, and no line or sign."""
    monkeypatch.setitem(NEXT_CHECK, Check.BREATHING, Ask.HEAT_OR_COLOUR)
    unsigned = changed()
    assert "follows CLEAR" in unsigned
    assert {name.split()[0] for name in unsigned} == {"follows"}


def test_a_rule_of_relief_is_signed(monkeypatch: pytest.MonkeyPatch, changed: Changed) -> None:
    """A cramp that goes on for ten minutes and is no reason to call is not what was signed."""
    monkeypatch.setattr(relief, "_pain_goes_on", lambda session, late: None)
    assert {"follows CLEAR", "follows STILL HURTS", "follows PAIN STAYS"} <= changed()


def test_ten_minutes_are_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another cut-off is another meaning."""
    before = follows.numbers()
    monkeypatch.setattr(follows, "LATE", timedelta(minutes=20))
    assert follows.numbers() != before


def test_a_way_of_stretching_is_signed(monkeypatch: pytest.MonkeyPatch, changed: Changed) -> None:
    """A part that loses a way unsigns that stretch, and nothing else."""
    only("stretches", monkeypatch)
    ways = relief._WAYS[Part.FOOT] - {Way.TOWEL}
    monkeypatch.setitem(relief._WAYS, Part.FOOT, ways)
    assert changed() == {"stretch foot"}


def test_a_step_of_a_routine_is_signed(monkeypatch: pytest.MonkeyPatch, changed: Changed) -> None:
    """Steps in another order unsign their routine."""
    only("stretches", monkeypatch)
    monkeypatch.setitem(STEPS, Ask.BEDTIME, STEPS[Ask.BEDTIME][::-1])
    assert changed() == {"stretch bedtime"}


def test_how_a_file_is_written_is_not_signed() -> None:
    """A line in another layout, with a comment, in another order, means the same."""
    one = edited.parsed("a:\n  say: 'Good. '\n  sources: [D]\n", "one")
    two = edited.parsed('# a comment\na: {sources: [D], say: "Good. "}\n', "two")
    assert speech._entries(one) == speech._entries(two)


# --- who has signed ---------------------------------------------------------------------------


def test_the_whole_is_signed_and_then_one_letter_changes(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two made-up reviewers sign all: a release is built; with one letter changed it is not."""
    signed_whole(scratch)
    assert signatures.release_blockers(scratch) == []
    assert signed.tally(scratch) == (len(signatures.all_things()),) * 2
    thing = signatures.all_things()[KEY]
    means = {**thing.means, "say": thing.means["say"].replace("short", "shorl")}
    monkeypatch.setitem(signatures.all_things(), KEY, replace(thing, means=means))
    blockers = signatures.release_blockers(scratch)
    assert blockers[0] == f"{KEY}: changed"
    (state,) = signatures.unsigned(scratch)
    told = "\n".join(state.told())
    assert f"was: {thing.means['say']}" in told
    assert f"is:  {means['say']}" in told


def test_one_role_is_not_enough(scratch: Path) -> None:
    """A thing is signed once one of each role has; until then it says who is missing."""
    hash_now = signatures.all_things()[KEY].hash
    sign(*REVIEWERS[0], [Verdict(KEY, hash_now, AS_IT_IS)], folder=scratch)
    state = next(each for each in states(scratch) if each.thing.id == KEY)
    assert not state.holds
    assert state.lacking == ("obstetrician",)
    sign(*REVIEWERS[1], [Verdict(KEY, hash_now, AS_IT_IS)], folder=scratch)
    assert next(each for each in states(scratch) if each.thing.id == KEY).holds


def test_a_disagreement_leaves_it_unsigned(scratch: Path) -> None:
    """Who wants a change says which, and nobody else's signature outweighs it."""
    signed_whole(scratch)
    hash_now = signatures.all_things()[KEY].hash
    other = ("Mary Third", "midwife")
    with pytest.raises(ValueError, match="what is to be changed"):
        sign(*other, [Verdict(KEY, hash_now, CHANGE)], folder=scratch)
    sign(*other, [Verdict(KEY, hash_now, CHANGE, "Say it sooner.")], folder=scratch)
    assert signatures.release_blockers(scratch) == [f"{KEY}: to be changed"]
    (state,) = signatures.unsigned(scratch)
    assert "Say it sooner." in "\n".join(state.told())


def test_an_open_question_keeps_a_release_back(scratch: Path) -> None:
    """While one that is needed has no answer, or was asked in other words, no release is built."""
    signed_whole(scratch)
    path = scratch / signatures.file_of(REVIEWERS[0][0])
    for by, _ in REVIEWERS:
        path = scratch / signatures.file_of(by)
        path.write_text(path.read_text("utf-8").replace("medical device", "device"), "utf-8")
    (blocker,) = signatures.release_blockers(scratch)
    assert blocker.startswith("question 6: not answered")


def test_what_was_signed_before_stays(scratch: Path) -> None:
    """Signing again adds to what stands there, and overwrites nobody else."""
    ids = list(signatures.all_things())[:3]
    for name in ids:
        sign(*REVIEWERS[0], [_as_it_is(name)], folder=scratch)
    sign(*REVIEWERS[1], [_as_it_is(ids[0])], folder=scratch)
    one, two = signed.people(scratch)
    assert (list(one.entries), list(two.entries)) == (sorted(ids), [ids[0]])


def _as_it_is(name: str) -> Verdict:
    return Verdict(name, signatures.all_things()[name].hash, AS_IT_IS)


@pytest.mark.parametrize(
    ("by", "role", "on", "says"),
    [
        ("NAME", "midwife", None, "not a person's name"),
        ("", "midwife", None, "not a person's name"),
        ("Ada Example", "ROLE", None, "not a role"),
        ("Ada Example", "midwife", "2036-01-01", "has not come yet"),
        ("Ada Example", "midwife", "last week", "is not a date"),
    ],
)
def test_nobody_is_no_reviewer(
    by: str, role: str, on: str | None, says: str, scratch: Path
) -> None:
    """A placeholder, or a day to come, is refused, and nothing is written."""
    with pytest.raises(ValueError, match=says):
        sign(by, role, [_as_it_is(KEY)], on=on, folder=scratch)
    assert signed.people(scratch) == []


def test_a_slip_in_a_file_of_signatures_is_named(scratch: Path) -> None:
    """A day to come, written in by hand, is an error with the file and the line."""
    path = sign(*REVIEWERS[0], [_as_it_is(KEY)], folder=scratch)
    later = (date.today() + timedelta(days=9)).isoformat()
    path.write_text(path.read_text("utf-8").replace(date.today().isoformat(), later), "utf-8")
    with pytest.raises(SlipError, match=r"ada-example\.yaml, line \d+: .*has not come yet"):
        signed.people(scratch)


CLINICAL = (Path(__file__).parents[2] / "docs" / "clinical.md").read_text("utf-8")


def test_every_question_and_decision_of_the_facts_is_asked() -> None:
    """clinical.md F, and each line that is marked [D], stand in sign_off.yaml, and nothing else."""
    asked = signatures.open_questions()
    numbered = CLINICAL.split("## F. ")[1].splitlines()
    assert [f"question {line.split('.')[0]}" for line in numbered if line[:1].isdigit()] == [
        each.id for each in asked if each.id.startswith("question")
    ]
    facts = CLINICAL.split("## The founding texts")[1].split("## F. ")[0].splitlines()
    marked = [line for line in facts if "[D]" in line]
    rows = [each.row for each in asked if each.id.startswith("decision")]
    same = {line for line in marked if line.startswith("| E11 ")}  # told in A39 already
    assert [line for line in marked if line not in same and not _stands(line, rows)] == []
    assert [row for row in rows if not any(_stands(line, [row]) for line in marked)] == []


def _stands(line: str, rows: list[str]) -> bool:
    return any(line.startswith(f"| {row} |") or (" " in row and row in line) for row in rows)


# --- a server ---------------------------------------------------------------------------------


def test_a_server_says_how_much_is_signed() -> None:
    """At start it says "N of M signed"; where it has to be all, and is not, it does not start."""
    signed_now, of = signed.tally()
    assert signed.at_start({}) == f"{signed_now} of {of} signed"
    if signed_now < of:
        with pytest.raises(NotSignedError, match="asks for all"):
            signed.at_start({"CRAMP_COACH_REQUIRE_SIGNED": "1"})
    with pytest.raises(NotSignedError, match="is 1 or 0"):
        signed.at_start({"CRAMP_COACH_REQUIRE_SIGNED": "yes"})


# --- paper ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The page, the text and the table in all locales, by the ends of their names."""
    paths = review.write(tmp_path_factory.mktemp("review"), SPOKEN)
    return {path.suffix: path.read_text("utf-8") for path in paths}


def test_everything_that_is_signed_is_on_paper(written: Mapping[str, str]) -> None:
    """Each thing has its hash in both forms and its row in the table."""
    rows = written[".csv"].splitlines()
    assert len(rows) == 1 + len(signatures.all_things()) + len(signatures.open_questions())
    for name, thing in signatures.all_things().items():
        assert f"{name},{thing.hash},,,,," in rows or f'"{name}",{thing.hash},,,,,' in rows
        assert all(thing.hash in written[form] for form in (".html", ".txt"))


def test_every_word_that_a_hash_covers_is_on_paper(written: Mapping[str, str]) -> None:
    """Word for word, but for names of tokens, whose words stand there."""
    read = {word for line in written[".txt"].splitlines() for word in words_of(line)}
    for name, words in covered().items():
        assert words <= read, (name, words - read)


def test_an_evening_is_enough() -> None:
    """All that is spoken or decided, in every locale and elsewhere, is read in 75 minutes."""
    words = reading.count(SPOKEN, signatures.open_questions())
    assert reading.minutes(words) <= 75


def test_a_table_that_was_filled_in_signs(written: Mapping[str, str], scratch: Path) -> None:
    """Rows with a verdict count, by their person; those without are left; answers are taken."""
    today = date.today().isoformat()
    hash_now = signatures.all_things()[KEY].hash
    table = scratch / "filled.csv"
    table.write_text(
        "\ufeffwhat;hash;verdict;comment;by;role;date\n"
        f"{KEY};{hash_now};As it is;;Ada Example;midwife, community;{today}\n"
        "line relief.good;;;;;;\n"
        f"question 1;;;Yes, for everyone.;Grace Sample;obstetrician;{today}\n",
        "utf-8",
    )
    assert [path.name for path in paper.sign_from(table, scratch)] == [
        "ada-example.yaml",
        "grace-sample.yaml",
    ]
    one, two = signed.people(scratch)
    assert (one.role, list(one.entries)) == ("midwife, community", [KEY])
    assert two.answers["question 1"].answer == "Yes, for everyone."


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"{KEY},hnothing,as it is,,Ada Example,midwife,2026-01-31", "has changed since"),
        ("line no.such,h,as it is,,Ada Example,midwife,2026-01-31", "nothing called"),
        (f"{KEY},h,as it is,,NAME,midwife,2026-01-31", "not a person's name"),
        (f"{KEY},h,as it is,,Ada Example,midwife, community,2026-01-31", "into quotes"),
    ],
)
def test_a_slip_in_a_table_is_named(row: str, says: str, scratch: Path) -> None:
    """The table, the line, what is wrong and the fix; and nothing is written."""
    table = scratch / "filled.csv"
    table.write_text(f"{','.join(review.COLUMNS)}\n{row}\n", "utf-8")
    with pytest.raises(SlipError, match=rf"filled\.csv, line 2: .*{says}"):
        paper.sign_from(table, scratch)
    assert signed.people(scratch) == []


def test_commands_say_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    """`review --check` and `--release` name what is not signed; `--count` how long it takes."""
    left = signatures.unsigned()
    assert main(["review", "--check"]) == (1 if left else 0)
    assert f"{KEY}: not signed; no midwife and no obstetrician" in capsys.readouterr().out
    assert main(["review", "--release"]) == 1
    assert "question 6: not answered" in capsys.readouterr().out
    assert main(["review", "--count"]) == 0
    assert "minutes" in capsys.readouterr().out
