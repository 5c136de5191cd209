"""The figures of `make understand` that must not get worse, and what goes wrong, by name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from skill.alexa.intents import INTENTS
from tests.understanding import misheard, real, scores
from tests.understanding.judge import Result, Score, Setting, understood
from tests.understanding.judge import scores as scored
from tests.understanding.places import PATHS, is_built, leads_to, session_at
from tests.understanding.sets import COUNTED, HERE, SETS, Kind, answers, sentences

KNOWN = yaml.safe_load((HERE / "known_failures.yaml").read_text(encoding="utf-8"))
LEAST_RIGHT = 0.9


def calibrated(name: str) -> list[Score]:
    """A set as it is understood in `talk`."""
    return scored(tuple(it for it in sentences(name) if it.built), Setting.CALIBRATED)


@pytest.mark.fitting
def test_no_sign_is_lost_but_those_that_are_known() -> None:
    """A warning sign is a warning sign or not understood. What is still lost is known by name.

    Lost by its name here, even where what it is taken for leads to the phone as well. A line of
    known_failures.yaml that is understood now has to be deleted.
    """
    signs = [it for it in calibrated("paraphrases") if it.sentence.kind is Kind.SIGN]
    wrong = [it for it in signs if it.result not in (Result.RIGHT, Result.FALLBACK)]
    assert {it.sentence.say for it in wrong if not it.heard_sign} == set(KNOWN["signs_lost"])


@pytest.mark.fitting
def test_no_denial_fires_but_those_that_are_known() -> None:
    """What denies a sign is not heard as one. What still is, is known by name."""
    denials = [it for it in calibrated("paraphrases") if it.sentence.kind is Kind.DENIAL]
    fired = {it.sentence.say for it in denials if it.heard_sign}
    assert fired == set(KNOWN["denials_that_fire"])


@pytest.mark.fitting
@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        (misheard.Outcome.LOST, "misheard_signs_lost"),
        (misheard.Outcome.CLEAR_NO, "misheard_as_a_clear_no"),
    ],
)
def test_no_misheard_word_is_held_against_her_but_those_that_are_known(
    outcome: misheard.Outcome, key: str
) -> None:
    """With one word misheard no sign is lost, and nothing a clear no, but what is known by name."""
    assert {it.say for it in misheard.misheard() if it.outcome is outcome} == set(KNOWN[key])


@pytest.mark.fitting
def test_most_is_right() -> None:
    """The share that is understood right does not fall."""
    found = calibrated("paraphrases")
    assert sum(it.result is Result.RIGHT for it in found) / len(found) >= LEAST_RIGHT


@pytest.mark.fitting
def test_what_was_opened_last_is_heard() -> None:
    """Of what no sentence had a say in: signs, other intents, what is none, what is outside."""
    found = {name: scored(sentences(name, COUNTED), Setting.CALIBRATED) for name in SETS}
    share = {name: _shares(own) for name, own in found.items() if own}
    assert share["signs"][Result.RIGHT] >= 0.95
    assert share["signs"].get(Result.LOST, 0) <= 0.01
    assert share["others"][Result.RIGHT] >= 0.88
    assert share["daytime"][Result.RIGHT] >= 0.9
    no_signs = [it for name in ("others", "ordinary", "daytime") for it in found[name]]
    assert _shares(no_signs)[Result.FALSE_ALARM] <= 0.03
    assert share["outside"][Result.RIGHT] >= 0.8


def _shares(found: list[Score]) -> dict[Result, float]:
    return {each: count / len(found) for each, count in Counter(it.result for it in found).items()}


@pytest.mark.fitting
def test_a_stricter_setting_falls_back_more() -> None:
    """The settings differ in how often they fall back, in this order."""
    said = sentences("outside")
    fallen = [sum(it.result is Result.RIGHT for it in scored(said, setting)) for setting in Setting]
    assert fallen == sorted(fallen)
    assert fallen[1] / len(said) >= 0.8


@pytest.mark.parametrize("name", SETS)
def test_sets_name_intents_that_are_or_will_be(name: str) -> None:
    """Every set has sentences, and what they may be taken for is of the skill, or counted apart."""
    found = sentences(name)
    assert found
    unknown = {intent for it in found if it.built for intent in it.intents} - INTENTS
    assert all(intent.isupper() or intent.endswith("Intent") for intent in unknown)


def test_places_are_reached() -> None:
    """The way to each place leads there."""
    for place in PATHS:
        assert session_at(place)


@pytest.mark.fitting
def test_what_is_led_to() -> None:
    """A bare no at a check is a clear no, at "has it gone?" it is none, and a sign fires."""
    no, sign = understood("no"), understood("i can't breathe")
    assert leads_to("breathing", no) == {"clear"}
    assert leads_to("swelling", no) == {"clear"}
    assert leads_to("heat_or_colour", no) == {"clear"}
    assert leads_to("let_go", no) == {"still_hurts"}
    assert leads_to("pain_gone", no) == {"stretch"}
    assert leads_to("pain_gone", understood("yes")) >= {"end"}
    assert "fires" in leads_to("breathing", sign)
    assert "yes" in leads_to("breathing", understood("yes"))


def test_answers_are_of_questions() -> None:
    """Each answer has a question; some are of questions that the coach does not have yet."""
    assert any(is_built(it.question) for it in answers())


@pytest.mark.fitting
def test_another_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The program measures the sets of any folder; those that are not there are left out."""
    (tmp_path / "signs.yaml").write_text("breathless: [i can't breathe at all]", encoding="utf-8")
    scores.main(["--sets", str(tmp_path), "--no-crossval", "--no-misheard"])
    out = capsys.readouterr().out
    assert "== signs: 1" in out
    assert "paraphrases" not in out
    assert "i can't breathe at all" not in out


@pytest.mark.fitting
def test_real_words_are_read() -> None:
    """Each of the real sentences leads to something, and that is judged."""
    found = real.real()
    assert len(found) > 100
    assert {it.place for it in found} <= set(PATHS)
    assert {it.result for it in found} <= set(real.RESULTS)
