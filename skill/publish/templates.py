"""Sentence templates in hassil's notation → the sentences that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)

Rules = Mapping[str, Sentence]

_MOST_ROWS = 2_000  # of one template; a stop for templates that nobody could read


class TemplateError(ValueError):
    """A template that cannot be expanded."""


def expand(
    expression: Expression, rules: Rules, text: Callable[[str], str] = lambda literal: literal
) -> list[str]:
    """Every sentence of a template, slots as `{slot}`, in order and without repeats.

    `text` is applied to each literal piece; pieces keep their spaces. TemplateError if a rule is
    missing.
    """
    return list(dict.fromkeys(" ".join(each.split()) for each in _all(expression, rules, text)))


def _all(expression: Expression, rules: Rules, text: Callable[[str], str]) -> list[str]:
    if isinstance(expression, TextChunk):
        return [text(expression.original_text)]
    if isinstance(expression, ListReference):
        return ["{" + expression.slot_name + "}"]
    if isinstance(expression, RuleReference):
        return _all(_body(expression, rules), rules, text)
    if isinstance(expression, Alternative):
        return [each for item in expression.items for each in _all(item, rules, text)]
    return _joined(_items(expression), rules, text)


def _joined(items: list[Expression], rules: Rules, text: Callable[[str], str]) -> list[str]:
    sentences = [""]
    for item in items:
        ends = _all(item, rules, text)
        sentences = [start + end for start in sentences for end in ends]
    return sentences


def spread(expression: Expression, rules: Rules) -> Iterator[str]:
    """A few sentences of a template that together use each of its alternatives, the plainest first.

    Row k takes alternative k modulo n at each choice of n, and hands k divided by n to the choices
    within it; a row that uses no alternative for the first time is left out. What may be left out
    is left out first, so row 0 is the plainest form: no optional words, first alternatives. Rows
    depend on their own template and its rules alone. Slots stand as `{slot}`.
    """
    seen: set[tuple[int, ...]] = set()
    for number in range(min(_width(expression, rules), _MOST_ROWS)):
        taken: set[tuple[int, ...]] = set()
        sentence = " ".join(_row(expression, rules, number, (), taken).split())
        if sentence and (not seen or not taken <= seen):
            seen |= taken or {()}
            yield sentence


def reversals(expression: Expression, rules: Rules) -> Iterator[tuple[str, str]]:
    """Choices that turn a template's meaning round: a bare negation, and what may stand for it.

    In "[no|all|any] feeling", "no" may become "all", or nothing. A choice between whole predicates
    ("won't wake up|is unconscious") turns nothing round, and neither does an answer that comes
    first ("[no|yes] my foot is numb").
    """
    yield from _reversals(expression, rules, first=True)


def _reversals(expression: Expression, rules: Rules, first: bool) -> Iterator[tuple[str, str]]:
    if isinstance(expression, RuleReference):
        yield from _reversals(_body(expression, rules), rules, first)
    elif isinstance(expression, Alternative):
        small = [each for each in _literals(expression) if _SMALL.issuperset(_words(each))]
        negations = [each for each in small if _NEGATIONS & set(_words(each))]
        others = [each for each in small if each not in negations]
        if negations and others and not (first and _ANSWERS.issuperset(negations)):
            yield negations[0], others[0]
        for item in expression.items:
            yield from _reversals(item, rules, first)
    elif isinstance(expression, Group):
        for item in _items(expression):
            yield from _reversals(item, rules, first)
            first = first and isinstance(item, TextChunk) and not item.text.strip()


def _literals(alternative: Alternative) -> list[str]:
    """Its alternatives that are nothing but text; an optional one also has the empty text."""
    flat = [item.items if isinstance(item, Group) else [item] for item in alternative.items]
    texts = [[each.text for each in item if isinstance(each, TextChunk)] for item in flat]
    return [
        " ".join(" ".join(text).split())
        for item, text in zip(flat, texts, strict=True)
        if len(item) == len(text)
    ]


def _words(text: str) -> list[str]:
    return text.replace("n't", " not").replace("cannot", "can not").replace("'s", "").split()


_ANSWERS = frozenset({"no", "nope", "nah"})
_NEGATIONS = _ANSWERS | frozenset("not never without nothing nobody none hardly barely".split())
_SMALL = _NEGATIONS | frozenset(
    """
    a an the any all some one it at even really quite so that too very yet ever still is are was
    were am be been do does did has have had can ca could will wo would should with
    """.split()
)
"""Words that carry no meaning of their own; a choice among these alone is one of sense."""


def _width(expression: Expression, rules: Rules) -> int:
    """How many rows it takes until every alternative has had its turn."""
    if isinstance(expression, RuleReference):
        return _width(_body(expression, rules), rules)
    if not isinstance(expression, Group):
        return 1
    widest = max((_width(item, rules) for item in expression.items), default=1)
    return widest * len(expression.items) if isinstance(expression, Alternative) else widest


def _row(
    expression: Expression,
    rules: Rules,
    number: int,
    path: tuple[int, ...],
    taken: set[tuple[int, ...]],
) -> str:
    if isinstance(expression, TextChunk):
        return expression.original_text
    if isinstance(expression, ListReference):
        return "{" + expression.slot_name + "}"
    if isinstance(expression, RuleReference):
        return _row(_body(expression, rules), rules, number, path, taken)
    if isinstance(expression, Alternative):
        number, choice = divmod(number, len(expression.items))
        path = (*path, choice)
        taken.add(path)
        return _row(_choices(expression)[choice], rules, number, path, taken)
    return "".join(
        _row(item, rules, number, (*path, place), taken)
        for place, item in enumerate(_items(expression))
    )


def _choices(alternative: Alternative) -> list[Expression]:
    """Its alternatives in the order of the rows: of optional words, none comes first."""
    if not alternative.is_optional:
        return alternative.items
    return [alternative.items[-1], *alternative.items[:-1]]  # hassil keeps "none" last


def _body(reference: RuleReference, rules: Rules) -> Expression:
    if reference.rule_name not in rules:
        raise TemplateError(f"no expansion rule <{reference.rule_name}>")
    return rules[reference.rule_name].expression


def _items(expression: Expression) -> list[Expression]:
    if isinstance(expression, Permutation):
        raise TemplateError("a permutation (a;b): write its orders out as alternatives")
    return expression.items if isinstance(expression, Group) else []
