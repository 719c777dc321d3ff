"""A newsroom and the questions it answers: the Python API that all edges share.

with Newsroom.open(Path("our-newsroom")) as newsroom:
    newsroom.snapshot("qwen-team", newsroom.basis("2026-03-03", "2026-03-04", now()))
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Self

from timeline import temporal
from timeline.errors import InputError, NotFoundError, Problem, StoreError, did_you_mean
from timeline.history.entity_resolution import Resolver
from timeline.history.history import History, corrected
from timeline.log.lookup import ResolverCache
from timeline.log.protocol import Log
from timeline.newsroom.opening import Location, make_directory, open_place
from timeline.projections.answer import Answer, Basis
from timeline.records import jsonl
from timeline.records.entry import Entry
from timeline.records.gc_pause import paused_gc
from timeline.records.record import Content, Record, entities_of, named_in
from timeline.records.settings import Settings

if TYPE_CHECKING:
    from timeline.certainty.effects import Value
    from timeline.index.index_manager import Upkeep
    from timeline.index.projection import Rows
    from timeline.index.snapshot_source import IndexedSource
    from timeline.newsroom.name_index import NameIndex
    from timeline.projections.chronology import ChronologyAnswer
    from timeline.projections.replay import Filters
    from timeline.projections.snapshot import SnapshotAnswer
    from timeline.projections.snapshot_source import SnapshotSource

# What an `as_known` begins with that names a publication.
PUBLICATION = "publication:"


class Newsroom:
    """A log, the vocabulary it is written in, and the zone its dates are read in."""

    def __init__(self, log: Log, settings: Settings, derived: Upkeep | None = None):
        self.store = log
        self.settings = settings
        self.upkeep = derived
        self._names = ResolverCache(log, settings.vocabulary)
        self._at_rest: IndexedSource | None = None
        self._called: NameIndex | None = None

    @classmethod
    def init(cls, directory: Path, name: str | None = None, zone: str = "UTC") -> None:
        """Make a new newsroom in a directory.

        Raises:
            InputError: there is one already, or the zone is unknown.
            StoreError: the directory cannot be written.
        """
        make_directory(directory, name, zone)

    @classmethod
    def open(cls, location: Location) -> Self:
        """The newsroom in a directory, or in the database at an address.

        Raises:
            InputError: there is none, or its settings are wrong.
            StoreError: its log cannot be read.
        """
        settings, log, upkeep = open_place(location)
        return cls(log, settings, upkeep)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the log, and of what is derived from it."""
        self._at_rest = None
        if self.upkeep is not None:
            self.upkeep.close()
        self.store.close()

    def wait_for(self, position: int, seconds: float = 30) -> None:
        """Wait until the log has come to a position: a replica may be behind.

        Raises:
            StoreError: it has not after so many seconds.
        """
        deadline = monotonic() + seconds
        while (head := self.store.head().position) < position:
            if monotonic() > deadline:
                raise StoreError(
                    f"the log is at position {head}, and not at {position} after {seconds:g} s"
                )
            sleep(0.02)

    # The two times

    def basis(self, as_of: str | None, as_known: str | None, now: int) -> Basis:
        """What a question is asked by.

        `as_of` is EDTF, read in the newsroom's zone, and means its upper bound; None
        means `now`. `as_known` is a position, `publication:NAME`, an RFC 3339 instant, or
        EDTF, which means all that was recorded before its upper bound; None means the
        head.

        Raises:
            InputError: one of them cannot be read, or lies beyond the head.
        """
        as_of = temporal.format_instant(now) if as_of is None else as_of
        latest = self._reading(as_of, "as-of").bounds.latest
        position = self.cut(as_known)
        return Basis(
            as_of,
            FAR_FUTURE if latest is None else latest,
            position,
            next((entry.recorded_at for entry in self.store.entries(position - 1, position)), None)
            if position
            else None,
        )

    def cut(self, as_known: str | None) -> int:
        """The position that an `as_known` means; see `basis`."""
        head = self.store.head().position
        if as_known is None:
            return head
        if as_known.isascii() and as_known.isdecimal():
            if len(as_known) > 18 or int(as_known) > head:
                raise InputError(
                    f"position {as_known[:18]} is beyond the head of the log",
                    f"the head is {head}",
                )
            return int(as_known)
        if as_known.startswith(PUBLICATION):
            return self._published(as_known.removeprefix(PUBLICATION))
        try:
            return self.store.position_at(temporal.parse_instant(as_known))
        except temporal.InstantError:
            latest = self._reading(as_known, "as-known").bounds.latest
            return head if latest is None else self.store.position_at(latest - 1)

    def publications(self, story: str | None = None) -> dict[str, int]:
        """The position of each publication, of a story or of all, by its name and in order."""
        from timeline.log.lookup import publications

        return publications(self.store, self.settings.vocabulary, story)

    def _published(self, name: str) -> int:
        """The position of a publication."""
        known = self.publications()
        if name not in known:
            hint = "nothing was published yet: `timeline append publication` records it"
            if known:
                hint = did_you_mean(name, known)
            raise InputError([Problem(f"there is no publication {name!r}", hint, "--as-known")])
        return known[name]

    def _reading(self, edtf: str, field: str) -> temporal.ParsedDate:
        try:
            return temporal.read(edtf, self.settings.zone)
        except temporal.EdtfError as error:
            raise InputError([Problem(error.message, error.hint, f"--{field}")]) from error

    # The log

    def records(self, until: int | None = None, after: int = 0) -> Iterator[Record]:
        """The records with `after < position <= until`."""
        for entry in self.store.entries(after, until):
            yield self.decode(entry)

    def decode(self, entry: Entry) -> Record:
        """The record of an entry."""
        return jsonl.decode(entry, self.settings.vocabulary)

    def history(self, basis: Basis) -> History:
        """What stands at a basis."""
        return History(self.records(basis.as_known))

    def names(self, basis: Basis) -> Resolver:
        """Which slugs mean one entity, and what it is called, at a basis."""
        return self._names.at(basis.as_known)

    def slugs(self) -> Counter[str]:
        """How often each slug of an entity was written in the whole log, as it was recorded.

        This reads the whole log; `is_known` asks for one slug, `known_slugs` lists them.
        """
        slugs: Counter[str] = Counter()
        for record in self.records():
            slugs.update(entities_of(record.type, record.content))
        return slugs

    def known(self, basis: Basis) -> SnapshotSource:
        """What stands at a basis, for a snapshot: from what is derived, if that can be had."""
        rows = self._rows_of_acts(basis)
        if rows is None:
            from timeline.projections.snapshot_source import HistorySource

            return self.history(basis).derived(HistorySource)
        from timeline.index.snapshot_source import IndexedSource

        known = self._at_rest
        if known is None or known.rows is not rows or known.at != basis.as_known:
            names, vocabulary = self.names(basis), self.settings.vocabulary
            known = IndexedSource(rows, self.store, vocabulary, names, basis.as_known)
        # What stood at a position stands there for ever: the next question may be about it, too.
        self._at_rest = known
        return known

    def _rows_of_acts(self, basis: Basis) -> Rows | None:
        """The rows of the projection `acts`; None if they cannot be kept or have stopped."""
        if self.upkeep is None:
            return None
        from timeline.index.effects_index import ACTS

        try:
            return self.upkeep.rows(ACTS, basis.as_known)
        except StoreError:
            return None

    def records_about(
        self, names: Collection[Value], basis: Basis, *others: Basis, ids: Collection[str] = ()
    ) -> Iterable[Record]:
        """The records up to a basis that bear on some entities, at it or at other bases.

        With `ids`, also what bears on the events with these ids. An answer about them
        is the same from these records as from the whole log, which is what is given where
        nothing derived can be had.
        """
        rows = self._rows_of_acts(basis)
        if rows is None:
            return self.records(basis.as_known)
        from timeline.index.records_about import records_about

        named = [self.names(each) for each in (basis, *others)]
        meant = {
            slug
            for name in names
            for known in named
            for slug in (known.get(name).slugs if isinstance(name, str) else (name,))
        }
        return records_about(meant, rows, self.store, self.settings.vocabulary, basis.as_known, ids)

    def records_for(self, record: Record, basis: Basis) -> Iterable[Record]:
        """The records up to a basis that bear on what one more record would change."""
        from timeline.certainty.effects import EVERYWHERE, index_keys

        if self._rows_of_acts(basis) is None:
            return self.records(basis.as_known)
        amended = self.events(record.amends, basis)
        readings = [(record.type, record.content)]
        readings += [(each.type, _changed(each.content, record)) for each in amended.all()]
        ids = {*record.amends, *(id for _, content in readings for id in named_in(content))}
        # What is linked with these by order or as rivals may come to hold otherwise, too.
        beside = History(self.records_about((), basis, ids=ids))
        readings += [(each.type, each.content) for each in beside.all()]
        found = {handle for reading in readings for handle in index_keys(*reading)}
        if EVERYWHERE in found:
            return self.records(basis.as_known)
        names = {handle.name for handle in found if handle.kind == "named"}
        return self.records_about(names, basis, ids=ids)

    def history_about(self, entity: str, basis: Basis) -> History:
        """What stands at a basis, as far as it bears on an entity."""
        return History(self.records_about([entity], basis))

    def events(self, ids: Iterable[str], basis: Basis) -> History:
        """Some events as they read at a basis."""
        from timeline.log.lookup import events_at

        vocabulary, names = self.settings.vocabulary, self.names(basis)
        return events_at(ids, self.store, vocabulary, basis.as_known, names)

    def is_known(self, slug: str, basis: Basis) -> bool:
        """Whether anything recorded names an entity by that slug, whatever became of it."""
        if slug in self.names(basis):
            return True
        from timeline.index.effects_index import ENTITY

        rows = self._rows_of_acts(basis)
        if rows is not None and rows.stands(ENTITY + slug, basis.as_known):
            return True
        from timeline.projections.entities import known_as

        return known_as(self.history_about(slug, basis), slug)

    def going_by(self, name: str, basis: Basis) -> list[str]:
        """The slugs of the entities that go by a name at a basis, or whose slug reads as it."""
        from timeline.projections.entities import going_by

        rows = self._rows_of_acts(basis)
        if rows is None:
            return going_by(self.history(basis), name)
        head = self.store.head().position
        meant = self._calling().may_mean(name, self.known_slugs(basis), head)
        return going_by(History(self.records_about(meant, basis)), name) if meant else []

    def completions(self, text: str, basis: Basis) -> dict[str, list[str]]:
        """The slugs that somebody may be typing, or of whose names they type a part.

        Each is given with those of its names in which the text stands.
        """
        return self._calling().containing(text, self.known_slugs(basis), self.store.head().position)

    def _calling(self) -> NameIndex:
        if self._called is None:
            from timeline.newsroom.name_index import NameIndex

            self._called = NameIndex(self.store, self.settings.vocabulary)
        return self._called

    def known_slugs(self, basis: Basis) -> Iterable[str]:
        """The slugs of all entities, under whatever names the log has known them up to now."""
        rows = self._rows_of_acts(basis)
        if rows is None:
            return self.slugs()
        from timeline.index.effects_index import ENTITY

        return rows.names(ENTITY)

    # The views

    def snapshot(self, entity: str, basis: Basis, depth: int = 1) -> SnapshotAnswer:
        """The state of an entity; see `timeline.projections.snapshot`."""
        from timeline.projections.snapshot import snapshot

        with paused_gc():
            answer = snapshot(self.known(basis), entity, basis, depth)
            if self._at_rest is not None and not self._at_rest.is_worth_keeping():
                self._at_rest = None
            return answer

    def map(self, entity: str, basis: Basis) -> Answer:
        """The state of an entity at all times, as ever known; see `timeline.projections.map`."""
        from timeline.log.lookup import naming_amendments
        from timeline.projections.map import ever_meant, map_of

        naming = map(self.decode, naming_amendments(self.store, self.settings.vocabulary))
        slugs = ever_meant(entity, (each for each in naming if each.position <= basis.as_known))
        with paused_gc():
            return map_of(self.records_about(slugs, basis), entity, basis)

    def entities(self, basis: Basis, query: str | None = None, kind: str | None = None) -> Answer:
        """The entities and their names; see `timeline.projections.entities`."""
        from timeline.projections.entities import entities

        return entities(self.history(basis), basis, query, kind)

    def why(self, entity: str, basis: Basis, property: str | None = None) -> Answer:
        """The records behind each statement; see `timeline.projections.why`."""
        from timeline.projections.why import why

        return why(self.history_about(entity, basis), entity, basis, property)

    def chronology(
        self, basis: Basis, story: str | None = None, entity: str | None = None
    ) -> ChronologyAnswer:
        """What happened, in order; see `timeline.projections.chronology`."""
        from timeline.projections.chronology import chronology

        history = self.history(basis) if entity is None else self.history_about(entity, basis)
        return chronology(history, basis, story, entity)

    def lineage(self, id: str, basis: Basis) -> Answer:
        """One record with all that was made of it; see `timeline.projections.lineage`.

        Raises:
            NotFoundError: there is no such record.
            InputError: it was not known yet.
        """
        from timeline.log.lookup import as_it_reads, find_record
        from timeline.projections.lineage import lineage

        vocabulary = self.settings.vocabulary
        record = find_record(self.store, vocabulary, id)
        if isinstance(record, Problem):
            raise NotFoundError([record])
        if record.position > basis.as_known:
            raise InputError(
                f"{id!r} is at position {record.position}, not yet known at {basis.as_known}"
            )
        if record.is_amendment:
            return lineage(record, None, basis)
        event = as_it_reads(record, self.store, vocabulary, basis.as_known)
        return lineage(record, event, basis)

    def check(
        self,
        basis: Basis,
        only: Collection[str] = (),
        story: str | None = None,
        entity: str | None = None,
    ) -> Answer:
        """What is left to settle; see `timeline.projections.check`."""
        from timeline.projections.check import check

        return check(self.history(basis), basis, only, story, entity)

    def replay(self, basis: Basis, filters: Filters | None = None) -> Iterator[Answer]:
        """The audit, step by step; see `timeline.projections.replay`."""
        from timeline.projections.replay import ALL, steps

        return steps(self.records(basis.as_known), basis, filters or ALL)

    def diff(
        self, was: Basis, now: Basis, entity: str | None = None, story: str | None = None
    ) -> Answer:
        """What changed between two points of either clock; see `timeline.projections.diff`.

        Raises:
            InputError: one of the clocks would run backwards.
        """
        from timeline.projections.diff import diff

        if entity is None or story is not None:
            return diff(self.records(now.as_known), was, now, entity, story)
        return diff(self.records_about([entity], now, was), was, now, entity)


def _changed(content: Content, record: Record) -> Content:
    """How an event would read if an amendment corrects it."""
    changes = record.content["changes"] if record.type.name == "correction" else {}
    return corrected(content, changes)


# Later than any instant that can be recorded: what an open upper bound means.
FAR_FUTURE = 2**63
