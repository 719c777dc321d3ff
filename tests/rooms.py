"""Newsrooms for tests: in memory, or in a directory, filled with records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests import views
from timeline import temporal
from timeline.log.sqlite.log import SQLiteLog
from timeline.newsroom.append import Appender
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.records.settings import Settings
from timeline.records.vocabulary import Vocabulary

SOURCE = [{"url": "https://example.org/report", "publisher": "Example"}]


def memory_newsroom(zone: str = "UTC", vocabulary: Vocabulary | None = None) -> Newsroom:
    """An empty newsroom that leaves nothing behind."""
    vocabulary = vocabulary or Vocabulary(zone=zone)
    return Newsroom(SQLiteLog(None), Settings("test", vocabulary))


def file_newsroom(directory: Path, zone: str = "UTC") -> Newsroom:
    """An empty newsroom with a log file."""
    Newsroom.init(directory, zone=zone)
    return Newsroom.open(directory)


def event(type: str, when: str, **fields: Any) -> dict[str, Any]:
    """An event with a source, in the story `story`."""
    return {"story": "story", "type": type, "when": when, "sources": SOURCE, **fields}


def fill(newsroom: Newsroom, *records: dict[str, Any], importing: bool = False) -> None:
    """Append records as one batch."""
    Appender(newsroom, temporal.now, importing=importing).write(
        RawRecord(record, line=number) for number, record in enumerate(records, 1)
    )


def state(
    newsroom: Newsroom, entity: str, as_of: str | None = None, as_known: str | None = None
) -> dict[str, Any]:
    """The snapshot of an entity."""
    return views.snapshot(newsroom, entity, newsroom.basis(as_of, as_known))


def held(
    newsroom: Newsroom, entity: str, as_of: str | None = None, as_known: str | None = None
) -> dict[tuple[Any, ...], str]:
    """Statement → certainty."""
    return {
        (
            entry["subject"],
            entry["property"],
            entry["value"],
            *entry["qualifiers"].values(),
        ): entry["certainty"]
        for entry in state(newsroom, entity, as_of, as_known)["statements"]
    }
