"""Measures, and prints a table: `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks.suites import SUITES
from benchmarks.writing import writing
from timeline.store import queries

SUITES["writing"] = writing


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"some of {', '.join(SUITES)}")
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured")
    parser.add_argument("--records", type=int, default=100_000, help="in the log that is imported")
    parser.add_argument("--directory", type=Path, help="where to write; a disk, not memory")
    chosen = parser.parse_args()
    if unknown := set(chosen.suites) - set(SUITES):
        parser.error(f"there is no suite {', '.join(unknown)}")
    for line in facts():
        print(line)
    print("\n| measured | figure | baseline | ratio | runs |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="timeline-", dir=chosen.directory) as scratch:
        for name in chosen.suites or SUITES:
            for row in SUITES[name](Path(scratch), chosen.runs, chosen.records):
                cells = (row.name, row.figure, row.baseline, row.ratio, str(row.runs))
                print(f"| {' | '.join(cells)} |", flush=True)


def facts() -> list[str]:
    """What the figures depend on."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    settings = "; ".join(pragma.removeprefix("PRAGMA ") for pragma in queries.PRAGMAS)
    return [
        f"- machine: {platform.system()} {platform.machine()}, {_processor()}, "
        f"{os.cpu_count()} CPUs; load at the start {load}",
        f"- software: timeline {version('timeline')}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, eventsourcing {version('eventsourcing')}, "
        f"pydantic {version('pydantic')}, orjson {version('orjson')}",
        f"- log: page_size = 16384; journal_mode = WAL; {settings}",
    ]


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
