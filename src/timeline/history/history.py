"""From records to what stands: amendments are settled here, once, and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, TypeVar

from timeline import temporal
from timeline.errors import StoreError
from timeline.history.entity_resolution import Resolver
from timeline.records.declaration import Kind, RecordType
from timeline.records.record import Content, Record, headline
from timeline.temporal.instant_bounds import InstantBounds

T = TypeVar("T")
Standing = Literal["reported", "confirmed", "disputed"]


# The amendments that speak of several accounts of a thing.
OF_RIVALS = ("conflict", "resolution")

# The amendments that can change which accounts of a thing count: they touch events that
# they do not name.
OF_ACCOUNTS = (*OF_RIVALS, "retraction", "restoration")


class Event(NamedTuple):
    """An event as it reads at some point of the log.

    `record` is what was recorded; `content` is how it reads with the corrections so far,
    each entity under the slug that it now goes by; `amendments` are all that name it, in
    order of position.

    It `stands` unless it is retracted. `dissent` is the resolution that chose another
    account over it; `rivals` are the ids of the other accounts of the same thing, where
    nobody has chosen yet: exactly one of them all is so.
    """

    record: Record
    content: Content
    amendments: tuple[Record, ...] = ()
    stands: bool = True
    standing: Standing = "reported"
    dissent: Record | None = None
    rivals: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def type(self) -> RecordType:
        return self.record.type

    @property
    def position(self) -> int:
        return self.record.position

    @property
    def counts(self) -> bool:
        """Whether anything follows from it: it stands, and is not dissent."""
        return self.stands and self.dissent is None

    @property
    def doubtful(self) -> bool:
        """Whether it may not have happened at all."""
        return bool(self.rivals) or self.standing == "disputed"

    @property
    def zone(self) -> str:
        """The zone in which its date is read: its own, or the newsroom's."""
        return self.content.get("zone") or self.record.default_zone

    @property
    def when(self) -> temporal.ParsedDate | None:
        """How its date reads; None if it has none, only its order.

        Raises:
            StoreError: it cannot be read any more, since the newsroom's zone was changed.
        """
        if "when" not in self.content:
            return None
        try:
            return temporal.read(self.content["when"], self.zone)
        except temporal.TimeError as error:
            raise StoreError(
                f"the date of {self.id!r}, at position {self.position}, cannot be read in "
                f"{self.zone}: {error}; was the zone in timeline.toml changed?"
            ) from error

    @property
    def occurred(self) -> InstantBounds:
        """When it happened, as its own date has it.

        One that begins something for a period happened when it began, and so did one with
        an open or unknown end (design §4); any other period is some time from its beginning
        to its end. Without a date, it is any time at all.

        Raises:
            StoreError: its date cannot be read any more; see `when`.
        """
        return self.occurred_by(self.when)

    def occurred_by(self, reading: temporal.ParsedDate | None) -> InstantBounds:
        """The same, where its date has been read already."""
        if reading is None:
            return InstantBounds.of(None, self.position)
        if reading.kind != "period" or (reading.end is not None and not self.type.begins):
            return InstantBounds.of(reading.bounds, self.position)
        began = InstantBounds.of(reading.begin, self.position)
        if reading.end is None:
            return began
        # It began before it ended.
        ended = InstantBounds.of(reading.end, self.position)
        return began._replace(latest=min(began.latest, ended.latest))

    @property
    def headline(self) -> str:
        return headline(self.type, self.content)

    @property
    def lineage(self) -> tuple[str, ...]:
        """The ids of the record and of all amendments that name it."""
        return (self.id, *(amendment.id for amendment in self.amendments))


class Change(NamedTuple):
    """What one record made of one event; `before` is None for a new one."""

    before: Event | None
    after: Event


def as_recorded(record: Record, names: Resolver) -> Event:
    """An event that nothing has amended, its entities under the slugs that they read as."""
    return Event(record, _under(names, record.type, record.content))


def amended(event: Event, amendment: Record) -> Event:
    """The event after one more amendment that names it."""
    event = event._replace(amendments=(*event.amendments, amendment))
    match amendment.type.name:
        case "correction":
            content = corrected(event.content, amendment.content["changes"])
            return event._replace(content=content)
        case "retraction":
            return event._replace(stands=False)
        case "restoration":
            return event._replace(stands=True)
        case "confirmation":
            return event._replace(standing="confirmed")
        case "dispute":
            return event._replace(standing="disputed")
        case "conflict":
            return event._replace(dissent=None)
        case "resolution":
            chosen = amendment.content["chosen"] == event.id
            return event._replace(dissent=None if chosen else amendment)
        case name:
            raise AssertionError(f"history does not know the amendment {name!r}")


def corrected(content: Content, changes: Mapping[str, Any]) -> Content:
    """The content with fields replaced; null removes a field."""
    merged = {**content, **changes}
    return {field: value for field, value in merged.items() if value is not None}


class History:
    """The events of a stretch of log, as they read at its end.

    `names` says which slugs mean one entity there. A history may be of some events
    only, with the records that amend them and the names of the whole log given; what an
    amendment names beyond them is passed over.
    """

    def __init__(self, records: Iterable[Record] = (), names: Resolver | None = None):
        self.names = names or Resolver()
        self._events: dict[str, Event] = {}
        self._naming: dict[str, set[str]] | None = None
        self._derived: dict[object, Any] = {}
        for record in records:
            self.apply(record)

    def apply(self, record: Record) -> list[Change]:
        """Take in the next record; the events that read otherwise for it."""
        self._derived.clear()
        if not record.type.is_amendment:
            event = as_recorded(record, self.names)
            self._put(event)
            return [Change(None, event)]
        renamed = self._naming_any(self.names.apply(record))
        amends = [id for id in record.amends if id in self._events]
        concerned = renamed | set(amends)
        if record.type.name in OF_ACCOUNTS:
            for id in amends:
                concerned |= self.accounts(id)
        before = [self._events[id] for id in concerned]
        for id in amends:
            event = amended(self._events[id], record)
            content = _under(self.names, event.type, event.content)
            self._put(event._replace(content=content))
        if record.type.name == "resolution" and amends:
            # One account is so: those that are not even named count no more, either.
            for id in self.accounts(record.content["chosen"]) - set(amends):
                self._put(self._events[id]._replace(dissent=record))
        for id in renamed:
            self._put(self._reread(self._events[id]))
        if record.type.name in OF_ACCOUNTS:
            self._settle_rivals(concerned)
        changes = [Change(event, self._events[event.id]) for event in before]
        return sorted(changes, key=lambda change: change.after.position)

    def derived(self, make: Callable[[History], T]) -> T:
        """What `make` works out from this history, kept for the next question about it."""
        if make not in self._derived:
            self._derived[make] = make(self)
        found: T = self._derived[make]
        return found

    def copy(self) -> History:
        """A history that goes its own way from here."""
        other = History()
        other.names = self.names.copy()
        other._events = dict(self._events)
        return other

    def include(self, other: History) -> None:
        """Take in the events of another part of the same log, at the same position."""
        self._events.update(other._events)

    def __getitem__(self, id: str) -> Event:
        return self._events[id]

    def get(self, id: str) -> Event | None:
        """The event with that id, whether it stands or not."""
        return self._events.get(id)

    def all(self) -> Iterator[Event]:
        """All events, in order of position."""
        return iter(self._events.values())

    def standing(self) -> Iterator[Event]:
        """The events that stand, dissent among them, in order of position."""
        return (event for event in self._events.values() if event.stands)

    def counting(self) -> Iterator[Event]:
        """The events from which something follows, in order of position."""
        return (event for event in self._events.values() if event.counts)

    def _put(self, event: Event) -> None:
        self._events[event.id] = event
        if self._naming is not None:
            for slug in _slugs(event):
                self._naming[slug].add(event.id)

    def _reread(self, event: Event) -> Event:
        """An event under the names that its entities have now."""
        content = event.record.content
        for amendment in event.amendments:
            if amendment.type.name == "correction":
                content = corrected(content, amendment.content["changes"])
        return event._replace(content=_under(self.names, event.type, content))

    def _naming_any(self, slugs: set[str]) -> set[str]:
        """The ids of the events that name any of these."""
        if not slugs:
            return set()
        if self._naming is None:
            self._naming = defaultdict(set)
            for event in self._events.values():
                self._put(event)
        return {id for slug in slugs for id in self._naming.get(slug, ())}

    def accounts(self, id: str) -> set[str]:
        """The accounts of one thing: conflicts that share an event are one (design §5)."""
        accounts, waiting = {id}, [id]
        while waiting:
            for amendment in self._events[waiting.pop()].amendments:
                if amendment.type.name == "conflict":
                    found = set(amendment.amends) - accounts
                    accounts |= found
                    waiting.extend(found)
        return accounts

    def _settle_rivals(self, ids: set[str]) -> None:
        """Put beside each of these the accounts that count with it."""
        left = set(ids)
        while left:
            accounts = self.accounts(left.pop())
            left -= accounts
            counting = [each for id in accounts if (each := self._events[id]).counts]
            counting.sort(key=lambda each: each.position)
            for id in accounts & ids:
                event = self._events[id]
                others = tuple(each.id for each in counting if each.id != id)
                self._put(event._replace(rivals=others if event.counts else ()))


def _slugs(event: Event) -> Iterator[str]:
    """All that may name an entity in an event, as it was recorded or was corrected to."""
    readings = [event.record.content]
    readings += [each.content.get("changes", {}) for each in event.amendments]
    for content in readings:
        for field in event.type.fields:
            value = content.get(field)
            yield from (each for each in _each(value) if isinstance(each, str))


def _under(names: Resolver, kind: RecordType, content: Content) -> Content:
    """The content with each entity under the slug that it reads as."""
    if not names.joined:
        return content
    return {**content, **dict(_renamed(kind, content, names))}


def _renamed(kind: RecordType, content: Content, names: Resolver) -> Iterator[tuple[str, Any]]:
    """The fields of a record that name entities, as they read now."""
    for name, field in kind.fields.items():
        value = content.get(name)
        match field.kind:
            case Kind.ENTITIES if value is not None:
                yield name, list(dict.fromkeys(names.canonical(slug) for slug in value))
            case Kind.ENTITY | Kind.VALUE if isinstance(value, str):
                yield name, names.canonical(value)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
