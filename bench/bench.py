"""`make bench`: what a request costs, here and elsewhere, measured in one run.

First the CPU of a warm signed request in process; then a table that compares it, in process and
over HTTP, with what else answers Alexa; then what genuine requests take under each of fourteen
loads. All get the same signed requests and are warmed up; all verify them; how a chain is fetched
and which root is trusted is replaced for all.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench import cold_start, echo_show, in_process, loads, scratch, servers
from bench.load import Load, as_http, load, one
from bench.servers import STACKS, Server

REQUESTS = 20
WARM_SECONDS = 4.0
"""Node's compiler takes about three seconds to come to its best."""

NAMES = {
    "ours": "Cramp Coach, its default server",
    "ours-gunicorn": "Cramp Coach, gunicorn gthread as it comes",
    "ours-granian": "Cramp Coach, granian",
    "node": "Amazon's Node SDK, Express adapter",
    "python": "Amazon's Python SDK, Flask, gunicorn gthread",
    "flask-ask": "flask-ask (no chain check), gunicorn gthread",
    "empty": "an empty Flask view, gunicorn gthread",
}


@dataclass
class Figures:
    """What was measured of one stack, a value a round."""

    cpu: list[float] = field(default_factory=list)
    cpu_best: list[float] = field(default_factory=list)
    a_second: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    lost: int = 0


def main() -> None:
    """Measures, and prints."""
    options = _options()
    os.sched_setaffinity(0, {servers.CLIENT_CORE})
    alexa = echo_show.Alexa()
    material = scratch.folder() / f"material-{os.getpid()}"
    try:
        _in_process_first(alexa, material, options.seconds)
        if not options.quick:
            _compare(alexa, material, options)
            loads.measure(alexa, material, 2 * options.seconds)
    finally:
        shutil.rmtree(material)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="nothing but Cramp Coach in process")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each load (default: 2)")
    parser.add_argument("--rounds", type=int, default=3, help="of all stacks (default: 3)")
    return parser.parse_args()


# --- in process


def _in_process_first(alexa: echo_show.Alexa, material: Path, seconds: float) -> None:
    alexa.save(material, echo_show.requests(alexa, REQUESTS))
    figure = _cpu_python(sys.executable, "ours.py", material, seconds)
    print(
        f"CPU a warm signed request, in process, Flask included: {figure['median'] / 1000:.2f} ms "
        f"(best {figure['best'] / 1000:.2f}; bar 1)",
        flush=True,
    )
    first, tenth = _turns(alexa, material)
    print(
        f"a conversation's first turn {first:.0f} µs, its tenth {tenth:.0f} µs: "
        f"{tenth / first:.2f} times",
        flush=True,
    )
    print(cold_start.report(), flush=True)


def _cpu_python(python: Path | str, stack: str, material: Path, seconds: float) -> dict[str, float]:
    command = [str(python), "-P", "-W", "ignore", str(STACKS.parent / "in_process.py")]
    return _json_of([*command, str(STACKS / stack), str(material), str(seconds)], STACKS.parents[1])


def _cpu_node(home: Path, material: Path, seconds: float) -> dict[str, float]:
    command = ["node", str(STACKS / "amazon_node.js"), str(material), str(seconds)]
    return _json_of(command, home)


def _json_of(command: list[str], cwd: Path) -> dict[str, float]:
    environ = os.environ | {"PYTHONPATH": str(servers.REPOSITORY)}
    ran = subprocess.run(
        command, cwd=cwd, env=environ, check=True, stdout=subprocess.PIPE, timeout=120
    )
    figures: dict[str, float] = json.loads(ran.stdout)
    return figures


def _turns(alexa: echo_show.Alexa, material: Path) -> tuple[float, float]:
    """Microseconds of the first and of the tenth turn of one conversation."""
    os.environ["BENCH_FOLDER"] = str(material)
    from bench.stacks import ours

    turns = []
    envelope = echo_show.cramp()
    for _ in range(10):
        signed = alexa.sign(envelope)
        request = {"body": signed.body.decode(), "headers": signed.headers}
        turns.append(in_process.environs([request]))
        _, text = in_process.call(ours.app, *turns[-1][0])
        envelope = echo_show.answered(envelope, json.loads(text), "AMAZON.RepeatIntent")
    figures = [
        (
            in_process.measure(ours.app, turns[0], 0.1)["best"],
            in_process.measure(ours.app, turns[9], 0.1)["best"],
        )
        for _ in range(5)
    ]
    return min(first for first, _ in figures), min(tenth for _, tenth in figures)


# --- the comparison


def _compare(alexa: echo_show.Alexa, material: Path, options: argparse.Namespace) -> None:
    stacks, cpu = _stacks(material)
    figures = {name: Figures() for name in NAMES if name in stacks or name in cpu}
    for _ in range(options.rounds):  # in turn, so that a noisy minute is everybody's
        alexa.save(material, echo_show.requests(alexa, REQUESTS))
        for name, measure in cpu.items():
            measured = measure(options.seconds / 2)
            figures[name].cpu.append(measured["median"])
            figures[name].cpu_best.append(measured["best"])
    for _ in range(options.rounds):
        requests = echo_show.requests(alexa, REQUESTS)
        alexa.save(material, requests)
        for name, make in stacks.items():
            _over_http(figures[name], make(), material, [as_http(r) for r in requests], options)
    _print_table(figures)
    _print_start(alexa, material)
    _print_bars(figures)
    _print_notes()


Cpu = Callable[[float], dict[str, float]]


def _stacks(material: Path) -> tuple[dict[str, Callable[[], Server]], dict[str, Cpu]]:
    """The stacks that can run here: how to start each over HTTP, and its cost in process."""
    me = sys.executable
    http: dict[str, Callable[[], Server]] = {
        "ours": servers.ours,
        "ours-gunicorn": lambda: servers.gunicorn(me, "ours.py"),
        "empty": lambda: servers.gunicorn(me, "empty_flask.py"),
    }
    cpu: dict[str, Cpu] = {
        "ours": lambda seconds: _cpu_python(me, "ours.py", material, seconds),
        "empty": lambda seconds: _cpu_python(me, "empty_flask.py", material, seconds),
    }
    for add in (_add_python, _add_node, _add_granian, _add_flask_ask):
        try:
            add(http, cpu, material)
        except scratch.Skip as reason:
            print(f"skipped {reason}", flush=True)
    return http, cpu


def _add_python(http: dict[str, Callable[[], Server]], cpu: dict[str, Cpu], material: Path) -> None:
    python = scratch.amazon_python()
    http["python"] = lambda: servers.gunicorn(python, "amazon_python.py")
    cpu["python"] = lambda seconds: _cpu_python(python, "amazon_python.py", material, seconds)


def _add_node(http: dict[str, Callable[[], Server]], cpu: dict[str, Cpu], material: Path) -> None:
    home = scratch.amazon_node()
    http["node"] = lambda: servers.node(home, material)
    cpu["node"] = lambda seconds: _cpu_node(home, material, seconds)


def _add_granian(http: dict[str, Callable[[], Server]], *_: object) -> None:
    path = scratch.beside("granian")
    http["ours-granian"] = lambda: servers.granian(path)


def _add_flask_ask(
    http: dict[str, Callable[[], Server]], cpu: dict[str, Cpu], material: Path
) -> None:
    python = scratch.flask_ask()
    http["flask-ask"] = lambda: servers.gunicorn(python, "flask_ask_app.py")
    cpu["flask-ask"] = lambda seconds: _cpu_python(python, "flask_ask_app.py", material, seconds)


def _over_http(
    figures: Figures,
    server: Server,
    material: Path,
    requests: list[bytes],
    options: argparse.Namespace,
) -> None:
    with servers.running(server, material) as running:
        load(running.port, requests, 8, WARM_SECONDS)
        eight: Load = load(running.port, requests, 8, options.seconds)
        single = load(running.port, requests, 1, options.seconds)
        figures.a_second.append(eight.a_second)
        figures.p50.append(single.p50)
        figures.p99.append(single.p99)
        figures.lost += eight.lost + single.lost
        figures.megabytes.append(running.megabytes())


# --- what is printed


def _print_table(figures: dict[str, Figures]) -> None:
    print("\n| stack | CPU in process | requests/s, 8 connections | p50 / p99 | memory |")
    print("|---|---|---|---|---|")
    for name in NAMES:
        if name in figures:
            print(f"| {NAMES[name]} | {_row(figures[name])} |")


def _row(it: Figures) -> str:
    cpu = f"{_middle(it.cpu) / 1000:.2f} ms (best {min(it.cpu_best) / 1000:.2f})" if it.cpu else ""
    if not it.a_second:
        return f"{cpu} | | |"
    lost = f" ({it.lost} lost)" if it.lost else ""
    times = f"{_middle(it.p50):.2f} / {_middle(it.p99):.2f} ms"
    return f"{cpu} | {_middle(it.a_second):,.0f}{lost} | {times} | {_middle(it.megabytes):.0f} MB"


def _middle(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def _print_start(alexa: echo_show.Alexa, material: Path) -> None:
    """How soon the default server is ready, and what its first request takes."""
    starts, firsts, warm = [], [], []
    for _ in range(5):
        request = as_http(echo_show.requests(alexa, 1)[0])
        with servers.running(servers.ours(), material) as running:
            time.sleep(0.2)
            starts.append(running.start_seconds)
            firsts.append(one(running.port, request))
            warm += [one(running.port, request) for _ in range(10)]
    first, median = _middle(firsts), _middle(warm)
    print(f"\nready after {_middle(starts):.2f} s (bar 1)")
    print(
        f"first request {first:.2f} ms, warm median {median:.2f} ms, each on a new connection: "
        f"{first / median:.1f} times (bar 3)"
    )


def _print_bars(figures: dict[str, Figures]) -> None:
    ours, python, node = (figures.get(name, Figures()) for name in ("ours", "python", "node"))
    print("\nRatios, each the median of its rounds:")
    _bar("in process, Amazon's Python SDK ÷ Cramp Coach", python.cpu, ours.cpu, "at least 25")
    best = [min(python.cpu_best or [0])], [min(ours.cpu_best)]
    _bar("the same, best batch of each (others' load left out)", *best, "at least 25")
    _bar("over HTTP, Cramp Coach ÷ Amazon's Node SDK", ours.a_second, node.a_second, "at least 1.5")
    plain = figures["ours-gunicorn"].a_second
    _bar("the same with plain gunicorn", plain, node.a_second, "at least 1")
    _bar("memory, Cramp Coach ÷ Node", ours.megabytes, node.megabytes, "at most 0.6")


def _bar(what: str, above: list[float], below: list[float], bar: str) -> None:
    if above and below:
        ratios = [here / other for here, other in zip(above, below, strict=True)]
        print(f"  {what}: {_middle(ratios):.2f} ({bar})")


def _print_notes() -> None:
    print(
        f"""
How it was measured
  the client is bench/load.py (one thread, keep-alive), on core {servers.CLIENT_CORE}
  each server has one worker, core {servers.SERVER_CORE}, and {WARM_SECONDS:.0f} s to warm up
  all answer the same pre-signed requests of {echo_show.BYTES} bytes
  p50 and p99 are with 1 connection
  Cramp Coach answers with its whole conversation and logs each request; the others say one sentence
  replaced for all: how a chain is fetched, and the trusted root (beside the system's own)
  patched in Amazon's Python SDK: oscrypto's pattern for OpenSSL's version, nothing else:
    {scratch.OSCRYPTO_PATCH[0]} to {scratch.OSCRYPTO_PATCH[1]}
  patched in Amazon's Node SDK: nothing else
  patched for flask-ask: the requirements that its setup.py cannot read, inspect.getargspec
  memory: resident, of the process that answers"""
    )


if __name__ == "__main__":
    main()
