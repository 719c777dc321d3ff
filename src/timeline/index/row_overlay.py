"""Rows of which the newest are in memory: for whoever may read what is derived and not write it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from heapq import merge
from itertools import islice

from timeline.errors import StoreError
from timeline.index.projection import FOREVER, Closed, Opened, Progress, Rows, Spools, Writer

_Row = tuple[int, int, int, bytes]


class RowOverlay:
    """What the log opens and closes beyond where other rows have come, in front of these.

    Others may go on with those rows meanwhile: of a key and an event, they tell what stood
    before the first record that is folded in here and touches both, and nothing after it.
    """

    def __init__(self, rows: Rows):
        self.rows = rows
        self._progress = rows.progress()
        # By key: rows as event, since, until, state; and from where on they tell.
        self._ahead: dict[str, list[_Row]] = defaultdict(list)
        self._touched: dict[str, dict[int, int]] = defaultdict(dict)

    def progress(self) -> Progress:
        return self._progress

    def found(self, keys: Collection[str], at: int) -> Iterator[tuple[int, bytes]]:
        keys = self._meant(keys)
        yield from self.rows.found([key for key in keys if key not in self._touched], at)
        for key in keys:
            if (touched := self._touched.get(key)) is not None:
                before = () if key.endswith("\n") else self.rows.found([key], at)
                for event, state in before:
                    if at < touched.get(event, FOREVER):
                        yield event, state
                for event, since, until, state in self._ahead.get(key, ()):
                    if since <= at < until:
                        yield event, state

    def last(self, prefix: str, below: str, at: int, most: int) -> Iterable[tuple[int, bytes]]:
        if not self._touches(prefix):
            return self.rows.last(prefix, below, at, most)
        keys = [key for key in self._beginning(prefix) if key < below]
        found = (row for key in reversed(keys) for row in sorted(self.found([key], at))[::-1])
        return islice(found, most)

    def _touches(self, prefix: str) -> bool:
        """Whether anything is told here of any key that begins so."""
        return any(key.startswith(prefix) for key in self._touched)

    def _beginning(self, prefix: str) -> list[str]:
        """All keys that begin so, in order; the other rows have none that is no longer."""
        here = [prefix] if prefix in self._touched else []
        return here + [prefix + name for name in self.names(prefix) if name]

    def _meant(self, keys: Collection[str]) -> list[str]:
        """The keys asked for, one by one where something is told here of those that begin so."""
        return [
            each
            for key in keys
            for each in (
                self._beginning(key) if key.endswith("\n") and self._touches(key) else [key]
            )
        ]

    def stands(self, key: str, at: int) -> bool:
        return any(True for _ in self.found([key], at))

    def ever(self, keys: Collection[str], until: int) -> Iterable[tuple[int, bytes]]:
        found = list(self.rows.ever(keys, until))
        for key in self._meant(keys):
            for event, since, _, state in self._ahead.get(key, ()):
                if since <= until:
                    found.append((event, state))
        return dict.fromkeys(found)

    def names(self, prefix: str) -> Iterator[str]:
        keys = [key for key, rows in self._ahead.items() if rows and key.startswith(prefix)]
        here = sorted(key.removeprefix(prefix) for key in keys)
        last = None
        for name in merge(self.rows.names(prefix), here):
            if name != last:
                yield name
            last = name

    def has_kind(self, prefix: str) -> bool:
        return self.rows.has_kind(prefix) or any(key.startswith(prefix) for key in self._ahead)

    def all(self, until: int) -> Iterator[tuple[str, int, int, int, bytes]]:
        here = (
            (key, event, since, end if end <= until else FOREVER, state)
            for key in sorted(self._ahead)
            for event, since, end, state in sorted(self._ahead[key])
            if since <= until
        )
        yield from merge(self._before(until), here)

    def _before(self, until: int) -> Iterator[tuple[str, int, int, int, bytes]]:
        """The other rows, as far as they tell."""
        for key, event, since, end, state in self.rows.all(until):
            touched = self._touched.get(key, {}).get(event, FOREVER)
            if since < touched:
                yield key, event, since, min(end, touched) if touched <= until else end, state

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        kept = self._progress, deepcopy(self._ahead), deepcopy(self._touched)
        try:
            yield self
        except BaseException:
            self._progress, self._ahead, self._touched = kept
            raise

    def standing(self, keys: Collection[str], at: int) -> list[int]:
        return sorted({event for event, _ in self.found(keys, at)})

    def write(self, rows: Iterable[Closed | Opened]) -> None:
        for row in rows:
            ahead, touched = self._ahead[row.key], self._touched[row.key]
            match row:
                case Opened(_, event, since, state):
                    touched.setdefault(event, since)
                    ahead.append((event, since, FOREVER, state))
                case Closed(_, event, until):
                    touched.setdefault(event, until)
                    ahead[:] = [
                        (*each[:2], until, each[3])
                        if each[0] == event and each[2] == FOREVER
                        else each
                        for each in ahead
                    ]

    def advance(self, progress: Progress) -> None:
        self._progress = progress

    def spools(self) -> Spools | None:
        return None

    def absorb(self, progress: Progress) -> None:
        raise StoreError("rows in memory are built without spools")

    def close(self) -> None:
        """The other rows belong to whoever opened them."""
