"""The command `cramp-coach`: what each subcommand does is in the README.

Imports wait until a command needs them, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
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
    _set_up_simulate(
        commands.add_parser("simulate", help="the same as a page in a browser, on this machine")
    )
    _set_up_understand(commands.add_parser("understand", help="how a text is understood, as JSON"))
    _set_up_serve(commands.add_parser("serve", help="the webhook, POST /alexa"))
    _set_up_build(commands.add_parser("build", help="interaction models from their source"))
    _set_up_review(commands.add_parser("review", help="the whole script, to be read and signed"))
    _set_up_sign(commands.add_parser("sign", help="sign what she hears, on a page in a browser"))
    _set_up_package(commands.add_parser("package", help="what `ask deploy` takes to Amazon"))
    _set_up_profile(
        commands.add_parser(
            "profile", help="how the real Alexa understands, and which signs it loses"
        )
    )
    _set_up_doctor(commands.add_parser("doctor", help="whether she would be answered, and the fix"))
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
    from skill.speech.catalogue import SPOKEN

    locales = options.locale or sorted(SPOKEN, key=lambda name: name != DEFAULT_LOCALE)
    if not all(_known(locale, SPOKEN) for locale in locales):
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

    words, only_read = reading.count(locales, open_questions()), reading.count_only_read(locales)
    print(f"{words} words to read, {reading.minutes(words)} minutes: {', '.join(locales)}")
    print(f"and {only_read} that nobody hears, {reading.minutes(only_read)} minutes: store, pages")
    return 0


def _rows(_: Sequence[str]) -> int:
    from skill.publish.claims import rows

    found = rows()
    print(*found, sep="\n")
    return 0 if all(row.settled for row in found) else 1


def _set_up_sign(sign: argparse.ArgumentParser) -> None:
    how = sign.add_mutually_exclusive_group()
    how.add_argument("--from", dest="table", type=Path, metavar="FILE", help="a filled-in table")
    how.add_argument("--port", type=int, default=8322, help="of the page; 0 takes a free one")
    sign.add_argument("--open", action="store_true", help="open the page in a browser")
    sign.set_defaults(run=_sign)


def _sign(options: argparse.Namespace) -> int:
    if options.table:
        return _signed_by_table(options.table)
    from skill.browser.signing import serve

    serve(options.port, open_it=options.open)
    return 0


def _signed_by_table(table: Path) -> int:
    from skill.publish.paper import sign_from

    try:
        for path in sign_from(table):
            print(f"wrote {path}")
    except (ValueError, OSError) as error:
        return _fail(f"cramp-coach sign: {error}")
    return 0


def _set_up_package(package: argparse.ArgumentParser) -> None:
    package.add_argument("dir", metavar="DIR", help="where it is written")
    where = package.add_mutually_exclusive_group(required=True)
    where.add_argument("--endpoint", metavar="URL", help="the webhook, https://HOST/alexa")
    where.add_argument("--lambda", dest="arn", metavar="ARN", help="the Lambda function")
    package.add_argument(
        "--certificate",
        choices=("Trusted", "Wildcard", "SelfSigned"),
        help="of the webhook's host; Trusted by default",
    )
    package.add_argument(
        "--release", action="store_true", help="for the public; refuses while something is missing"
    )
    package.set_defaults(run=_package)


def _package(options: argparse.Namespace) -> int:
    if not _installed("publish", "hassil", "PIL"):
        return 1
    if options.arn and options.certificate:
        _fail("cramp-coach package: --certificate is of an --endpoint; a Lambda has none")
        return 2
    try:
        return _packaged(options)
    except (OSError, ValueError) as error:
        return _fail(f"cramp-coach package: {error}")


def _packaged(options: argparse.Namespace) -> int:
    from tempfile import TemporaryDirectory

    from skill.publish import package
    from skill.publish.breaches import breaches
    from skill.publish.manifest import Certificate, Endpoint

    certificate = None if options.arn else Certificate(options.certificate or "Trusted")
    endpoint = Endpoint(options.arn or options.endpoint, certificate)
    pages, named = package.pages_of(endpoint, os.environ), package.is_named(os.environ)
    wanted = package.Package(endpoint, pages, named, options.release)
    if refused := package.refusals(wanted) if options.release else []:
        return _fail("\n".join(f"cramp-coach package: not released: {each}" for each in refused))
    with TemporaryDirectory() as aside:  # what Amazon would not take is not left to be deployed
        package.write(Path(aside), wanted)
        if found := breaches(Path(aside)):
            return _fail("\n".join(f"cramp-coach package: {each}" for each in found))
    for path in package.write(Path(options.dir), wanted):
        print(f"wrote {path}")
    return 0


def _set_up_profile(profile: argparse.ArgumentParser) -> None:
    profile.add_argument("--skill-id", required=True, metavar="ID", help="amzn1.ask.skill...")
    profile.add_argument("--locale", default=DEFAULT_LOCALE)
    profile.set_defaults(run=_profile)


def _profile(options: argparse.Namespace) -> int:
    if not _installed("dev", "sklearn", "rapidfuzz", "tqdm"):
        return 1
    checkout = Path(__file__).resolve().parents[1]
    if not (checkout / "tests" / "amazon" / "profile.py").is_file():
        return _fail("cramp-coach profile: its sentences are in a checkout: run it in one")
    if not _known(options.locale):
        return 2
    sys.path.insert(0, str(checkout))  # the sentences are the tests', and no package has them
    from tests.amazon.profile import main as profile

    return profile(options.skill_id, options.locale)


def _set_up_doctor(doctor: argparse.ArgumentParser) -> None:
    doctor.add_argument("--url", help="the webhook's address too: https://HOST/alexa")
    doctor.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from skill.doctor import findings
    from skill.doctor.finding import State

    code = 0
    for finding in findings(options.url):
        print(finding, flush=True)
        code = code or int(finding.state is State.BAD)
    return code


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
    talk.add_argument("--page", action="store_true", help="serve the page of `simulate` beside it")
    talk.set_defaults(run=_talk)


def _talk(options: argparse.Namespace) -> int:
    if not _installed("simulator", "sklearn", "platformdirs", "rapidfuzz"):
        return 1
    from skill.simulator.local_server import connected_device
    from skill.simulator.terminal import converse

    if not _known(options.locale):
        return 2
    if sys.stdin is None:
        return _fail("cramp-coach talk: standard input is closed, and lines are read from there")
    with ExitStack() as stack:
        if options.page:
            from skill.browser.serve import page_beside

            address = stack.enter_context(page_beside())
            print(f"The same in a browser: {address}", file=sys.stderr)
        device = stack.enter_context(connected_device(options.locale, options.url))
        return converse(device, as_json=options.json)


def _set_up_simulate(simulate: argparse.ArgumentParser) -> None:
    simulate.add_argument("--port", type=int, default=8321, help="0 takes a free one")
    simulate.add_argument("--open", action="store_true", help="open the page in a browser")
    simulate.set_defaults(run=_simulate)


def _simulate(options: argparse.Namespace) -> int:
    if not _installed("simulator", "sklearn", "platformdirs", "rapidfuzz"):
        return 1
    from skill.browser.serve import serve

    serve(options.port, open_it=options.open)
    return 0


def _installed(extra: str, *modules: str) -> bool:
    """Whether the modules of an extra are there; says how to get them if not."""
    if all(map(find_spec, modules)):
        return True
    _fail(f"cramp-coach: this needs more packages: pip install 'cramp-coach[{extra}]'")
    return False


def _known(locale: str, known: Sequence[str] = ()) -> bool:
    from skill.speech.catalogue import LOCALES

    if locale in (known or LOCALES):
        return True
    _fail(f"cramp-coach: no locale {locale!r}; there are {', '.join(known or LOCALES)}")
    return False


def _fail(reason: Any) -> int:
    print(reason, file=sys.stderr)
    return 1
