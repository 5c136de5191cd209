"""All lines: what is heard, and what is read in the store and on the pages."""

from __future__ import annotations

from skill.speech.catalogue import Catalogue, Entry, catalogue, paragraphs, store


def entries(locale: str) -> dict[str, Entry]:
    """All that is signed: what is heard in a locale, and what is read."""
    return {key: entry for each in _catalogues(locale) for key, entry in each.entries.items()}


def _catalogues(locale: str) -> tuple[Catalogue, ...]:
    return catalogue(locale), store(locale), paragraphs(locale)
