"""Slots that Alexa resolved to nothing of ours, read by what was said in them.

Resolutions may be missing, or have ids of another model; "calf" is a calf all the same. What may be
said for an id is in the built interaction model, as Alexa has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import orjson

from skill.alexa.envelope import SlotValue
from skill.alexa.intents import IDS, Slots
from skill.speech.catalogue import DEFAULT_LOCALE, LOCALES


def resolved(slots: Slots, locale: str) -> dict[str, SlotValue]:
    """The slots, with the ids of their values where Alexa gave none that is ours."""
    return {name: _resolved(name, slot, locale) for name, slot in slots.items()}


def _resolved(name: str, slot: SlotValue, locale: str) -> SlotValue:
    ours = IDS.get(name, frozenset())
    if not ours or slot.value is None or not ours.isdisjoint(slot.ids):
        return slot
    said = " ".join(slot.value.casefold().replace("’", "'").split())
    known = _listed(locale if locale in LOCALES else DEFAULT_LOCALE).get(name, {})
    return SlotValue(slot.value, (known[said],)) if said in known else slot


@cache
def _listed(locale: str) -> Mapping[str, Mapping[str, str]]:
    """What may be said in each slot of a locale's model, with its id."""
    file = resources.files("skill.interaction_model") / f"{locale}.json"
    language = orjson.loads(file.read_bytes())["interactionModel"]["languageModel"]
    types = {
        each["name"]: {
            said.casefold(): value["id"]
            for value in each["values"]
            for said in (value["name"]["value"], *value["name"].get("synonyms", ()))
        }
        for each in language["types"]
    }
    slots = (slot for intent in language["intents"] for slot in intent.get("slots", ()))
    return {slot["name"]: types[slot["type"]] for slot in slots if slot["name"] in IDS}
