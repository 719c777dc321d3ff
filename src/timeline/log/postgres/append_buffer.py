"""Records that have their place and are not in the database yet."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import NamedTuple

from timeline.records.entry import Entry


class PositionedRecord(NamedTuple):
    """A record in its place, with what the log keeps beside it."""

    entry: Entry
    id: str
    amends: tuple[str, ...]


class AppendBuffer:
    """The end of the log, in memory: found as the rest of it is."""

    def __init__(self) -> None:
        self.placed: list[PositionedRecord] = []
        self._by_id: dict[str, Entry] = {}
        self._amending: dict[str, list[Entry]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self.placed)

    def add(self, placed: PositionedRecord) -> None:
        """A record at the next position."""
        self.placed.append(placed)
        self._by_id[placed.id] = placed.entry
        for event in placed.amends:
            self._amending[event].append(placed.entry)

    def find(self, id: str) -> Entry | None:
        return self._by_id.get(id)

    def amendments_of(self, id: str) -> list[Entry]:
        return self._amending.get(id, [])

    def of_type(self, topic: str) -> list[Entry]:
        return [each.entry for each in self.placed if each.entry.topic == topic]

    def entries(self, after: int, until: int | None) -> list[Entry]:
        return [
            each.entry
            for each in self.placed
            if each.entry.position > after and (until is None or each.entry.position <= until)
        ]

    def recorded_by(self, instant: int) -> int:
        """How many of them were recorded by then."""
        return bisect_right(self.placed, instant, key=lambda each: each.entry.recorded_at)
