"""A process that reads the log over and over, until its standard input is closed.

python -m tests.robustness.reader ROOM
"""

from __future__ import annotations

import select
import sys
from pathlib import Path

from timeline.newsroom.newsroom import Newsroom


def main(room: str) -> None:
    """Each time, what is there must be whole, and never less than before."""
    heads = [0]
    with Newsroom.open(Path(room)) as held_open:
        while not select.select([sys.stdin], [], [], 0)[0]:
            with Newsroom.open(Path(room)) as fresh:
                for newsroom in (held_open, fresh):
                    basis = newsroom.basis(None, None)
                    positions = [record.position for record in newsroom.records(basis.as_known)]
                    assert positions == list(range(1, basis.as_known + 1))
                    heads.append(basis.as_known)
    assert heads == sorted(heads)
    print(len(heads))


if __name__ == "__main__":
    main(sys.argv[1])
