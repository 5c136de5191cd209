"""Every sentence that the interaction model stands for, indexed for looking up."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

import yaml
from hassil import Intents

from skill.alexa.intents import event_for
from skill.coach.events import SignHeard
from skill.coach.signs import Level
from skill.publish import models
from skill.publish.templates import expand
from skill.simulator.words import (
    FILLERS,
    FREE,
    NEGATIONS,
    as_written,
    content,
    split_literal,
    stem,
)

Tokens = tuple[str, ...]


@dataclass
class Group:
    """Samples with the same content words in the same order."""

    content: Tokens
    samples: list[tuple[str, str]] = field(default_factory=list)  # (sample, intent)


def built_in_phrases() -> dict[str, Any]:
    """What Alexa hears for Amazon's own intents, as hassil's intents."""
    text = (files("skill.simulator") / "builtins.yaml").read_text(encoding="utf-8")
    phrases: dict[str, Any] = yaml.safe_load(text)
    return phrases


class Samples:
    """The samples of a locale's model and, for exact matches only, of Amazon's own intents.

    Slots stand as `{slot}` in samples; contractions are split as `words.read` splits them.
    """

    def __init__(self, model: dict[str, Any], built_in: dict[str, Any]) -> None:
        intents = models.parse(model)
        self.slots_of = models.slots(intents)
        self.types = models.types(intents)
        self._values = models.slot_values(intents)
        self.exact: dict[str, list[str]] = defaultdict(list)
        self._add(intents)
        self._add(models.parse(built_in))

    def _add(self, intents: Intents) -> None:
        for name in intents.intents:
            for sentence in models.sentences(intents, name):
                for said in expand(sentence.expression, intents.expansion_rules, split_literal):
                    sample = as_written(said)
                    owners = self.exact[sample]
                    if name not in owners:
                        owners.append(name)

    @cached_property
    def without_fillers(self) -> dict[str, list[str]]:
        """As `exact`, for what is left of samples that have fillers when these are dropped."""
        shorter: dict[str, list[str]] = {}
        for sample, owners in self.exact.items():
            words = sample.split()
            if not FILLERS.isdisjoint(words):
                bare = " ".join(word for word in words if word not in FILLERS)
                if bare and bare not in self.exact:
                    shorter.setdefault(bare, []).extend(owners)
        return shorter

    @cached_property
    def levels(self) -> dict[str, Level]:
        """The level of each intent that is a warning sign."""
        events = {name: event_for(name, {}) for name in self.slots_of}
        return {
            name: event.sign.level for name, event in events.items() if isinstance(event, SignHeard)
        }

    @cached_property
    def signs(self) -> dict[str, list[str]]:
        """The samples of two words and more that are warning signs."""
        found = {}
        for sample, owners in self.exact.items():
            signs = [name for name in owners if name in self.levels]
            words = sample.split()
            if signs and len(words) > 1 and not FREE.issuperset(words):
                found[sample] = signs
        return found

    @cached_property
    def cores(self) -> frozenset[tuple[str, str]]:
        """The samples (with their intents) of signs that hold no shorter one of the same intent.

        "It's eased but my leg is swollen" says no more than "my leg is swollen".
        """
        return frozenset(
            (sample, name)
            for sample, names in self.signs.items()
            for name in names
            if not self._has_a_shorter_one(sample.split(), name)
        )

    def _has_a_shorter_one(self, words: list[str], name: str) -> bool:
        parts = [words[:place] for place in range(2, len(words))]
        parts += [words[place:] for place in range(1, len(words) - 1)]
        return any(name in self.signs.get(" ".join(part), ()) for part in parts)

    @cached_property
    def groups(self) -> list[Group]:
        """All samples that a close match may reach, by their content words."""
        by_content: dict[Tokens, Group] = {}
        for sample, owners in self.exact.items():
            words = content(sample.split())
            if words not in by_content:
                by_content[words] = Group(words)
            by_content[words].samples.extend(
                (sample, name) for name in owners if not name.startswith("AMAZON.")
            )
        return [
            group
            for group in by_content.values()
            if group.samples and not NEGATIONS.issuperset(group.content)
        ]

    @cached_property
    def groups_with(self) -> dict[str, set[int]]:
        """For each content word the places in `groups` where it occurs."""
        places: dict[str, set[int]] = defaultdict(set)
        for place, group in enumerate(self.groups):
            for word in group.content:
                places[word].add(place)
        return dict(places)

    @cached_property
    def weights(self) -> dict[str, float]:
        """How telling each content word is: the fewer intents use it, the more."""
        used_by: dict[str, set[str]] = defaultdict(set)
        for group in self.groups:
            names = {name for _, name in group.samples}
            for word in group.content:
                used_by[word] |= names
        total = len(self.slots_of)
        return {word: math.log(1 + total / len(names)) for word, names in used_by.items()}

    @cached_property
    def by_stem(self) -> dict[str, list[str]]:
        """The content words of samples that share a stem."""
        alike: dict[str, list[str]] = defaultdict(list)
        for word in self.groups_with:
            alike[stem(word)].append(word)
        return dict(alike)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of every sample and slot value."""
        said = {word for sample in self.exact for word in sample.split()}
        return frozenset(
            said | {word for values in self.values.values() for t in values for word in t}
        )

    @cached_property
    def values(self) -> dict[str, dict[Tokens, list[str]]]:
        """For each list what may be said, and the ids that it resolves to."""
        return {
            name: _ids_by_words(values, lambda said: tuple(as_written(split_literal(said)).split()))
            for name, values in self._values.items()
        }

    @cached_property
    def stemmed_values(self) -> dict[str, dict[Tokens, list[str]]]:
        """As `values`, by the stems of what may be said."""
        return {
            name: _ids_by_words(
                values, lambda said: tuple(map(stem, as_written(split_literal(said)).split()))
            )
            for name, values in self._values.items()
        }

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """For each list and id the usual word."""
        return {
            name: {ident: said[0] for ident, said in values.items()}
            for name, values in self._values.items()
        }

    @cached_property
    def slot_names(self) -> dict[str, list[str]]:
        """For each list the slots that take its values."""
        names: dict[str, list[str]] = {}
        for own in self.slots_of.values():
            for slot, list_name in own.items():
                if slot not in names.setdefault(list_name, []):
                    names[list_name].append(slot)
        return names


def _ids_by_words(values: models.Values, tokens: Any) -> dict[Tokens, list[str]]:
    ids: dict[Tokens, list[str]] = defaultdict(list)
    for ident, sayings in values.items():
        for said in sayings:
            if ident not in ids[tokens(said)]:
                ids[tokens(said)].append(ident)
    return dict(ids)
