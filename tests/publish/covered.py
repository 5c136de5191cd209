"""The words that hashes cover, as they are searched for on paper."""

from __future__ import annotations

from skill.publish import reading, signatures


def covered() -> dict[str, set[str]]:
    """The words of each thing that is signed; names of tokens aside, whose words are things too."""
    return {
        name: {word for text in (*thing.means, *thing.means.values()) for word in _bare(text)}
        for name, thing in signatures.all_things().items()
    }


def _bare(text: str) -> set[str]:
    return words_of(reading._TOKEN.sub(" ", text).replace("at the start", ""))


def words_of(text: str) -> set[str]:
    """The words of a text in small letters, without marks."""
    bare = "".join(each if each.isalnum() or each in "._'" else " " for each in text.lower())
    return {word.strip(".'") for word in bare.split()} - {"", "always", "digits"}
