"""One build of a projection, and how its events are dealt out."""

from __future__ import annotations

from typing import NamedTuple

from timeline.log.protocol import share_of


class Generation(NamedTuple):
    """One build of a projection, and to how many shards its events are dealt out."""

    number: int
    shards: int

    @property
    def table(self) -> str:
        """Where its rows are. A key is kept as its UTF-8 bytes: text has no room for U+0000."""
        return f"timeline_derived.rows_{self.number}"

    def shard_of(self, event: int) -> int:
        """The shard of the event at a position, from 1 on: the same on every host."""
        return share_of(event, self.shards)
