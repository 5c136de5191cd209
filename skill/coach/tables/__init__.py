"""Every question of the conversation: one table each, and nothing about it stands elsewhere."""

from __future__ import annotations

from skill.coach.place import Ask
from skill.coach.tables import by_day, checks, pain, urgent
from skill.coach.tables.question import OpenQuestion

QUESTIONS: dict[Ask, OpenQuestion] = {
    question.ask: question for room in (by_day, pain, checks, urgent) for question in room.QUESTIONS
}
"""The table of each question."""
