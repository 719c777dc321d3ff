"""The product alone on a log so large that the others would take hours.

Its answers are still held to the plain use of the library: get and fold, for a few entities.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import product
from benchmarks.compare import PRODUCT, Work, duration, latency, rate, same, weight
from benchmarks.measure import timed
from benchmarks.peers.library import Entities
from benchmarks.product import Room, held
from benchmarks.reference import LIBRARY, Effort, cold
from benchmarks.workload import Workload

COLUMNS = (PRODUCT, LIBRARY)

# So many questions are asked of the library, too.
ASKED_OF_BOTH = 50


def large(workload: Workload, scratch: Path, effort: Effort) -> Iterator[Work]:
    """An import, a rebuild, and questions."""
    newsroom = scratch / "newsroom"
    loaded = product.load(newsroom, workload)
    memory = f", {loaded.megabytes:.0f} MB"
    yield Work("import", {PRODUCT: rate(workload.records, loaded.seconds, more=memory)})
    with Room(newsroom) as room:
        first = timed(room.ask, workload.about(workload.entities[0], 1)[0])
    yield Work("the first question after the import", {PRODUCT: duration(first.seconds)})
    rebuilt = product.rebuild(newsroom)
    assert rebuilt is not None
    memory = f", {rebuilt.megabytes:.0f} MB"
    yield Work(
        "rebuild of all projections, comparing old and new rows",
        {PRODUCT: rate(workload.records, rebuilt.seconds, more=memory)},
    )
    log, derived = product.sizes(newsroom)
    yield Work("bytes a record: the log", {PRODUCT: weight(log, workload.records)})
    yield Work("bytes a record: what is derived", {PRODUCT: weight(derived, workload.records)})
    with Room(newsroom) as room:
        yield from _questions(workload, scratch, room, effort)
    yield cold(workload, newsroom, effort)


def _questions(workload: Workload, scratch: Path, room: Room, effort: Effort) -> Iterator[Work]:
    asked = workload.questions(effort.questions)
    taken, answers = room.timed(asked, effort.budget)
    few = asked[: min(ASKED_OF_BOTH, len(answers))]
    entities = Entities(scratch, {each.entity for each in few})
    entities.load(workload.path)
    same("eventsourcing, get and fold", few, entities.ask, list(map(held, answers)), True)
    plain = [timed(entities.ask, each).seconds for each in few]
    entities.close()
    yield Work(
        f"snapshot of an ordinary entity at a random T and K ({len(answers)} asked; library: get "
        f"and fold, {len(few)} asked, the answers alike)",
        {PRODUCT: latency(taken), LIBRARY: latency(plain)},
    )
    for hub in workload.hubs:
        taken, answers = room.timed(workload.about(hub, 20), effort.budget)
        most = max(len(each["statements"]) for each in answers)
        yield Work(
            f"snapshot of {hub} ({len(answers)} asked, up to {most:,} statements)",
            {PRODUCT: latency(taken)},
        )
