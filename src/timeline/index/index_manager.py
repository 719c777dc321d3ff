"""The upkeep of projections: built when they are first asked for, caught up, built anew."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import zip_longest
from typing import Protocol

from timeline.errors import StoreError
from timeline.index.building import build
from timeline.index.catch_up import anchor_of, catch_up
from timeline.index.projection import OpenLog, Progress, Projection, Rows
from timeline.index.row_overlay import RowOverlay
from timeline.log.protocol import Reader
from timeline.records.vocabulary import Vocabulary

Report = Callable[[int, int], None]

# How many records are folded in memory, for a question, by whoever may not write rows. Beyond
# that, reading what bears on the question from the whole log takes no longer.
TAIL = 10_000


class Store(Protocol):
    """Where the rows of projections are kept: those in use, and those being built."""

    def current(self, projection: Projection) -> Rows | None:
        """The rows that questions are answered from; None where there are none yet."""
        ...

    def is_current(self, projection: Projection, rows: Rows) -> bool:
        """Whether questions are still answered from these rows."""
        ...

    def building(self, projection: Projection) -> AbstractContextManager[None]:
        """Keeps all others from building, until the block ends."""
        ...

    def next(self, projection: Projection) -> Rows:
        """The rows of a build that is not finished: those of one that was cut off, or new ones."""
        ...

    def switch(self, projection: Projection, rows: Rows) -> None:
        """Answer questions from these rows from now on, and let go of all older ones."""
        ...

    def discard(self, rows: Rows) -> None:
        """Delete rows that nobody is to be answered from."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


class Upkeep:
    """The projections of one newsroom.

    `report` is told the checkpoint and the position it is on its way to, while a build or
    a long catching up goes on. A long build uses `jobs` processes, or one for each processor
    where that is None.
    """

    def __init__(
        self,
        log: Reader,
        vocabulary: Vocabulary,
        store: Store,
        open_log: OpenLog,
        report: Report = lambda position, last: None,
    ):
        self.store = store
        self.report = report
        self.jobs: int | None = None
        self._log = log
        self._vocabulary = vocabulary
        self._open_log = open_log
        self._open: dict[str, Rows] = {}
        self._in_memory: dict[str, RowOverlay] = {}

    def rows(self, projection: Projection, until: int) -> Rows | None:
        """The rows of a projection that has folded in all up to position `until`.

        Where they can be read and not written, the newest are in memory. None if a record has
        stopped the projection before, or if that would be too many.

        Raises:
            StoreError: they cannot be read; or there are none, and they cannot be written.
        """
        rows = self._current(projection)
        if rows.progress().checkpoint >= until:
            return rows
        try:
            if self._catch_up(projection, rows, self._log.head().position).problem is not None:
                return None
        except StoreError:
            return self._ahead(projection, rows, until)
        # What was written in one place may come to where it is read a little later.
        if rows.progress().checkpoint >= until:
            return rows
        return self._ahead(projection, rows, until)

    def _ahead(self, projection: Projection, rows: Rows, until: int) -> Rows | None:
        """The same rows with what is new in the log folded in, in memory."""
        ahead = self._in_memory.get(projection.name)
        if ahead is None or ahead.rows is not rows or ahead.progress().checkpoint < until:
            ahead = RowOverlay(rows)
            last = self._log.head().position
            if last - ahead.progress().checkpoint > TAIL:
                return None
            catch_up(projection, ahead, self._log, self._vocabulary, last)
            self._in_memory[projection.name] = ahead
        return ahead if ahead.progress().checkpoint >= until else None

    def progress(self, projection: Projection) -> Progress | None:
        """How far a projection has come; None if there is nothing that tells it yet."""
        rows, progress = self._kept(projection)
        if rows is not None:
            rows.close()
        return progress

    def close(self) -> None:
        """Let go of what is held open."""
        for rows in self._open.values():
            rows.close()
        self._open.clear()
        self._in_memory.clear()
        self.store.close()

    def _current(self, projection: Projection) -> Rows:
        """The rows in use; if there are none of this log, they are built."""
        rows = self._open.get(projection.name)
        if rows is not None and self.store.is_current(projection, rows):
            return rows
        if rows is not None:
            rows.close()
        found = self._of_this_log(projection)
        if found is None:
            with self.store.building(projection):
                found = self._of_this_log(projection) or self._built(projection)
        self._open[projection.name] = found
        return found

    def _of_this_log(self, projection: Projection) -> Rows | None:
        """The rows in use, unless they were made of another log."""
        rows, progress = self._kept(projection)
        if rows is None or progress is None:
            return None
        if anchor_of(self._log, progress.checkpoint) == progress.anchor:
            return rows
        rows.close()
        return None

    def _kept(self, projection: Projection) -> tuple[Rows | None, Progress | None]:
        """The rows in use with their progress; those that cannot be read are as if not there."""
        try:
            rows = self.store.current(projection)
        except StoreError:
            return None, None
        if rows is None:
            return None, None
        try:
            return rows, rows.progress()
        except StoreError:
            rows.close()
            return None, None

    def _built(self, projection: Projection) -> Rows:
        rows = self._unfinished(projection)
        self._build(projection, rows)
        self.store.switch(projection, rows)
        return rows

    def rebuild(self, projection: Projection, accept: bool = False) -> Progress:
        """Build a projection anew beside the one in use, and then answer from the new one.

        A build that was cut off goes on where it was. Where the new rows differ from those
        in use, there is no switch, unless that is to be accepted.

        Raises:
            StoreError: they differ; or the rows cannot be read or written.
        """
        with self.store.building(projection):
            used = self._of_this_log(projection)
            rows = self._unfinished(projection)
            progress = self._build(projection, rows)
            if used is not None and not accept:
                until = min(progress.checkpoint, used.progress().checkpoint)
                if difference := first_difference(used, rows, until):
                    self.store.discard(rows)
                    used.close()
                    raise StoreError(
                        f"built anew, the projection {projection.name} is not what it was: "
                        f"{difference}; the old one is kept"
                    )
            self.store.switch(projection, rows)
            for each in (rows, used):
                if each is not None:
                    each.close()
        return progress

    def _unfinished(self, projection: Projection) -> Rows:
        rows = self.store.next(projection)
        checkpoint, anchor, _ = rows.progress()
        if anchor_of(self._log, checkpoint) == anchor:
            return rows
        self.store.discard(rows)
        return self.store.next(projection)

    def _build(self, projection: Projection, rows: Rows) -> Progress:
        last = self._log.head().position
        return build(
            projection,
            rows,
            self._open_log,
            self.jobs,
            lambda position: self.report(position, last),
        )

    def _catch_up(self, projection: Projection, rows: Rows, last: int) -> Progress:
        return catch_up(
            projection,
            rows,
            self._log,
            self._vocabulary,
            last,
            lambda position: self.report(position, last),
        )


def first_difference(used: Rows, rows: Rows, until: int) -> str | None:
    """Where the rows of two builds differ, as they stood at a position."""
    for one, other in zip_longest(used.all(until), rows.all(until)):
        if one != other:
            key, event, since, *_ = min(each for each in (one, other) if each is not None)
            return f"the row {key!r} of the event at position {event}, since {since}"
    return None
