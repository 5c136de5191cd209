"""What the local simulator understands of sentences that nobody wrote as samples.

    python -m tests.understanding.scores [--sets DIR] [--no-crossval] [--no-misheard]

`make understand` prints all of it. Measured at three settings of the listener: it always guesses;
it is calibrated, as `talk` is; it is strict. This is not Alexa's own understanding, but that of a
listener of the same kind.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.understanding import crossval, misheard
from tests.understanding.judge import Result, Score, Setting, scores, understood
from tests.understanding.places import is_built, leads_to
from tests.understanding.sets import COUNTED, HERE, SETS, Answer, Kind, answers, sentences

NOT_ALEXA = "Measured on the local simulator. This is not Alexa's own understanding."
_SIGN_RESULTS = (
    Result.RIGHT, Result.ANOTHER_SIGN, Result.LOWER_LEVEL, Result.ASKED, Result.FALLBACK,
    Result.LOST,
)  # fmt: skip
_OTHER_RESULTS = (Result.RIGHT, Result.FALLBACK, Result.WRONG, Result.FALSE_ALARM)
_KINDS = (Kind.DENIAL, Kind.ANSWER, Kind.QUESTION, Kind.SMALL_TALK)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the figures of each set at each setting, and by name what went wrong."""
    options = _options(arguments)
    print(NOT_ALEXA)
    for folder in options.sets or (HERE, COUNTED):
        print(f"\n#### {folder.name}")
        for name in SETS:
            _report_set(name, folder)
        _report_answers(folder)
    if not options.no_crossval:
        crossval.report(crossval.guesses(), {it.name.lower(): it.value for it in Setting})
    if not options.no_misheard:
        misheard.report()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sets", type=Path, nargs="*", help="folders of sets")
    parser.add_argument("--no-crossval", action="store_true", help="leave out cross-validation")
    parser.add_argument("--no-misheard", action="store_true", help="leave out misheard words")
    return parser.parse_args(arguments)


def _report_set(name: str, folder: Path) -> None:
    every = sentences(name, folder)
    if not every:
        return
    built = tuple(it for it in every if it.built)
    print(f"\n== {name}: {len(built)}" + _not_built(len(every) - len(built)))
    for setting in Setting:
        found = scores(built, setting)
        print(f"-- {setting.name.lower()} ({setting.value})")
        _print_signs([it for it in found if it.sentence.kind is Kind.SIGN])
        _print_others([it for it in found if it.sentence.kind is not Kind.SIGN])
        _print_wrong(found)


def _not_built(count: int) -> str:
    return f", and {count} of what is not built yet" if count else ""


def _print_signs(found: list[Score]) -> None:
    if found:
        print(f"signs      {len(found):4}  {_shares(found, _SIGN_RESULTS)}")


def _print_others(found: list[Score]) -> None:
    if not found:
        return
    print(f"no signs   {len(found):4}  {_shares(found, _OTHER_RESULTS)}")
    for kind in _KINDS:
        own = [it for it in found if it.sentence.kind is kind]
        alarms = sum(it.result is Result.FALSE_ALARM for it in own)
        if own:
            print(f"  {kind.value:10} {alarms:3} of {len(own):3} heard as a sign")


def _shares(found: list[Score], results: Iterable[Result]) -> str:
    count = Counter(it.result for it in found)
    return "  ".join(
        f"{result.value} {count[result] / len(found):6.1%} ({count[result]})" for result in results
    )


def _print_wrong(found: list[Score]) -> None:
    for result in Result:
        own = [it for it in found if it.result is result]
        if result is not Result.RIGHT and own:
            print(f"  {result.value}:")
            for it in own:
                wanted = it.sentence.group or "/".join(sorted(it.sentence.intents))
                print(f"    {wanted}: {it.sentence.say!r} was {_heard(it)}")


def _heard(score: Score) -> str:
    it = score.understood
    return f"{it.intent} ({it.how} {it.score:.2f})"


# ------------------------------------------------------------------ in place


def broken(answer: Answer, setting: Setting) -> set[str]:
    """What an answer led to at its open question although it must not."""
    return leads_to(answer.question, understood(answer.say, setting)) & set(answer.never)


def _report_answers(folder: Path) -> None:
    every = answers(folder)
    built = [it for it in every if is_built(it.question)]
    if not every:
        return
    print(f"\n== answers, in place: {len(built)}" + _not_built(len(every) - len(built)))
    for setting in Setting:
        wrong = [(it, broken(it, setting)) for it in built]
        wrong = [(it, why) for it, why in wrong if why]
        count = Counter(why for _, all_why in wrong for why in sorted(all_why))
        why = ", ".join(f"{name} {times}" for name, times in count.most_common())
        print(f"-- {setting.name.lower()}: {len(wrong)} lead to what they must not ({why})")
        for it, all_why in wrong:
            taken = understood(it.say, setting)
            print(
                f"    {it.question} ({it.means}): {it.say!r} was {taken.intent} "
                f"({taken.how} {taken.score:.2f}): {', '.join(sorted(all_why))}"
            )


if __name__ == "__main__":
    main()
