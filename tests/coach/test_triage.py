"""Over-triage has a figure: how many women without any sign are sent to the phone."""

from __future__ import annotations

import pytest

from skill.coach.events import Event
from skill.coach.signs import HEARD, Sign
from tests.coach.triage import AT_MOST, OKAY_IS_YES, PLAIN, ends, reached


@pytest.mark.parametrize("answers", [PLAIN, OKAY_IS_YES], ids=["okay", "okay heard as yes"])
def test_few_women_without_a_sign_are_sent_to_the_phone(answers: dict[Event, float]) -> None:
    """Of a hundred whose answers are unclear three times in ten, at most four."""
    phone, closed = ends(answers)
    assert phone <= AT_MOST
    assert phone + closed == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("sign", HEARD, ids=lambda sign: sign.value)
def test_every_true_sign_reaches_its_level(sign: Sign) -> None:
    """Said at any moment of the plain case, between whatever unclear answers."""
    assert reached(sign) == 1
