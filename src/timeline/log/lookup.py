"""Looking up records, entities and publications by id or name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from timeline.errors import Problem, UnreadableError, close_to
from timeline.history.accounts import OF_RIVALS
from timeline.history.entity_resolution import OF_ENTITIES, Resolver
from timeline.history.event import Event, amended
from timeline.history.history import History
from timeline.log.protocol import Reader
from timeline.records import jsonl
from timeline.records.record import Entry, Record
from timeline.records.vocabulary import Vocabulary

# How many records to search for ids similar to one that does not exist.
RECENT = 500


def find_record(log: Reader, vocabulary: Vocabulary, id: str) -> Record | Problem:
    """The record with that id, or the problem to report."""
    entry = log.find(id)
    if entry is None:
        return Problem(f"there is no record {id!r}", _similar(log, id))
    return jsonl.decode(entry, vocabulary)


def find_event(log: Reader, vocabulary: Vocabulary, id: str) -> Record | Problem:
    """The event with that id, or the problem to report."""
    record = find_record(log, vocabulary, id)
    if isinstance(record, Record) and record.is_amendment:
        what = f"{id!r} is an amendment ({record.type.name})"
        amended = " or ".join(record.amends)
        return Problem(what, f"name the event: {amended}" if amended else "name an event")
    return record


def as_it_reads(
    record: Record, log: Reader, vocabulary: Vocabulary, until: int | None = None
) -> Event:
    """An event with the amendments up to position `until`, without what follows of accounts."""
    event = Event(record, record.content)
    for amendment in amendments_of(record.id, log, vocabulary):
        if until is None or amendment.position <= until:
            event = amended(event, amendment)
    return event


def readable(entries: Iterable[Entry], vocabulary: Vocabulary) -> Iterator[Record]:
    """The records of those entries that can be read."""
    for entry in entries:
        try:
            yield jsonl.decode(entry, vocabulary)
        except UnreadableError:
            continue


def amendments_of(id: str, log: Reader, vocabulary: Vocabulary) -> Iterator[Record]:
    """The amendments of an event, by position.

    They are looked up in a table; what the records themselves do not bear out does not count.
    """
    for record in readable(log.amendments_of(id), vocabulary):
        if id in record.amends:
            yield record


def events_at(
    ids: Iterable[str],
    log: Reader,
    vocabulary: Vocabulary,
    until: int,
    names: Resolver,
) -> History:
    """The current form, at position `until`, of some events and their other accounts.

    `names` are those at that position. Ids of other records, or of later ones, are ignored.
    """
    return History(records_about(ids, log, vocabulary, until), names)


def records_about(
    ids: Iterable[str], log: Reader, vocabulary: Vocabulary, until: int
) -> list[Record]:
    """Some events, their other accounts, and all their amendments up to a position.

    They are sorted by position.
    """
    found: dict[int, Record] = {}
    waiting = set(ids)
    seen: set[str] = set()
    while waiting:
        seen |= waiting
        entries = [entry for id in waiting if (entry := log.find(id)) is not None]
        waiting = set()
        for record in readable(entries, vocabulary):
            if record.is_amendment or record.position > until:
                continue
            found[record.position] = record
            for amendment in amendments_of(record.id, log, vocabulary):
                if amendment.position <= until:
                    found[amendment.position] = amendment
                    if amendment.type.name in OF_RIVALS:
                        waiting.update(amendment.amends)
        waiting -= seen
    return [found[position] for position in sorted(found)]


def names_at(log: Reader, vocabulary: Vocabulary, until: int | None = None) -> Resolver:
    """The names of entities, and which slugs mean one entity, at position `until`."""
    names = Resolver()
    for record in readable(naming_amendments(log, vocabulary), vocabulary):
        if until is None or record.position <= until:
            names.apply(record)
    return names


class ResolverCache:
    """A cache of the names at the last positions used."""

    def __init__(self, log: Reader, vocabulary: Vocabulary):
        self._log = log
        self._vocabulary = vocabulary
        self._head = 0
        self._positions: list[int] = []
        self._last: tuple[int, Resolver] = (0, Resolver())

    def at(self, position: int) -> Resolver:
        """The names by the amendments up to a position, which lies in the log."""
        if position > self._head:
            self._head = self._log.head().position
            self._positions = [
                each.position for each in naming_amendments(self._log, self._vocabulary)
            ]
        known = bisect_right(self._positions, position)
        if known != self._last[0]:
            self._last = known, names_at(self._log, self._vocabulary, position)
        return self._last[1]


def publications(log: Reader, vocabulary: Vocabulary, story: str | None = None) -> dict[str, int]:
    """The name of each publication, of a story or of all, and its position, in order."""
    entries = log.of_type(vocabulary["publication"].topic)
    contents = ((jsonl.content_of(entry), entry.position) for entry in entries)
    return {each["name"]: at for each, at in contents if story in (None, each["story"])}


def naming_amendments(log: Reader, vocabulary: Vocabulary) -> list[Entry]:
    """The amendments about entities and what stories are called, in order."""
    topics = [vocabulary[name].topic for name in OF_ENTITIES]
    entries = [entry for topic in topics for entry in log.of_type(topic)]
    return sorted(entries, key=lambda entry: entry.position)


def _similar(log: Reader, id: str) -> str:
    recent = log.entries(after=max(0, log.head().position - RECENT))
    close = close_to(id, (str(jsonl.content_of(entry)["id"]) for entry in recent), cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else "`timeline log` lists the ids"
