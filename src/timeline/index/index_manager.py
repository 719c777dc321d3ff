"""The index of a newsroom: built when it is first needed, kept current, rebuilt."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple, Protocol

from timeline.errors import StoreError
from timeline.index.catch_up import anchor_of, catch_up
from timeline.index.rows import Checkpoint, Rows, RowsUnusableError
from timeline.index.sql_rows import SqlRows
from timeline.log.protocol import Reader
from timeline.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from timeline.index.build import OpenLog
    from timeline.index.row_overlay import RowOverlay

Report = Callable[[int, int], None]
"""Called with the last position that was folded, and the target position."""

# The most records to fold in memory for a question if the index cannot be written. With more, it is
# as fast to answer from the whole log.
TAIL = 10_000

# Builds of at least this many records use several processes.
PARALLEL = 40_000


class Rebuilt(NamedTuple):
    """A rebuilt index; `difference` says where the index before it was wrong, if it was."""

    checkpoint: Checkpoint
    difference: str | None


class IndexStore(Protocol):
    """Where the rows of an index are stored: those in use, and those being built.

    All methods raise StoreError if the store cannot be read or written.
    """

    def current(self) -> SqlRows | None:
        """The rows in use; None if there are none yet."""
        ...

    def is_current(self, rows: SqlRows) -> bool:
        """Whether these rows are still in use."""
        ...

    def building(self) -> AbstractContextManager[None]:
        """A lock that a build holds."""
        ...

    def begin(self) -> SqlRows:
        """Empty rows to build, in place of those of an interrupted build."""
        ...

    def switch(self, rows: SqlRows) -> SqlRows:
        """Put newly built rows into use, and delete older ones. Returns the rows in use."""
        ...

    def discard(self, rows: SqlRows) -> None:
        """Delete rows that were built and are not in use."""
        ...

    def abandon(self, rows: SqlRows) -> None:
        """Take rows out of use and close them, so that new ones are built."""
        ...

    def close(self) -> None:
        """Close what is open besides rows."""
        ...


class IndexManager:
    """The index of one newsroom.

    `report` is called while records are folded. A long build uses `executor`, if set, or else
    `jobs` local processes (default: one for each processor). `open_log` opens the log in another
    process; None if it cannot be opened there.
    """

    def __init__(
        self,
        log: Reader,
        vocabulary: Vocabulary,
        store: IndexStore,
        open_log: OpenLog | None = None,
    ):
        self.store = store
        self.report: Report = lambda position, last: None
        self.executor: Executor | None = None
        self.jobs: int | None = None
        self._log = log
        self._vocabulary = vocabulary
        self._open_log = open_log
        self._rows: SqlRows | None = None
        # Damaged rows that this process has no right to replace.
        self._avoided: SqlRows | None = None
        self._overlay: RowOverlay | None = None

    def rows(self, until: int) -> Rows | None:
        """Rows in which everything up to position `until` is folded.

        Where rows can be read and not written, the newest are in memory. None if that would be
        too many.

        Raises:
            RowsUnusableError: they are damaged, or were dropped; `abandon` them.
            StoreError: they cannot be read; or there are none, and they cannot be written.
        """
        rows = self._current()
        if rows.checkpoint().position >= until:
            return rows
        try:
            self._catch_up(rows)
        except RowsUnusableError:
            raise
        except StoreError:
            return self._in_memory(rows, until)
        # A replica may receive what was written to the primary a little later.
        return rows if rows.checkpoint().position >= until else self._in_memory(rows, until)

    def catch_up(self) -> Checkpoint:
        """Fold all records up to the head. Returns the new checkpoint.

        Raises:
            StoreError: the log cannot be read, or the rows cannot be written.
        """
        return self._catch_up(self._current())

    def checkpoint(self) -> Checkpoint | None:
        """The checkpoint of the rows in use; None if there are none."""
        rows, checkpoint = self._kept()
        if rows is not None:
            rows.close()
        return checkpoint

    def rebuild(self) -> Rebuilt:
        """Build new rows beside those in use, compare the two, and switch to the new ones.

        Raises:
            StoreError: the log cannot be read, or the rows cannot be written.
        """
        with self.store.building():
            used, difference = self._of_this_log(), None
            rows, checkpoint = self._build()
            if used is not None:
                try:
                    until = min(checkpoint.position, used.checkpoint().position)
                    difference = first_difference(used, rows, until)
                except RowsUnusableError as error:
                    difference = str(error)
                used.close()
            self.store.switch(rows).close()
        return Rebuilt(checkpoint, difference)

    def abandon(self) -> None:
        """Stop using rows that are damaged or were dropped, so that new ones are built.

        If this process may not write the index, it works without one until another process has
        built it.
        """
        rows = self._rows
        if rows is None:
            return
        self._close_rows()
        try:
            self.store.abandon(rows)
        except StoreError:
            self._avoided = rows

    def close(self) -> None:
        """Close what is open."""
        self._close_rows()
        self.store.close()

    def _close_rows(self) -> None:
        for rows in (self._overlay, self._rows):
            if rows is not None:
                rows.close()
        self._overlay = self._rows = None

    def _current(self) -> SqlRows:
        """The rows in use, which are built if there are none for this log."""
        if self._avoided is not None:
            if self.store.is_current(self._avoided):
                raise StoreError("the index is damaged, and may not be written from here")
            self._avoided = None
        if self._rows is not None and self.store.is_current(self._rows):
            return self._rows
        if self._rows is not None:
            self._rows.close()
            self._rows = None
        self._rows = self._of_this_log()
        if self._rows is None:
            with self.store.building():
                self._rows = self._of_this_log() or self.store.switch(self._build()[0])
        return self._rows

    def _of_this_log(self) -> SqlRows | None:
        """The rows in use, unless they were built from another log."""
        rows, checkpoint = self._kept()
        if rows is None or checkpoint is None:
            return None
        if anchor_of(self._log, checkpoint.position) == checkpoint.anchor:
            return rows
        rows.close()
        return None

    def _kept(self) -> tuple[SqlRows | None, Checkpoint | None]:
        """The rows in use with their checkpoint, or None if they are missing or unreadable."""
        try:
            rows = self.store.current()
        except StoreError:
            return None, None
        if rows is None:
            return None, None
        try:
            return rows, rows.checkpoint()
        except StoreError:
            rows.close()
            return None, None

    def _build(self) -> tuple[SqlRows, Checkpoint]:
        """New rows from the whole log, not yet in use."""
        # Imported here, because most questions do not build.
        from timeline.index.build import build

        rows, last = self.store.begin(), self._log.head().position
        try:
            with self._executor_for(last) as executor:
                checkpoint = build(
                    rows,
                    self._log,
                    self._vocabulary,
                    executor,
                    self._open_log,
                    lambda position: self.report(position, last),
                )
        except BaseException:
            self.store.discard(rows)
            raise
        return rows, checkpoint

    def _executor_for(self, records: int) -> AbstractContextManager[Executor | None]:
        """The executor to fold this many records with; None if this process does it alone."""
        if records < PARALLEL or self._open_log is None:
            return nullcontext()
        if self.executor is not None:
            return nullcontext(self.executor)
        from timeline.index.processes import processes, processors

        jobs = self.jobs or processors()
        return processes(jobs) if jobs > 1 else nullcontext()

    def _catch_up(self, rows: Rows) -> Checkpoint:
        last = self._log.head().position
        return catch_up(
            rows,
            self._log,
            self._vocabulary,
            last,
            lambda position: self.report(position, last),
        )

    def _in_memory(self, rows: SqlRows, until: int) -> Rows | None:
        """The same rows, overlaid with new records folded in memory."""
        # Imported here, because most questions can write the rows.
        from timeline.index.row_overlay import RowOverlay

        overlay = self._overlay
        if overlay is None or overlay.rows is not rows or overlay.checkpoint().position < until:
            overlay = RowOverlay(rows)
            last = self._log.head().position
            if last - overlay.checkpoint().position > TAIL:
                return None
            catch_up(overlay, self._log, self._vocabulary, last)
            self._overlay = overlay
        return overlay if overlay.checkpoint().position >= until else None


def first_difference(used: Rows, rows: Rows, until: int) -> str | None:
    """The first difference between the rows of two builds at a position."""
    for one, other in zip_longest(used.all(until), rows.all(until)):
        if one != other:
            key, event, since, *_ = min(each for each in (one, other) if each is not None)
            return f"the row {key!r} of the event at position {event}, since {since}"
    return None
