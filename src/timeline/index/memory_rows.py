"""The rows of a projection in the memory of the process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from timeline.errors import StoreError
from timeline.index.projection import FOREVER, Closed, Opened, Progress, Spools, Writer

_Row = tuple[int, int, int, bytes]


class MemoryRows:
    """Lists of rows by key: event, since, until, state."""

    def __init__(self) -> None:
        self._progress = Progress()
        self._rows: dict[str, list[_Row]] = {}

    def progress(self) -> Progress:
        return self._progress

    def found(self, keys: Collection[str], at: int) -> Iterator[tuple[int, bytes]]:
        for key in self._meant(keys):
            for event, since, until, state in self._rows[key]:
                if since <= at < until:
                    yield event, state

    def last(self, prefix: str, below: str, at: int, most: int) -> Iterator[tuple[int, bytes]]:
        keys = (key for key in self._meant([prefix]) if key.encode() < below.encode())
        return islice(self.found(sorted(keys, key=str.encode, reverse=True), at), most)

    def stands(self, key: str, at: int) -> bool:
        return any(True for _ in self.found([key], at))

    def ever(self, keys: Collection[str], until: int) -> Iterator[tuple[int, bytes]]:
        for key in self._meant(keys):
            for event, since, _, state in self._rows[key]:
                if since <= until:
                    yield event, state

    def names(self, prefix: str) -> Iterator[str]:
        for key in sorted(self._rows):
            if key.startswith(prefix):
                yield key.removeprefix(prefix)

    def has_kind(self, prefix: str) -> bool:
        return any(key.startswith(prefix) for key in self._rows)

    def all(self, until: int) -> Iterator[tuple[str, int, int, int, bytes]]:
        for key in sorted(self._rows, key=lambda key: key.encode()):
            for event, since, end, state in sorted(self._rows[key]):
                if since <= until:
                    yield key, event, since, end if end <= until else FOREVER, state

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        kept = self._progress, {key: list(rows) for key, rows in self._rows.items()}
        try:
            yield self
        except BaseException:
            self._progress, self._rows = kept
            raise

    def standing(self, keys: Collection[str], at: int) -> list[int]:
        return sorted({event for event, _ in self.found(keys, at)})

    def write(self, rows: Iterable[Closed | Opened]) -> None:
        for row in rows:
            of_key = self._rows.setdefault(row.key, [])
            match row:
                case Opened(_, event, since, state):
                    of_key.append((event, since, FOREVER, state))
                case Closed(_, event, until):
                    of_key[:] = [
                        (*each[:2], until, each[3])
                        if each[0] == event and each[2] == FOREVER
                        else each
                        for each in of_key
                    ]

    def advance(self, progress: Progress) -> None:
        self._progress = progress

    def spools(self) -> Spools | None:
        return None

    def absorb(self, progress: Progress) -> None:
        raise StoreError("rows in memory are built by one process")

    def _meant(self, keys: Collection[str]) -> list[str]:
        """The keys of rows that are meant: these, and all that begin with one that ends so."""
        found = [key for key in keys if key in self._rows]
        if prefixes := tuple(key for key in keys if key.endswith("\n")):
            found += [key for key in self._rows if key.startswith(prefixes) and key not in prefixes]
        return found

    def close(self) -> None:
        """Nothing is held open."""
