"""The log as it was recorded, narrowed to what somebody asks about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from timeline.history.entity_resolution import Resolver
from timeline.history.history import History
from timeline.records.record import Record, entities_of


def listing(
    records: Iterable[Record],
    first: int = 1,
    story: str | None = None,
    entity: str | None = None,
    type: str | None = None,
    happened: tuple[History, int] | None = None,
    names: Resolver | None = None,
) -> Iterator[Record]:
    """The records from position `first` on, in recorded order, that fit all that is asked.

    A record belongs to an entity if it names it, or amends or answers one that belongs to
    it; `names` tells by what other slugs the entity goes. `happened` is a history and an
    instant: events that, as they read there, had surely not happened before it are
    left out.
    """
    concerned: set[str] = set()
    slugs = None if entity is None else set((names or Resolver()).get(entity).slugs)
    for record in records:
        if slugs is not None:
            if not _concerns(slugs, record, concerned):
                continue
            concerned.update(record.amends if record.type.name == "correction" else [record.id])
        if record.position < first or story not in (None, record.story):
            continue
        if type not in (None, record.type.name):
            continue
        if happened is None or record.is_amendment:
            yield record
            continue
        history, at = happened
        if history[record.id].occurred.maybe_before(at):
            yield record


def _concerns(slugs: set[str], record: Record, concerned: set[str]) -> bool:
    """Whether a record names an entity, or one that is `concerned` with it."""
    if not concerned.isdisjoint([*record.amends, record.content.get("answers")]):
        return True
    if not slugs.isdisjoint(entities_of(record.type, record.content)):
        return True
    changes = record.content["changes"] if record.type.name == "correction" else {}
    values = (value if isinstance(value, list) else [value] for value in changes.values())
    return any(value in slugs for each in values for value in each if isinstance(value, str))
