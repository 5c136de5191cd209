"""How the real Alexa understands, beside the listener that is learned here.

    cramp-coach profile --skill-id ID [--locale en-US]

Amazon's profiler is asked about every sentence of `tests/understanding/`, signs first: it needs the
models, and no endpoint. Then the plays that need no silence go through Amazon's simulator, which
needs the skill enabled and its endpoint answering. Both take hours, since a call takes seconds:
answers are kept under `build/profile/`, and the next run goes on where this one stopped.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from skill.alexa.envelope import read_envelope
from skill.publish import source
from skill.simulator.understand import Understood, understand
from tests.amazon.ask import Ask, AskError
from tests.amazon.kept import Kept
from tests.amazon.simulated import differences
from tests.understanding.judge import Result, Score
from tests.understanding.sets import SETS, Kind, Sentence, sentences

FOLDER = Path(__file__).parents[2] / "build" / "profile"
FALLBACK = "AMAZON.FallbackIntent"
NOT_LOST = (Result.RIGHT, Result.ANOTHER_SIGN)

Heard = list[tuple[Sentence, Understood]]
"""Sentences, each with how Amazon understands it."""


@dataclass(frozen=True)
class Skill:
    """The skill that is tried, and where answers about it are kept."""

    id: str
    locale: str
    folder: Path = FOLDER

    def kept(self, what: str) -> Kept:
        """Answers about the model as it is now: what was asked of another is no answer."""
        model = sha256(source.text(f"{self.locale}.json").encode()).hexdigest()[:12]
        return Kept(self.folder / self.id / f"{self.locale}-{model}-{what}.jsonl")


def main(skill_id: str, locale: str, ask: Ask | None = None, folder: Path = FOLDER) -> int:
    """Asks, and prints what was found; returns the exit code."""
    ask, skill = ask or Ask(), Skill(skill_id, locale, folder)
    try:
        report(profiled(skill, in_order(), ask), locale)
        _report_plays(differences(skill.kept("plays"), skill.id, locale, ask))
    except AskError as error:
        print(f"cramp-coach profile: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run it again to go on from here.", file=sys.stderr)
        return 130
    return 0


def in_order() -> list[Sentence]:
    """Every sentence once: signs first, the worst before the others."""
    every = {it.say: it for name in SETS for it in sentences(name) if it.built}
    return sorted(every.values(), key=_urgency)


def _urgency(sentence: Sentence) -> int:
    if sentence.kind is not Kind.SIGN:
        return 9
    return sentence.sign.level if sentence.sign else 8


# --- asking ------------------------------------------------------------------------------------


def profiled(skill: Skill, every: Sequence[Sentence], ask: Ask) -> Heard:
    """How Amazon's profiler understands each sentence; prints which it did not take.

    AskError as `Kept.fill`.
    """
    kept = skill.kept("profile")
    options = {"skill-id": skill.id, "locale": skill.locale}
    said = [it.say for it in every]
    failed = kept.fill(
        said, lambda say: ask("profile-nlu", {**options, "utterance": say}), "Profiled"
    )
    for say, why in failed.items():
        print(f"Not answered: {say!r}: {why}")
    return [(it, understood(it.say, kept[it.say])) for it in every if it.say not in failed]


def understood(say: str, answer: Mapping[str, Any]) -> Understood:
    """The profiler's answer as the coach would read it in a request."""
    selected = answer.get("selectedIntent") or {}
    intent = {"name": selected.get("name") or FALLBACK, "slots": _slots(selected)}
    request = {"type": "IntentRequest", "timestamp": datetime.now(UTC).isoformat()}
    envelope = read_envelope({"request": {**request, "intent": intent}})
    return Understood(say, envelope.intent or FALLBACK, envelope.slots, how="Amazon")


def _slots(selected: Mapping[str, Any]) -> dict[str, Any]:
    """The slots as a request has them: there, a resolved value stands one level deeper."""
    return {
        name: {
            **slot,
            "resolutions": {
                "resolutionsPerAuthority": [
                    {**each, "values": [{"value": value} for value in each.get("values") or ()]}
                    for each in (slot.get("resolutions") or {}).get("resolutionsPerAuthority", ())
                ]
            },
        }
        for name, slot in (selected.get("slots") or {}).items()
    }


# --- comparing ---------------------------------------------------------------------------------


def report(heard: Heard, locale: str) -> None:
    """Prints both understandings side by side, and by name the signs that Amazon loses."""
    amazon = [Score(sentence, it) for sentence, it in heard]
    learned = [Score(sentence, understand(sentence.say, locale)) for sentence, _ in heard]
    print(f"{'':24}{'Amazon':>16}{'learned here':>16}")
    for title, signs in (("signs", True), ("no signs", False)):
        own = [_of(scores, signs) for scores in (amazon, learned)]
        print(f"{title} ({len(own[0])})")
        for result in Result:
            if any(result in results for results in own):
                print(f"  {result.value:22}" + "".join(_share(results, result) for results in own))
    print("\nSigns that Amazon loses, or hears as less urgent:")
    _print_lost(zip(amazon, learned, strict=True))


def _of(scores: Iterable[Score], signs: bool) -> list[Result]:
    return [it.result for it in scores if (it.sentence.kind is Kind.SIGN) is signs]


def _share(results: Sequence[Result], result: Result) -> str:
    count = Counter(results)[result]
    return f"{count:>8} {count / len(results):6.1%}"


def _print_lost(pairs: Iterable[tuple[Score, Score]]) -> None:
    lost = [
        (amazon, learned)
        for amazon, learned in pairs
        if amazon.sentence.kind is Kind.SIGN and amazon.result not in NOT_LOST
    ]
    for amazon, learned in lost:
        wanted = amazon.sentence.group or "/".join(sorted(amazon.sentence.intents))
        print(
            f"  {amazon.result.value}: {wanted}: {amazon.sentence.say!r} was "
            f"{amazon.understood.intent}; here {learned.result.value} ({learned.understood.intent})"
        )
    if not lost:
        print("  none")


def _report_plays(found: Mapping[str, str | None]) -> None:
    differing = {name: what for name, what in found.items() if what}
    print(f"\nPlays that go as they are written: {len(found) - len(differing)} of {len(found)}")
    for name, what in differing.items():
        print(f"  {name}: {what}")
