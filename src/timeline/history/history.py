"""From records to the events that stand: amendments are applied here, and nowhere else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, TypeVar

from timeline import temporal
from timeline.errors import StoreError
from timeline.history.entity_resolution import Resolver
from timeline.records.declaration import Kind, RecordType
from timeline.records.record import Content, Record, entities_of, headline
from timeline.temporal.instant_bounds import InstantBounds

T = TypeVar("T")
Standing = Literal["reported", "confirmed", "disputed"]


# The amendments that name several accounts of one thing.
OF_RIVALS = ("conflict", "resolution")

# The amendments that can change which accounts of a thing count, and so affect events that
# they do not name.
OF_ACCOUNTS = (*OF_RIVALS, "retraction", "restoration")


class Event(NamedTuple):
    """An event as it reads at some point of the log.

    `record` is what was recorded; `content` is how it reads with the corrections so far,
    with each entity under its current slug; `amendments` are all that name it, in order of
    position.

    It `stands` unless it is retracted. `dissent` is the resolution that chose another account
    over it. While a conflict is open, `rivals` are the ids of the other accounts of the same
    thing, exactly one of which is true.
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
        """Whether anything follows from it: it stands, and no other account was chosen over it."""
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
        """Its date, parsed; None if it has links but no date.

        Raises:
            StoreError: the date no longer parses, because the newsroom's zone was changed.
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
        """When it happened, by its own date alone.

        An event that begins something for a period happened when the period began, and so did
        any event whose period has an open or unknown end (docs/concepts.md). Any other period means
        some time from its beginning to its end, and no date means any time.

        Raises:
            StoreError: the date no longer parses; see `when`.
        """
        return self.occurred_by(self.when)

    def occurred_by(self, reading: temporal.ParsedDate | None) -> InstantBounds:
        """The same, given the parsed date."""
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
    def entities(self) -> list[str]:
        """The slugs of all entities that its fields name, in field order."""
        return entities_of(self.type, self.content)

    @property
    def lineage(self) -> tuple[str, ...]:
        """The ids of the record and of all amendments that name it."""
        return (self.id, *(amendment.id for amendment in self.amendments))


class Change(NamedTuple):
    """How one record changed one event; `before` is None for a new event."""

    before: Event | None
    after: Event


def as_recorded(record: Record, names: Resolver) -> Event:
    """A new event, without amendments, with each entity under its current slug."""
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
        concerned = renamed | set(amends)
        if record.type.name in OF_ACCOUNTS:
            for id in amends:
                concerned |= self.accounts(id)
        before = [self._events[id] for id in concerned]
        for id in amends:
            event = amended(self._events[id], record)
            content = _under(self.names, event.type, event.content)
            self._put(event._replace(content=content))
        if record.type.name == "resolution" and record.content["chosen"] in amends:
            # One account is chosen, so the others stop counting even where it does not name them.
            for id in self.accounts(record.content["chosen"]) - set(amends):
                self._put(self._events[id]._replace(dissent=record))
        for id in renamed:
            self._put(self._reread(self._events[id]))
        if record.type.name in OF_ACCOUNTS:
            self._update_rivals(concerned)
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
        """The events from which something follows, in order of position."""
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
        """The accounts of one thing: conflicts that share an event are one (docs/concepts.md).

        Accounts that could not be read are none of them.
        """
        accounts, waiting = {id}, [id]
        while waiting:
            for amendment in self._events[waiting.pop()].amendments:
                if amendment.type.name == "conflict":
                    found = (set(amendment.amends) & self._events.keys()) - accounts
                    accounts |= found
                    waiting.extend(found)
        return accounts

    def _update_rivals(self, ids: set[str]) -> None:
        """Update the rivals of these events: the other accounts that count."""
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
