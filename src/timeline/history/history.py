"""From records to the events that stand: amendments are applied here, and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from timeline.history.accounts import OF_RIVALS, settled
from timeline.history.entity_resolution import Resolver
from timeline.history.event import Event, amended, corrected
from timeline.records.declaration import Kind, RecordType
from timeline.records.record import Content, Record

T = TypeVar("T")


class Change(NamedTuple):
    """How one record changed one event; `before` is None for a new event."""

    before: Event | None
    after: Event


def as_recorded(record: Record, names: Resolver) -> Event:
    """A new event, without amendments, with each entity under its current slug."""
    return Event(record, _under(names, record.type, record.content))


class History:
    """The events of a log, or of part of one, as they read after its last record.

    `names` resolves slugs to entities. A history of some events only takes those events, the
    records that amend them, and the names of the whole log; other events that an amendment
    names are ignored.
    """

    def __init__(self, records: Iterable[Record] = (), names: Resolver | None = None):
        self.names = names or Resolver()
        self._events: dict[str, Event] = {}
        self._naming: dict[str, set[str]] | None = None
        self._derived: dict[object, Any] = {}
        for record in records:
            self.apply(record)

    def apply(self, record: Record) -> list[Change]:
        """Apply the next record; the events that it changed, in order of position."""
        self._derived.clear()
        if not record.type.is_amendment:
            event = as_recorded(record, self.names)
            self._put(event)
            return [Change(None, event)]
        renamed = self._naming_any(self.names.apply(record))
        amends = [id for id in record.amends if id in self._events]
        concerned = set[str]().union(*(self.accounts(id) for id in (*renamed, *amends)))
        before = [self._events[id] for id in concerned]
        for id in amends:
            event = amended(self._events[id], record)
            content = _under(self.names, event.type, event.content)
            self._put(event._replace(content=content))
        for id in renamed:
            self._put(self._reread(self._events[id]))
        self._settle(concerned)
        changes = [Change(event, self._events[event.id]) for event in before]
        return sorted(changes, key=lambda change: change.after.position)

    def derived(self, make: Callable[[History], T]) -> T:
        """What `make` computes from this history, cached until the next record."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: T = self._derived[make]
        return found

    def copy(self) -> History:
        """An independent copy."""
        other = History()
        other.names = self.names.copy()
        other._events = dict(self._events)
        return other

    def include(self, other: History) -> None:
        """Add the events of another part of the same log, at the same position."""
        self._events.update(other._events)

    @property
    def is_empty(self) -> bool:
        """Whether it has no events."""
        return not self._events

    def __getitem__(self, id: str) -> Event:
        return self._events[id]

    def get(self, id: str) -> Event | None:
        """The event with that id, whether it stands or not."""
        return self._events.get(id)

    def all(self) -> Iterator[Event]:
        """All events, in order of position."""
        return iter(self._events.values())

    def standing(self) -> Iterator[Event]:
        """The events that stand, including those decided against, in order of position."""
        return (event for event in self._events.values() if event.stands)

    def counting(self) -> Iterator[Event]:
        """The events from which something follows, in order of position.

        Of accounts that agree it is the one that represents them.
        """
        return (event for event in self._events.values() if event.counts)

    def _put(self, event: Event) -> None:
        self._events[event.id] = event
        if self._naming is not None:
            for slug in _slugs(event):
                self._naming[slug].add(event.id)

    def _reread(self, event: Event) -> Event:
        """An event with each entity under its current slug."""
        content = event.record.content
        for amendment in event.amendments:
            if amendment.type.name == "correction":
                content = corrected(content, amendment.content["changes"])
        return event._replace(content=_under(self.names, event.type, content))

    def _naming_any(self, slugs: set[str]) -> set[str]:
        """The ids of the events that name any of these slugs."""
        if not slugs:
            return set()
        if self._naming is None:
            self._naming = defaultdict(set)
            for event in self._events.values():
                self._put(event)
        return {id for slug in slugs for id in self._naming.get(slug, ())}

    def accounts(self, id: str) -> set[str]:
        """The accounts of one event: those that conflicts and resolutions join with this one.

        Accounts that could not be read are none of them. An event that is not in this history
        is alone.
        """
        accounts, waiting = {id}, [id] if id in self._events else []
        while waiting:
            for amendment in self._events[waiting.pop()].amendments:
                if amendment.type.name in OF_RIVALS:
                    found = (set(amendment.amends) & self._events.keys()) - accounts
                    accounts |= found
                    waiting.extend(found)
        return accounts

    def _settle(self, ids: set[str]) -> None:
        """Apply what follows for the accounts of an event, once one of them has changed."""
        left = set(ids)
        while left:
            accounts = self.accounts(left.pop())
            left -= accounts
            for event in settled([self._events[id] for id in accounts]):
                self._put(event)


def _slugs(event: Event) -> Iterator[str]:
    """Every text that may name an entity in an event, as recorded or corrected."""
    readings = [event.record.content]
    readings += [each.content.get("changes", {}) for each in event.amendments]
    for content in readings:
        for field in event.type.fields:
            value = content.get(field)
            yield from (each for each in _each(value) if isinstance(each, str))


def _under(names: Resolver, kind: RecordType, content: Content) -> Content:
    """The content with each entity under its current slug."""
    if not names.joined:
        return content
    return {**content, **dict(_renamed(kind, content, names))}


def _renamed(kind: RecordType, content: Content, names: Resolver) -> Iterator[tuple[str, Any]]:
    """The fields of a record that name entities, with current slugs."""
    for name, field in kind.fields.items():
        value = content.get(name)
        match field.kind:
            case Kind.ENTITIES if value is not None:
                yield name, list(dict.fromkeys(names.canonical(slug) for slug in value))
            case Kind.ENTITY | Kind.VALUE | Kind.QUANTITY if isinstance(value, str):
                yield name, names.canonical(value)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
