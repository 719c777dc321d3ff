"""A portable log as the peers are given it: each record with what it changes.

Corrections and retractions are settled here, so that a peer is told how an event reads
from now on. It is less than the product does for them, in the favour of the peers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

Content = dict[str, Any]

_AMENDED = {"correction": "corrects", "retraction": "retracts"}
_PROSE = ("body", "headline", "sources", "quote", "recorded_at", "recorded_by")


class Settled(NamedTuple):
    """One record: the event it is about, how that read before and how it reads now.

    None is for what was not there, or is retracted. `place` is the position of the
    event, which it keeps when it is corrected; `line` is the record itself.
    """

    position: int
    event: str
    place: int
    before: Content | None
    after: Content | None
    line: bytes


def settled(path: Path) -> Iterator[Settled]:
    """The records of a log, in order. Memory grows with the amendments alone."""
    amended = _amended(path)
    reading: dict[str, Content] = {}
    places: dict[str, int] = {}
    for position, line, record in _records(path):
        if name := _AMENDED.get(record["type"]):
            id = record[name]
            before = reading.pop(id)
            after = None
            if name == "corrects":
                merged = {**before, **record["changes"]}
                after = reading[id] = {key: value for key, value in merged.items() if value}
            yield Settled(position, id, places[id], before, after, line)
            continue
        content = without_prose(record)
        if record["id"] in amended:
            reading[record["id"]] = content
            places[record["id"]] = position
        yield Settled(position, record["id"], position, None, content, line)


def without_prose(content: Content) -> Content:
    """What of an event can matter to a statement."""
    return {key: value for key, value in content.items() if key not in _PROSE}


def _amended(path: Path) -> set[str]:
    marks = tuple(f'"type":"{name}"'.encode() for name in _AMENDED)
    with path.open("rb") as lines:
        candidates = (orjson.loads(line) for line in lines if any(mark in line for mark in marks))
        return {record[_AMENDED[record["type"]]] for record in candidates}


def _records(path: Path) -> Iterator[tuple[int, bytes, Content]]:
    with path.open("rb") as lines:
        for position, line in enumerate(lines, 1):
            yield position, line, orjson.loads(line)
