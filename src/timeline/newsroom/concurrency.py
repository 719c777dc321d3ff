"""Expected versions of stories, and the conflicts when other writers came first."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from typing_extensions import TypedDict

from timeline import temporal
from timeline.errors import ConflictError, Moved
from timeline.log.protocol import Reader, RecordLog
from timeline.projections.answer import Timestamp
from timeline.records import jsonl
from timeline.records.record import Record, headline
from timeline.records.vocabulary import Vocabulary

# The most intervening records to report for each story.
MOST_BETWEEN = 100

# The most of them to list in an error message.
_MOST_SAID = 3


def moved_of(reader: Reader, expected: Mapping[str, int]) -> list[Moved]:
    """The stories that are not at the version expected."""
    versions = (
        (story, version, reader.story_version(story)) for story, version in expected.items()
    )
    return [Moved(*each) for each in versions if each[1] != each[2]]


def version_at(log: RecordLog, story: str, position: int) -> int:
    """The version that a story had at a position."""

    def position_of(version: int) -> int:
        (entry,) = log.select_events(story, gt=version - 1, lte=version)
        return entry.position

    versions = range(1, log.story_version(story) + 1)
    return bisect_right(versions, position, key=position_of)


def conflict_of(moved: Iterable[Moved], log: RecordLog, vocabulary: Vocabulary) -> ConflictError:
    """The error for stories that are at other versions, with the intervening records."""
    moved = list(moved)
    between: list[RecordBetween] = []
    said: list[str] = []
    for story, expected, found in moved:
        until = min(found, expected + MOST_BETWEEN)
        entries = log.select_events(story, gt=expected, lte=until)
        came = [_row(jsonl.decode(entry, vocabulary)) for entry in entries]
        between += came
        said.append(
            f"{story} is at version {found}, not {expected}: {_who(came, found - expected)}"
        )
    message = f"{'; '.join(said)}. Nothing was written; look at `timeline log` and try again."
    return ConflictError(message, moved, between)


class RecordBetween(TypedDict):
    """A record that another caller has appended in the meantime."""

    id: str
    position: int
    recorded_at: Timestamp
    recorded_by: str | None
    story: str
    version: int
    headline: str


def _row(record: Record) -> RecordBetween:
    return {
        "id": record.id,
        "position": record.position,
        "recorded_at": temporal.format_instant(record.recorded_at),
        "recorded_by": record.recorded_by,
        "story": record.story,
        "version": record.version,
        "headline": headline(record.type, record.content),
    }


def _who(came: list[RecordBetween], count: int) -> str:
    """Somebody else appended to it (Ada at position 5: Lin joins Qwen; and 3 more)."""
    if count < 0:
        return "it has never been there"
    said = [
        f"{row['recorded_by'] or 'somebody'} at position {row['position']}: {row['headline']}"
        for row in came[:_MOST_SAID]
    ]
    more = [f"and {count - len(said)} more"] if count > len(said) else []
    return f"somebody else appended to it ({'; '.join([*said, *more])})"
