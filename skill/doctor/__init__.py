"""`cramp-coach doctor`: whether she would be answered, and what to do where she would not."""

from __future__ import annotations

from collections.abc import Iterator

from skill.doctor import here, there
from skill.doctor.finding import Finding, State


def findings(url: str | None) -> Iterator[Finding]:
    """What was found, one thing after another: on this machine, and of a webhook at `url`.

    The webhook may run elsewhere. So with `url` what is wrong here is worth a note, and no more.
    """
    for finding in here.findings():
        yield finding._replace(state=State.NOTE) if url and finding.state is State.BAD else finding
    if url:
        yield from there.findings(url)
