"""Reading a store at a basis, through the index if there is one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from timeline import temporal
from timeline.errors import (
    InputError,
    NotFoundError,
    Problem,
    StoreError,
    UnreadableError,
    did_you_mean,
)
from timeline.history.event import corrected
from timeline.history.history import History
from timeline.index.rows import DAMAGED, UNREADABLE, RowsUnusableError
from timeline.log import lookup
from timeline.projections.positions import read_position
from timeline.projections.question import PUBLICATION
from timeline.records import jsonl
from timeline.records.record import Content, Record, entities_of, named_in

if TYPE_CHECKING:
    from timeline.certainty.effects import Value
    from timeline.history.entity_resolution import Resolver
    from timeline.history.event import Event
    from timeline.index.index_manager import IndexManager
    from timeline.index.rows import Rows
    from timeline.index.snapshot_source import IndexedSource
    from timeline.log.protocol import RecordLog
    from timeline.newsroom.api import Note
    from timeline.newsroom.names import NameIndex
    from timeline.projections.answer import Basis
    from timeline.projections.relevance import SnapshotSource
    from timeline.records.record import Entry
    from timeline.records.settings import Settings

A = TypeVar("A")

# How many records that cannot be read are named beside an answer.
_MOST_NOTED = 3


class StoreReader:
    """Reads a store with its vocabulary. Answers are the same with and without an index.

    It is not thread-safe.
    """

    def __init__(
        self,
        store: RecordLog,
        settings: Settings,
        index: IndexManager | None = None,
        note: Note = lambda text: None,
    ):
        self.store = store
        self.settings = settings
        self.index = index
        self.note = note
        self._resolvers = lookup.ResolverCache(store, settings.vocabulary)
        self._source: IndexedSource | None = None
        self._name_index: NameIndex | None = None
        # Whether it was noted which records the answer leaves out.
        self._left_out = False

    def close(self) -> None:
        """Close the store and the index."""
        self._source = None
        if self.index is not None:
            self.index.close()
        self.store.close()

    # Positions

    def cut(self, as_known: str | None) -> int:
        """The position that an `as_known` means.

        A position, such as `@71` or digits that are no year, means itself, and `publication:NAME`
        the position of that publication. An RFC 3339 instant means the last record recorded by
        then; EDTF the last one recorded before its upper bound, read in the newsroom's zone. None
        means the head.

        Raises:
            InputError: it cannot be read.
            NotFoundError: it is beyond the head, or there is no such publication.
        """
        head = self.store.head().position
        if as_known is None:
            return head
        position = read_position(as_known, head)
        if position is not None:
            return position
        if as_known.startswith(PUBLICATION):
            return self._publication(as_known.removeprefix(PUBLICATION))
        try:
            return self.store.position_at(temporal.parse_instant(as_known))
        except temporal.InstantError:
            latest = self.read_edtf(as_known, "--as-known").bounds.latest
            return head if latest is None else self.store.position_at(latest - 1)

    def publications(self, story: str | None = None) -> dict[str, int]:
        """The position of each publication, of a story or of all, by its name and in order."""
        return lookup.publications(self.store, self.settings.vocabulary, story)

    def _publication(self, name: str) -> int:
        known = self.publications()
        if name not in known:
            hint = "nothing was published yet: `timeline append publication` records it"
            if known:
                hint = did_you_mean(name, known)
            raise NotFoundError([Problem(f"there is no publication {name!r}", hint, "--as-known")])
        return known[name]

    def read_edtf(self, edtf: str, field: str) -> temporal.ParsedDate:
        """A date in the newsroom's zone.

        Raises:
            InputError: it is not EDTF.
        """
        try:
            return temporal.read(edtf, self.settings.zone)
        except temporal.EdtfError as error:
            raise InputError([Problem(error.message, error.hint, field)]) from error

    # Records

    def stories(self) -> dict[str, int]:
        """Each story with the number of its records."""
        return self.store.stories()

    def records(self, until: int | None = None, after: int = 0) -> Iterator[Record]:
        """The records with `after < position <= until`; those that cannot be read are noted."""
        unreadable = []
        for entry in self.store.entries(after, until):
            try:
                record = self.decode(entry)
            except UnreadableError as error:
                unreadable.append(str(error))
                continue
            yield record
        self._note_unreadable(unreadable, len(unreadable))

    def decode(self, entry: Entry) -> Record:
        """The record of an entry.

        Raises:
            UnreadableError: it is damaged, or of an unknown type.
        """
        return jsonl.decode(entry, self.settings.vocabulary)

    def record(self, id: str) -> Record:
        """The record with that id.

        Raises:
            NotFoundError: there is none.
        """
        found = lookup.find_record(self.store, self.settings.vocabulary, id)
        if isinstance(found, Problem):
            raise NotFoundError([found])
        return found

    def reads(self, record: Record, basis: Basis) -> Event:
        """An event as it reads at a basis, with its entities under the slugs it was given."""
        vocabulary, known = self.settings.vocabulary, basis.as_known
        own = lookup.as_it_reads(record, self.store, vocabulary, known)
        return self.events([record.id], basis)[record.id]._replace(content=own.content)

    def events(self, ids: Iterable[str], basis: Basis) -> History:
        """Some events as they read at a basis, with the other accounts of the same."""
        vocabulary, names = self.settings.vocabulary, self.names(basis)
        return lookup.events_at(ids, self.store, vocabulary, basis.as_known, names)

    def naming_amendments(self, basis: Basis) -> Iterator[Record]:
        """The amendments about entities, up to a basis."""
        vocabulary = self.settings.vocabulary
        entries = lookup.naming_amendments(self.store, vocabulary)
        for record in lookup.readable(entries, vocabulary):
            if record.position <= basis.as_known:
                yield record

    def records_about(
        self, names: Collection[Value], basis: Basis, *others: Basis, ids: Collection[str] = ()
    ) -> Iterable[Record]:
        """The records up to a basis that bear on some entities, at it or at other bases.

        With `ids`, also those that bear on the events with these ids. An answer about them is
        the same from these records as from the whole log, which is returned where there is
        no index.
        """
        rows = self._rows(basis)
        if rows is None:
            return self.records(basis.as_known)
        from timeline.index.records_about import records_about

        resolvers = [self.names(each) for each in (basis, *others)]
        meant = {
            slug
            for name in names
            for known in resolvers
            for slug in (known.get(name).slugs if isinstance(name, str) else (name,))
        }
        vocabulary = self.settings.vocabulary
        return records_about(meant, rows, self.store, vocabulary, basis.as_known, ids)

    def records_for(self, record: Record, basis: Basis) -> Iterable[Record]:
        """The records up to a basis that bear on what one more record would change."""
        from timeline.certainty.effects import EVERYWHERE, index_keys

        if self._rows(basis) is None:
            return self.records(basis.as_known)
        amended = self.events(record.amends, basis)
        readings = [(record.type, record.content)]
        readings += [(each.type, _changed(each.content, record)) for each in amended.all()]
        ids = {*record.amends, *(id for _, content in readings for id in named_in(content))}
        # What is linked with these by order, or in conflict with them, may change as well.
        beside = History(self.records_about((), basis, ids=ids))
        readings += [(each.type, each.content) for each in beside.all()]
        found = {handle for reading in readings for handle in index_keys(*reading)}
        if EVERYWHERE in found:
            return self.records(basis.as_known)
        names = {handle.name for handle in found if handle.kind == "named"}
        return self.records_about(names, basis, ids=ids)

    # What stands

    def history(self, basis: Basis) -> History:
        """What stands at a basis."""
        return History(self.records(basis.as_known))

    def history_about(self, entity: str, basis: Basis) -> History:
        """What stands at a basis, as far as it bears on an entity."""
        return History(self.records_about([entity], basis))

    def source(self, basis: Basis) -> SnapshotSource:
        """What stands at a basis, for a snapshot."""
        rows = self._rows(basis)
        if rows is None:
            from timeline.projections.relevance import HistorySource

            return self.history(basis).derived(HistorySource)
        from timeline.index.snapshot_source import IndexedSource

        known = self._source
        if known is None or known.rows is not rows or known.at != basis.as_known:
            names, vocabulary = self.names(basis), self.settings.vocabulary
            known = IndexedSource(rows, self.store, vocabulary, names, basis.as_known)
        # What stands at a position never changes, and the next question may be about it, too.
        self._source = known
        return known

    def trim(self) -> None:
        """Free the events cached for further snapshots, if there are too many."""
        if self._source is not None and not self._source.is_worth_keeping():
            self._source = None

    def _rows(self, basis: Basis) -> Rows | None:
        """The rows of the index; None if there are none. What they have left out is noted.

        Raises:
            RowsUnusableError: they are damaged, or were dropped; see `with_sound_rows`.
        """
        if self.index is None:
            return None
        try:
            rows = self.index.rows(basis.as_known)
        except RowsUnusableError:
            raise
        except StoreError:
            return None
        if rows is not None and 0 < rows.checkpoint().unreadable <= basis.as_known:
            self._note_left_out(rows, basis.as_known)
        return rows

    def _note_left_out(self, rows: Rows, until: int) -> None:
        """Note which records the rows do not have, since they could not be read.

        Raises:
            RowsUnusableError: one of them can be read now.
        """
        found = sorted(rows.found([UNREADABLE], until))
        said = []
        for position, why in found[:_MOST_NOTED]:
            for entry in self.store.entries(position - 1, position):
                try:
                    self.decode(entry)
                except UnreadableError as error:
                    said.append(str(error))
                else:
                    if why == DAMAGED:
                        raise RowsUnusableError(f"the record at position {position} can be read")
                    said.append(f"the record at position {position} is not valid")
        self._note_unreadable(said, len(found))

    def _note_unreadable(self, problems: list[str], count: int) -> None:
        """Note which records an answer leaves out, once a question."""
        if not problems or self._left_out:
            return
        self._left_out = True
        for problem in problems[:_MOST_NOTED]:
            self.note(f"{problem}. It is left out")
        if (more := count - _MOST_NOTED) > 0:
            self.note(f"and {more} more: `timeline verify` lists them")

    def with_sound_rows(self, work: Callable[[], A]) -> A:
        """Call `work`, which only reads, and retry it if the index is unusable.

        If rows are damaged or were dropped, the first retry uses an index rebuilt from the log, and
        the second only the log.
        """
        index = self.index
        try:
            return work()
        except RowsUnusableError as error:
            assert index is not None
            self._source = None
            self.note(f"rebuilding the index from the log: {error}")
            index.abandon()
        try:
            return work()
        except RowsUnusableError:
            self._source = self.index = None
            return work()
        finally:
            self.index = index

    # Entities

    def names(self, basis: Basis) -> Resolver:
        """Which slugs mean one entity, and what it is called, at a basis."""
        return self._resolvers.at(basis.as_known)

    def is_known(self, slug: str, basis: Basis) -> bool:
        """Whether a record names an entity by that slug, even one that was retracted."""
        if slug in self.names(basis):
            return True
        from timeline.index.effects_index import ENTITY

        rows = self._rows(basis)
        if rows is not None and rows.stands(ENTITY + slug, basis.as_known):
            return True
        from timeline.projections.entities import known_as

        return known_as(self.history_about(slug, basis), slug)

    def going_by(self, name: str, basis: Basis) -> list[str]:
        """The slugs of the entities that go by a name at a basis, or whose slug reads as it."""
        from timeline.projections.entities import going_by

        rows = self._rows(basis)
        if rows is None:
            return going_by(self.history(basis), name)
        head = self.store.head().position
        meant = self._index_of_names().may_mean(name, self.known_slugs(basis), head)
        return going_by(History(self.records_about(meant, basis)), name) if meant else []

    def completions(self, text: str, basis: Basis) -> dict[str, list[str]]:
        """The slugs that contain a text, or with a name that does; each with such names."""
        head = self.store.head().position
        return self._index_of_names().containing(text, self.known_slugs(basis), head)

    def _index_of_names(self) -> NameIndex:
        if self._name_index is None:
            from timeline.newsroom.names import NameIndex

            self._name_index = NameIndex(self.store, self.settings.vocabulary)
        return self._name_index

    def known_slugs(self, basis: Basis) -> Iterable[str]:
        """The slugs of all entities that the log has ever named."""
        rows = self._rows(basis)
        if rows is None:
            return self.slugs()
        from timeline.index.effects_index import ENTITY

        return rows.names(ENTITY)

    def slugs(self) -> Counter[str]:
        """How often each slug of an entity is used in the records, which are all read."""
        slugs: Counter[str] = Counter()
        for record in self.records():
            slugs.update(entities_of(record.type, record.content))
        return slugs


def _changed(content: Content, record: Record) -> Content:
    """How an event reads after an amendment, if that is a correction."""
    changes = record.content["changes"] if record.type.name == "correction" else {}
    return corrected(content, changes)
