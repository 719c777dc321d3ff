"""What is measured."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from benchmarks import raw
from benchmarks.measure import (
    TIMELINE,
    Row,
    Run,
    compiled,
    in_turn,
    median_seconds,
    milliseconds,
    most_memory,
    per_second,
    process,
    timed,
)
from benchmarks.questions import questions
from benchmarks.records import ENTITY, records, write_log
from timeline import temporal
from timeline.newsroom.append import Appender
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.records import jsonl

STORY = Path(__file__).parents[1] / "events" / "qwen.jsonl"


def cold_start(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """One question as one process, beside the imports that it cannot do without."""
    newsroom = scratch / "cold"
    Newsroom.init(newsroom)
    process([TIMELINE, "--newsroom", str(newsroom), "import", str(STORY)])
    question = [TIMELINE, "--newsroom", str(newsroom), "snapshot", "qwen-team"]
    imports = [sys.executable, "-c", "import click, sqlite3"]
    compiled()
    process(question)
    asked, imported = in_turn(5 * runs, lambda: process(question), lambda: process(imports))
    snapshot, baseline = median_seconds(asked), median_seconds(imported)
    yield Row(
        "`timeline snapshot qwen-team`, a cold process; baseline: `import click, sqlite3`",
        f"{milliseconds(snapshot)}, {most_memory(asked):.0f} MB",
        milliseconds(baseline),
        f"{snapshot / baseline:.2f}",
        5 * runs,
    )


def importing(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """A whole log, beside SQLite alone with the same bytes; then a question about it."""
    source = scratch / "records.jsonl"
    size = write_log(source, count)
    numbers = iter(range(runs))

    def product() -> Run:
        newsroom = scratch / f"import-{next(numbers)}"
        Newsroom.init(newsroom)
        return process([TIMELINE, "--newsroom", str(newsroom), "import", str(source)])

    def baseline() -> Run:
        (scratch / "raw.sqlite").unlink(missing_ok=True)
        return process(
            [sys.executable, "-m", "benchmarks.raw", str(scratch / "raw.sqlite"), str(source)]
        )

    imported, inserted = in_turn(runs, product, baseline)
    seconds, raw_seconds = median_seconds(imported), median_seconds(inserted)
    log = scratch / "import-0" / "log.sqlite"
    yield Row(
        f"`timeline import`, {count:,} records of {size / count:,.0f} bytes;"
        " baseline: raw insert of the same bytes, one transaction",
        f"{per_second(count, seconds, 'records')}, {most_memory(imported):.0f} MB",
        f"{per_second(count, raw_seconds, 'records')}, {most_memory(inserted):.0f} MB",
        f"{seconds / raw_seconds:.2f}",
        runs,
    )
    yield Row(
        f"size of that log: {size / 1e6:,.1f} MB of lines", f"{log.stat().st_size / 1e6:,.1f} MB"
    )
    question = [TIMELINE, "--newsroom", str(log.parent), "snapshot", ENTITY]
    (asked,) = in_turn(runs, lambda: process(question))
    yield Row(
        f"`timeline snapshot {ENTITY}` of that log, a cold process",
        f"{milliseconds(median_seconds(asked))}, {most_memory(asked):.0f} MB",
        runs=runs,
    )


def appending(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """One record, one transaction, on the disk when it returns."""
    times = 200
    Newsroom.init(scratch / "append")
    drafts = [
        {key: value for key, value in record.items() if key != "recorded_at"}
        for record in records(runs * times)
        if record["type"] not in ("correction", "retraction")
    ]
    lines = iter([jsonl.encode(draft) for draft in drafts])
    given = iter(drafts)
    connection = raw.open_raw(scratch / "append.sqlite")
    times = len(drafts) // runs
    with Newsroom.open(scratch / "append") as newsroom:
        writer = Appender(newsroom, temporal.now)

        def product() -> None:
            for _ in range(times):
                writer.write([RawRecord(next(given))])

        def baseline() -> None:
            for _ in range(times):
                raw.insert_one(connection, next(lines))

        appended, inserted = in_turn(runs, lambda: timed(product), lambda: timed(baseline))
    connection.close()
    each, raw_each = median_seconds(appended) / times, median_seconds(inserted) / times
    yield Row(
        f"one durable append through the Python API ({times} a run); baseline: raw insert",
        milliseconds(each),
        milliseconds(raw_each),
        f"{each / raw_each:.2f}",
        runs,
    )


def dates(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """EDTF expressions, all different, so that no reading is remembered from before."""
    chance, size = random.Random(1984), 50_000
    days = [date.fromordinal(number).isoformat() for number in range(690_000, 690_000 + size)]
    shapes: tuple[Callable[[str], str], ...] = (
        lambda day: day,
        lambda day: day + "~",
        lambda day: f"{day}T15:04+08:00",
        lambda day: f"[{day}..2100-01]",
        lambda day: f"{day}/2100?",
    )
    mixed = [chance.choice(shapes)(day) for day in days]

    def read_all(texts: list[str], zone: str) -> None:
        temporal.read.cache_clear()
        for text in texts:
            temporal.read(text, zone)

    plain, local, various, baseline = in_turn(
        runs,
        lambda: timed(lambda: read_all(days, "UTC")),
        lambda: timed(lambda: read_all(days, "Asia/Shanghai")),
        lambda: timed(lambda: read_all(mixed, "Asia/Shanghai")),
        lambda: timed(lambda: [date.fromisoformat(day) for day in days]),
    )
    raw_seconds = median_seconds(baseline)
    for name, found in (
        ("EDTF days, UTC", plain),
        ("EDTF days, Asia/Shanghai", local),
        ("EDTF mixed (days, `~`, times, sets, periods), Asia/Shanghai", various),
    ):
        seconds = median_seconds(found)
        yield Row(
            f"{name}; baseline: `date.fromisoformat`",
            per_second(size, seconds, "reads"),
            per_second(size, raw_seconds, "reads"),
            f"{seconds / raw_seconds:.1f}",
            runs,
        )


def dependencies(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """What the libraries cost or save that the decisions speak of."""
    given = list(records(20_000))
    lines = [jsonl.encode(record) for record in given]
    compact: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}
    parsed, parsed_by_json, written, written_by_json = (
        median_seconds(found)
        for found in in_turn(
            runs,
            lambda: timed(lambda: [orjson.loads(line) for line in lines]),
            lambda: timed(lambda: [json.loads(line) for line in lines]),
            lambda: timed(lambda: [orjson.dumps(record) for record in given]),
            lambda: timed(lambda: [json.dumps(record, **compact).encode() for record in given]),
        )
    )
    for verb, ours, theirs in (
        ("parsed", parsed, parsed_by_json),
        ("written", written, written_by_json),
    ):
        yield Row(
            f"lines {verb} by orjson; baseline: json",
            per_second(len(lines), ours, "lines"),
            per_second(len(lines), theirs, "lines"),
            f"{ours / theirs:.2f}",
            runs,
        )
    statements = (
        "click, sqlite3",
        "pydantic.main",
        "eventsourcing.sqlite",
        "dateparser.date",
        "wcwidth",
    )
    codes = ["pass", *(f"import {statement}" for statement in statements)]

    def importing(code: str) -> Callable[[], Run]:
        return lambda: process([sys.executable, "-c", code])

    found = in_turn(3 * runs, *map(importing, codes))
    nothing = median_seconds(found[0])
    for statement, results in zip(statements, found[1:], strict=True):
        extra = median_seconds(results) - nothing
        name = f"`import {statement}`, beyond Python's own start; baseline: that start"
        yield Row(name, milliseconds(extra), milliseconds(nothing), runs=3 * runs)


SUITES = {
    "cold": cold_start,
    "import": importing,
    "append": appending,
    "edtf": dates,
    "questions": questions,
    "dependencies": dependencies,
}
