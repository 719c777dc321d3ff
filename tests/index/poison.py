"""A record that no program can fold in yet."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def poison(room: Path, position: int) -> str:
    """Make the record at a position one of a type from a newer version; its topic till then."""
    with closing(sqlite3.connect(room / "log.sqlite")) as connection, connection:
        connection.execute("DROP TRIGGER IF EXISTS stored_events_are_never_updated")
        query = "SELECT topic FROM stored_events WHERE position = ?"
        (topic,) = connection.execute(query, (position,)).fetchone()
    mend(room, position, "happened/9")
    return str(topic)


def mend(room: Path, position: int, topic: str) -> None:
    """Give a record its topic."""
    with closing(sqlite3.connect(room / "log.sqlite")) as connection, connection:
        connection.execute(
            "UPDATE stored_events SET topic = ? WHERE position = ?", (topic, position)
        )
