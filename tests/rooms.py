"""Newsrooms for tests: in memory, or in a directory, filled with records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from timeline import temporal
from timeline.appending import Appending
from timeline.checking import Given
from timeline.events.vocabulary import Vocabulary
from timeline.newsroom import Newsroom
from timeline.settings import Settings
from timeline.store.memory import MemoryLog

SOURCE = [{"url": "https://example.org/report", "publisher": "Example"}]


def memory_newsroom(zone: str = "UTC", vocabulary: Vocabulary | None = None) -> Newsroom:
    """An empty newsroom that leaves nothing behind."""
    vocabulary = vocabulary or Vocabulary(zone=zone)
    return Newsroom(MemoryLog(vocabulary), Settings("test", vocabulary))


def file_newsroom(directory: Path, zone: str = "UTC") -> Newsroom:
    """An empty newsroom with a log file."""
    Newsroom.init(directory, zone=zone)
    return Newsroom.open(directory)


def happening(type: str, when: str, **fields: Any) -> dict[str, Any]:
    """A happening with a source, in the story `story`."""
    return {"story": "story", "type": type, "when": when, "sources": SOURCE, **fields}


def fill(newsroom: Newsroom, *records: dict[str, Any], importing: bool = False) -> None:
    """Append records as one batch."""
    Appending(newsroom, temporal.now, importing=importing).write(
        Given(record, line=number) for number, record in enumerate(records, 1)
    )


def state(
    newsroom: Newsroom, entity: str, as_of: str | None = None, as_known: str | None = None
) -> dict[str, Any]:
    """The snapshot of an entity."""
    return newsroom.snapshot(entity, newsroom.basis(as_of, as_known, temporal.now()))


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
