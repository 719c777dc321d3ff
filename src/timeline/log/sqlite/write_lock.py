"""Taking turns: writers of one log queue for it, first come, first served.

SQLite makes a waiting writer sleep and try again, so that a busy process starves the
others for seconds. A lock on a file beside the log is a queue kept by the operating
system, which also lets go of it when a process dies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: SQLite's own waiting has to do.
    fcntl = None


@contextmanager
def turn(log: Path) -> Iterator[None]:
    """Wait for this process's turn to write `log`, and keep it until the block ends."""
    if fcntl is None:
        yield
        return
    with log.with_name(log.name + "-turn").open("ab") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield
