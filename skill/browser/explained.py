"""What stands behind an answer: its lines, what each rests on, who has signed it, how long it is.

A response does not tell its lines. The coach is asked once more what it makes of the request, by
the same code as in the webhook, and whether that is what was answered is told too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from skill.alexa.attributes import Carried
from skill.alexa.envelope import read_envelope, to_request_envelope
from skill.alexa.handlers import answered
from skill.coach.turn import Line, Turn
from skill.publish.evidence import Source, sources_of
from skill.publish.signatures import State, states
from skill.publish.worked import written
from skill.speech.catalogue import Catalogue, Tags, catalogue
from skill.speech.words import seconds, speak, speak_ssml, tags_of


@dataclass(frozen=True)
class SpokenLine:
    """A line as it was spoken, with what it rests on and who has signed it."""

    key: str
    form: str
    text: str
    sources: tuple[Source, ...]
    state: State

    def as_json(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "key": self.key,
            "form": self.form,
            "text": self.text,
            "sources": [vars(source) for source in self.sources],
            "signed": self.state.holds,
            "review": str(self.state),
        }


@dataclass(frozen=True)
class Explained:
    """A turn of the coach, with what travelled to it, in the words of a locale."""

    carried: Carried
    turn: Turn
    words: Catalogue

    @property
    def lines(self) -> list[SpokenLine]:
        """What is said, in order; the question last."""
        asked = (self.turn.question,) if self.turn.question else ()
        return self._spoken((*self.turn.lines, *asked))

    @property
    def reprompt(self) -> list[SpokenLine]:
        """What follows silence."""
        return self._spoken(self.turn.reprompt)

    @property
    def seconds(self) -> float:
        """How long the speech takes, by the catalogue's own measure."""
        return round(seconds(speak(self.turn, self.words).speech), 1)

    def is_what_was_answered(self, ssml: str) -> bool:
        """Whether the webhook said just this."""
        return speak_ssml(self.turn, self.words)[0] == ssml

    def _spoken(self, lines: Iterable[Line]) -> list[SpokenLine]:
        tags = tags_of(self.turn.session, self.turn.level)
        signed = {state.thing.id: state for state in states()}
        return [_line(line, tags, self.words, signed[f"line {line.key}"]) for line in lines]


def _line(line: Line, tags: Tags, words: Catalogue, state: State) -> SpokenLine:
    pieces = words.pieces(line.key, line.form, tags, line.sign and line.sign.value)
    sources = sources_of(words.entries[line.key])
    return SpokenLine(line.key, line.form, written(pieces), sources, state)


def explained(request: Mapping[str, Any]) -> Explained:
    """What the coach makes of a launch or an intent, given as the whole request."""
    envelope = to_request_envelope(read_envelope(dict(request)))
    carried, turn = answered(envelope)
    return Explained(carried, turn, catalogue(str(request["request"]["locale"])))
