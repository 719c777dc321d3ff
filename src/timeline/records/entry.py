"""A record as the log keeps it."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One record as the log keeps it.

    `state` is the canonical JSON of the record without `position` and `recorded_at`; `topic` is
    the type and its version; `version` counts within the story, from 1; `recorded_at` is in
    microseconds since 1970, UTC.
    """

    position: int
    recorded_at: int
    story: str
    version: int
    topic: str
    state: bytes
