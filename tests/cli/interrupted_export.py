"""`timeline export -o FILE`, which never comes to an end: it says so, and waits for a signal.

python -m tests.cli.interrupted_export ROOM FILE
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator
from itertools import islice

from timeline.cli.program import run
from timeline.records import jsonl
from timeline.records.record import Entry

_export = jsonl.export


def _endless(entries: Iterable[Entry]) -> Iterator[bytes]:
    yield from islice(_export(entries), 3)
    print("writing", flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    # Whoever runs the tests may ignore these, as `nohup` does, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    room, file = sys.argv[1:]
    jsonl.export = _endless
    sys.argv = ["timeline", "--newsroom", room, "export", "-o", file]
    run()
