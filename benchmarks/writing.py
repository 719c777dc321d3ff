"""The way into the log: appends, batches, imports and several writers, beside SQLite alone."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import raw
from benchmarks.measure import (
    TIMELINE,
    Row,
    at_once,
    in_turn,
    median_seconds,
    milliseconds,
    most_memory,
    per_second,
    process,
    timed,
)
from benchmarks.records import records, write_log
from timeline import temporal
from timeline.log.sqlite.log import create
from timeline.log.sqlite.recorder import INSERT, PRAGMAS
from timeline.newsroom.append import Appender
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.records import jsonl

BARE = "INSERT INTO log (line) VALUES (?)"
WRITERS, SECONDS = 4, 4.0
Drafts = list[dict[str, Any]]


def writing(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """Each beside the same bytes: in a table without an index, and in the log's own tables."""
    # First, since the memory of a new process is counted from that of this one.
    yield from _imports(scratch, runs, count)
    drafts = [
        {key: value for key, value in record.items() if key != "recorded_at"}
        for record in records(runs * 10_200)
        if record["type"] not in ("correction", "retraction")
    ]
    yield from _batches(scratch, runs, drafts, 1, 200)
    yield from _batches(scratch, runs, drafts, 100, 20)
    yield from _batches(scratch, runs, drafts, 1000, 8)
    yield from _several(scratch)


def _batches(scratch: Path, runs: int, drafts: Drafts, size: int, times: int) -> Iterator[Row]:
    """So many batches of one size, each a transaction that is on the disk when it returns."""
    place = scratch / f"batches-{size}"
    Newsroom.init(place)
    create(place / "rows.sqlite", "{}", 0)
    bare = raw.open_raw(place / "bare.sqlite")
    own = _open(place / "rows.sqlite")
    lines = [jsonl.encode(draft) for draft in drafts]
    with Newsroom.open(place) as newsroom:
        writer = Appender(newsroom, temporal.now)
        product, one_table, all_tables = in_turn(
            runs,
            _each(drafts, size, times, lambda some: writer.write(map(RawRecord, some))),
            _each(lines, size, times, lambda some: _insert(bare, BARE, [(line,) for line in some])),
            _each(_rows(drafts), size, times, lambda some: _insert(own, INSERT, some)),
        )
        written = newsroom.store.head().position
    counted = own.execute("SELECT max(position) FROM stored_events").fetchone()
    assert counted == (written,), "the baseline holds as many records"
    bare.close()
    own.close()
    seconds = median_seconds(product) / times
    what = "one durable append" if size == 1 else f"a batch of {size:,}"
    for where, found in (("one table, no index", one_table), ("the log's tables", all_tables)):
        raw_seconds = median_seconds(found) / times
        yield Row(
            f"{what} through the Python API ({times} a run); baseline: raw insert, {where}",
            milliseconds(seconds),
            milliseconds(raw_seconds),
            f"{seconds / raw_seconds:.2f}",
            runs,
        )


def _open(path: Path) -> sqlite3.Connection:
    """A database that is there, with the settings of the log."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def _insert(connection: sqlite3.Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Some rows as one transaction; one `execute` each is the faster way."""
    connection.execute("BEGIN IMMEDIATE")
    for row in rows:
        connection.execute(statement, row)
    connection.execute("COMMIT")


def _rows(drafts: Drafts) -> list[tuple[Any, ...]]:
    """The rows that the log will hold of some drafts."""
    versions: Counter[str] = Counter()
    rows = []
    for position, draft in enumerate(drafts, 1):
        story = draft["story"]
        versions[story] += 1
        topic, state = f"{draft['type']}/1", jsonl.encode(draft)
        now = temporal.now()
        rows.append((story, versions[story], topic, state, position, draft["id"], now))
    return rows


def _each(items: list[Any], size: int, times: int, write: Callable[[Any], object]) -> Any:
    """What writes the next `times` batches of `size` each time it is called."""
    left = iter(range(0, len(items), size))

    def work() -> None:
        for _ in range(times):
            start = next(left)
            write(items[start : start + size])

    return lambda: timed(work)


def _imports(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """A portable log of `count` records, and its memory beside that of a third as many."""
    for number in (count // 3, count):
        source = scratch / f"writing-{number}.jsonl"
        size = write_log(source, number)
        place = scratch / f"writing-{number}"

        def fresh(place: Path = place, source: Path = source) -> Any:
            for file in place.glob("log.sqlite*"):
                file.unlink()
            Newsroom.init(place)
            return process([TIMELINE, "--newsroom", str(place), "import", str(source)])

        def baseline(place: Path = place, source: Path = source) -> Any:
            for file in place.glob("raw.sqlite*"):
                file.unlink()
            return process(
                [sys.executable, "-m", "benchmarks.raw", str(place / "raw.sqlite"), str(source)]
            )

        Newsroom.init(place)
        imported, inserted = in_turn(runs, fresh, baseline)
        seconds, raw_seconds = median_seconds(imported), median_seconds(inserted)
        yield Row(
            f"`timeline import`, {number:,} records of {size / number:,.0f} bytes;"
            " baseline: raw insert of the same bytes, one transaction",
            f"{per_second(number, seconds, 'records')}, {most_memory(imported):.0f} MB",
            f"{per_second(number, raw_seconds, 'records')}, {most_memory(inserted):.0f} MB",
            f"{seconds / raw_seconds:.2f}",
            runs,
        )


def _several(scratch: Path) -> Iterator[Row]:
    """Processes that append one record each, over and over; how long each append took."""
    place = scratch / "several"
    Newsroom.init(place)
    raw.open_raw(place / "raw.sqlite").close()
    ours, theirs = (_at_once(place, how) for how in ("log", "raw"))
    both = [(len(waits) / SECONDS, sorted(waits)) for waits in (ours, theirs)]
    (rate, waits), (raw_rate, raw_waits) = both
    what = f"{WRITERS} processes appending one record each for {SECONDS:.0f} s"
    yield Row(
        f"{what}: appends/s; baseline: raw BEGIN IMMEDIATE", f"{rate:,.0f}", f"{raw_rate:,.0f}"
    )
    for name, part in (("half", 0.5), ("99 in 100", 0.99), ("all", 1.0)):
        yield Row(
            f"{what}: {name} took at most",
            *(
                milliseconds(each[min(len(each) - 1, int(part * len(each)))])
                for each in (waits, raw_waits)
            ),
        )


def _at_once(place: Path, how: str) -> list[float]:
    """How long each append took, of all writers together."""
    words = [sys.executable, "-m", "benchmarks.writing", how, str(place)]
    told = at_once([[*words, str(number)] for number in range(WRITERS)])
    return [float(wait) for waits in told for wait in waits.split()]


def _append_for_a_while(how: str, place: Path, name: str) -> None:
    """One of several writers: prints how long each append took, in seconds."""
    if how == "raw":
        connection = _open(place / "raw.sqlite")
        lines = [jsonl.encode(record) for record in records(1000)]

        def append(number: int) -> None:
            raw.insert_one(connection, lines[number % 1000])

    else:
        writer = Appender(Newsroom.open(place), temporal.now)
        given = [each for each in records(1000) if "when" in each]

        def append(number: int) -> None:
            record = {**given[number % len(given)], "id": f"{name}-{number}"}
            del record["recorded_at"]
            writer.write([RawRecord(record)])

        append(-1)
    print("ready", flush=True)
    sys.stdin.readline()
    number, now = 0, time.perf_counter()
    end, waits = now + SECONDS, []
    while now < end:
        append(number)
        waits.append(-now + (now := time.perf_counter()))
        number += 1
    print(*waits)


if __name__ == "__main__":
    _append_for_a_while(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
