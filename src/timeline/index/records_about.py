"""The records that bear on some entities: all that the definition needs, and little else.

A question about an entity has the same answer from these records as from the whole log. They are
few out of millions, so that lineage, and changes over time, can be computed by the definition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from timeline.certainty.effects import EVERYWHERE, IndexKey, Value, closing_keys
from timeline.history.history import OF_RIVALS, corrected
from timeline.index.effects_index import LINKED, answers_key, keys_of, linked_key
from timeline.index.row_codec import decode, id_of
from timeline.index.rows import Rows
from timeline.log.lookup import amendments_of, naming_amendments, readable
from timeline.log.protocol import Reader
from timeline.records.record import Record, named_in
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
    found = _FoundRecords(rows, log, vocabulary, until)
    for name in names:
        found.take_named(name)
    found.take(ids)
    for each in readable(naming_amendments(log, vocabulary), vocabulary):
        if each.position <= until:
            found.records[each.position] = each
    return [found.records[position] for position in sorted(found.records)]


class _FoundRecords:
    """The records found so far."""

    def __init__(self, rows: Rows, log: Reader, vocabulary: Vocabulary, until: int):
        self.records: dict[int, Record] = {}
        self._rows = rows
        self._log = log
        self._vocabulary = vocabulary
        self._until = until
        self._any_links = rows.has_prefix(LINKED)
        self._seen: set[str] = set()
        self._take_found(keys_of(EVERYWHERE))

    def take_named(self, name: Value) -> None:
        """Add what names an entity, and what closes statements about it."""
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
        self._take_found([key for handle in handles for key in keys_of(handle)])

    def take(self, ids: Iterable[str]) -> None:
        """Add events with their amendments, and all events that these lead to."""
        waiting = set(ids) - self._seen
        while waiting:
            self._seen |= waiting
            brought: set[str] = set()
            for id in waiting:
                brought |= self._take_one(id)
            keys = [answers_key(id) for id in waiting]
            if self._any_links:
                keys += [linked_key(id) for id in waiting]
            brought |= {id_of(state) for _, state in self._rows.ever(keys, self._until)}
            waiting = brought - self._seen

    def _take_found(self, keys: Collection[str]) -> None:
        self.take(id_of(state) for _, state in self._rows.ever(keys, self._until))

    def _take_one(self, id: str) -> set[str]:
        """Add one event; the ids of those that it leads to."""
        entry = self._log.find(id)
        record = next(readable([entry] if entry else [], self._vocabulary), None)
        if record is None or record.position > self._until or record.is_amendment:
            return set()
        self.records[record.position] = record
        content = record.content
        brought = named_in(content)
        for amendment in amendments_of(id, self._log, self._vocabulary):
            if amendment.position <= self._until:
                self.records[amendment.position] = amendment
                if amendment.type.name in OF_RIVALS:
                    brought.update(amendment.amends)
                elif amendment.type.name == "correction":
                    content = corrected(content, amendment.content["changes"])
                    brought |= named_in(content)
        return brought
