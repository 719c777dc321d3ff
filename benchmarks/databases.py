"""A log in PostgreSQL: many writers at once, and an import, beside the library and a raw COPY.

The server is that of the tests, with the durability it comes with: a commit waits for the disk.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from benchmarks.measure import TIMELINE, Row, at_once, per_second, process
from benchmarks.records import records, write_log
from timeline import temporal
from timeline.records import jsonl

if TYPE_CHECKING:
    from eventsourcing.postgres import PostgresApplicationRecorder

WRITERS, SECONDS = 16, 5.0


def databases(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """Durable appends of one record each, by threads and by processes; and an import."""
    from tests.servers import server

    with server(shared_buffers="256MB", max_wal_size="4GB") as database:
        _make(database.url())
        _recorder(database.url(), 1).create_table()
        for processes in (1, WRITERS):
            yield _several(database.url(), runs, processes)
        yield _one(database.url(), runs)
        yield _import(scratch, database.url, count)


def _make(url: str) -> None:
    from timeline.newsroom.opening import make_database

    make_database(url)


def _several(url: str, runs: int, processes: int) -> Row:
    who = "threads of one process" if processes == 1 else "processes"
    return _beside(url, runs, processes, WRITERS // processes, f"{WRITERS} writers, {who}")


def _one(url: str, runs: int) -> Row:
    return _beside(url, runs, 1, 1, "1 writer")


def _beside(url: str, runs: int, processes: int, threads: int, who: str) -> Row:
    rates: dict[str, list[float]] = {"product": [], "library": []}
    for run in range(runs):
        for how, found in rates.items():
            found.append(_rate(url, how, processes, threads, run))
    product, library = (statistics.median(found) for found in rates.values())
    return Row(
        f"{who}, one durable record each, validated; baseline: the library's recorder",
        per_second(product, 1, "records"),
        per_second(library, 1, "records"),
        f"{library / product:.2f}",
        runs,
    )


def _rate(url: str, how: str, processes: int, threads: int, run: int) -> float:
    """How many records a second all writers together append."""
    words = [sys.executable, "-m", "benchmarks.databases", url, how, str(threads)]
    names = [f"{how}-{processes}-{threads}-{run}-{number}" for number in range(processes)]
    return sum(map(int, at_once([[*words, name] for name in names]))) / SECONDS


def _import(scratch: Path, url_of: Callable[[str], str], count: int) -> Row:
    import psycopg

    log = scratch / "import.jsonl"
    size = write_log(log, count)
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE imported")
        connection.execute("CREATE TABLE raw (line bytea)")
        _make(url_of("imported"))
        seconds = process([TIMELINE, "--log", url_of("imported"), "import", str(log)]).seconds
        start = time.perf_counter()
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY raw FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.set_types(["bytea"])
            with log.open("rb") as lines:
                for line in lines:
                    copy.write_row([line])
        raw_seconds = time.perf_counter() - start
    return Row(
        f"import of {count:,} records of {size // count} bytes; baseline: raw COPY of the lines",
        per_second(count, seconds, "records"),
        per_second(count, raw_seconds, "records"),
        f"{seconds / raw_seconds:.2f}",
    )


def _product(url: str) -> Callable[[str, int], None]:
    from timeline.newsroom.append import Appender
    from timeline.newsroom.newsroom import Newsroom
    from timeline.newsroom.validate_many import RawRecord

    writer = Appender(Newsroom.open(url), temporal.now)
    drafts = [
        {key: value for key, value in record.items() if key != "recorded_at"}
        for record in records(1000)
        if "when" in record
    ]

    def append(name: str, number: int) -> None:
        writer.write([RawRecord({**drafts[number % len(drafts)], "id": f"{name}-{number}"})])

    return append


def _library(url: str, threads: int) -> Callable[[str, int], None]:
    """Stored events that are ready, which leaves out what the library's mapper takes."""
    from eventsourcing.persistence import StoredEvent

    recorder = _recorder(url, threads)
    states = [jsonl.encode(record) for record in records(1000)]

    def append(name: str, number: int) -> None:
        state = states[number % 1000]
        recorder.insert_events([StoredEvent(name, number + 2, "happened/1", state)])

    return append


def _recorder(url: str, threads: int) -> PostgresApplicationRecorder:
    """The library's recorder as it comes, with a connection for each thread."""
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
    from psycopg.conninfo import conninfo_to_dict

    found = conninfo_to_dict(url)
    datastore = PostgresDatastore(
        dbname=str(found["dbname"]),
        host=str(found["host"]),
        port="5432",
        user=str(found["user"]),
        password="",
        pool_size=threads,
        originator_id_type="text",
    )
    return PostgresApplicationRecorder(datastore, events_table_name="library_events")


def _append_for_a_while(url: str, how: str, threads: int, name: str) -> None:
    """One process of writers: prints how many records they have appended in the time."""
    append = _product(url) if how == "product" else _library(url, threads)
    append(name, -1)
    counts = [0] * threads

    def work(thread: int) -> None:
        end = time.perf_counter() + SECONDS
        while time.perf_counter() < end:
            append(f"{name}-{thread}", counts[thread])
            counts[thread] += 1

    workers = [Thread(target=work, args=(thread,)) for thread in range(threads)]
    print("ready", flush=True)
    sys.stdin.readline()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(sum(counts))


if __name__ == "__main__":
    _append_for_a_while(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
