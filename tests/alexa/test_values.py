"""skill.alexa.values: what was said in a slot, where Alexa resolved it to nothing of ours."""

from typing import Any

import pytest

from skill.alexa.envelope import SlotValue
from skill.alexa.intents import IDS
from skill.alexa.values import resolved
from skill.simulator.model import built, read_model
from skill.speech.catalogue import LOCALES
from tests.chains import raw_slot
from tests.test_web import Alexa, changed


def ids(name: str, value: str, *resolved_to: str, locale: str = "en-US") -> tuple[str, ...]:
    """The ids of one slot."""
    return resolved({name: SlotValue(value, resolved_to)}, locale)[name].ids


@pytest.mark.parametrize("locale", [*LOCALES, "", "fr-FR"])
@pytest.mark.parametrize(
    ("name", "value", "ident"),
    [
        ("part", "calf", "calf"),
        ("part", "Front  of the Thigh", "thigh_front"),
        ("part", "chest", "chest"),
        ("denied", "swollen", "swelling"),
        ("also_denied", "hot", "heat"),
        ("stage", "i’m pregnant", "pregnant"),
        ("since_birth", "forty five days", "late_after_birth"),
    ],
)
def test_read_by_its_value(locale: str, name: str, value: str, ident: str) -> None:
    """What is in the model is found without resolutions, in any case and locale."""
    assert ids(name, value, locale=locale) == (ident,)


def test_ids_of_another_model() -> None:
    """Where no id is ours, the value counts; where one is, all stay as Alexa gave them."""
    assert ids("part", "calf", "Q1", "CALF") == ("calf",)
    assert ids("part", "elbow", "Q1") == ("Q1",)
    assert ids("part", "calf", "leg", "Q1") == ("leg", "Q1")
    assert ids("denied", "swollen", "swelling", "Q1") == ("swelling", "Q1")


def test_nothing_to_read() -> None:
    """An empty slot, a slot that nobody reads, and words that are not listed stay as they came."""
    slots = {"part": SlotValue(), "helper": SlotValue("she"), "other": SlotValue("calf")}
    assert resolved(slots, "en-US") == slots
    assert ids("part", "my elbow") == ()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_id_of_the_models_is_ours(locale: str) -> None:
    """The ids that the intents read are those that the slots of the models have."""
    model = read_model(built(locale))
    types = {name: kind for slots in model.slots.values() for name, kind in slots.items()}
    assert set(types) == {*IDS, "helper"}
    for name, known in IDS.items():
        assert set(model.types[types[name]]) <= known


def test_she_is_answered_by_what_she_said() -> None:
    """A calf without resolutions is stretched as a calf, and a chest is an emergency."""
    alexa = Alexa()

    def answer(value: str, *found: str, **without: Any) -> bytes:
        slot: dict[str, Any] = {"name": "part", "value": value, **without}
        slots = {"part": slot if without else raw_slot("part", value, *found)}
        return bytes(alexa.post(changed(intent={"name": "SoreIntent", "slots": slots})).data)

    for value in ("calf", "chest"):
        resolved_by_alexa = answer(value, value)
        assert answer(value, resolutions=None) == resolved_by_alexa
        assert answer(value, "ID_OF_ANOTHER_MODEL") == resolved_by_alexa
        assert answer(value) == resolved_by_alexa
