"""One build of a projection, and how its keys are divided."""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32


class Generation(NamedTuple):
    """One build of a projection, and in how many shards its keys are divided."""

    number: int
    shards: int

    @property
    def table(self) -> str:
        """Where its rows are. A key is kept as its UTF-8 bytes: text has no room for U+0000."""
        return f"timeline_derived.rows_{self.number}"

    def shard_of(self, key: str) -> int:
        """The shard of a key, from 1 on: the same on every host and in every version."""
        return crc32(key.encode()) % self.shards + 1
