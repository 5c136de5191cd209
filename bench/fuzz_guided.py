"""`make fuzz`, second part: what reads a stranger's bytes, guided by coverage (atheris).

    python -m bench.fuzz_guided [--seconds 30] [--keep]

The address of a chain, a chain, and the JSON of a request: each is read, or refused, and nothing
else ever comes out. atheris is installed beside this environment; where it cannot be, a line says
so and that is all.
"""

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import echo_show, scratch
from bench.servers import REPOSITORY

CORPUS = Path(__file__).with_name("corpus.txt")
"""What earlier runs found worth keeping, one bytes literal a line; `--keep` writes it anew."""

SHORT = 700
LIMITS = ["-max_len=8192", "-timeout=5", "-rss_limit_mb=1024"]


def main() -> int:
    """Runs atheris in a process of its own, as it never gives its own back."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--keep", action="store_true", help=f"write {CORPUS.name} anew")
    options = parser.parse_args()
    try:
        scratch.beside("atheris")
    except scratch.Skip as reason:
        print(f"skipped the fuzzing that is guided by coverage: {reason}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder)
        _seed(corpus)
        failed = _atheris(corpus, options.seconds)
        if options.keep and not failed:
            CORPUS.write_text("".join(f"{each!r}\n" for each in _found(corpus)))
    return failed


def _found(corpus: Path) -> list[bytes]:
    """What the run found, if it is short; chains are left out, as they are of this run's keys."""
    found = [each.read_bytes() for each in corpus.iterdir() if len(each.name) == 40]
    return sorted(each for each in found if len(each) <= SHORT and not each.startswith(b"c"))


def _atheris(corpus: Path, seconds: int) -> int:
    limits = [f"-max_total_time={seconds}", *LIMITS]
    ran = subprocess.run(
        [sys.executable, "-m", "bench.fuzz_guided", "--guided", str(corpus), *limits],
        cwd=corpus,
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(scratch.beside("atheris"))])},
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        timeout=seconds + 120,
    )
    lines = ran.stderr.splitlines()
    print("\n".join(line for line in lines[-40:] if ran.returncode or line.startswith("Done")))
    return ran.returncode


def _seed(corpus: Path) -> None:
    seeds = [
        b"uhttps://s3.amazonaws.com:443/echo.api/../echo.api/echo-api-cert.pem",
        b"c" + echo_show.Alexa().chain_pem,
        b"j" + json.dumps(echo_show.cramp()).encode(),
        *map(ast.literal_eval, CORPUS.read_text().splitlines()),
    ]
    for number, seed in enumerate(seeds):
        (corpus / str(number)).write_bytes(seed)


def _guided() -> None:
    import atheris

    with atheris.instrument_imports(include=["skill"]):
        from skill.alexa import certificates, chains, envelope, refusal
    store = certificates.root_store(echo_show.Alexa().root_pem)
    now = datetime.now(UTC)

    def read(data: bytes) -> None:
        try:  # the first byte says what the rest is: URL, chain, else JSON
            if data[:1] == b"u":
                plain = chains.chain_url(data[1:].decode("latin-1"))
                assert plain.startswith("https://s3.amazonaws.com/echo.api/"), plain
                assert ".." not in plain.split("/"), plain
            elif data[:1] == b"c":
                certificates.check_chain(data[1:], store, now)
                raise AssertionError("a chain of nobody's was taken for Alexa's")
            else:
                found = envelope.read_envelope(envelope.read_json(data[1:]))
                envelope.to_request_envelope(found)
        except refusal.Refusal:
            return

    atheris.Setup([sys.argv[0], *sys.argv[2:]], read)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--guided"]:
        _guided()
    sys.exit(main())
