"""The product on a workload, beside the physical limit and the plain use of its library."""

from __future__ import annotations

import itertools
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from benchmarks import product, raw
from benchmarks.compare import PRODUCT, Figure, Work, duration, latency, rate, same, weight
from benchmarks.measure import Run, compiled, in_turn, median_seconds, most_memory, process, timed
from benchmarks.overwriting import ROUNDS, Story, later
from benchmarks.peers.library import ActRows, Entities, Stories
from benchmarks.product import Room, held
from benchmarks.workload import Question, Workload

RAW, LIBRARY = "raw SQLite", "eventsourcing, plainly"
COLUMNS = (PRODUCT, RAW, LIBRARY)
BATCHES = (1, 100, 1000)


class Effort(NamedTuple):
    """How much to measure: runs, questions, and the seconds after which to stop asking."""

    runs: int
    questions: int
    budget: float


def reference(workload: Workload, scratch: Path, effort: Effort) -> Iterator[Work]:
    """All the work there is, in the order in which a newsroom would do it."""
    newsroom, lines = scratch / "newsroom", scratch / "lines.sqlite"
    loaded, inserted, stories, kept = _load(workload, scratch, newsroom, lines)
    yield Work(
        f"import of {workload.records:,} records of {workload.size / workload.records:,.0f} bytes; "
        "raw: one transaction; library: batches of 1000",
        {
            PRODUCT: rate(workload.records, loaded.seconds, more=f", {loaded.megabytes:.0f} MB"),
            RAW: rate(workload.records, inserted.seconds, more=f", {inserted.megabytes:.0f} MB"),
            LIBRARY: rate(workload.records, kept),
        },
    )
    # Each step keeps what it opened until the next has used it, and all is closed at the end.
    with ExitStack() as opened:
        opened.callback(stories.close)
        with Room(newsroom) as room:
            first = timed(room.ask, workload.about(workload.entities[0], 1)[0])
        yield Work("the first question after the import", {PRODUCT: duration(first.seconds)})
        rows = ActRows(scratch)
        opened.callback(rows.close)
        yield _rebuild(workload, newsroom, lines, stories, rows)
        yield from _sizes(workload, newsroom, lines, stories)
        connection = opened.enter_context(closing(sqlite3.connect(lines)))
        room = opened.enter_context(Room(newsroom))
        yield from _questions(workload, scratch, room, connection, rows, effort)
        yield cold(workload, newsroom, effort)
        yield from _overwriting(workload, room, effort)
        yield from _appends(workload, room, scratch, stories, effort)


def _sizes(workload: Workload, newsroom: Path, lines: Path, stories: Stories) -> Iterator[Work]:
    log, derived = product.sizes(newsroom)
    yield Work(
        "bytes a record: the log",
        {
            PRODUCT: weight(log, workload.records),
            RAW: weight(lines.stat().st_size, workload.records),
            LIBRARY: weight(stories.size(), workload.records),
        },
    )
    yield Work("bytes a record: what is derived", {PRODUCT: weight(derived, workload.records)})


def _load(
    workload: Workload, scratch: Path, newsroom: Path, lines: Path
) -> tuple[Run, Run, Stories, float]:
    loaded = product.load(newsroom, workload)
    inserted = process([sys.executable, "-m", "benchmarks.raw", str(lines), str(workload.path)])
    stories = Stories(scratch / "stories.sqlite")
    return loaded, inserted, stories, stories.load(workload.path)


def _rebuild(
    workload: Workload, newsroom: Path, lines: Path, stories: Stories, rows: ActRows
) -> Work:
    rebuilt = product.rebuild(newsroom)
    connection = sqlite3.connect(lines)
    scanned = timed(lambda: _exhaust(connection, "SELECT line FROM log ORDER BY position"))
    connection.close()
    figures = {
        RAW: rate(workload.records, scanned.seconds),
        LIBRARY: rate(workload.records, rows.rebuild(stories)),
    }
    if rebuilt is not None:
        more = f", {rebuilt.megabytes:.0f} MB"
        figures[PRODUCT] = rate(workload.records, rebuilt.seconds, more=more)
    else:
        figures[PRODUCT] = Figure("there is no `timeline rebuild`")
    return Work(
        "rebuild of all projections; raw: scan of the lines; library: its default replay "
        "into rows of acts, one projection",
        figures,
    )


def _exhaust(connection: sqlite3.Connection, query: str) -> None:
    for _ in connection.execute(query):
        pass


def _questions(
    workload: Workload,
    scratch: Path,
    room: Room,
    connection: sqlite3.Connection,
    rows: ActRows,
    effort: Effort,
) -> Iterator[Work]:
    asked = workload.questions(effort.questions)
    taken, answers = room.timed(asked, effort.budget)
    asked = asked[: len(answers)]
    found = list(map(held, answers))
    # The repository gets whole aggregates: those that these questions need are enough.
    few = asked[:100]
    entities = Entities(scratch, {*(each.entity for each in few), *workload.hubs})
    entities.load(workload.path)
    same("eventsourcing, replayed", asked, rows.ask, found, rows.vague)
    same("eventsourcing, get and fold", few, entities.ask, found, entities.vague)
    yield Work(
        f"snapshot of an ordinary entity at a random T and K ({len(asked)} asked, the answers "
        "alike; raw: one indexed lookup; library: get and fold)",
        {
            PRODUCT: latency(taken),
            RAW: latency(_lookups(connection, asked)),
            LIBRARY: latency(_each(entities.ask, few)),
        },
    )
    for hub in workload.hubs:
        asked_of_hub = workload.about(hub, max(3, effort.questions // 20))
        taken, answers = room.timed(asked_of_hub, effort.budget / len(workload.hubs))
        asked_of_hub = asked_of_hub[: len(answers)]
        found = list(map(held, answers))
        same("eventsourcing, replayed", asked_of_hub, rows.ask, found, rows.vague)
        few = asked_of_hub[:3]
        same("eventsourcing, get and fold", few, entities.ask, found, entities.vague)
        most = max(len(each) for each in found)
        yield Work(
            f"snapshot of {hub} ({len(asked_of_hub)} asked, up to {most:,} statements)",
            {PRODUCT: latency(taken), LIBRARY: latency(_each(entities.ask, few))},
        )
    taken = _until(room.diff, asked, effort.budget)
    yield Work("diff of an ordinary entity, K/2..K", {PRODUCT: latency(taken)})
    entities.close()


def _lookups(connection: sqlite3.Connection, questions: Sequence[Question]) -> list[float]:
    query = "SELECT line FROM log WHERE position = ?"
    return _each(lambda each: connection.execute(query, (each.as_known,)).fetchone(), questions)


def _each(ask: Any, questions: Sequence[Question]) -> list[float]:
    return [timed(ask, each).seconds for each in questions]


def _until(ask: Any, questions: Sequence[Question], budget: float) -> list[float]:
    end = time.perf_counter() + budget
    taken: list[float] = []
    for question in questions:
        taken += _each(ask, [question])
        if time.perf_counter() > end:
            break
    return taken


def cold(workload: Workload, newsroom: Path, effort: Effort) -> Work:
    """A question on the command line."""
    entity = workload.questions(1)[0].entity
    question = product.command(newsroom, "snapshot", entity)
    imports = [sys.executable, "-c", "import click, sqlite3"]
    compiled()
    process(question)
    asked, imported = in_turn(effort.runs, lambda: process(question), lambda: process(imports))
    return Work(
        "`timeline snapshot`, a cold process; beside it `import click, sqlite3`",
        {
            PRODUCT: duration(median_seconds(asked), f", {most_memory(asked):.0f} MB"),
            RAW: duration(median_seconds(imported)),
        },
    )


def drafts(workload: Workload, prefix: str) -> Iterator[dict[str, Any]]:
    """Events of a workload over and over, as new ones, each time a little later."""
    for round in itertools.count(1):
        with workload.path.open("rb") as lines:
            for line in lines:
                record = orjson.loads(line)
                if record["type"] not in ("correction", "retraction"):
                    del record["recorded_at"]
                    for _ in range(round):
                        record["when"] = later(record["when"])
                    yield {**record, "id": f"{prefix}-{round}-{record['id']}"}


def _appends(
    workload: Workload, room: Room, scratch: Path, stories: Stories, effort: Effort
) -> Iterator[Work]:
    connection = raw.open_raw(scratch / "appended.sqlite")
    for size in BATCHES:
        times = max(3, min(200, 4000 // size))
        needed = size * times * effort.runs
        given = list(itertools.islice(drafts(workload, f"again-{size}"), needed))
        ours, theirs, plain = (iter(_chunks(given, size)) for _ in range(3))

        def by_product(chunks: Iterator[list[dict[str, Any]]] = ours, times: int = times) -> None:
            for _ in range(times):
                room.append(next(chunks))

        def by_raw(chunks: Iterator[list[dict[str, Any]]] = theirs, times: int = times) -> None:
            for _ in range(times):
                raw.insert_many(connection, map(orjson.dumps, next(chunks)))

        def by_library(chunks: Iterator[list[dict[str, Any]]] = plain, times: int = times) -> None:
            for _ in range(times):
                stories.append(next(chunks))

        found = in_turn(
            effort.runs,
            lambda: timed(by_product),
            lambda: timed(by_raw),
            lambda: timed(by_library),
        )
        each = [median_seconds(runs) / times / size for runs in found]
        name = "one durable append" if size == 1 else f"appends in batches of {size}"
        figures = (rate(1, seconds) for seconds in each)
        yield Work(f"{name}, validated", dict(zip(COLUMNS, figures, strict=True)))
    connection.close()


def _chunks(items: Sequence[Any], size: int) -> Iterator[Any]:
    return (items[start : start + size] for start in range(0, len(items) - size + 1, size))


def _overwriting(workload: Workload, room: Room, effort: Effort) -> Iterator[Work]:
    story = Story(workload)
    if not len(story):
        return
    names = story.entities(max(3, effort.questions // 20))
    taken = [_asked_of(room, workload, names, effort)]
    rounds: list[float] = []
    for number in range(1, ROUNDS + 1):
        corrections = [each for each, _ in story.overwrite(number, room.head())]
        rounds.append(timed(_append_and_ask, room, corrections, names[0]).seconds)
    taken.append(_asked_of(room, workload, names, effort))
    times = ", ".join(f"{len(story) / seconds:,.0f}" for seconds in rounds)
    yield Work(
        f"overwriting all {len(story):,} events of a story that do something, {ROUNDS} times, "
        "in batches of 1000, and asking one question: corrections/s in each round",
        {PRODUCT: Figure(times)},
    )
    yield Work("snapshot of its entities before", {PRODUCT: latency(taken[0])})
    ratio = latency(taken[-1]).cost / latency(taken[0]).cost
    after = latency(taken[-1])
    text = f"{after.text}, {ratio:.2f} × of before"
    yield Work("snapshot of its entities after", {PRODUCT: after._replace(text=text)})


def _append_and_ask(room: Room, corrections: Sequence[Mapping[str, Any]], entity: str) -> None:
    """In batches of a thousand, until somebody can see them."""
    for start in range(0, len(corrections), 1000):
        room.append(corrections[start : start + 1000])
    room.ask(Question(entity, "2026", room.head()))


def _asked_of(room: Room, workload: Workload, names: Sequence[str], effort: Effort) -> list[float]:
    questions = [Question(name, workload.days[1], room.head()) for name in names]
    return room.timed(questions, effort.budget)[0]
