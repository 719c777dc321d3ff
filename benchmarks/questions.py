"""Questions in this process, about a history that is in memory: what the semantics cost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from benchmarks.measure import Row, in_turn, median_seconds, milliseconds, timed
from timeline import temporal
from timeline.certainty.order import Component, Order
from timeline.history.history import History
from timeline.projections.answer import Answer, Basis
from timeline.projections.map import map_of
from timeline.projections.relevance import HistorySource
from timeline.projections.snapshot import snapshot
from timeline.records.record import Record
from timeline.records.vocabulary import Vocabulary

DAY = "2026-03-03"
SOURCES = [{"publisher": "Example"}]


def questions(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """Order in one component, beside networkx; large snapshots, beside writing them down."""
    for size in (1_000, 10_000):
        yield _order(size, runs)
    yield _snapshot("1,000 events in one component of order", "desk", _chain(1_000), runs)
    yield _snapshot("10,000 events in one component of order", "desk", _chain(10_000), runs)
    yield _snapshot("10,000 statements that hold", "desk", map(_joined, range(10_000)), runs)
    yield _snapshot("10,000 statements, one of which holds", "desk", map(_set, range(10_000)), runs)
    for size in (100, 200):
        yield _map(size, runs)


def _order(size: int, runs: int) -> Row:
    # Here, so that the other suites do not carry its memory.
    import networkx

    history = _history(_chain(size))
    component = _component(history)
    graph = _graph(component)
    latest = networkx.single_source_bellman_ford_path_length(graph, "origin")
    if any(latest[id] != instant for id, instant in component.latest.items()):
        raise AssertionError("networkx finds other bounds")

    def by_networkx() -> None:
        networkx.single_source_bellman_ford_path_length(graph, "origin")
        networkx.single_source_bellman_ford_path_length(graph.reverse(copy=False), "origin")

    ours, theirs = in_turn(
        runs, lambda: timed(lambda: _component(history)), lambda: timed(by_networkx)
    )
    return _row(
        f"bounds of {size:,} events in one component, each within an hour after another, "
        "from the records; baseline: networkx, Bellman–Ford both ways, from the graph",
        median_seconds(ours),
        median_seconds(theirs),
        runs,
    )


def _snapshot(name: str, entity: str, records: Any, runs: int) -> Row:
    history = _history(records)
    basis = Basis("2027", temporal.read("2027").bounds.latest or 0, 10_000, 0)
    answer = snapshot(history.derived(HistorySource), entity, basis)
    asked, written = in_turn(
        runs,
        lambda: timed(lambda: snapshot(history.derived(HistorySource), entity, basis)),
        lambda: timed(lambda: _written(answer)),
    )
    return _row(
        f"snapshot, {name}; baseline: writing and hashing its "
        f"{len(answer['statements']):,} entries with orjson",
        median_seconds(asked),
        median_seconds(written),
        runs,
    )


def _map(size: int, runs: int) -> Row:
    """The map of an entity with so many values on one day, each of which may be the last."""
    records = _records(_rival(number) for number in range(size))
    basis = Basis("2027", temporal.read("2027").bounds.latest or 0, size, 0)
    answer = map_of(records, "desk", basis)
    asked, written = in_turn(
        runs, lambda: timed(map_of, records, "desk", basis), lambda: timed(_written, answer)
    )
    return _row(
        f"map, {size} values of one property on one day; baseline: writing and hashing its "
        f"{len(answer['statements']):,} entries with orjson",
        median_seconds(asked),
        median_seconds(written),
        runs,
    )


def _row(name: str, seconds: float, baseline: float, runs: int) -> Row:
    ratio = f"{seconds / baseline:.2f}" if baseline > 0.0005 else ""
    return Row(name, milliseconds(seconds), milliseconds(baseline), ratio, runs)


def _written(answer: Answer) -> str:
    return hashlib.sha256(orjson.dumps(answer, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _component(history: History) -> Component:
    component = Order(history).component("r1")
    assert component is not None
    return component


def _graph(component: Component) -> Any:
    """The same simple temporal problem as a graph of distances."""
    import networkx

    graph = networkx.DiGraph()
    earliest, latest = temporal.read(DAY).bounds
    assert earliest is not None and latest is not None
    for id in component.events:
        graph.add_edge("origin", id, weight=latest - 1)
        graph.add_edge(id, "origin", weight=-earliest)
    for source, targets in component.edges.items():
        for target, weight in targets:
            graph.add_edge(source, target, weight=weight)
    return graph


def _history(contents: Any) -> History:
    return History(_records(contents))


def _records(contents: Any) -> list[Record]:
    vocabulary = Vocabulary()
    return [
        Record(number, number, number, vocabulary[content["type"]], content)
        for number, content in enumerate(
            (
                {"id": f"r{number}", "story": "s", "sources": SOURCES, **each}
                for number, each in enumerate(contents, 1)
            ),
            1,
        )
    ]


def _chain(size: int) -> Iterator[dict[str, Any]]:
    """Fifty people join the desk over and over, each within an hour after the one before."""
    for number in range(1, size + 1):
        after = [{"id": f"r{number - 1}", "within": "PT1H"}] if number > 1 else []
        joined = {"type": "joined", "person": f"p{number % 50}", "organisation": "desk"}
        yield {**joined, "when": DAY, **({"after": after} if after else {})}


def _joined(number: int) -> dict[str, Any]:
    person = f"person-{number}"
    return {"type": "joined", "person": person, "organisation": "desk", "when": DAY}


def _rival(number: int) -> dict[str, Any]:
    value = {"subject": "desk", "property": "editor", "value": f"person-{number}"}
    return {"type": "became", **value, "when": DAY}


def _set(number: int) -> dict[str, Any]:
    when = f"20{number % 26:02}-03-{number % 28 + 1:02}T{number % 24:02}:{number % 60:02}"
    return {
        "type": "measured",
        "subject": "desk",
        "measure": "staff",
        "value": number,
        "when": when,
    }
