"""Copies of a log file that are whole: taken while it is written to, checked, and put back.

The last records of a log are in its write-ahead log, so a plain copy of the file lacks them. SQLite
copies the file as it stands at one instant.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import zip_longest
from pathlib import Path

from timeline.errors import StoreError
from timeline.files import PRIVATE, mode_in, replacing
from timeline.log.sqlite.files import delete_journals, write_lock
from timeline.log.sqlite.log import SQLiteLog


def copy_log(log: SQLiteLog, target: Path) -> int:
    """Copy a log to a file, durably and whole, or not at all; the last position in the copy.

    The copy has no journals: it is one file, which can be opened where nothing can be written.

    Raises:
        StoreError: the log cannot be read, or the copy cannot be written, or is not the same.
    """
    with _failing(f"cannot back up to {target}"), replacing(target, PRIVATE) as new:
        return _copy(log, new, "DELETE")


def replace_log(source: SQLiteLog, path: Path) -> None:
    """Put a copy of a log in the place of the log at a path, which may be missing.

    The copy is checked before. Nobody can append in between, and whoever has the former log open
    notices that it was replaced. After a crash there is the former log, or the new one.

    Raises:
        StoreError: the log cannot be read, or the copy cannot be written, or is not the same.
    """
    with (
        _failing(f"cannot restore {path}"),
        write_lock(path),
        replacing(path, mode_in(path.parent)) as new,
    ):
        _copy(source, new, "WAL")
        if path.exists():
            _settle(path)
        delete_journals(path)


def missing_from(source: SQLiteLog, path: Path) -> tuple[int, int] | None:
    """The first record of the log at a path that is not in another log, and the last; or None.

    Raises:
        StoreError: one of them cannot be read.
    """
    with closing(SQLiteLog(path)) as former:
        for old, new in zip_longest(former.entries(), source.entries()):
            if old is None:
                return None
            if old != new:
                return old.position, former.head().position
    return None


def _copy(log: SQLiteLog, target: Path, journal: str) -> int:
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        with log.lock:
            log.connection.backup(connection)
        connection.execute(f"PRAGMA journal_mode = {journal}")
        ((found,),) = connection.execute("PRAGMA integrity_check(1)")
    if found != "ok":
        raise StoreError(f"the log is damaged: {found}")
    with closing(SQLiteLog(target)) as copy:
        last = copy.head().position
        for one, other in zip_longest(log.entries(0, last), copy.entries()):
            if one != other:
                raise StoreError("the copy is not the same as the log")
    delete_journals(target)
    return last


def _settle(path: Path) -> None:
    """Move what is in the write-ahead log of a file into the file, unless it is damaged.

    So the journal can be deleted before the file is replaced, and a crash between loses nothing.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as connection:
        try:
            connection.execute("PRAGMA synchronous = FULL")
            ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            return
    if busy:
        raise StoreError(f"{path} is in use: end what reads it, or try again")


@contextmanager
def _failing(what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{what}: {error}") from error
    except StoreError as error:
        raise StoreError(f"{what}: {error}") from error
