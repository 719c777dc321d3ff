"""What a question may use of the newsroom that it is asked of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from timeline.certainty.effects import Value
from timeline.history.entity_resolution import Resolver
from timeline.history.event import Event
from timeline.history.history import History
from timeline.projections.answer import Basis
from timeline.projections.relevance import SnapshotSource
from timeline.records.record import Record
from timeline.records.settings import Settings

if TYPE_CHECKING:
    from timeline.projections.status import StatusAnswer
    from timeline.projections.verify import VerifyAnswer


class Room(Protocol):
    """A newsroom as questions see it."""

    @property
    def settings(self) -> Settings:
        """The newsroom's name, zone and vocabulary."""
        ...

    @property
    def now(self) -> int:
        """The instant that "now" means, in microseconds since 1970."""
        ...

    @property
    def note(self) -> Callable[[str], None]:
        """Sends the caller a remark that is not part of the answer."""
        ...

    # What the caller typed

    def basis(self, as_of: str | None, as_known: str | None) -> Basis:
        """The two times; how a date in words was read is noted."""
        ...

    def read_date(self, text: str, option: str, zone: str | None = None) -> str:
        """The EDTF that a date in words means, which is noted; EDTF as it is."""
        ...

    def entity(self, text: str, basis: Basis) -> str:
        """The slug of the entity that a slug or a name means."""
        ...

    def note_if_unknown(self, entity: str, basis: Basis) -> None:
        """Note that nothing is recorded about an entity, with a suggestion."""
        ...

    def note_if_no_story(self, story: str | None) -> None:
        """Note that there is no such story, with a suggestion."""
        ...

    # The log

    def stories(self) -> Mapping[str, int]:
        """Each story with the number of its records."""
        ...

    def records(self, until: int | None = None, after: int = 0) -> Iterator[Record]:
        """The records with `after < position <= until`, in order."""
        ...

    def records_about(
        self, names: Collection[Value], basis: Basis, *others: Basis
    ) -> Iterable[Record]:
        """At least the records up to a basis that can matter to an answer about some names."""
        ...

    def naming_amendments(self, basis: Basis) -> Iterable[Record]:
        """The amendments that join, part or name entities, or declare their offices."""
        ...

    def history(self, basis: Basis) -> History:
        """What stands at a basis."""
        ...

    def history_about(self, entity: str, basis: Basis) -> History:
        """What stands at a basis, as far as it can matter to an answer about an entity."""
        ...

    def source(self, basis: Basis) -> SnapshotSource:
        """What stands at a basis, looked up as a snapshot needs it."""
        ...

    def names(self, basis: Basis) -> Resolver:
        """Which slugs mean one entity, and what it is called."""
        ...

    def record(self, id: str) -> Record:
        """The record with that id.

        Raises:
            NotFoundError: no record has that id.
        """
        ...

    def events(self, ids: Iterable[str], basis: Basis) -> History:
        """Some events as they read at a basis, with the other accounts of the same."""
        ...

    def reads(self, record: Record, basis: Basis) -> Event:
        """An event as it reads at a basis."""
        ...

    # The store

    def health(self) -> StatusAnswer:
        """The state of the store and of the index."""
        ...

    def verified(self) -> VerifyAnswer:
        """The head, and what is wrong with the records and the index of the store."""
        ...
