"""Files and directories that are written whole or not at all, and survive a power cut."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

# What only its owner can read. Newsrooms hold what is not yet published.
PRIVATE = 0o600


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
    """The permissions of a file in a directory: those of the directory, as far as they apply."""
    return directory.stat().st_mode & 0o666
