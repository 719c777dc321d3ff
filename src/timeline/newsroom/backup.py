"""Backing up the log of a newsroom in a directory, and restoring it."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from timeline.errors import InputError, StoreError
from timeline.files import make_private
from timeline.newsroom.integrity import verify
from timeline.newsroom.opening import LOG, Location, make_directory
from timeline.records.settings import CONFIG, read_table, settings_from
from timeline.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    from timeline.log.sqlite.log import SQLiteLog
    from timeline.newsroom.newsroom import Newsroom


def back_up(newsroom: Newsroom, target: Path, replace: bool = False) -> int:
    """Copy the log to a file, while it may be written to; the last position in the copy.

    Raises:
        InputError: the file exists, and is not to be replaced; or the log is in a database.
        StoreError: the log cannot be read, or the file not be written; what was there is kept.
    """
    from timeline.log.sqlite.backup import copy_log
    from timeline.log.sqlite.log import SQLiteLog

    log = newsroom.store
    if not isinstance(log, SQLiteLog):
        raise _in_a_database()
    if target.exists() and not replace:
        raise InputError(f"{target} exists already", "--replace puts the new backup in its place")
    return copy_log(log, target)


def restore_backup(
    directory: Location, source: Path, replace: bool = False, damaged: bool = False
) -> int:
    """Put the log in a file in the place of that of a directory; the last position in it.

    What is missing of the directory is made, with the settings that the backup keeps. With
    `replace`, records that are not in the backup are given up; with `damaged`, the backup may
    have records that are not valid.

    Raises:
        InputError: neither was wanted, and is needed; or the log is in a database.
        StoreError: a log cannot be read, or not be written; what was there is kept.
    """
    from timeline.log.sqlite.backup import missing_from, replace_log
    from timeline.log.sqlite.log import SQLiteLog

    if not isinstance(directory, Path) or _names_database(directory / CONFIG):
        raise _in_a_database()
    path = directory / LOG
    with closing(SQLiteLog(source)) as log:
        if not damaged and (findings := verify(log, _vocabulary_of(log))):
            first = findings[0]
            raise InputError(
                f"{source} has {len(findings)} problems, the first at position "
                f"{first['position']}: {first['message']}",
                "--damaged restores it as it is",
            )
        if path.exists() and not replace:
            try:
                lost = missing_from(log, path)
            except StoreError as error:
                what = f"{error}, so that nobody knows what the backup lacks"
                raise InputError(what, "--replace restores the backup") from error
            if lost is not None:
                what = f"records {lost[0]} to {lost[1]} of the log are not in {source}"
                raise InputError(what, "back them up, then restore with --replace")
        make_private(directory)
        replace_log(log, path)
        head = log.head().position
    if not (directory / CONFIG).exists() or not read_table(directory / CONFIG):
        make_directory(directory)
    return head


def _names_database(config: Path) -> bool:
    return config.exists() and "log" in read_table(config)


def _in_a_database() -> InputError:
    return InputError(
        "the log is not in a file of this machine",
        "back up a database with pg_dump, and any newsroom with `timeline export -o FILE`",
    )


def _vocabulary_of(log: SQLiteLog) -> Vocabulary:
    kept = log.settings()
    if kept is None:
        return Vocabulary()
    return settings_from(json.loads(kept.text), "", Path(CONFIG)).vocabulary
