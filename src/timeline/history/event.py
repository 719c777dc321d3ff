"""An event as it reads at some point of the log, with the amendments up to there applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from timeline import temporal
from timeline.errors import StoreError
from timeline.records.declaration import RecordType
from timeline.records.record import LINKS, Content, Record, entities_of, headline
from timeline.temporal.instant_bounds import InstantBounds

Standing = Literal["reported", "confirmed", "disputed", "contested"]


class Event(NamedTuple):
    """An event as it reads at some point of the log.

    `record` is what was recorded; `content` is how it reads with the corrections so far,
    with each entity under its current slug; `amendments` are all that name it, in order of
    position. It `stands` unless it is retracted.

    The other fields are about accounts: several events that tell of one thing (`accounts.py`).
    `dissent` is the resolution that chose another account over it. Accounts that agree count as
    one event: the first of them `represents` the others, its `agreeing`; `told_by` is the id of
    the one that represents this one. While a conflict is open, `rivals` are the ids of the
    events that the other accounts tell of, exactly one of which is true.
    """

    record: Record
    content: Content
    amendments: tuple[Record, ...] = ()
    stands: bool = True
    standing: Standing = "reported"
    dissent: Record | None = None
    rivals: tuple[str, ...] = ()
    agreeing: tuple[Event, ...] = ()
    told_by: str | None = None

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
        """Whether anything follows from it.

        It stands, no other account was chosen over it, and no other represents it.
        """
        return self.stands and self.dissent is None and self.told_by is None

    @property
    def doubtful(self) -> bool:
        """Whether it may not have happened at all."""
        return bool(self.rivals) or self.standing in ("disputed", "contested")

    @property
    def accounts(self) -> tuple[Event, ...]:
        """The event and those that agree with it."""
        return (self, *self.agreeing)

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
        """When it happened, or began if its date is a period, by its own date alone.

        No date means any time.

        Raises:
            StoreError: the date no longer parses; see `when`.
        """
        return self.span_of(self.when)[0]

    def span_of(
        self, reading: temporal.ParsedDate | None
    ) -> tuple[InstantBounds, InstantBounds | None]:
        """When it began and, if its date is a period with a known end, when it ended."""
        position = self.record.position
        if reading is None:
            return InstantBounds.of(None, position), None
        if reading.kind != "period":
            return InstantBounds.of(reading.bounds, position), None
        began = InstantBounds.of(reading.begin, position)
        if reading.end is None:
            return began, None
        ended = InstantBounds.of(reading.end, position)
        # It began before it ended, or at that instant.
        return (
            began._replace(latest=min(began.latest, ended.latest)),
            ended._replace(earliest=max(began.earliest, ended.earliest)),
        )

    @property
    def headline(self) -> str:
        return headline(self.type, self.content)

    @property
    def entities(self) -> list[str]:
        """The slugs of all entities that its fields name, in field order."""
        return entities_of(self.type, self.content)

    @property
    def links(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The links that it states, and those of the accounts that agree with it.

        Each comes with the field that has it: `after`, `before` or `during`.
        """
        for account in self.accounts:
            for side in LINKS:
                for link in account.content.get(side, ()):
                    yield side, link

    @property
    def lineage(self) -> tuple[str, ...]:
        """The ids of the record and of all amendments that name it."""
        return (self.id, *(amendment.id for amendment in self.amendments))


def amended(event: Event, amendment: Record) -> Event:
    """The event after one more amendment that names it.

    What it says of accounts, and its standing, are left to `settled` (`accounts.py`).
    """
    event = event._replace(amendments=(*event.amendments, amendment))
    match amendment.type.name:
        case "correction":
            return event._replace(content=corrected(event.content, amendment.content["changes"]))
        case "retraction":
            return event._replace(stands=False)
        case "restoration":
            return event._replace(stands=True)
        case _:
            return event


def corrected(content: Content, changes: Mapping[str, Any]) -> Content:
    """The content with fields replaced; null removes a field."""
    merged = {**content, **changes}
    return {field: value for field, value in merged.items() if value is not None}
