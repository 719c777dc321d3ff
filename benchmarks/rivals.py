"""The product beside what else a user would pick, on a log whose dates are all exact.

Most peers know no vague dates, so they are held to the statements that are certain. Where
a departure is all that is known of a post the product also lists it as possible before,
which no peer does.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from benchmarks import product, raw
from benchmarks.compare import (
    PRODUCT,
    DifferentAnswersError,
    Figure,
    Work,
    latency,
    rate,
    same,
    weight,
)
from benchmarks.effects import Statement
from benchmarks.measure import timed
from benchmarks.overwriting import ROUNDS, Story
from benchmarks.peers.duckdb_periods import DuckDBPeriods
from benchmarks.peers.emmett import Emmett
from benchmarks.peers.eventsource_store import EventsourceStore
from benchmarks.peers.macrame_ledger import MacrameLedger
from benchmarks.peers.peer import Peer, SkippedError, Streams
from benchmarks.peers.postgres_periods import PostgresPeriods
from benchmarks.peers.sqlite_periods import SQLitePeriods
from benchmarks.product import Room, held
from benchmarks.reference import BATCHES, Effort, drafts
from benchmarks.settled import Settled
from benchmarks.workload import Question, Workload
from timeline.records import jsonl

TABLES = (SQLitePeriods, PostgresPeriods, DuckDBPeriods, MacrameLedger)
STREAMS: tuple[type[Emmett] | type[EventsourceStore], ...] = (Emmett, EventsourceStore)
COLUMNS = (PRODUCT, *(each.name for each in (*TABLES, *STREAMS)))


class Answered(NamedTuple):
    """What was asked, and what the product found."""

    ordinary: list[Question]
    of_hubs: dict[str, list[Question]]
    found: dict[Question, dict[Statement, str]]
    entities: list[str]
    overwritten: dict[str, dict[Statement, str]]


def rivals(workload: Workload, scratch: Path, effort: Effort, notes: list[str]) -> Iterator[Work]:
    """Each peer does all it can, one after the other; then the rows are told.

    `notes` gets a line for each that is skipped.

    Raises:
        DifferentAnswersError: some found other answers; after all rows.
    """
    figures: dict[str, dict[str, Figure]] = {}
    story = Story(workload)
    newsroom = scratch / "newsroom-of-exact-dates"
    loaded = product.load(newsroom, workload)
    with Room(newsroom) as room:
        answered = _ask_product(workload, room, story, effort, figures)
        _note(figures, "load", PRODUCT, rate(workload.records, loaded.seconds))
        log, derived = product.sizes(newsroom)
        _note(figures, "size", PRODUCT, weight(log + derived, workload.records))
        for key, figure in _appended(
            workload, scratch, lambda batch: timed(room.append, batch).seconds
        ):
            _note(figures, key, PRODUCT, figure)
        _overwrite_product(workload, room, story, effort, answered, figures)
    wrong: list[str] = []
    for make in TABLES:
        with _excused(make.name, figures, notes, wrong):
            _measure_table(make(scratch), workload, scratch, answered, figures)
    for store in STREAMS:
        with _excused(store.name, figures, notes, wrong):
            _measure_streams(store, workload, scratch, answered, figures)
    names = {
        "load": f"import of {workload.records:,} records; tables: cut in memory, then loaded",
        "size": "bytes a record, all in all",
        "append": "one durable append, the time as a multiple of raw SQLite's beside it; tables: "
        "with its rows cut anew, their acts in memory",
        "batch": "appends in batches of 100",
        "batches": "appends in batches of 1000",
        "ask": f"snapshot at a random T and K ({len(answered.ordinary)} asked)",
        **{hub: f"snapshot of {hub}" for hub in answered.of_hubs},
        "rounds": f"overwriting all {len(story):,} events of a story {ROUNDS} times, in "
        "batches of 1000, and asking one question: corrections/s in each round",
        "before": "snapshot of its entities before",
        "after": "snapshot of its entities after",
    }
    for key, name in names.items():
        if key in figures:
            yield Work(name, figures[key])
    if wrong:
        raise DifferentAnswersError("; ".join(wrong))


@contextmanager
def _excused(
    name: str, figures: dict[str, dict[str, Figure]], notes: list[str], wrong: list[str]
) -> Iterator[None]:
    """Goes on without a peer that cannot be measured, or finds other answers."""
    try:
        yield
    except SkippedError as reason:
        notes.append(f"{name}: {reason}")
    except DifferentAnswersError as error:
        wrong.append(str(error))
        for each in figures.values():
            if each.pop(name, None):
                each[name] = Figure("other answers")


def _note(figures: dict[str, dict[str, Figure]], work: str, who: str, figure: Figure) -> None:
    figures.setdefault(work, {})[who] = figure


def _ask_product(
    workload: Workload,
    room: Room,
    story: Story,
    effort: Effort,
    figures: dict[str, dict[str, Figure]],
) -> Answered:
    ordinary = workload.questions(effort.questions)
    taken, answers = room.timed(ordinary, effort.budget)
    ordinary = ordinary[: len(answers)]
    found = dict(zip(ordinary, map(held, answers), strict=True))
    _note(figures, "ask", PRODUCT, latency(taken))
    of_hubs = {}
    for hub in workload.hubs:
        asked = workload.about(hub, 5)
        taken, answers = room.timed(asked, effort.budget / len(workload.hubs))
        of_hubs[hub] = asked[: len(answers)]
        found |= dict(zip(of_hubs[hub], map(held, answers), strict=True))
        _note(figures, hub, PRODUCT, latency(taken))
    entities = story.entities(max(3, effort.questions // 20))
    return Answered(ordinary, of_hubs, found, entities, {})


def _measure_table(
    peer: Peer,
    workload: Workload,
    scratch: Path,
    answered: Answered,
    figures: dict[str, dict[str, Figure]],
) -> None:
    try:
        _note(figures, "load", peer.name, rate(workload.records, peer.load(workload.path)))
        _note(figures, "size", peer.name, weight(peer.size(), workload.records))
        _ask_peer(peer, answered, figures)
        position = itertools.count(workload.records + 1)

        def append(batch: list[dict[str, Any]]) -> float:
            records = [_as_new(each, next(position)) for each in batch]
            return timed(peer.append, records).seconds

        for key, figure in _appended(workload, scratch, append):
            _note(figures, key, peer.name, figure if peer.durable else _lax(figure))
        _overwrite_table(peer, workload, next(position) - 1, answered, figures)
    finally:
        peer.close()


def _as_new(record: dict[str, Any], position: int) -> Settled:
    line = jsonl.encode(record) + b"\n"
    return Settled(position, record["id"], position, None, record, line)


def _ask_peer(
    peer: Peer | Streams,
    answered: Answered,
    figures: dict[str, dict[str, Figure]],
    clock: Callable[[Question], float] | None = None,
) -> None:
    """First all answers are compared, then all are asked again, with the clock."""
    clock = clock or (lambda question: timed(peer.ask, question).seconds)
    sets = {"ask": answered.ordinary, **answered.of_hubs}
    for work, questions in sets.items():
        found = [answered.found[each] for each in questions]
        same(peer.name, questions, peer.ask, found, peer.vague)
        _note(figures, work, peer.name, latency([clock(each) for each in questions]))


def _appended(
    workload: Workload, scratch: Path, append: Callable[[list[dict[str, Any]]], float]
) -> Iterator[tuple[str, Figure]]:
    """Batches of each size, in turn with raw inserts of the same, so that both wait alike.

    `append` gives its seconds. What is compared are multiples of the raw inserts beside it.
    """
    with (
        TemporaryDirectory(dir=scratch) as directory,
        closing(raw.open_raw(Path(directory) / "raw.sqlite")) as beside,
    ):
        for key, size in zip(("append", "batch", "batches"), BATCHES, strict=True):
            given = drafts(workload, f"peer-{size}")
            taken, by_raw = [], []
            for _ in range(100 if size == 1 else 5):
                batch = list(itertools.islice(given, size))
                taken.append(append(batch))
                by_raw.append(timed(raw.insert_many, beside, map(jsonl.encode, batch)).seconds)
            seconds = statistics.median(taken)
            multiple = seconds / statistics.median(by_raw)
            yield key, Figure(f"{size / seconds:,.0f} records/s, {multiple:.1f} × raw", multiple)


def _overwrite_product(
    workload: Workload,
    room: Room,
    story: Story,
    effort: Effort,
    answered: Answered,
    figures: dict[str, dict[str, Figure]],
) -> None:
    """Five rounds, with the snapshots before and after, and what they come to."""

    def asked(work: str) -> None:
        questions = [Question(each, workload.days[1], room.head()) for each in answered.entities]
        taken, answers = room.timed(questions, effort.budget)
        _note(figures, work, PRODUCT, latency(taken))
        for question, answer in zip(questions, answers, strict=False):
            answered.overwritten[question.entity] = held(answer)
        # Those for which there was no time are not asked of anybody.
        del answered.entities[len(answers) :]

    asked("before")
    rounds = []
    for number in range(1, ROUNDS + 1):
        corrections = [each for each, _ in story.overwrite(number, room.head())]
        question = Question(answered.entities[0], "2026", room.head() + len(corrections))
        rounds.append(timed(_overwrite, room.append, corrections, room.ask, question).seconds)
    _note(figures, "rounds", PRODUCT, _rates(len(story), rounds))
    asked("after")


def _overwrite_table(
    peer: Peer,
    workload: Workload,
    position: int,
    answered: Answered,
    figures: dict[str, dict[str, Figure]],
) -> None:
    """The same, held to the same answers after it."""
    story = Story(workload)

    def asked(work: str) -> list[Question]:
        questions = [Question(each, workload.days[1], position) for each in answered.entities]
        peer.ask(questions[0])
        taken = [timed(peer.ask, each).seconds for each in questions]
        _note(figures, work, peer.name, latency(taken))
        return questions

    asked("before")
    rounds = []
    for number in range(1, ROUNDS + 1):
        corrections = [each for _, each in story.overwrite(number, position)]
        position += len(corrections)
        question = Question(answered.entities[0], "2026", position)
        rounds.append(timed(_overwrite, peer.append, corrections, peer.ask, question).seconds)
    found = _rates(len(story), rounds)
    _note(figures, "rounds", peer.name, found if peer.durable else _lax(found))
    questions = asked("after")
    expected = [answered.overwritten[each.entity] for each in questions]
    same(peer.name, questions, peer.ask, expected, peer.vague)


def _rates(count: int, rounds: list[float]) -> Figure:
    return Figure(", ".join(f"{count / seconds:,.0f}" for seconds in rounds), sum(rounds))


def _lax(figure: Figure) -> Figure:
    """A figure that cannot be compared, as nothing had to be on the disk."""
    return Figure(f"{figure.text}, not yet on the disk")


def _overwrite(
    append: Callable[[list[Any]], object],
    items: list[Any],
    ask: Callable[[Question], object],
    question: Question,
) -> None:
    """In batches of a thousand, until somebody can see them."""
    for start in range(0, len(items), 1000):
        append(items[start : start + 1000])
    ask(question)


def _measure_streams(
    make: Callable[[Path, Collection[str]], Streams],
    workload: Workload,
    scratch: Path,
    answered: Answered,
    figures: dict[str, dict[str, Figure]],
) -> None:
    few = answered._replace(ordinary=answered.ordinary[:100])
    peer = make(scratch, {*(each.entity for each in few.ordinary), *few.of_hubs})

    def clock(question: Question) -> float:
        peer.ask(question)
        return peer.seconds

    try:
        peer.load(workload.path)
        _ask_peer(peer, few, figures, clock)

        def append(batch: list[dict[str, Any]]) -> float:
            peer.append([{**each, "story": "one"} for each in batch])
            return peer.seconds

        for key, figure in _appended(workload, scratch, append):
            _note(figures, key, peer.name, figure)
    finally:
        peer.close()
