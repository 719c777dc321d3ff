"""A process that appends one record after another, and says so each time.

python -m tests.postgres.appender URL NAME

A record of which it is not known whether it was written is sent again with the same id.
"""

from __future__ import annotations

import sys
from itertools import count

from tests.rooms import happening
from timeline import temporal
from timeline.appending import Appending
from timeline.checking import Given
from timeline.errors import StoreError
from timeline.newsroom import Newsroom


def main(url: str, name: str) -> None:
    """Append until somebody puts an end to it."""
    newsroom = None
    for number in count():
        record = happening("happened", "2026", id=f"{name}-{number}", about=["lab"])
        while True:
            try:
                newsroom = newsroom or Newsroom.open(url)
                Appending(newsroom, temporal.now).write([Given(record)])
                break
            except StoreError as error:
                print(error, file=sys.stderr, flush=True)
        print(record["id"], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
