"""`cramp-coach profile`: the real Alexa, here a stub, beside the listener that is learned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from skill import cli
from skill.alexa.envelope import SlotValue
from skill.publish import source
from skill.simulator.understand import Understood
from tests.amazon import profile
from tests.amazon.ask import Ask
from tests.amazon.profile import Skill, in_order, main, profiled, report, understood
from tests.amazon.standin import ask_on
from tests.amazon.stub import SKILL_ID, Amazon, listening
from tests.understanding.sets import Kind, Sentence

Captured = pytest.CaptureFixture[str]

SIGN = Sentence("i can't get my breath", Kind.SIGN, frozenset({"BreathlessSignIntent"}))
LEG = Sentence("my leg has blown up", Kind.SIGN, frozenset({"SwollenLegSignIntent"}))
WHY = Sentence("how come i cramp", Kind.QUESTION, frozenset({"WhyQuestionIntent"}))


def selected(name: str, **slots: Any) -> dict[str, Any]:
    """The profiler's answer, with the fields of `spec.json`."""
    filled = {
        slot: {"name": slot, "confirmationStatus": "NONE", **it} for slot, it in slots.items()
    }
    intent = {"name": name, "confirmationStatus": "NONE", "slots": filled}
    return {"sessionEnded": False, "selectedIntent": intent, "consideredIntents": []}


def resolved(value: str, *ids: str) -> dict[str, Any]:
    """A slot as the profiler has it: resolved values are not wrapped."""
    code = "ER_SUCCESS_MATCH" if ids else "ER_SUCCESS_NO_MATCH"
    authority = {"authority": "a", "status": {"code": code}}
    values = [{"name": each, "id": each} for each in ids]
    return {
        "value": value,
        "resolutions": {"resolutionsPerAuthority": [{**authority, "values": values}]},
    }


@pytest.fixture
def amazon() -> Iterator[Amazon]:
    """A stub on loopback, which understands nothing yet."""
    stub = Amazon()
    with listening(stub):
        yield stub


def asking(amazon: Amazon) -> Ask:
    """Asks the stub, without waiting."""
    return Ask(ask_on(amazon.address), sleep=lambda _: None)


# --- asking


def test_signs_come_first() -> None:
    """Each sentence is asked once: emergencies, then the other signs, then the rest."""
    every = in_order()
    assert len({it.say for it in every}) == len(every)
    levels = [it.sign.level if it.sign else None for it in every if it.kind is Kind.SIGN]
    known = [it for it in levels if it is not None]
    assert known == sorted(known)
    assert all(it.kind is Kind.SIGN for it in every[: len(levels)])


def test_what_amazon_understood_is_read_as_a_request_is() -> None:
    """The intent, and what each slot resolved to, are those of a request; nothing is Fallback."""
    answer = selected("CrampIntent", part=resolved("calf", "calf"), helper=resolved("zog"), way={})
    found = understood("my calf", answer)
    assert (found.intent, found.how) == ("CrampIntent", "Amazon")
    assert found.slots["part"] == SlotValue("calf", ("calf",))
    assert found.slots["helper"] == SlotValue("zog", ())
    for nothing in ({}, {"selectedIntent": None}, {"selectedIntent": {"name": None}}):
        assert understood("hm", nothing).intent == "AMAZON.FallbackIntent"


def test_it_stops_and_goes_on(tmp_path: Path, amazon: Amazon) -> None:
    """What was answered before it was stopped is not asked again."""
    skill = Skill(SKILL_ID, "en-US", tmp_path)
    amazon.understand = lambda _, __: selected("BreathlessSignIntent")
    profiled(skill, [SIGN], asking(amazon))
    heard = profiled(skill, [SIGN, WHY], asking(amazon))
    assert [it.text for _, it in heard] == [SIGN.say, WHY.say]
    assert len(amazon.asked) == 2
    assert amazon.asked[0].endswith("/locales/en-US/profileNlu")


def test_a_sentence_that_amazon_does_not_take(
    tmp_path: Path, amazon: Amazon, capsys: Captured
) -> None:
    """It stands in nobody's way: it is named, left out, and asked again next time."""
    amazon.understand = lambda _, __: selected("WhyQuestionIntent")
    well = ask_on(amazon.address)

    def run(words: Sequence[str]) -> tuple[int, str, str]:
        refused = (1, "", '{"message": "failed with status code 400"}')
        return refused if f"--utterance={SIGN.say}" in words else well(words)

    skill = Skill(SKILL_ID, "en-US", tmp_path)
    heard = profiled(skill, [SIGN, WHY], Ask(run, sleep=lambda _: None))
    assert [it.text for _, it in heard] == [WHY.say]
    assert f"Not answered: {SIGN.say!r}: failed with status code 400" in capsys.readouterr().out
    assert len(profiled(skill, [SIGN, WHY], asking(amazon))) == 2


def test_another_model_is_asked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers about a model that has changed since, and of another locale, are not taken."""
    Skill(SKILL_ID, "en-US", tmp_path).kept("profile").keep("ow", {})
    assert "ow" in Skill(SKILL_ID, "en-US", tmp_path).kept("profile")
    assert "ow" not in Skill(SKILL_ID, "en-GB", tmp_path).kept("profile")
    monkeypatch.setattr(source, "text", lambda _: "{}")
    assert "ow" not in Skill(SKILL_ID, "en-US", tmp_path).kept("profile")


def test_amazon_may_be_busy(tmp_path: Path, amazon: Amazon) -> None:
    """Too many requests cost time, and no answer."""
    amazon.refuse = 3
    amazon.understand = lambda _, __: selected("WhyQuestionIntent")
    ((_, found),) = profiled(Skill(SKILL_ID, "en-US", tmp_path), [WHY], asking(amazon))
    assert found.intent == "WhyQuestionIntent"
    assert len(amazon.asked) == 4


# --- comparing


def here(say: str, locale: str) -> Understood:
    """A listener that understands the question alone."""
    return Understood(say, "WhyQuestionIntent" if say == WHY.say else "AMAZON.FallbackIntent")


def test_the_signs_that_amazon_loses_are_named(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Both understandings stand side by side, and each lost sign with what it was taken for."""
    monkeypatch.setattr(profile, "understand", here)
    intents = ("BreathlessSignIntent", "WhyQuestionIntent", "AMAZON.FallbackIntent")
    heard = [
        (sentence, Understood(sentence.say, intent))
        for sentence, intent in zip((SIGN, LEG, WHY), intents, strict=True)
    ]
    report(heard, "en-US")
    told = capsys.readouterr().out.splitlines()
    assert "signs (2)" in told
    assert f"  {'right':22}{1:>8}  50.0%{0:>8}   0.0%" in told
    assert f"  {'LOST':22}{1:>8}  50.0%{0:>8}   0.0%" in told
    assert told[-1] == (
        "  LOST: SwollenLegSignIntent: 'my leg has blown up' was WhyQuestionIntent; "
        "here fallback (AMAZON.FallbackIntent)"
    )


def test_no_sign_may_be_lost(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Where Amazon loses none, that is said."""
    monkeypatch.setattr(profile, "understand", here)
    report(
        [(SIGN, Understood(SIGN.say, "BreathlessSignIntent")), (WHY, here(WHY.say, ""))], "en-US"
    )
    assert capsys.readouterr().out.splitlines()[-1] == "  none"


# --- the command


def test_the_command(
    tmp_path: Path, amazon: Amazon, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """It asks about sentences, then about plays, and prints what came of both."""
    monkeypatch.setattr(profile, "understand", here)
    monkeypatch.setattr(profile, "in_order", lambda: [SIGN, WHY])
    monkeypatch.setattr(
        profile, "differences", lambda *_: {"a play": None, "another": "at 'x' ..."}
    )
    amazon.understand = lambda _, __: selected("WhyQuestionIntent")
    assert main(SKILL_ID, "en-US", asking(amazon), tmp_path) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-2:] == ["Plays that go as they are written: 1 of 2", "  another: at 'x' ..."]


def test_what_amazon_refuses(tmp_path: Path, capsys: Captured) -> None:
    """A refusal is one line on standard error, and exit code 1."""

    def run(_: Sequence[str]) -> tuple[int, str, str]:
        return 1, "", '{"message": "failed with status code 404"}'

    assert main(SKILL_ID, "en-US", Ask(run), tmp_path) == 1
    assert "cramp-coach profile: failed with status code 404" in capsys.readouterr().err


def test_it_is_stopped(tmp_path: Path, capsys: Captured) -> None:
    """Ctrl-C ends it with a word on how to go on."""

    def run(_: Sequence[str]) -> tuple[int, str, str]:
        raise KeyboardInterrupt

    assert main(SKILL_ID, "en-US", Ask(run), tmp_path) == 130
    assert "Run it again to go on from here." in capsys.readouterr().err


def test_from_the_command_line(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """`cramp-coach profile` hands on the skill and the locale; a locale that is not known is 2."""
    asked: list[tuple[str, str]] = []

    def taken(*which: str) -> int:
        asked.append((which[0], which[1]))
        return 0

    monkeypatch.setattr(profile, "main", taken)
    assert cli.main(["profile", "--skill-id", SKILL_ID]) == 0
    assert cli.main(["profile", "--skill-id", SKILL_ID, "--locale", "en-IN"]) == 0
    assert asked == [(SKILL_ID, "en-US"), (SKILL_ID, "en-IN")]
    assert cli.main(["profile", "--skill-id", SKILL_ID, "--locale", "fr-FR"]) == 2
    monkeypatch.setattr(cli, "__file__", "/nowhere/skill/cli.py")
    assert cli.main(["profile", "--skill-id", SKILL_ID]) == 1
    assert "run it in one" in capsys.readouterr().err
