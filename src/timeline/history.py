"""From records to what stands: amendments are settled here, once, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from timeline import temporal
from timeline.errors import StoreError
from timeline.events.declaration import RecordType
from timeline.events.record import Content, Record, headline


class Happening(NamedTuple):
    """A happening as it reads at some point of the log.

    `record` is what was recorded; `content` is how it reads with the corrections so far;
    `amendments` are all that name it, in order of position.
    """

    record: Record
    content: Content
    amendments: tuple[Record, ...] = ()
    stands: bool = True

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
    def zone(self) -> str:
        """The zone in which its date is read: its own, or the newsroom's."""
        return self.content.get("zone") or self.record.default_zone

    @property
    def when(self) -> temporal.Reading:
        """How its date reads.

        Raises:
            StoreError: it cannot be read any more, since the newsroom's zone was changed.
        """
        try:
            return temporal.read(self.content["when"], self.zone)
        except temporal.TimeError as error:
            raise StoreError(
                f"the date of {self.id!r}, at position {self.position}, cannot be read in "
                f"{self.zone}: {error}; was the zone in timeline.toml changed?"
            ) from error

    @property
    def headline(self) -> str:
        return headline(self.type, self.content)

    @property
    def lineage(self) -> tuple[str, ...]:
        """The ids of the record and of all amendments that name it."""
        return (self.id, *(amendment.id for amendment in self.amendments))


def amended(happening: Happening, amendment: Record) -> Happening:
    """The happening after one more amendment."""
    amendments = (*happening.amendments, amendment)
    match amendment.type.name:
        case "correction":
            content = corrected(happening.content, amendment.content["changes"])
            return happening._replace(content=content, amendments=amendments)
        case "retraction":
            return happening._replace(stands=False, amendments=amendments)
        case "restoration":
            return happening._replace(stands=True, amendments=amendments)
        case name:
            raise AssertionError(f"history does not know the amendment {name!r}")


def corrected(content: Content, changes: Mapping[str, Any]) -> Content:
    """The content with fields replaced; null removes a field."""
    merged = {**content, **changes}
    return {field: value for field, value in merged.items() if value is not None}


class History:
    """All happenings of a stretch of log, as they read at its end."""

    def __init__(self, records: Iterable[Record] = ()):
        self._happenings: dict[str, Happening] = {}
        for record in records:
            self.apply(record)

    def apply(self, record: Record) -> tuple[Happening | None, Happening]:
        """Take in the next record; the happening concerned, before and after it."""
        if record.amends is None:
            before, after = None, Happening(record, record.content)
        else:
            before = self._happenings[record.amends]
            after = amended(before, record)
        self._happenings[after.id] = after
        return before, after

    def __getitem__(self, id: str) -> Happening:
        return self._happenings[id]

    def get(self, id: str) -> Happening | None:
        """The happening with that id, whether it stands or not."""
        return self._happenings.get(id)

    def standing(self) -> Iterator[Happening]:
        """The happenings that stand, in order of position."""
        return (happening for happening in self._happenings.values() if happening.stands)
