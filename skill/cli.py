"""The command `cramp-coach`: what each subcommand does is in the README.

Imports wait until a command needs them, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

DEFAULT_LOCALE = "en-US"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a subcommand; returns its exit code."""
    whole = parser()
    options = whole.parse_args(arguments)
    try:
        code: int = options.run(options)
    except (KeyboardInterrupt, BrokenPipeError):
        return 130
    except ValueError as error:
        from skill.speech.edited import SlipError

        if not isinstance(error, SlipError):
            raise
        return _fail(f"{whole.prog}: {error}")
    return code


class _Version(argparse.Action):
    """Prints the version that is installed. What finds it is imported when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"{parser.prog} {version(parser.prog)}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """What the command understands; a shell's completion is made from it too (README)."""
    whole = argparse.ArgumentParser(prog="cramp-coach", description="Cramp Coach, an Alexa skill.")
    whole.add_argument("--version", action=_Version, nargs=0, help="show the version, and exit")
    commands = whole.add_subparsers(required=True, metavar="command")
    _set_up_talk(
        commands.add_parser("talk", help="converse through a real webhook, as Alexa would")
    )
    _set_up_understand(commands.add_parser("understand", help="how a text is understood, as JSON"))
    _set_up_serve(commands.add_parser("serve", help="the webhook, POST /alexa"))
    _set_up_build(commands.add_parser("build", help="interaction models from their source"))
    _set_up_review(commands.add_parser("review", help="the whole script, to be read and signed"))
    _set_up_sign(commands.add_parser("sign", help="sign by a table that was filled in"))
    return whole


def _set_up_serve(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8080)
    serve.add_argument("--dev", action="store_true", help="no verification; loopback only")
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from skill.serving.serve import serve

    serve(options.host, options.port, options.dev)
    return 0


def _set_up_build(build: argparse.ArgumentParser) -> None:
    how = build.add_mutually_exclusive_group()
    how.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 on drift or an unread sample"
    )
    how.add_argument(
        "--passed", action="store_true", help="build, print the new samples, take them for read"
    )
    build.set_defaults(run=_build)


def _build(options: argparse.Namespace) -> int:
    if not _installed("publish", "hassil"):
        return 1
    from skill.publish.models import build
    from skill.publish.signatures import build_index
    from skill.publish.source import ModelError

    try:
        drifting = [*build(check=options.check), *build_index(check=options.check)]
    except ModelError as error:
        return _fail(f"cramp-coach build: {error}")
    for path in drifting:
        if options.check:
            print(f"{path.name} is not what its source says: run cramp-coach build")
        else:
            print(f"wrote {path.name}")
    if options.check and drifting:
        return 1
    if not (options.check or options.passed):
        return 0
    left = _read_or_not(passing=options.passed)
    return 1 if options.check and left else 0


def _read_or_not(*, passing: bool) -> bool:
    """Prints what no reader has passed, and what is no longer built; whether there was any."""
    from skill.publish.passed import PASSED, not_built, pass_all, unread

    new, gone = unread(), not_built()
    for name, sample in new:
        print(f"new in {name}: {sample}")
    for name, sample in gone:
        print(f"no longer in {name}: {sample}")
    if passing:
        pass_all()
    elif new or gone:
        print(
            f"{PASSED} lacks {len(new)} samples and holds {len(gone)} that are gone. Read each new "
            "one: is it English, does it mean its intent and nothing else? Mend its template, or, "
            "once all are right, run cramp-coach build --passed."
        )
    return bool(new or gone)


def _set_up_review(review: argparse.ArgumentParser) -> None:
    review.add_argument("--locale", action="append", help="only this one; may be given again")
    review.add_argument("--out", default="build/review", metavar="DIR", help="where it is written")
    how = review.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="what is not signed, and why; exit 1")
    how.add_argument("--release", action="store_true", help="what no release may leave; exit 1")
    how.add_argument("--count", action="store_true", help="the words to read, and the minutes")
    how.add_argument("--rows", action="store_true", help="every claim and what answers it")
    review.set_defaults(run=_review)


def _review(options: argparse.Namespace) -> int:
    from skill.speech.catalogue import LOCALES

    locales = options.locale or sorted(LOCALES, key=lambda name: name != DEFAULT_LOCALE)
    if not all(map(_known, locales)):
        return 2
    how = {"check": _checked, "release": _releasable, "count": _counted, "rows": _rows}
    asked = next((name for name in how if getattr(options, name)), None)
    if asked:
        return how[asked](locales)
    from skill.publish import review

    try:
        for path in review.write(Path(options.out), locales):
            print(f"wrote {path}")
    except OSError as error:
        return _fail(f"cramp-coach review: {error}")
    return 0


def _checked(_: Sequence[str]) -> int:
    """Everything that is not signed as it is, with what was signed beside what is."""
    from skill.publish.signatures import strays, unsigned

    left = [line for state in unsigned() for line in state.told()] + strays()
    print(*left, sep="\n", end="\n" if left else "")
    return 1 if left else 0


def _releasable(_: Sequence[str]) -> int:
    from skill.publish.signatures import release_blockers

    blockers = release_blockers()
    print(*blockers, sep="\n", end="\n" if blockers else "")
    return 1 if blockers else 0


def _counted(locales: Sequence[str]) -> int:
    from skill.publish import reading
    from skill.publish.signatures import open_questions

    words = reading.count(locales, open_questions())
    print(f"{words} words to read, {reading.minutes(words)} minutes: {', '.join(locales)}")
    return 0


def _rows(_: Sequence[str]) -> int:
    from skill.publish.claims import rows

    found = rows()
    print(*found, sep="\n")
    return 0 if all(row.settled for row in found) else 1


def _set_up_sign(sign: argparse.ArgumentParser) -> None:
    sign.add_argument("--from", dest="table", required=True, type=Path, metavar="FILE")
    sign.set_defaults(run=_sign)


def _sign(options: argparse.Namespace) -> int:
    from skill.publish.paper import sign_from

    try:
        for path in sign_from(options.table):
            print(f"wrote {path}")
    except (ValueError, OSError) as error:
        return _fail(f"cramp-coach sign: {error}")
    return 0


def _set_up_understand(understand: argparse.ArgumentParser) -> None:
    understand.add_argument("text")
    understand.add_argument("--locale", default=DEFAULT_LOCALE)
    understand.set_defaults(run=_understand)


def _understand(options: argparse.Namespace) -> int:
    if not _installed("simulator", "sklearn", "platformdirs", "rapidfuzz"):
        return 1
    from skill.simulator.understand import understand

    if not _known(options.locale):
        return 2
    print(json.dumps(understand(options.text, options.locale).as_json(), ensure_ascii=False))
    return 0


def _set_up_talk(talk: argparse.ArgumentParser) -> None:
    talk.add_argument("--locale", default=DEFAULT_LOCALE)
    talk.add_argument("--json", action="store_true", help="one JSON object a turn, nothing else")
    talk.add_argument("--url", help="a webhook's address; without it one is started on loopback")
    talk.set_defaults(run=_talk)


def _talk(options: argparse.Namespace) -> int:
    if not _installed("simulator", "sklearn", "platformdirs", "rapidfuzz"):
        return 1
    from skill.simulator.local_server import connected_device
    from skill.simulator.terminal import converse

    if not _known(options.locale):
        return 2
    with connected_device(options.locale, options.url) as device:
        return converse(device, as_json=options.json)


def _installed(extra: str, *modules: str) -> bool:
    """Whether the modules of an extra are there; says how to get them if not."""
    if all(map(find_spec, modules)):
        return True
    _fail(f"cramp-coach: this needs more packages: pip install 'cramp-coach[{extra}]'")
    return False


def _known(locale: str) -> bool:
    from skill.speech.catalogue import LOCALES

    if locale in LOCALES:
        return True
    _fail(f"cramp-coach: no locale {locale!r}; there are {', '.join(LOCALES)}")
    return False


def _fail(reason: Any) -> int:
    print(reason, file=sys.stderr)
    return 1
