"""Entries of the log as the eventsourcing library gives them to those that follow it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from eventsourcing.persistence import Notification

from timeline.log.protocol import Reader


def notifications(
    log: Reader,
    start: int | None,
    limit: int,
    stop: int | None,
    topics: Sequence[str],
    inclusive_of_start: bool,
) -> list[Notification]:
    """What `ApplicationRecorder.select_notifications` promises, from any log."""
    after = 0 if start is None else start - 1 if inclusive_of_start else start
    return list(islice(_told(log, after, stop, topics), limit))


def _told(
    log: Reader, after: int, stop: int | None, topics: Sequence[str]
) -> Iterator[Notification]:
    for entry in log.entries(after, stop):
        if not topics or entry.topic in topics:
            yield Notification(
                id=entry.position,
                originator_id=entry.story,
                originator_version=entry.version,
                topic=entry.topic,
                state=entry.state,
            )
