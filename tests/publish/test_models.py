"""skill.publish.models: the interaction models that Amazon is given."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData
from hassil import Intents

from skill.alexa.intents import INTENTS
from skill.cli import main
from skill.publish import models, passed, source
from skill.publish.source import MOST_SAMPLES, ModelError
from skill.speech import edited
from skill.speech.catalogue import LOCALES

pytestmark = pytest.mark.xdist_group("models")  # each is built once

EACH = [
    locale if locale == "en-US" else pytest.param(locale, marks=pytest.mark.slow)
    for locale in LOCALES
]
"""Every locale; to build a model takes seconds, so one of them is quick enough for `make quick`."""

MODEL_FILES = Path(str(source.folder()))
FEWEST_WORDINGS = 30

SIGNS = {name for name in INTENTS if name.endswith("SignIntent")}
RELIEF = {
    "CrampIntent", "SoreIntent", "InPainIntent", "HelperSpeaksIntent", "PartnerHelpsIntent",
    "SheSpeaksIntent", "StandingIntent", "WantsToStandIntent", "InBedIntent", "CantReachIntent",
    "AnotherWayIntent", "PregnantIntent", "JustHadBabyIntent", "NotPregnantIntent", "EasedIntent",
    "StillHurtsIntent", "EasingIntent", "WorseIntent", "BackAgainIntent", "OtherLegIntent",
    "ComingOnIntent",
    "OverAlreadyIntent", "SoreAfterIntent", "FootSoreIntent", "HipOnTurningIntent",
    "ShootingDownIntent", "ClotRiskIntent", "ForAgesIntent", "CantMoveLegIntent",
    "PinsAndNeedlesIntent", "GaveWayIntent", "PointedToesIntent", "PunchingIntent",
    "AfraidToMoveIntent", "NeedsUpIntent", "DrivingIntent", "InHospitalIntent", "HardLumpIntent",
    "CrampInWordsIntent", "ShinCrampIntent",
}  # fmt: skip
ANSWERS = {
    "YesInWordsIntent", "NoInWordsIntent", "LooksAlikeIntent", "JustBeganIntent", "AsUsualIntent",
    "ABitIntent", "SoftNoIntent", "UnsureIntent", "CantSeeIntent", "BothIntent", "FineIntent",
    "HangOnIntent", "DenialIntent", "ABitBreathlessIntent", "BothSwollenIntent",
    "CantBearWeightIntent", "DizzyIntent", "ClotHistoryIntent", "OkayIntent", "ThanksIntent",
    "MeantNoIntent", "NormalIntent", "SameAsOtherIntent", "WarmedIntent", "OldVeinsIntent",
    "ToldFineIntent", "PantingFromPainIntent", "HeartFromPainIntent", "BackAchesIntent",
    "MildHeadacheIntent", "ItchyPalmsIntent", "ItchyLegsIntent", "DarkUrineIntent",
    "BumpHardIntent", "AfterpainsIntent", "GroinZapIntent", "LossIntent", "ViolenceIntent",
    "CameOnSlowlyIntent",
}  # fmt: skip
CALLING = {
    "OnHoldIntent", "AmbulanceComingIntent", "SeenTonightIntent", "BotherIntent",
    "WaitTillMorningIntent", "NotHospitalIntent", "CostIntent", "PulledMuscleIntent",
    "OverreactingIntent", "ChildrenIntent", "NoCarIntent", "OtherCareIntent", "ToldToWaitIntent",
    "WillCallIntent",
}  # fmt: skip

SMALL = frozenset(
    """
    a an the my it it's i i'm i've is are am please oh ow no yes and but just really so very now
    this that
    """.split()
)
"""Words that make no other wording of a sample."""


def model(locale: str) -> dict[str, Any]:
    """The model of a locale, as it is built now."""
    return _model(source.files_of(locale))


@cache
def _model(files: tuple[str, ...]) -> dict[str, Any]:
    """The model of every locale that is built from these files."""
    return models.interaction_model(next(it for it in LOCALES if source.files_of(it) == files))


def language_model(locale: str) -> dict[str, Any]:
    """What it listens for."""
    built: dict[str, Any] = model(locale)["interactionModel"]["languageModel"]
    return built


def samples_of(locale: str) -> dict[str, list[str]]:
    """Each intent with its samples."""
    return {intent["name"]: intent["samples"] for intent in language_model(locale)["intents"]}


def wordings(samples: list[str]) -> set[tuple[str, ...]]:
    """The samples by their content words; samples that differ in "please" or "my" are one."""
    return {tuple(word for word in sample.split() if word not in SMALL) for sample in samples}


def parsed(**sentences: list[str]) -> Intents:
    """A small source, one intent for each keyword."""
    intents = {name: {"data": [{"sentences": said}]} for name, said in sentences.items()}
    lists = {"part": {"values": [{"in": "calf", "out": "calf"}]}}
    return source.parse({"intents": intents, "lists": lists, "expansion_rules": {}})


@pytest.mark.parametrize("locale", EACH)
def test_amazons_own_types(locale: str) -> None:
    """Amazon's management library reads each model, and loses none of it."""
    serializer = DefaultSerializer()
    read = serializer.deserialize(json.dumps(model(locale)), InteractionModelData)
    assert _without_nulls(serializer.serialize(read)) == model(locale)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(each) for key, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("locale", LOCALES)
def test_the_committed_models_are_within_amazons_limits(locale: str) -> None:
    """alexa.md 5: at most 1.5 MB, 250 intents, 350 of them and types, 140 letters a value."""
    text = (MODEL_FILES / f"{locale}.json").read_text("utf-8")
    language = json.loads(text)["interactionModel"]["languageModel"]
    assert len(text.encode()) <= 1_500_000
    assert len(language["intents"]) <= 250
    assert len(language["intents"]) + len(language["types"]) <= 350
    names = [value["name"] for each in language["types"] for value in each["values"]]
    assert all(len(said) <= 140 for name in names for said in (name["value"], *name["synonyms"]))


@pytest.mark.parametrize("locale", EACH)
def test_intents_are_the_skills(locale: str) -> None:
    """Every intent that the skill answers is in the model, and no other."""
    assert set(samples_of(locale)) == INTENTS


@pytest.mark.parametrize("name", sorted(SIGNS | RELIEF | ANSWERS | CALLING))
def test_many_wordings(name: str) -> None:
    """Each relief, sign, answer and calling intent has thirty samples of different words."""
    assert len(wordings(samples_of("en-US")[name])) >= FEWEST_WORDINGS


def test_groups_are_of_the_model() -> None:
    """The relief, answer and calling intents that are counted here are the skill's."""
    assert RELIEF | ANSWERS | CALLING <= INTENTS


@pytest.mark.parametrize("locale", EACH)
def test_samples_are_legal(locale: str) -> None:
    """Samples are lower-case words, apostrophes, stops, hyphens and slots, one space apart."""
    legal = re.compile(r"[a-z{][a-z'.\-_{}]*( [a-z{][a-z'.\-_{}]*)*")
    said = [sample for samples in samples_of(locale).values() for sample in samples]
    assert [sample for sample in said if not legal.fullmatch(sample)] == []


@pytest.mark.parametrize("locale", EACH)
def test_no_bare_slot(locale: str) -> None:
    """No sample is nothing but slots, but the part that answers "which part?"."""
    said = [sample for samples in samples_of(locale).values() for sample in samples]
    bare = [sample for sample in said if not re.sub(r"\{\w+\}('s)?", "", sample).strip()]
    assert bare == ["{part}"]
    assert "{part}" in samples_of(locale)["CrampIntent"]


@pytest.mark.parametrize("locale", EACH)
def test_no_sample_twice(locale: str) -> None:
    """No sample belongs to two intents, or to one twice."""
    said = [sample for samples in samples_of(locale).values() for sample in samples]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("locale", EACH)
def test_slots_have_types(locale: str) -> None:
    """Each slot of a sample is declared by its intent, with a type that the model has."""
    types = {each["name"] for each in language_model(locale)["types"]}
    for intent in language_model(locale)["intents"]:
        declared = {slot["name"]: slot["type"] for slot in intent.get("slots", [])}
        used = {slot for sample in intent["samples"] for slot in re.findall(r"\{(\w+)\}", sample)}
        assert used <= set(declared), intent["name"]
        assert set(declared.values()) <= types, intent["name"]


def test_no_free_text_slot() -> None:
    """Every slot type is a list of our own: nothing that she says is taken down as free text."""
    assert [
        each["name"] for each in language_model("en-US")["types"] if "AMAZON" in each["name"]
    ] == []


@pytest.mark.parametrize("locale", EACH)
def test_values_are_said_once(locale: str) -> None:
    """No value of a slot type is listed under two ids."""
    for each in language_model(locale)["types"]:
        said = [
            word
            for value in each["values"]
            for word in (value["name"]["value"], *value["name"]["synonyms"])
        ]
        assert len(said) == len(set(said)), each["name"]


@pytest.mark.parametrize("locale", EACH)
def test_committed_models_are_built(locale: str) -> None:
    """The model that lies in the folder is what the source says."""
    text = (MODEL_FILES / f"{locale}.json").read_text(encoding="utf-8")
    assert json.loads(text) == model(locale)


@pytest.mark.slow
def test_deterministic() -> None:
    """Building twice gives the same text."""
    assert json.dumps(models.interaction_model("en-GB")) == json.dumps(model("en-GB"))


def test_unknown_locale() -> None:
    """A locale without words has no model."""
    with pytest.raises(KeyError):
        source.read("de-DE")


def test_sample_of_two_intents_is_refused() -> None:
    """A sample that two intents claim is named, with both."""
    with pytest.raises(ModelError, match="'it hurts' is a sample of A and of B"):
        models.model_from(parsed(A=["it hurts"], B=["it hurts"]))


def test_bare_slot_is_refused() -> None:
    """A template of nothing but slots is refused."""
    with pytest.raises(ModelError, match="nothing but slots"):
        models.model_from(parsed(A=["{part}"]))


@pytest.mark.parametrize("sample", ["okay thanks alexa", "computer stop"])
def test_wake_word_is_refused(sample: str) -> None:
    """A sample that wakes a device is refused."""
    with pytest.raises(ModelError, match="a wake word"):
        models.model_from(parsed(A=[sample]))


@pytest.mark.parametrize("sample", ["open cramp coach", "ask cramp coach why i get cramps"])
def test_launch_wording_is_refused(sample: str) -> None:
    """A sample that opens the skill is refused."""
    with pytest.raises(ModelError, match="launch wording"):
        models.model_from(parsed(A=[sample]))


def test_slot_that_owns_needs_its_long_form() -> None:
    """A slot with 's stands only beside the same wording with "is" or "has"."""
    with pytest.raises(ModelError, match='needs the same with "is" or "has"'):
        models.model_from(parsed(A=["my {part}'s sore", "my {part} is tight"]))
    models.model_from(parsed(A=["my {part}'s sore", "my {part} is sore"]))
    models.model_from(parsed(A=["my {part}'s seized up", "my {part} has seized up"]))


@pytest.mark.parametrize(
    "template",
    [
        "i've got [no|all|any] feeling in that leg",
        "my leg is [not] swollen",
        "the lamp's [not] on",
        "[yes] it (has|hasn't) let go",
        "i [can|can't] feel my foot",
        "my leg (is|is not) numb",
    ],
)
def test_choice_that_turns_it_round_is_refused(template: str) -> None:
    """No template stands for a thing and for its opposite."""
    with pytest.raises(ModelError, match="which turns it round"):
        models.model_from(parsed(A=[template]))


@pytest.mark.parametrize(
    "template",
    [
        "[no|nope] my leg is swollen",
        "my leg (isn't|is not) right",
        "she (is unconscious|won't wake up|isn't responding)",
        "i (can't|cannot) feel my foot [at all]",
    ],
)
def test_choice_of_wordings_is_taken(template: str) -> None:
    """Answers before it, two words for one negation, and whole predicates are no reversal."""
    models.model_from(parsed(A=[template]))


@pytest.mark.parametrize("sample", ["call 911", "why?", "café"])
def test_illegal_sample_is_refused(sample: str) -> None:
    """Digits, marks and letters that Amazon does not take in a sample are refused."""
    with pytest.raises(ModelError, match="does not take"):
        models.model_from(parsed(A=[sample]))


def test_missing_rule_is_refused() -> None:
    """A template that names a rule that is not there is refused, with its intent."""
    with pytest.raises(ModelError, match="A: no expansion rule <nowhere>"):
        models.model_from(parsed(A=["<nowhere> hurts"]))


def test_permutation_is_refused() -> None:
    """Words in any order (hassil's `;`) are refused, with the intent."""
    with pytest.raises(ModelError, match="A: a permutation"):
        models.model_from(parsed(A=["(my calf;now) hurts"]))


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("my calf (hurts|aches", "Unable to find end of group"),
        ("my {calf} hurts", r"no list {calf}: correct it, or add it to `lists:`"),
        ("<nowhere> hurts", "no expansion rule <nowhere>"),
        ("alexa my calf hurts", "a wake word in 'alexa my calf hurts': correct its template"),
        ("[not] my calf", "which turns it round, in .*: write them as two templates"),
    ],
)
def test_a_slip_in_the_source_is_named(
    template: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`build` tells the file and the line of a template that is none, and what to do."""
    written = source.text("en.yaml").replace("my {part} i think", template, 1)
    line = written[: written.index(template)].count("\n") + 1
    _with_source(monkeypatch, written)
    assert main(["build", "--check"]) == 1
    told = capsys.readouterr().err
    assert re.search(rf"interaction_model/en\.yaml, line {line}: CrampIntent: .*{says}", told)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("intents:\n", "intents: [\n", r"line \d+: .*Put a text with a colon"),
        ("    data:\n", "    date:\n", "intents.CrampIntent: write `data:`, under it"),
        ("      - sentences:\n", "      - sentence:\n", "intents.CrampIntent: write `data:`"),
    ],
)
def test_a_slip_in_the_layout_is_named(
    old: str,
    new: str,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`build` tells the file and the line where the source is no YAML, or has another form."""
    _with_source(monkeypatch, source.text("en.yaml").replace(old, new, 1))
    assert main(["build", "--check"]) == 1
    assert re.search(rf"interaction_model/en\.yaml, .*{says}", capsys.readouterr().err)


def _with_source(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """Has `written` stand in en.yaml."""
    text = edited.text

    def edited_text(path: str, package: str) -> str:
        return written if path == "en.yaml" else text(path, package)

    monkeypatch.setattr(edited, "text", edited_text)


def test_list_of_numbers_is_refused() -> None:
    """A slot list that is no list of words is refused by its name."""
    intents = {"A": {"data": [{"sentences": ["{count} cramps"]}]}}
    lists = {"count": {"range": {"from": 1, "to": 9}}}
    with pytest.raises(ModelError, match="is not a list of words"):
        models.model_from(source.parse({"intents": intents, "lists": lists}))


def test_every_alternative_has_a_sample() -> None:
    """Each alternative of a template stands in some sample of it."""
    built = models.model_from(parsed(A=["(my|the) (leg|calf|foot) hurts [a lot|again]"]))
    intent = next(
        each
        for each in built["interactionModel"]["languageModel"]["intents"]
        if each["name"] == "A"
    )
    words = {word for sample in intent["samples"] for word in sample.split()}
    assert words == set("my the leg calf foot hurts a lot again".split())


def test_plainest_form_comes_first() -> None:
    """A template's first sample leaves out what may be left out and takes first alternatives."""
    intents = parsed(A=["[ow|help] [my|the] {part} (hurts|aches) [a lot|again]", "[oh] (ow|ouch)"])
    assert source.samples(intents, "A")[:2] == ["{part} hurts", "ow"]


def test_cut_leaves_every_template_its_plainest_form() -> None:
    """Where an intent has too many samples, what is left out are further wordings."""
    many = "|".join(f"it {end}" for end in _words(MOST_SAMPLES))
    intents = parsed(A=[f"({many})", "[oh] my {part}"])
    said = source.samples(intents, "A")
    assert len(said) == MOST_SAMPLES
    assert "my {part}" in said


def _words(count: int) -> list[str]:
    letters = "abcdefghijklmn"
    return [one + two for one in letters for two in letters][:count]


def test_build_writes_what_drifted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Building writes the models that are not what the sources say; checking writes nothing."""
    for file in MODEL_FILES.glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(source, "folder", lambda: tmp_path)
    monkeypatch.setattr(models, "LOCALES", ("en-US",))
    monkeypatch.setattr(models, "interaction_model", model)
    written = tmp_path / "en-US.json"
    assert models.build(check=True) == [written]
    assert not written.exists()
    assert models.build() == [written]
    assert models.build(check=True) == []


def test_every_sample_has_been_read() -> None:
    """No model holds a sample that no reader has passed, and none that was passed is gone."""
    assert passed.unread() == []
    assert passed.not_built() == []


def test_new_sample_is_unread_until_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is new is named with its intent, and so is what is gone; passing settles both."""
    monkeypatch.setattr(source, "folder", lambda: tmp_path)
    monkeypatch.setattr(passed, "LOCALES", ("en-US", "en-GB"))
    _write_model(tmp_path / "en-US.json", A=["it hurts"], B=["ow"])
    _write_model(tmp_path / "en-GB.json", A=["it hurts", "it does hurt"], B=["ow"])
    (tmp_path / "passed.txt").write_text("A:\nit hurts\nit aches\n\nB:\now\n", encoding="utf-8")
    assert passed.unread() == [("A", "it does hurt")]
    assert passed.not_built() == [("A", "it aches")]
    passed.pass_all()
    assert (passed.unread(), passed.not_built()) == ([], [])
    assert (tmp_path / "passed.txt").read_text("utf-8") == (
        "A:\nit does hurt\nit hurts\n\nB:\now\n"
    )


def _write_model(path: Path, **said: list[str]) -> None:
    intents = [{"name": name, "samples": samples} for name, samples in said.items()]
    text = json.dumps({"interactionModel": {"languageModel": {"intents": intents}}})
    path.write_text(text, encoding="utf-8")


def test_check_names_what_nobody_has_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`cramp-coach build --check` fails on an unread sample, with its text and what to do."""
    monkeypatch.setattr(models, "build", lambda *, check: [])
    monkeypatch.setattr(passed, "unread", lambda: [("NumbSignIntent", "i've got all sensation")])
    monkeypatch.setattr(passed, "not_built", list)
    assert main(["build", "--check"]) == 1
    said = capsys.readouterr().out
    assert "new in NumbSignIntent: i've got all sensation" in said
    assert "cramp-coach build --passed" in said
