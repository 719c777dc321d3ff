"""A process that appends one record after another, and says so each time.

python -m tests.robustness.appender ROOM NAME [COUNT]
"""

from __future__ import annotations

import sys
from itertools import count, islice
from pathlib import Path

from tests.rooms import event
from timeline import temporal
from timeline.newsroom.append import Appender
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord


def main(room: str, name: str, most: int | None = None) -> None:
    """Append `most` records; without it, until somebody puts an end to it."""
    with Newsroom.open(Path(room)) as newsroom:
        for number in islice(count(), most):
            id = f"{name}-{number}"
            record = event("happened", "2026", id=id, about=["lab"], body="b" * 400)
            Appender(newsroom, temporal.now).write([RawRecord(record)])
            print(id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:]))
