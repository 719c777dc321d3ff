"""Files and directories that are written whole or not at all, and survive a power cut."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

# Newsrooms hold what is not yet published: their owner reads it, or the group of a shared one.
PRIVATE, SHARED = 0o600, 0o660
_SHARED_DIRECTORY = 0o2770


@contextmanager
def replacing(path: Path, mode: int | None = None) -> Iterator[Path]:
    """Where to write a file or directory that takes the place of `path` when the block ends.

    It is on the disk before it is renamed, and the renaming before this returns. If the block
    raises, by Ctrl-C too, what was there stays, and nothing else is left. A link stays, and the
    file that it leads to is replaced. Permissions are those of what is replaced, or else `mode`;
    None leaves them to the umask.

    Raises:
        OSError: it cannot be written.
    """
    path = path.resolve()
    scratch = Path(mkdtemp(prefix=".timeline-", dir=path.parent))
    new, old = scratch / "new", scratch / "old"
    try:
        yield new
        permissions = path.stat().st_mode & 0o7777 if path.exists() else mode
        if permissions is not None:
            new.chmod(permissions)
        for each in (*(new.iterdir() if new.is_dir() else ()), new):
            sync(each)
        if new.is_dir() and path.exists():
            path.rename(old)
        try:
            new.replace(path)
        except BaseException:
            if old.exists():
                old.rename(path)
            raise
        sync(path.parent)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def sync(path: Path) -> None:
    """Wait until a file is on the disk, or the names in a directory are.

    A file that SQLite has open must not be synced so: closing it would release SQLite's locks.

    Raises:
        OSError: it is not.
    """
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):  # Windows cannot open directories.
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def mode_in(directory: Path) -> int:
    """The permissions of a new file: its owner's, and the group's in a shared directory."""
    return SHARED if _is_shared(directory) else PRIVATE


def make_private(directory: Path) -> None:
    """Create a directory for its owner only, or for the group if it is in a shared one.

    One that exists stays as it is.

    Raises:
        OSError: it cannot be created.
    """
    if directory.is_dir():
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    directory.mkdir(mode=0o700)
    if _is_shared(directory.parent):
        directory.chmod(_SHARED_DIRECTORY)


def share(directory: Path, group: str) -> None:
    """Let a group read and write a directory, and what is created in it.

    Raises:
        LookupError: there is no such group.
        OSError: the caller may not do that.
    """
    shutil.chown(directory, group=group)
    directory.chmod(_SHARED_DIRECTORY)


def create_empty(path: Path) -> None:
    """Create an empty file, unless it exists.

    Raises:
        OSError: it cannot be created.
    """
    with suppress(FileExistsError):
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE)
        os.close(descriptor)
        # Whatever the umask says.
        path.chmod(mode_in(path.parent))


def exposed(path: Path) -> str | None:
    """A warning about a secret file that others can read, as ssh has for keys."""
    if os.name == "nt" or not path.is_file():
        return None
    mode = path.stat().st_mode & 0o777
    if not mode & 0o077:
        return None
    return f"other users can read {path} (mode {mode:04o}), which holds secrets: chmod 600 {path}"


def _is_shared(directory: Path) -> bool:
    """Whether the group may write to a directory, and owns what is created in it."""
    return directory.stat().st_mode & 0o2020 == 0o2020
