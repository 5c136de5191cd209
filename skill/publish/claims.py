"""The claims of the founding texts, row by row, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.publish.evidence import Source, data, sources
from skill.publish.lines import entries
from skill.speech.catalogue import LOCALES
from skill.speech.edited import SlipError, slip


@dataclass(frozen=True)
class Row:
    """A claim of the founding texts and what became of it; all empty: nothing yet."""

    number: str
    claim: str
    lines: tuple[str, ...] = ()
    dropped: str = ""
    heard: Mapping[str, str] | None = None

    @property
    def settled(self) -> bool:
        """Whether something answers it, or there is a reason why nothing does."""
        return bool(self.lines or self.dropped or self.heard)

    def __str__(self) -> str:
        if self.heard:
            outcome = "; ".join(f"heard as {name}: {said}" for name, said in self.heard.items())
        elif self.dropped:
            outcome = f"dropped: {self.dropped}"
        else:
            outcome = ", ".join(self.lines) or "NOT ANSWERED"
        return f"{self.number:4} {self.claim}\n       {outcome}"


def rows() -> list[Row]:
    """Every claim, in order. SlipError for a claim without entry, or an unknown line."""
    outcomes, known = data("claims.yaml"), entries(LOCALES[0])
    claims = {code: each.what for code, each in sources().items() if _is_claim(each)}
    if set(outcomes) != set(claims):
        astray = ", ".join(sorted(set(outcomes) ^ set(claims)))
        raise SlipError(
            "responses/claims.yaml and responses/sources.yaml do not hold the same claims: "
            f"{astray}: add each where it is missing"
        )
    found = [_row(number, claim, outcomes[number]) for number, claim in claims.items()]
    for row in found:
        missing = [key for key in row.lines if key not in known]
        if missing:
            slip("claims.yaml", [row.number], f"there is no line {', '.join(missing)}: correct it")
    return found


def _row(number: str, claim: str, outcome: Mapping[str, Any]) -> Row:
    if len(outcome) != 1 or not set(outcome) <= {"lines", "dropped", "heard"}:
        slip("claims.yaml", [number], "give it lines, or dropped with the reason, or heard")
    return Row(
        number,
        claim,
        tuple(outcome.get("lines", ())),
        outcome.get("dropped", ""),
        outcome.get("heard"),
    )


def _is_claim(source: Source) -> bool:
    return source.kind == "row" and source.code.startswith("A")
