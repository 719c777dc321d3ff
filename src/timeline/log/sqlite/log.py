"""The log in one SQLite file, no server."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.errors import StoreError
from timeline.log.protocol import Batch, StorageInfo
from timeline.log.sqlite import reader
from timeline.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    from timeline.log.sqlite.recorder import TimelineApplication


class SQLiteLog(reader.Queries):
    """A log file. Reading opens it read-only; the first batch loads what writing needs."""

    def __init__(self, path: Path, vocabulary: Vocabulary):
        self.path = path
        self._vocabulary = vocabulary
        super().__init__(reader.open_for_reading(path))

    @cached_property
    def application(self) -> TimelineApplication:
        """The eventsourcing application over this file."""
        from timeline.log.sqlite.recorder import TimelineApplication

        return TimelineApplication(self.path, self._vocabulary)

    def writing(self, clock: Callable[[], int], hold: bool = True) -> AbstractContextManager[Batch]:
        return self.application.writing(clock)

    def facts(self) -> StorageInfo:
        try:
            size = self.path.stat().st_size
        except OSError as error:
            raise StoreError(f"cannot read the log {self.path}: {error.strerror}") from error
        return StorageInfo(str(self.path), size, "SQLite", sqlite3.sqlite_version)

    def close(self) -> None:
        self._connection.close()
        if "application" in self.__dict__:
            self.application.close()
