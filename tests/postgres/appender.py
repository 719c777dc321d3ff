"""A process that appends one record after another, and says so each time.

python -m tests.postgres.appender URL NAME

A record of which it is not known whether it was written is sent again with the same id.
"""

from __future__ import annotations

import sys
from itertools import count

from tests.rooms import event
from timeline import temporal
from timeline.errors import StoreError
from timeline.newsroom.append import Appender
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord


def main(url: str, name: str) -> None:
    """Append until somebody puts an end to it."""
    newsroom = None
    for number in count():
        record = event("happened", "2026", id=f"{name}-{number}", about=["lab"])
        while True:
            try:
                newsroom = newsroom or Newsroom.open(url)
                Appender(newsroom, temporal.now).write([RawRecord(record)])
                break
            except StoreError as error:
                print(error, file=sys.stderr, flush=True)
        print(record["id"], flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
