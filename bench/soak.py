"""`make soak`: whole conversations at a fixed rate, while one thing after another fails.

The server is `cramp-coach serve`'s own, with its workers, behind nginx where that is installed. In
turn, and then all over again: all is well; the certificate host is dead, slow, wrong; Alexa has
another chain at the same address; nobody reads the log; no file can be written; a worker is killed;
the clock is two minutes off (still fair) and ten (every request must be refused); the server is
told to reload. Conversations begin at fixed times, whether the last one was answered or not. Some
name a chain that is not known yet, so that the certificate host matters.

A turn is answered (200 with speech), refused (400), or lost (anything else, or nothing in time). It
is right for a turn to be refused where the clock is ten minutes off, or where its chain cannot be
had; and a killed worker may lose what it held. The exit code is 1 where anything else is not
answered.
"""

import argparse
import contextlib
import fcntl
import http.client
import json
import math
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import echo_show, servers
from bench.proxy import behind_nginx
from bench.servers import Running, Server
from skill.alexa.chains import RENEWAL_SECONDS

PATIENCE_SECONDS = 8
TURNS = ("AMAZON.NoIntent", "AMAZON.RepeatIntent", "AMAZON.YesIntent", "AMAZON.HelpIntent")
KNOWN = "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"
NEW_CHAIN_EVERY = 240
"""One conversation in so many names a chain that is not known.

At 20 conversations a second that is 5 a minute: below the 6 that a worker fetches of new addresses.
"""


@dataclass(frozen=True)
class Fault:
    """What fails for a while: how it begins, and what may then be refused or lost."""

    name: str
    begin: Callable[["Soak"], None] = lambda _: None
    refuses: frozenset[str] = frozenset()  # of "known" and "new" chains
    loses: bool = False


class Soak:
    """A server, its faults, and the conversations that are held with it."""

    def __init__(self, folder: Path, rate: float) -> None:
        self._alexa = echo_show.Alexa()
        self._alexa.save(folder, [])
        self._folder = folder
        self._rate = rate
        self._lock = threading.Lock()
        self._begun = 0
        self.counts: dict[str, Counter[str]] = {}
        self.unfair: Counter[str] = Counter()
        self.slowest = 0.0
        self.dropped = 0
        self._changed = -math.inf
        self._reads_the_log = threading.Event()
        self._mend()
        self.server: Running
        self._port = 0

    def certificates(self, state: str) -> None:
        """How the certificate host is from now on."""
        self._replace("certificates", state)

    def skew(self, seconds: float) -> None:
        """By how much the server's clock is wrong from now on."""
        self._replace("skew", str(seconds))

    def change_the_chain(self) -> None:
        """Has Alexa sign with another key, whose chain is at the same address.

        Not sooner than an address is asked again: in a year that happens twice.
        """
        if time.monotonic() - self._changed > RENEWAL_SECONDS + 1:
            self._changed = time.monotonic()
            self._alexa.renew()
            self._replace("chain.pem", self._alexa.chain_pem.decode())

    def stall_the_log(self) -> None:
        """Nobody reads the server's log from now on."""
        self._reads_the_log.clear()

    def fill_the_disk(self) -> None:
        """No process of the server can write to a file from now on."""
        self._allow_files(0)

    def kill_a_worker(self) -> None:
        """Ends one worker without a warning."""
        os.kill(self.server.workers()[0], signal.SIGKILL)

    def reload(self) -> None:
        """Has the server replace its workers, gracefully."""
        self.server.process.send_signal(signal.SIGHUP)

    def _replace(self, name: str, text: str) -> None:
        """Writes a file that is never seen half written."""
        new = self._folder / f"{name}.new"
        new.write_text(text)
        new.replace(self._folder / name)

    def run(self, seconds: float) -> None:
        """Holds conversations for so long, under each fault in turn."""
        each = max(3.0, min(10.0, seconds / (2 * len(FAULTS))))
        with contextlib.ExitStack() as stack:
            log = stack.enter_context(self._read_log())
            running = servers.running(self._server(), self._folder, pinned=False, log=log)
            self.server = stack.enter_context(running)
            self._port = stack.enter_context(behind_nginx(self.server.port, self._folder))
            end = time.monotonic() + seconds
            self._hold(FAULTS[0], 2.0)
            while time.monotonic() < end:
                for fault in FAULTS:
                    if time.monotonic() < end:
                        self._hold(fault, each)

    @contextlib.contextmanager
    def _read_log(self) -> Iterator[int]:
        """The end of a small pipe for the log, which a thread reads while somebody is to."""
        reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
        threading.Thread(target=self._read_lines, args=(reading,), daemon=True).start()
        try:
            yield writing
        finally:
            os.close(writing)

    def _read_lines(self, reading: int) -> None:
        with os.fdopen(reading) as lines:
            for line in lines:
                self._reads_the_log.wait()
                self.dropped += json.loads(line).get("dropped", 0)

    def _allow_files(self, most: int) -> None:
        """Bounds how long a file may become that the server's processes write."""
        for pid in [self.server.process.pid, *self.server.workers()]:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))

    def _mend(self) -> None:
        self.certificates("well")
        self.skew(0)
        self._reads_the_log.set()

    def _server(self) -> Server:
        return Server([sys.executable, "-m", "bench.stacks.serve_soak", str(self._folder)])

    def _hold(self, fault: Fault, seconds: float) -> None:
        """Begins conversations at the rate, and waits for those under way before all is well."""
        fault.begin(self)
        started = time.monotonic()
        with ThreadPoolExecutor(64) as pool:
            for number in range(int(seconds * self._rate)):
                time.sleep(max(0.0, started + number / self._rate - time.monotonic()))
                pool.submit(self._conversation, fault)
        self._mend()
        self._allow_files(resource.RLIM_INFINITY)
        if fault.refuses:
            time.sleep(5.5)  # a failed fetch is remembered for five seconds

    def _conversation(self, fault: Fault) -> None:
        with self._lock:
            self._begun += 1
            number = self._begun
        chain = "new" if number % NEW_CHAIN_EVERY == 0 else "known"
        url = KNOWN if chain == "known" else KNOWN.replace("cert", f"cert-{number}")
        envelope = echo_show.cramp()
        for intent in TURNS:
            outcome, answer = self._turn(envelope, url)
            with self._lock:
                self.counts.setdefault(fault.name, Counter())[outcome] += 1
                if not _is_fair(fault, chain, outcome):
                    self.unfair[f"{fault.name}: {outcome}, {chain} chain"] += 1
            if not answer.get("sessionAttributes"):
                return
            envelope = echo_show.answered(envelope, answer, intent)

    def _turn(self, envelope: dict[str, Any], url: str) -> tuple[str, dict[str, Any]]:
        request = self._alexa.sign(envelope, url)
        started = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, PATIENCE_SECONDS)
        try:
            connection.request("POST", "/alexa", request.body, request.headers)
            response = connection.getresponse()
            status, text = response.status, response.read()
        except (OSError, http.client.HTTPException):
            return "lost", {}
        finally:
            connection.close()
            self.slowest = max(self.slowest, time.monotonic() - started)
        if status == 400:
            return "refused", {}
        answer: dict[str, Any] = json.loads(text) if status == 200 else {}
        speaks = "outputSpeech" in answer.get("response", {})
        return ("answered", answer) if speaks else ("lost", {})


FAULTS = (
    Fault("all is well"),
    Fault("certificate host dead", lambda s: s.certificates("dead"), frozenset({"new"})),
    Fault("certificate host slow", lambda s: s.certificates("slow"), frozenset({"new"})),
    Fault("certificate host wrong", lambda s: s.certificates("wrong"), frozenset({"new"})),
    Fault("another chain, same address", Soak.change_the_chain),
    Fault("nobody reads the log", Soak.stall_the_log),
    Fault("no file can be written", Soak.fill_the_disk),
    Fault("a worker killed", Soak.kill_a_worker, loses=True),
    Fault("clock 2 minutes ahead", lambda s: s.skew(120)),
    Fault("clock 10 minutes behind", lambda s: s.skew(-600), frozenset({"known", "new"})),
    Fault("workers replaced", Soak.reload),
)


def _is_fair(fault: Fault, chain: str, outcome: str) -> bool:
    match outcome:
        case "refused":
            return chain in fault.refuses
        case "lost":
            return fault.loses
        case _:
            return True


def main() -> int:
    """Runs, and prints what was answered, refused and lost; 1 where that was not fair."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rate", type=float, default=20, help="conversations a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(KeyboardInterrupt):
        soak = Soak(Path(folder), options.rate)
        soak.run(options.seconds)
    _print(soak)
    return int(bool(soak.unfair))


def _print(soak: Soak) -> None:
    print(f"{'turns':28} {'answered':>9} {'refused':>9} {'lost':>9}")
    for name, counts in soak.counts.items():
        print(f"{name:28} " + " ".join(f"{counts[o]:9,}" for o in ("answered", "refused", "lost")))
    print(
        f"slowest turn {soak.slowest:.1f} s; lines of the log that were dropped: {soak.dropped:,}"
    )
    for what, count in soak.unfair.items():
        print(f"NOT FAIR: {what}: {count}")


if __name__ == "__main__":
    sys.exit(main())
