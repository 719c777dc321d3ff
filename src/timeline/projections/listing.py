"""The log as it was recorded, narrowed to what somebody asks about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from timeline.acts import occurred
from timeline.events.record import Record, entities_of
from timeline.history import History


def listing(
    records: Iterable[Record],
    first: int = 1,
    story: str | None = None,
    entity: str | None = None,
    type: str | None = None,
    happened: tuple[History, int] | None = None,
) -> Iterator[Record]:
    """The records from position `first` on, in recorded order, that fit all that is asked.

    A record belongs to an entity if it names it, or amends or answers one that belongs to
    it. `happened` is a history and an instant: happenings that, as they read there, had
    surely not happened before it are left out.
    """
    concerned: set[str] = set()
    for record in records:
        if entity is not None and not _concerns(entity, record, concerned):
            continue
        if entity is not None:
            concerned.add(record.amends or record.id)
        if record.position < first or story not in (None, record.story):
            continue
        if type not in (None, record.type.name):
            continue
        if happened is None or record.amends is not None:
            yield record
            continue
        history, at = happened
        if occurred(history[record.id]).maybe_before(at):
            yield record


def _concerns(entity: str, record: Record, concerned: set[str]) -> bool:
    refers_to = record.amends or record.content.get("answers")
    if refers_to in concerned or entity in entities_of(record.type, record.content):
        return True
    changes = record.content.get("changes", {}) if record.amends else {}
    return any(
        entity == value or (isinstance(value, list) and entity in value)
        for value in changes.values()
    )
