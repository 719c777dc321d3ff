"""Finding in the log what somebody names: a record, an entity, a publication."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from timeline.errors import Problem, close_to
from timeline.history.entity_resolution import Resolver
from timeline.history.history import OF_RIVALS, Event, History, amended
from timeline.log.protocol import Reader
from timeline.records import jsonl
from timeline.records.record import Entry, Record
from timeline.records.vocabulary import Vocabulary

# How far back to look for ids like one that is not there.
RECENT = 500


def find_record(log: Reader, vocabulary: Vocabulary, id: str) -> Record | Problem:
    """The record with that id, or what to tell who asked for it."""
    entry = log.find(id)
    if entry is None:
        return Problem(f"there is no record {id!r}", _similar(log, id))
    return jsonl.decode(entry, vocabulary)


def find_event(log: Reader, vocabulary: Vocabulary, id: str) -> Record | Problem:
    """The event with that id, or why there is none."""
    record = find_record(log, vocabulary, id)
    if isinstance(record, Record) and record.is_amendment:
        what = f"{id!r} is an amendment ({record.type.name})"
        amended = " or ".join(record.amends)
        return Problem(what, f"name the event: {amended}" if amended else "name an event")
    return record


def as_it_reads(
    record: Record, log: Reader, vocabulary: Vocabulary, until: int | None = None
) -> Event:
    """An event with the amendments up to position `until`."""
    event = Event(record, record.content)
    for entry in log.amendments_of(record.id):
        if until is None or entry.position <= until:
            event = amended(event, jsonl.decode(entry, vocabulary))
    return event


def events_at(
    ids: Iterable[str],
    log: Reader,
    vocabulary: Vocabulary,
    until: int,
    names: Resolver,
) -> History:
    """Some events as they read at position `until`, and the other accounts of the same.

    `names` are those of that position. Ids of what is not an event, or was not recorded
    by then, are passed over.
    """
    found = entries_about(ids, log, vocabulary, until)
    return History((jsonl.decode(entry, vocabulary) for entry in found), names)


def entries_about(
    ids: Iterable[str],
    log: Reader,
    vocabulary: Vocabulary,
    until: int,
) -> list[Entry]:
    """Some events, the other accounts of the same, and what amends them up to a position.

    They are in order of position, and not decoded.
    """
    found: dict[int, Entry] = {}
    rivals = {vocabulary[name].topic for name in OF_RIVALS}
    seen = set(ids)
    waiting = [(id, log.find(id)) for id in seen]
    while waiting:
        id, entry = waiting.pop()
        if entry is None or entry.position > until:
            continue
        if vocabulary.of_topic(entry.topic).is_amendment:
            continue
        found[entry.position] = entry
        for entry in log.amendments_of(id):
            if entry.position <= until and entry.position not in found:
                found[entry.position] = entry
                if entry.topic in rivals:
                    others = set(jsonl.decode(entry, vocabulary).amends) - seen
                    seen |= others
                    waiting += [(other, log.find(other)) for other in others]
    return [found[position] for position in sorted(found)]


def names_at(log: Reader, vocabulary: Vocabulary, until: int | None = None) -> Resolver:
    """What entities are called, and which are one, by the amendments up to position `until`."""
    names = Resolver()
    for entry in naming_amendments(log, vocabulary):
        if until is None or entry.position <= until:
            names.apply(jsonl.decode(entry, vocabulary))
    return names


class ResolverCache:
    """The names at any position of a log, of which those asked for last are remembered."""

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
    """The amendments that say which entities are one, or what they are called, in order."""
    topics = [vocabulary[name].topic for name in ("same-entity", "not-same-entity", "alias")]
    entries = [entry for topic in topics for entry in log.of_type(topic)]
    return sorted(entries, key=lambda entry: entry.position)


def _similar(log: Reader, id: str) -> str:
    recent = log.entries(after=max(0, log.head().position - RECENT))
    close = close_to(id, (str(jsonl.content_of(entry)["id"]) for entry in recent), cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else "`timeline log` lists the ids"
