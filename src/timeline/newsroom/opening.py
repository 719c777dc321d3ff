"""Where a newsroom is kept: in a directory, in a database that many machines share, or behind
a service.

A directory holds `timeline.toml` and a log file, unless `timeline.toml` names a database:
`log = "postgresql://…"`. A database also stores the other settings of `timeline.toml`, so that its
address is enough to open the newsroom, and all its users read dates alike. A service provides the
settings of its newsroom, and keeps the index itself.
"""

from __future__ import annotations

import json
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import urlsplit

from timeline import temporal
from timeline.errors import InputError, StoreError
from timeline.files import make_private, mode_in, replacing, share, sync
from timeline.log.protocol import RecordLog
from timeline.records.settings import (
    CONFIG,
    Settings,
    read_table,
    settings_from,
    written,
    zone_problems,
)
from timeline.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    from timeline.index.index_manager import IndexManager, IndexStore
    from timeline.log.postgres.log import PostgresLog

LOG = "log.sqlite"
DERIVED = "derived"

SCHEMES = ("postgresql://", "postgres://")
SERVICES = ("https://", "http://")

Location = Path | str
"""A directory, or the address of a database or of a service."""


def open_place(location: Location) -> tuple[Settings, RecordLog, IndexManager]:
    """The settings, the log and the index of the newsroom at a location.

    Raises:
        InputError: there is none, or its settings are wrong.
        StoreError: its log cannot be read.
    """
    from timeline.index.index_manager import IndexManager

    settings = settings_at(location)
    log, store = _open(location, settings)
    index = IndexManager(log, settings.vocabulary, store, partial(open_log, location))
    return settings, log, index


def _open(location: Location, settings: Settings) -> tuple[RecordLog, IndexStore]:
    """The log at a location, and where its index is kept."""
    from timeline.index.effects_index import name_for

    name = name_for(settings)
    if (url := _database(location, settings)) is not None:
        from timeline.index.postgres_store import PostgresStore

        log = _log_in_database(url, settings)
        return log, PostgresStore(url, name, log.readers)
    assert isinstance(location, Path)
    from timeline.index.sqlite_store import SQLiteStore

    return _log_in_file(location, settings), SQLiteStore(location / DERIVED, name)


def open_log(location: Location) -> tuple[RecordLog, Vocabulary]:
    """The log at a location, and the vocabulary it is written in.

    Raises:
        InputError: there is none, or its settings are wrong.
        StoreError: the log cannot be read.
    """
    settings = settings_at(location)
    if (url := _database(location, settings)) is not None:
        return _log_in_database(url, settings), settings.vocabulary
    assert isinstance(location, Path)
    return _log_in_file(location, settings), settings.vocabulary


def settings_at(location: Location) -> Settings:
    """The settings of a newsroom.

    Raises:
        InputError: there is none, its settings are invalid, or a directory's differ from those of
            the database that it names.
        StoreError: the database cannot be read, or the service does not answer.
    """
    if isinstance(location, str):
        return _kept(location)
    table = read_table(location / CONFIG)
    if table.keys() == {"log"} and (url := _log_named_in(table)) is not None:
        return _kept(url)._replace(log=url)
    if not table:
        # A power cut can leave it so on some file systems.
        hint = f"`timeline init {location}` writes it again, with the settings that the log keeps"
        raise InputError(f"{location / CONFIG} is empty", hint)
    settings = settings_from(table, location.name, location / CONFIG)
    if settings.log is None:
        return settings
    kept = _kept(settings.log)
    if kept.fingerprint() != settings.fingerprint():
        raise InputError(
            f"the zone or the types in {location / CONFIG} differ from those in the database",
            f"`timeline init {location}` stores them in the database, for all its users",
        )
    return settings


def make_directory(
    directory: Path,
    name: str | None = None,
    zone: str = "UTC",
    url: str | None = None,
    group: str | None = None,
) -> None:
    """Make a new newsroom in a directory, with its log in a file or in the database named.

    Only its owner can read it, or also a group, which can then write to it.

    What is missing is made. A log that exists, in a file or in the database, keeps its settings: a
    `timeline.toml` that is missing or empty is written again from them. If `timeline.toml` names a
    database, the database is created or migrated, and gets the other settings of the file.

    Raises:
        InputError: there is one already, the zone is unknown, or its settings are wrong.
        StoreError: the directory or the database cannot be written.
    """
    if problems := zone_problems(zone):
        raise InputError(problems)
    config, file = directory / CONFIG, directory / LOG
    table = read_table(config) if config.exists() else {}
    is_new = not table
    if not is_new:
        named = _log_named_in(table)
        if file.exists() or (url is not None and _without_password(url) != named):
            raise InputError(f"{directory} is a newsroom already", "choose another directory")
        url = url or named
    given = table or {"name": name or directory.resolve().name, "zone": zone}
    if given.keys() != {"log"}:
        settings = settings_from(given, directory.name, config)
    said = {"log": _without_password(address(url))} if url is not None else given
    try:
        make_private(directory)
        if group is not None:
            share(directory, group)
        for part in (directory / "events", directory / "projections"):
            make_private(part)
        if url is not None:
            _make_log(url, given, overwrite=not is_new and table.keys() != {"log"})
        elif file.exists():
            said = _kept_in_file(file) or given
        else:
            from timeline.log.sqlite.log import create

            create(file, settings.as_json(), temporal.now())
        # Last, since it is what makes the directory a newsroom.
        if is_new:
            with replacing(config, mode_in(directory)) as new:
                new.write_text(written(said), "utf-8")
        sync(directory.parent)
    except LookupError as error:
        raise InputError(f"there is no group {group!r}", "`getent group` lists them") from error
    except OSError as error:
        what = error.strerror or error
        raise StoreError(f"cannot make a newsroom in {directory}: {what}") from error


def _log_named_in(table: dict[str, Any]) -> str | None:
    """The address of a database in a `timeline.toml`, which may say no more than that."""
    log = table.get("log")
    return log if isinstance(log, str) else None


def _kept_in_file(path: Path) -> dict[str, Any] | None:
    """The settings that a log file keeps."""
    from timeline.log.sqlite.log import SQLiteLog

    log = SQLiteLog(path)
    try:
        kept = log.settings()
    finally:
        log.close()
    table: dict[str, Any] | None = None if kept is None else json.loads(kept.text)
    return table


def make_database(url: str, name: str | None = None, zone: str = "UTC") -> None:
    """Make a new newsroom in a database, or bring the one that is there up to date.

    Raises:
        InputError: it is not the address of a database, or the zone is unknown.
        StoreError: it cannot be made.
    """
    if problems := zone_problems(zone):
        raise InputError(problems)
    called = name or urlsplit(url).path.strip("/") or "newsroom"
    _make_log(url, {"name": called, "zone": zone}, overwrite=False)


def _make_log(url: str, table: dict[str, Any], overwrite: bool) -> None:
    from timeline.log.postgres.create_database import make

    make(address(url), json.dumps({key: table[key] for key in table if key != "log"}), overwrite)


def address(text: str) -> str:
    """The text, if it is the address of a database.

    Raises:
        InputError: it is none.
    """
    if is_service(text):
        raise InputError(
            f"{text} is a service, not a database",
            "create the newsroom on the machine of the service; --log connects to it afterwards",
        )
    if not text.startswith(SCHEMES):
        raise InputError(
            f"{text.partition('://')[0]!r} is not the address of a newsroom",
            "such as https://timeline.example.org or postgresql://host/database; "
            "--newsroom takes a directory",
        )
    if find_spec("psycopg") is None:
        raise InputError(
            "a log in PostgreSQL needs psycopg", "pip install 'newsroom-timeline[postgres]'"
        )
    return text


def is_service(location: Location | None) -> TypeGuard[str]:
    """Whether a location is the address of a service, and not a directory or a database."""
    return isinstance(location, str) and location.startswith(SERVICES)


def _database(location: Location, settings: Settings) -> str | None:
    """The address of the database that the log is in, if it is in one."""
    return location if isinstance(location, str) else settings.log


def _kept(url: str) -> Settings:
    """The settings that a database stores."""
    from timeline.log.postgres.create_database import kept_settings

    return settings_from(json.loads(kept_settings(address(url))), url, Path(CONFIG))


def _log_in_database(url: str, settings: Settings) -> PostgresLog:
    from timeline.log.postgres.log import PostgresLog

    return PostgresLog(url)


def _log_in_file(directory: Path, settings: Settings) -> RecordLog:
    from timeline.log.sqlite.log import SQLiteLog

    return SQLiteLog(directory / LOG, settings.as_json())


def _without_password(url: str) -> str:
    from timeline.log.postgres.connections import without_password

    return without_password(url)
