"""A service in a process of its own, to be measured."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import TIMELINE


class Service(NamedTuple):
    """Where the service is, and the token that it is asked with."""

    port: int
    token: str


@contextmanager
def serving(newsroom: Path, *options: str) -> Iterator[Service]:
    """The service of a newsroom, for as long as the block runs."""
    room = ("--newsroom", str(newsroom))
    words = [TIMELINE, *room, "token", "add", "benchmark", "--role", "admin"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    token = next(word for word in said.split() if word.startswith("tl_"))
    words = [TIMELINE, *room, "serve", "--port", "0", "--no-link", *options]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline().rpartition(":")[2].strip().strip("/"))
        try:
            yield Service(port, token)
        finally:
            server.terminate()
