"""The records that bear on some entities: all that the definition needs, and little else.

A question about an entity has the same answer from these records as from the whole log. They are
few out of millions, so that lineage, and changes over time, can be computed by the definition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from timeline.certainty.effects import (
    EVERYWHERE,
    IndexKey,
    Value,
    closing_keys,
    ended_by_type,
    subjects_of,
)
from timeline.certainty.presuppositions import overlapping
from timeline.history.accounts import OF_RIVALS
from timeline.history.event import corrected
from timeline.index.effects_index import LINKED, answers_key, keys_of, linked_key, wide
from timeline.index.row_codec import IndexedEvent, decode, id_of
from timeline.index.rows import Rows
from timeline.log.lookup import amendments_of, naming_amendments, readable
from timeline.log.protocol import Reader
from timeline.records.record import LINKS, Content, Record, named_in
from timeline.records.vocabulary import Vocabulary


def records_about(
    names: Collection[Value],
    rows: Rows,
    log: Reader,
    vocabulary: Vocabulary,
    until: int,
    ids: Iterable[str] = (),
) -> list[Record]:
    """All records up to position `until` that bear on these names, by position.

    `names` are all slugs of the entities at any position of the question, or values of
    statements. With `ids`, also what bears on the events with these ids.
    """
    naming = readable(naming_amendments(log, vocabulary), vocabulary)
    known = [each for each in naming if each.position <= until]
    found = _FoundRecords(rows, log, vocabulary, until, _slugs(known))
    for name in names:
        found.take_named(name)
    found.take(ids)
    found.records.update((each.position, each) for each in known)
    return [found.records[position] for position in sorted(found.records)]


def _slugs(naming: Iterable[Record]) -> dict[str, set[str]]:
    """For each slug, those that ever meant the same entity, directly or through others."""
    slugs: dict[str, set[str]] = {}
    for each in naming:
        if each.type.name == "same-entity":
            one = {*each.content["entities"], each.content.get("as", each.content["entities"][0])}
            one = one.union(*(slugs.get(slug, set()) for slug in one))
            slugs.update(dict.fromkeys(one, one))
    return slugs


class _FoundRecords:
    """The records found so far."""

    def __init__(
        self,
        rows: Rows,
        log: Reader,
        vocabulary: Vocabulary,
        until: int,
        slugs: Mapping[str, set[str]],
    ):
        self.records: dict[int, Record] = {}
        self._rows = rows
        self._log = log
        self._vocabulary = vocabulary
        self._until = until
        self._ended_by_type = ended_by_type(vocabulary)
        self._any_links = rows.has_prefix(LINKED)
        self._seen: set[str] = set()
        self._slugs = slugs
        self._names: set[Value] = set()
        # The events that have links, or that others have links to; and those left to look into.
        self._depended: set[str] = set()
        self._dependent: set[str] = set()
        self._take_found(keys_of(EVERYWHERE))

    def take_named(self, name: Value) -> None:
        """Add what names an entity, what closes statements about it, and what founded it.

        What ends presuppose may depend on other values of the same property.
        """
        if name in self._names:
            return
        self._names.add(name)
        rows = self._rows.ever(keys_of(IndexKey("named", name)), self._until)
        events = decode(rows, self._vocabulary)
        statements = dict.fromkeys(
            statement
            for each in events
            if each.effects is not None
            for statement in (
                *each.effects.opens,
                *(closing.explicit for closing in each.effects.closes if closing.explicit),
            )
            if name in statement.entities()
        )
        self.take(each.id for each in events)
        handles = set(closing_keys(name, statements))
        handles |= {IndexKey("founds", each) for said in statements for each in said.entities()}
        self._take_subjects(
            subject
            for subject, label, *_ in statements
            if label in self._ended_by_type and self._rows.has_prefix(wide(label))
        )
        closing = self._take_found([key for handle in handles for key in keys_of(handle)])
        effects = [each.effects for each in (*events, *closing) if each.effects is not None]
        self._take_subjects(subject for subject, _ in overlapping(effects))
        joint = (each.opens for each in effects if len(each.opens) > 1)
        self._take_subjects(statement.subject for opens in joint for statement in opens)

    def take(self, ids: Iterable[str]) -> None:
        """Add events with their amendments, and all events that these lead to."""
        waiting = set(ids) - self._seen
        while waiting:
            self._seen |= waiting
            brought: set[str] = set()
            for id in waiting:
                brought |= self._take_one(id)
            answers = [answers_key(id) for id in waiting]
            brought |= {id_of(state) for _, state in self._rows.ever(answers, self._until)}
            brought |= self._linking(waiting)
            waiting = brought - self._seen
        # What the dates of linked events depend on. Some come with others of their own.
        while self._dependent:
            self._take_subjects(self._subjects_of(self._dependent.pop()))

    def _linking(self, ids: Iterable[str]) -> set[str]:
        """The events that have a link to any of these."""
        if not self._any_links:
            return set()
        linking: set[str] = set()
        for id in ids:
            rows = self._rows.ever([linked_key(id)], self._until)
            if found := {id_of(state) for _, state in rows}:
                self._depend(id, *found)
                linking |= found
        return linking

    def _depend(self, *ids: str) -> None:
        new = set(ids) - self._depended
        self._depended |= new
        self._dependent |= new

    def _subjects_of(self, id: str) -> Iterator[str]:
        """The subjects of what an event does, as recorded or as corrected."""
        entry = self._log.find(id)
        for record in readable([entry] if entry else [], self._vocabulary):
            content = record.content
            yield from subjects_of(record.type, content)
            for amendment in amendments_of(id, self._log, self._vocabulary):
                if amendment.type.name == "correction":
                    content = corrected(content, amendment.content["changes"])
                    yield from subjects_of(record.type, content)

    def _take_subjects(self, subjects: Iterable[str]) -> None:
        for subject in set(subjects):
            for slug in self._slugs.get(subject, {subject}):
                self.take_named(slug)

    def _take_found(self, keys: Collection[str]) -> list[IndexedEvent]:
        events = decode(self._rows.ever(keys, self._until), self._vocabulary)
        self.take(each.id for each in events)
        return events

    def _take_one(self, id: str) -> set[str]:
        """Add one event; the ids of those that it leads to."""
        entry = self._log.find(id)
        record = next(readable([entry] if entry else [], self._vocabulary), None)
        if record is None or record.position > self._until or record.is_amendment:
            return set()
        self.records[record.position] = record
        content = record.content
        brought = self._named_in(id, content)
        for amendment in amendments_of(id, self._log, self._vocabulary):
            if amendment.position <= self._until:
                self.records[amendment.position] = amendment
                if amendment.type.name in OF_RIVALS:
                    brought.update(amendment.amends)
                elif amendment.type.name == "correction":
                    content = corrected(content, amendment.content["changes"])
                    brought |= self._named_in(id, content)
        return brought

    def _named_in(self, id: str, content: Content) -> set[str]:
        """The events that one names."""
        named = named_in(content)
        if any(side in content for side in LINKS):
            self._depend(id, *named)
        return named
