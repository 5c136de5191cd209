"""Intent → event."""

from __future__ import annotations

import pytest

from skill.alexa.envelope import SlotValue
from skill.alexa.intents import INTENTS, heard
from skill.coach.events import Cramp, Denial, Denied, Said, SignHeard, TellsStage
from skill.coach.place import Part, Speaker, Stage
from skill.coach.signs import HEARD, Sign


@pytest.mark.parametrize("sign", HEARD, ids=lambda sign: sign.value)
def test_each_sign_has_an_intent(sign: Sign) -> None:
    """Every sign that she can name is what one intent means."""
    name = "".join(word.capitalize() for word in sign.value.split("_")) + "SignIntent"
    assert name in INTENTS
    assert heard(name, {}).event == SignHeard(sign)


@pytest.mark.parametrize("intent", sorted(INTENTS))
def test_empty_slots_get_an_event(intent: str) -> None:
    """An intent without its slots, or with slots that matched nothing, is never an error."""
    assert heard(intent, {}).event
    names = ("part", "denied", "also_denied", "stage", "since_birth")
    slots = dict.fromkeys(names, SlotValue("whatever"))
    assert heard(intent, slots).event


def test_an_unknown_intent_is_not_understood() -> None:
    """An intent of another model counts as not understood."""
    assert heard("SomebodyElsesIntent", {}).event is Said.NOT_UNDERSTOOD


def test_a_part_that_is_unknown_is_no_part() -> None:
    """ "My elbow is cramping" is a cramp somewhere."""
    assert heard("CrampIntent", {"part": SlotValue("elbow")}).event == Cramp(None)
    assert heard("CrampIntent", {"part": SlotValue("calf", ("calf",))}).event == Cramp(Part.CALF)


def test_a_denial_of_what_matched_nothing_denies_nothing() -> None:
    """Unclear is never no: a denial with an unknown half is not understood."""
    known, unknown = SlotValue("hot", ("heat",)), SlotValue("wobbly")
    assert heard("DenialIntent", {"denied": known}).event == Denial(frozenset({Denied.HEAT}))
    assert heard("DenialIntent", {"denied": unknown}).event is Said.NOT_UNDERSTOOD
    both = {"denied": known, "also_denied": unknown}
    assert heard("DenialIntent", both).event is Said.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("intent", "part", "sign"),
    [
        ("CrampIntent", "tummy", Sign.TUMMY_CRAMP),
        ("StandingIntent", "chest", Sign.CHEST_PAIN),
        ("BreathlessSignIntent", "tummy", Sign.BREATHLESS),
        ("SwollenLegSignIntent", "chest", Sign.CHEST_PAIN),
    ],
)
def test_a_part_that_is_no_leg_is_a_sign(intent: str, part: str, sign: Sign) -> None:
    """Pain in the tummy or chest is a sign in any intent, and the worse sign wins."""
    assert heard(intent, {"part": SlotValue(part, (part,))}).event == SignHeard(sign)


@pytest.mark.parametrize(
    ("intent", "parts", "sign"),
    [
        ("SoreIntent", ("leg", "chest"), Sign.CHEST_PAIN),
        ("CrampIntent", ("tummy", "chest"), Sign.CHEST_PAIN),
        ("CrampIntent", ("calf", "shin", "tummy"), Sign.TUMMY_CRAMP),
        ("FeverSignIntent", ("leg", "chest"), Sign.CHEST_PAIN),
        ("BreathlessSignIntent", ("leg", "tummy"), Sign.BREATHLESS),
    ],
)
def test_of_several_matches_the_worst_wins(intent: str, parts: tuple[str, ...], sign: Sign) -> None:
    """What may be any of several parts is the worst that it may be."""
    assert heard(intent, {"part": SlotValue("there", parts)}).event == SignHeard(sign)


def test_of_several_legs_the_likeliest_is_meant() -> None:
    """Of several parts of a leg the first is stretched."""
    slots = {"part": SlotValue("front", ("thigh_front", "shin"))}
    assert heard("CrampIntent", slots).event == Cramp(Part.THIGH_FRONT)


@pytest.mark.parametrize("intent", ["DenialIntent", "SoftNoIntent"])
@pytest.mark.parametrize("slot", ["denied", "also_denied"])
def test_a_denial_of_several_things_in_one_slot_denies_nothing(intent: str, slot: str) -> None:
    """Which of several was denied is unclear, whatever the other slot denies."""
    slots = {"denied": SlotValue("hot", ("heat",)), "also_denied": SlotValue("red", ("colour",))}
    slots[slot] = SlotValue("it", ("breathless", "swelling"))
    assert heard(intent, slots).event is Said.NOT_UNDERSTOOD


def test_the_same_breath_tells_who_speaks() -> None:
    """A helper's word, matched or not, and a stage come along with any intent."""
    what = heard(
        "SwollenLegSignIntent",
        {
            "helper": SlotValue("my missus"),
            "stage": SlotValue("i just had a baby", ("after_birth",)),
        },
    )
    assert (what.speaker, what.stage) == (Speaker.HELPER, Stage.AFTER_BIRTH)
    assert what.event == SignHeard(Sign.SWOLLEN_LEG)


@pytest.mark.parametrize("said", Said, ids=str)
def test_each_plain_event_has_an_intent(said: Said) -> None:
    """Whatever she can say that carries nothing else is what some intent means."""
    assert said in (Said.LAUNCH, *(heard(intent, {}).event for intent in INTENTS))


def test_a_cry_is_pain_and_with_a_part_a_cramp() -> None:
    """ "Oh god my calf" says where; "oh god my leg" and "make it stop" do not."""
    assert heard("InPainIntent", {}).event is Said.IN_PAIN
    assert heard("InPainIntent", {"part": SlotValue("leg", ("leg",))}).event is Said.IN_PAIN
    assert heard("InPainIntent", {"part": SlotValue("calf", ("calf",))}).event == Cramp(Part.CALF)
    tummy = heard("InPainIntent", {"part": SlotValue("tummy", ("tummy",))})
    assert tummy.event == SignHeard(Sign.TUMMY_CRAMP)


def test_a_cramp_that_is_coming_on_is_a_cramp() -> None:
    """ "I can feel one coming on" is a cramp in the leg, or in the part that she names."""
    assert heard("ComingOnIntent", {}).event == Cramp(Part.LEG)
    assert heard("ComingOnIntent", {"part": SlotValue("foot", ("foot",))}).event == Cramp(Part.FOOT)


@pytest.mark.parametrize("slot", ["since_birth", "stage"])
@pytest.mark.parametrize(
    ("told", "stage", "no_rub"),
    [
        ("after_birth", Stage.AFTER_BIRTH, False),
        ("late_after_birth", Stage.NEITHER, True),
        ("neither", Stage.NEITHER, False),
    ],
)
def test_how_long_ago_the_birth_was(slot: str, told: str, stage: Stage, no_rub: bool) -> None:
    """Up to six weeks is after birth, up to twelve neither and no rub, later neither."""
    slots = {slot: SlotValue("ten weeks", (told,)), "part": SlotValue("calf", ("calf",))}
    what = heard("JustHadBabyIntent", slots)
    assert what.event == TellsStage(stage, Part.CALF)
    assert (what.stage, what.no_rub) == (stage, no_rub)
    sign = heard("SwollenLegSignIntent", {slot: SlotValue("ten weeks", (told,))})
    assert (sign.event, sign.stage) == (SignHeard(Sign.SWOLLEN_LEG), stage)
    assert sign.no_rub is no_rub


def test_a_birth_without_a_time_is_after_birth() -> None:
    """ "I've just had a baby", and a time that matched nothing, are after birth."""
    assert heard("JustHadBabyIntent", {}).event == TellsStage(Stage.AFTER_BIRTH)
    unknown = {"since_birth": SlotValue("a blue moon")}
    assert heard("JustHadBabyIntent", unknown).event == TellsStage(Stage.AFTER_BIRTH)
    assert not heard("JustHadBabyIntent", unknown).no_rub


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("OkayIntent", Said.OKAY),
        ("AMAZON.YesIntent", Said.YES),
        ("MeantNoIntent", Said.MEANT_NO),
        ("NotWhatISaidIntent", Said.NOT_WHAT_I_SAID),
        ("ThanksIntent", Said.THANKS),
        ("WhatCanYouDoIntent", Said.WHAT_CAN_YOU_DO),
        ("LossIntent", Said.LOSS),
        ("ViolenceIntent", Said.VIOLENCE),
    ],
)
def test_neighbours_keep_apart(intent: str, said: Said) -> None:
    """An acknowledgement is no yes, thanks no goodbye, a loss no stage, violence no injury."""
    assert heard(intent, {}).event is said
