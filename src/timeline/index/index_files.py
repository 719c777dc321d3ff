"""Where projections are kept beside a log file: a directory, with a file for each.

A projection is built anew in a file of its own. The file that questions are answered from
is the one that `NAME.current` names; it is replaced at once and wholly, so a reader has the
old projection or the new one. Nothing here is needed to keep what was recorded: the
directory can be deleted at any time.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from timeline.errors import StoreError
from timeline.index.projection import Projection, Rows
from timeline.index.sqlite_rows import SQLiteRows
from timeline.log.sqlite.files import write_lock


class DerivedFiles:
    """The directory of a newsroom's projections.

    `settings` tells the vocabulary and the zone that they are made with from any other.
    """

    def __init__(self, directory: Path, settings: str):
        self.directory = directory
        self._settings = settings
        self._switched: dict[str, int | None] = {}

    def current(self, projection: Projection) -> SQLiteRows | None:
        """The rows that questions are answered from; None where there are none yet.

        Raises:
            StoreError: they cannot be read.
        """
        try:
            name = self._pointer(projection).read_text("utf-8").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"cannot read {self._pointer(projection)}: {error}") from error
        self._switched[projection.name] = self._mark(projection)
        path = self.directory / name
        return SQLiteRows(path) if path.is_file() else None

    def is_current(self, projection: Projection, rows: Rows) -> bool:
        """Whether questions are still answered from these rows."""
        return self._switched.get(projection.name) == self._mark(projection)

    def building(self, projection: Projection) -> AbstractContextManager[None]:
        """Keeps all others from building, until the block ends.

        Raises:
            StoreError: the directory cannot be written.
        """
        try:
            self.directory.mkdir(exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make {self.directory}: {error}") from error
        return write_lock(self.directory / f"{self._stem(projection)}-build")

    def next(self, projection: Projection) -> SQLiteRows:
        """The rows of a build that is not finished: those of one that was cut off, or new ones.

        New ones, too, if what was left cannot be used.

        Raises:
            StoreError: they cannot be made.
        """
        number = self._number(projection) + 1
        path = self.directory / f"{self._stem(projection)}-{number}.sqlite"
        if path.is_file():
            try:
                return SQLiteRows.resume(path)
            except StoreError:
                self._delete(path)
        return SQLiteRows.create(path)

    def switch(self, projection: Projection, rows: Rows) -> None:
        """Answer questions from these rows from now on, and let go of all older ones.

        Raises:
            StoreError: the directory cannot be written.
        """
        assert isinstance(rows, SQLiteRows)
        pointer = self._pointer(projection)
        unfinished = pointer.with_name(pointer.name + "-new")
        try:
            unfinished.write_text(rows.path.name + "\n", "utf-8")
            unfinished.replace(pointer)
        except OSError as error:
            raise StoreError(f"cannot write {pointer}: {error}") from error
        self._switched[projection.name] = self._mark(projection)
        self._clear_but(projection, rows.path.name)

    def discard(self, rows: Rows) -> None:
        """Delete rows that nobody is to be answered from."""
        assert isinstance(rows, SQLiteRows)
        rows.close()
        self._delete(rows.path)

    def close(self) -> None:
        """Nothing is held open."""

    def _delete(self, rows: Path) -> None:
        """Delete a file of rows, with what belongs to it."""
        for path in self.directory.glob(f"{rows.stem}.*"):
            _remove(path)

    def _clear_but(self, projection: Projection, kept: str) -> None:
        """Delete all other files of a projection; who still reads one of them keeps it open."""
        pointer, lock = self._pointer(projection).name, f"{self._stem(projection)}-build-turn"
        for path in self.directory.glob(f"{projection.name}-*"):
            if not path.name.startswith(kept) and path.name not in (pointer, lock):
                _remove(path)

    def _number(self, projection: Projection) -> int:
        """The number of the current build; 0 where there is none."""
        try:
            name = self._pointer(projection).read_text("utf-8").strip()
            return int(name.removesuffix(".sqlite").rpartition("-")[2])
        except (OSError, ValueError):
            return 0

    def _mark(self, projection: Projection) -> int | None:
        """What tells one switch from another."""
        try:
            return self._pointer(projection).stat().st_mtime_ns
        except OSError:
            return None

    def _pointer(self, projection: Projection) -> Path:
        return self.directory / f"{self._stem(projection)}.current"

    def _stem(self, projection: Projection) -> str:
        return f"{projection.name}-{projection.version}-{self._settings}"


def _remove(path: Path) -> None:
    """Delete a file, or the directory of the spools of a build."""
    if path.is_dir():
        # It brings compressors with it, which a question would wait for.
        from shutil import rmtree

        rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
