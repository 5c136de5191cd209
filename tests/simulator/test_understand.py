"""skill.simulator.understand: what she says, and what it means."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skill.alexa.intents import event_for, heard
from skill.coach.events import Cramp, Denial, Denied, Event, SignHeard
from skill.coach.place import Part
from skill.coach.signs import HEARD, Level, Sign
from skill.simulator.understand import CONFIDENCE, FALLBACK, LAUNCH, Understood, understand

PHRASES = {
    Sign.BREATHLESS: "i can't catch my breath",
    Sign.CHEST_PAIN: "my chest hurts",
    Sign.UPPER_BACK_PAIN: "i've got a pain between my shoulder blades",
    Sign.COUGHING_BLOOD: "i'm coughing up blood",
    Sign.BLUE_LIPS: "my lips have gone blue",
    Sign.RACING_HEART: "my heart is racing",
    Sign.CANT_LIE_FLAT: "i can't lie flat",
    Sign.FAINTED: "i passed out",
    Sign.FIT: "i've had a seizure",
    Sign.SWOLLEN_LEG: "my leg is swollen",
    Sign.HOT_LEG: "my calf's hot to touch",
    Sign.CHANGED_COLOUR: "my leg's gone purple",
    Sign.LASTING_PAIN: "it's been hurting for days",
    Sign.PAIN_AFTER_CLOT: "i've had a clot before and my leg hurts",
    Sign.FEVER: "i've got a fever",
    Sign.NUMB: "my foot's numb",
    Sign.WEAK: "i can't lift my foot",
    Sign.POP: "i felt a pop",
    Sign.COLD_LEG: "my leg is cold",
    Sign.NUMB_AND_CANT_MOVE: "my leg is numb and i can't move it",
    Sign.NUMB_BETWEEN_LEGS: "i'm numb between my legs",
    Sign.FELL: "i fell on my bump",
    Sign.FELL_AND_BLEEDING: "i fell and i'm bleeding",
    Sign.HEADACHE: "i've got a splitting headache",
    Sign.EYESIGHT: "i'm seeing spots",
    Sign.SWOLLEN_FACE_OR_HANDS: "my face is swollen",
    Sign.PAIN_UNDER_RIBS: "i've got a pain under my ribs",
    Sign.TUMMY_CRAMP: "my tummy hurts",
    Sign.SEVERE_TUMMY_PAIN: "i've got severe tummy pain",
    Sign.BLEEDING: "i'm bleeding",
    Sign.HEAVY_BLEEDING: "i'm bleeding heavily",
    Sign.WATERS: "my waters have broken",
    Sign.CONTRACTIONS: "i'm having contractions",
    Sign.BABY_COMING: "i need to push",
    Sign.BABY_MOVES_LESS: "the baby's not moving",
    Sign.FEELS_WRONG: "something feels wrong",
    Sign.EMERGENCY: "i need an ambulance",
    Sign.SIDE_STABBING: "there's a stabbing in my side when i breathe",
    Sign.CLOT_NOW: "they found a clot in my leg",
    Sign.PAIN_WITH_CLOTTING: "i've got factor five and my calf hurts",
    Sign.HEAVY_LEG: "my leg feels heavy and tight",
    Sign.BEHIND_KNEE: "there's an ache behind my knee",
    Sign.PAIN_INTO_GROIN: "the pain goes up into my groin",
    Sign.TIGHT_SOCK: "one sock is tighter",
    Sign.HARD_VEIN: "there's a hard vein in my leg",
    Sign.BOTH_LEGS_TENDER: "both my legs are swollen and tender",
    Sign.LEG_GAVE_WAY: "my leg keeps giving way",
    Sign.HIGH_PRESSURE: "my blood pressure is high",
    Sign.ITCH_AND_DARK: "i'm itching and my pee is dark",
    Sign.OVERDOSE: "i took too many pills",
    Sign.SELF_HARM: "i want to die",
}

_HOT_OR_RED = (Sign.HOT_LEG, Sign.CHANGED_COLOUR, Sign.SWOLLEN_LEG)

DENIALS = """
my chest doesn't hurt
my chest isn't tight
my chest is fine
no pain in my chest at all
there's nothing in my chest
not my chest
chest pain no
it doesn't hurt to breathe
i can breathe just fine
i'm not breathless at all
um no i'm not short of breath or anything
i'm not out of breath and my chest's not sore
not breathless and no chest pain
i haven't got any trouble breathing
neither of them's swollen
neither leg is swollen
my leg's not swollen at all
there isn't any swelling
nothing looks swollen
it's not hot it's not red it's not swollen
i don't think it's any hotter
i wouldn't say it's swollen
it hasn't changed colour
it hasn't gone red
it isn't red or hot
my face isn't puffy
my hands aren't swollen
my leg isn't numb
i can move my foot
no i didn't fall
i haven't fallen
i haven't fainted
i don't feel faint
i'm not bleeding
there's no blood
i'm not coughing blood
i haven't got a headache
no fever
i'm not having contractions
my waters haven't gone
the baby is kicking
my heart isn't racing
i don't need an ambulance
don't call an ambulance
it's not an emergency
this isn't an emergency
nothing's wrong
i've never had a clot
my tummy doesn't hurt
it's not my tummy
she isn't bleeding
her chest doesn't hurt
her leg isn't swollen
she hasn't fainted
""".strip().splitlines()


def event_of(understood: Understood) -> Event:
    """What the coach hears."""
    slots = {name: (value.value, value.id) for name, value in understood.slots.items()}
    return heard(understood.intent, slots).event


def level_of(text: str) -> Level | None:
    """The level of the warning sign that is heard; None if none is."""
    event = event_of(understand(text))
    return event.sign.level if isinstance(event, SignHeard) else None


def denied_before(sign: Sign) -> str:
    """A denial of something that the sign is not about."""
    return "i can breathe but" if sign in _HOT_OR_RED else "it isn't swollen but"


# ------------------------------------------------------------------ exact, close, not at all


def test_exact() -> None:
    """A sentence of the templates is understood exactly, with its slots resolved."""
    found = understand("my calf is cramping")
    assert (found.intent, found.how, found.score) == ("CrampIntent", "exact", 1.0)
    assert event_of(found) == Cramp(Part.CALF)


@pytest.mark.parametrize(
    "text",
    ["um so my calf is like cramping", "my calf is kramping", "my calfs cramping up real bad"],
)
def test_close(text: str) -> None:
    """Fillers, a typo and another inflection leave it close, with the part found."""
    found = understand(text)
    assert (found.intent, found.how) == ("CrampIntent", "close")
    assert CONFIDENCE <= found.score < 1
    assert event_of(found) == Cramp(Part.CALF)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("its gone thanks", "EasedIntent"), ("nope not yet", "StillHurtsIntent")],
)
def test_chatter(text: str, intent: str) -> None:
    """Thanks after it and a no before it change nothing."""
    assert understand(text).intent == intent


@pytest.mark.parametrize(
    "text",
    ["", "hmph", "wuh", "sw", "what's the weather", "play some music", "the chest of drawers"],
)
def test_fallback(text: str) -> None:
    """Noise, and what is about something else, is not understood."""
    found = understand(text)
    assert (found.intent, found.how, found.slots) == (FALLBACK, "fallback", {})


def test_no_guess_below_the_confidence() -> None:
    """What scores too little is a Fallback that keeps its score."""
    found = understand("cramp yesterday perhaps in the library")
    assert found.intent == FALLBACK
    assert found.score < CONFIDENCE


def test_no_content_word_unexplained() -> None:
    """A sentence with more in it than was eased is never taken for eased."""
    assert understand("it's eased but my leg's a trombone").intent != "EasedIntent"


def test_a_negation_is_not_dropped() -> None:
    """ "It hasn't eased" is no easing, and "it has eased" no hurting."""
    assert understand("um it hasn't really eased").intent == "StillHurtsIntent"
    assert understand("um it has really eased").intent == "EasedIntent"


def test_but_ends_a_denial() -> None:
    """What follows "but" is said; the same words without it are denied."""
    assert level_of("not that but it's swollen") is Level.CALL_NOW
    assert level_of("it's not that swollen") is None


# ------------------------------------------------------------------ how it is said


@pytest.mark.parametrize(
    "text",
    [
        "tell cramp coach my calf is cramping",
        "Alexa, tell Cramp Coach that my calf is cramping",
        "ask cramp coach my calf is cramping",
        "alexa my calf is cramping",
    ],
)
def test_one_shot(text: str) -> None:
    """The invocation before a sentence is not part of it."""
    assert (understand(text).intent, understand(text).how) == ("CrampIntent", "exact")


@pytest.mark.parametrize(
    "text", ["open cramp coach", "Alexa, open Cramp Coach.", "start cramp coach", "ask cramp coach"]
)
def test_launch(text: str) -> None:
    """Opening the skill without a wish launches it."""
    assert (understand(text).intent, understand(text).how) == (LAUNCH, "launch")


@pytest.mark.parametrize(
    "text",
    [
        "I CAN'T BREATHE",
        "i can\u2019t breathe!",
        "i cant breathe",
        "i cannot breathe",
        "  i can't   breathe ...",
        "I can`t breathe",
    ],
)
def test_apostrophes_and_case(text: str) -> None:
    """Apostrophes of every kind, none, capitals and marks are all the same."""
    assert understand(text).intent == "BreathlessSignIntent"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("call 911", "EmergencySignIntent"),
        ("call 999", "EmergencySignIntent"),
        ("i'm 30 weeks pregnant", "PregnantIntent"),
        ("it's been 20 minutes", "LastingPainSignIntent"),
    ],
)
def test_digits(text: str, intent: str) -> None:
    """Numbers may be typed as digits."""
    assert understand(text).intent == intent


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("it's a funny color", "it's a funny colour"),
        ("my mom has a cramp", "my mum has a cramp"),
        ("i had a d.v.t.", "i had a dvt"),
        ("i'm two weeks post partum", "i'm two weeks postpartum"),
        ("i'm light headed", "i'm lightheaded"),
    ],
)
def test_spellings(one: str, other: str) -> None:
    """Two spellings of a word are one word."""
    assert understand(one).intent == understand(other).intent != FALLBACK


# ------------------------------------------------------------------ slots


def test_value_is_kept_as_said() -> None:
    """A slot has the words that were said, and the id that they resolve to."""
    part = understand("i've got a cramp in my hamstring").slots["part"]
    assert (part.value, part.id) == ("hamstring", "thigh_back")


def test_unknown_value() -> None:
    """A word in a slot that is not in its list matches nothing."""
    found = understand("i've got a cramp in my elbow")
    assert found.intent == "CrampIntent"
    assert (found.slots["part"].value, found.slots["part"].id) == ("elbow", None)


def test_unknown_denial_denies_nothing() -> None:
    """A denial of something that is not in the list is not understood by the coach."""
    assert not isinstance(event_for("DenialIntent", {"denied": None}), Denial)


def test_two_things_denied() -> None:
    """A denial may deny two things at once."""
    event = event_of(understand("it's not swollen or red"))
    assert event == Denial(frozenset({Denied.SWELLING, Denied.COLOUR}))


def test_tummy_and_chest_are_signs() -> None:
    """A cramp in the tummy or the chest is the sign that it is."""
    assert event_of(understand("my tummy is cramping")) == SignHeard(Sign.TUMMY_CRAMP)
    assert event_of(understand("no my chest")) == SignHeard(Sign.CHEST_PAIN)


def test_as_json() -> None:
    """The JSON form has the text, the intent, the slots, how it was understood, and the score."""
    assert understand("cramp calf").as_json() == {
        "text": "cramp calf",
        "intent": "CrampIntent",
        "slots": {"part": {"value": "calf", "id": "calf"}},
        "how": "exact",
        "score": 1.0,
    }


# ------------------------------------------------------------------ signs


def test_every_sign_has_a_phrase() -> None:
    """No sign is left out below."""
    assert set(PHRASES) == set(HEARD)


@pytest.mark.parametrize("sign", HEARD, ids=lambda sign: sign.value)
@pytest.mark.parametrize(
    "said",
    ["{}", "my calf is cramping and {}", "it's eased but {}", "no but {}", "{denied} {}"],
    ids=["alone", "with a cramp", "eased but", "no but", "not X but"],
)
def test_signs_reach_their_level(sign: Sign, said: str) -> None:
    """Each sign reaches its level, alone and in one breath with something else."""
    text = said.format(PHRASES[sign], denied=denied_before(sign))
    assert level_of(text) is sign.level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("i tripped on the rug and now i'm bleeding", Level.EMERGENCY),
        ("my foot's gone numb and i can't wiggle my toes", Level.EMERGENCY),
        ("my leg is swollen and i'm breathless", Level.EMERGENCY),
        ("is it normal that my leg is swollen", Level.CALL_NOW),
        ("can i rub it my leg is red", Level.CALL_NOW),
    ],
)
def test_worse_sign_wins(text: str, level: Level) -> None:
    """Two signs that are worse together, and a sign beside a question, reach the worse level."""
    assert level_of(text) is level


@pytest.mark.parametrize("text", DENIALS)
def test_denials_never_fire(text: str) -> None:
    """A denial of a sign is never heard as a sign."""
    assert level_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "is breathlessness normal in pregnancy",
        "is it normal for my ankles to swell",
        "will the cramps stop after i give birth",
        "can my husband push on my foot",
        "i've just given birth",
    ],
)
def test_questions_are_no_signs(text: str) -> None:
    """A question whether something is normal, a birth that is over or to come: none is a sign."""
    assert level_of(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("i'm always a bit out of breath", "ABitBreathlessIntent"),
        ("slightly breathless like i usually am", "ABitBreathlessIntent"),
        ("both my feet are swollen", "BothSwollenIntent"),
        ("when i'm lying flat i can't breathe", "CantLieFlatSignIntent"),
        ("i've had a blood clot before", "ClotHistoryIntent"),
    ],
)
def test_half_a_sign(text: str, intent: str) -> None:
    """Half a sign is that half, and not the whole."""
    assert understand(text).intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "my breathing is a lot worse than usual",
        "i'm suddenly a bit breathless and my chest hurts",
        "both legs are swollen and i can't breathe",
    ],
)
def test_more_than_half_a_sign(text: str) -> None:
    """What makes half a sign worse makes it a sign."""
    assert level_of(text) is Level.EMERGENCY


HARMLESS = "um er please alexa honestly okay tonight well mate love actually just really".split()
words_around = st.lists(st.sampled_from(HARMLESS), max_size=4).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(sign=st.sampled_from(HEARD), before=words_around, after=words_around)
@example(Sign.BREATHLESS, "okay well", "tonight mate")
def test_harmless_words_around_a_sign(sign: Sign, before: str, after: str) -> None:
    """Words that mean nothing, before and after a sign's phrase, never make it something else."""
    assert level_of(f"{before} {PHRASES[sign]} {after}") is not None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
@example("'")
@example("{part}")
@example("\u00b2")
def test_any_text_is_understood_somehow(text: str) -> None:
    """Any text at all is understood as some intent of the skill, or not understood."""
    assert 0 <= understand(text).score <= 1


def test_unknown_locale() -> None:
    """A locale without a model is a KeyError."""
    with pytest.raises(KeyError):
        understand("help", "fr-FR")


@pytest.mark.parametrize(
    "text",
    [
        "i'm not breathing",
        "not breathing",
        "he's not breathing",
        "the chest pain is the same",
        "the swelling hasn't changed",
        "no change in the swelling",
        "the redness is the same",
        "the heat is the same",
        "the bleeding hasn't changed",
        "my headache hasn't changed",
        "my breathing isn't normal",
        "my chest isn't right",
        "i can only just breathe",
    ],
)
def test_a_sign_that_is_still_there_is_no_denial(text: str) -> None:
    """A sign that has not changed, or a breath that is not there, is a sign and denies nothing."""
    found = understand(text)
    slots = {name: (it.value, it.id) for name, it in found.slots.items()}
    assert isinstance(heard(found.intent, slots).event, SignHeard), found


def test_no_temperature_says_nothing_of_the_leg() -> None:
    """ "No temperature" denies a fever, and leaves the heat of the leg asked."""
    assert understand("no temperature").slots["denied"].id == "other"
