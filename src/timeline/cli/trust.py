"""Directories that the user trusts, in the manner of git's `safe.directory`.

Commands find a newsroom by searching upwards from the current directory, so they may find one that
someone else has put there. Its `timeline.toml` decides how dates are read, and which database gets
the user's password and records. So a directory that belongs to another user, or whose
`timeline.toml` names a database, is used only after `timeline trust`. A directory that the user
names with `--newsroom` or TIMELINE_NEWSROOM needs no trust.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from shlex import quote

import click

from timeline.errors import InputError, StoreError
from timeline.files import PRIVATE, replacing
from timeline.records.settings import CONFIG, read_table

FILE = "trusted.json"
"""The file in the user's configuration directory: each directory, with the database it names."""


def check_trusted(directory: Path) -> None:
    """Check that a directory which was found, not named, may be used.

    Raises:
        InputError: it has to be trusted first, or its `timeline.toml` cannot be read.
    """
    database = database_in(directory)
    risks = []
    if not (_is_own(directory) and _is_own(directory / CONFIG)):
        risks.append("belongs to another user")
    if database is not None:
        risks.append(f"names the database {database}")
    path, trusted = str(directory.resolve()), _trusted()
    if risks and not (path in trusted and trusted[path] == database):
        raise InputError(
            f"{directory / CONFIG} {' and '.join(risks)}",
            f"`timeline trust {quote(path)}` if you want to use it",
        )


def trust(directory: Path) -> str | None:
    """Trust a directory, with the database that it names now; gives the database, if there is one.

    Raises:
        InputError: there is no newsroom in the directory.
        StoreError: this cannot be stored.
    """
    database = database_in(directory)
    trusted = {**_trusted(), str(directory.resolve()): database}
    file = _file()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(file, PRIVATE) as new:
            new.write_text(json.dumps(trusted, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {file}: {error.strerror or error}") from error
    return database


def database_in(directory: Path) -> str | None:
    """The address of a database that the `timeline.toml` in a directory names, unchecked.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    found = read_table(directory / CONFIG).get("log")
    return None if found is None else str(found)


def _trusted() -> dict[str, str | None]:
    """The trusted directories, each with the database that it named when it was trusted."""
    file = _file()
    try:
        found = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {file}: {error}", "delete it to trust nothing") from error
    if not isinstance(found, dict):
        raise InputError(f"{file} should be a JSON object", "delete it to trust nothing")
    return found


def _file() -> Path:
    return Path(click.get_app_dir("timeline")) / FILE


def _is_own(path: Path) -> bool:
    """Whether a file or directory belongs to the user, also if they have become root by sudo."""
    if not hasattr(os, "geteuid"):  # On Windows, permissions are not by owner.
        return True
    user, owner = os.geteuid(), path.lstat().st_uid
    return owner == user or (user == 0 and str(owner) == os.environ.get("SUDO_UID"))
