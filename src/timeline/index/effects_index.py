"""What the index contains: the keys to find events by, and the rows that amendments rewrite."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from timeline.certainty.effects import IndexKey, Value, index_keys
from timeline.history.entity_resolution import Resolver
from timeline.history.event import Event
from timeline.history.history import History, as_recorded
from timeline.index.row_codec import encode
from timeline.index.rows import Change, Closed, Opened
from timeline.log.lookup import records_about
from timeline.log.protocol import Reader
from timeline.records import jsonl
from timeline.records.declaration import Begin, RecordType
from timeline.records.record import Record, entities_of
from timeline.records.settings import Settings
from timeline.records.vocabulary import Vocabulary
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT

# Increase this when the content of rows changes.
NAME, VERSION = "effects", 4

# The prefixes of keys. Values of statements that are not entities have their own.
ENTITY, NAMED, WIDE, VALUED, ALL, LINKED, ANSWERS, FOUNDS, ENDS = (
    "e",
    "n",
    "w",
    "v",
    "*",
    "l",
    "a",
    "f",
    "p",
)

# The amendments after which a slug may mean another entity.
RENAMING = ("same-entity", "not-same-entity")


def name_for(settings: Settings) -> str:
    """The name of the index for the types and the zone of a newsroom."""
    return f"{NAME}-{VERSION}-{settings.fingerprint()}"


class FoldContext(NamedTuple):
    """The state before the record that is folded: the log, rows and names.

    The fold adds the record's names to `names`. `named_by` returns the positions of events with
    current rows under any of some keys; only amendments in RENAMING need it.
    """

    log: Reader
    vocabulary: Vocabulary
    names: Resolver
    named_by: Callable[[Collection[str]], Iterable[int]]


def fold(record: Record, context: FoldContext) -> Iterable[Change]:
    """The rows that one more record opens and closes."""
    if not record.type.is_amendment:
        return _opened(as_recorded(record, context.names), record.position)
    renames = record.type.name in RENAMING
    names_before = context.names.copy() if renames else context.names
    renamed = context.names.apply(record)
    slugs = {names_before.canonical(slug) for slug in renamed}
    ids = set(record.amends)
    if slugs:
        keys = [kind + slug for slug in slugs for kind in (ENTITY, NAMED)]
        ids.update(_ids(context.named_by(keys), context.log))
    return _rewritten(ids, record, context, names_before) if ids else ()


_new = tuple.__new__

# Keys contain a digest instead of a name that is longer than this, or not printable.
_LONGEST = 200


def keys_of(wanted: IndexKey) -> list[str]:
    """The keys under which rows are looked up.

    The keys of what closes statements of any value end with a time. They are returned without it,
    ending with a line feed.
    """
    name = _text(wanted.name)
    match wanted.kind:
        case "named":
            return [ENTITY + name, NAMED + name]
        case "wide":
            return [f"{wide(wanted.property)}{name}\n"]
        case "valued":
            return [VALUED + name]
        case "all":
            return [ALL]
        case "founds":
            return [FOUNDS + name]
        case "ends":
            return [f"{ends(wanted.property)}{name}"]


def wide(label: str | None) -> str:
    """The prefix of the keys of what closes statements of a property, or of any property."""
    return f"{WIDE}{label or ''}\n"


def ends(label: str | None) -> str:
    """The prefix of the keys of what ends statements of a property by value."""
    return f"{ENDS}{label or ''}\n"


def moment(instant: int) -> str:
    """An instant as a part of a key that sorts by time."""
    return f"{min(max(instant - MIN_INSTANT, 0), MAX_INSTANT - MIN_INSTANT - 1):016x}"


def linked_key(id: str) -> str:
    """The key of the events that say they came after, before or during an event."""
    return LINKED + _text(id)


def answers_key(id: str) -> str:
    """The key of the answers to a question."""
    return ANSWERS + _text(id)


def _keys(event: Event) -> set[str]:
    """The keys that an event is found by."""
    kind, content = event.type, event.content
    entities = entities_of(kind, content)
    keys = {ENTITY + entity for entity in entities}
    if not _found_by_entities(kind):
        for wanted in index_keys(kind, content):
            if wanted.kind == "wide":
                when = moment(event.occurred.earliest)
                keys.update(key + when for key in keys_of(wanted))
            elif wanted.kind != "named":
                keys.update(keys_of(wanted))
            elif wanted.name not in entities:
                keys.add(NAMED + _text(wanted.name))
    keys.update(linked_key(link["id"]) for _, link in event.links)
    if kind.name == "answered":
        keys.add(answers_key(content["answers"]))
    return keys


@cache
def _found_by_entities(kind: RecordType) -> bool:
    """Whether events of a type need no keys but those of the entities that they name.

    This is the case if each statement that they begin or end is about two required fields.
    """
    named = {name for name, _ in kind.naming if kind.fields[name].required}
    return all(
        {effect.subject, effect.value} <= named
        and not (isinstance(effect, Begin) and effect.exclusive)
        for effect in kind.effects
    )


def _opened(event: Event, since: int) -> list[Opened]:
    if not event.counts:
        return []
    state, position = encode(event), event.position
    return [_new(Opened, (key, position, since, state)) for key in sorted(_keys(event))]


def _rewritten(
    ids: Collection[str], record: Record, context: FoldContext, names_before: Resolver
) -> Iterator[Change]:
    """The new rows of the events that a record may have changed."""
    vocabulary, position = context.vocabulary, record.position
    records = records_about(ids, context.log, vocabulary, position)
    now = History(records, context.names)
    before = History((each for each in records if each.position < position), names_before)
    for event in now.all():
        was = before[event.id]
        if was == event:
            continue
        if was.counts:
            for key in sorted(_keys(was)):
                yield Closed(key, was.position, position)
        yield from _opened(event, position)


def _ids(positions: Iterable[int], log: Reader) -> Iterator[str]:
    for position in positions:
        for entry in log.entries(position - 1, position):
            yield jsonl.content_of(entry)["id"]


def _text(value: Value) -> str:
    """A name as a part of a key; equal numbers are written alike."""
    if not isinstance(value, str):
        return f"\t{int(value) if value == int(value) else value!r}"
    if len(value) > _LONGEST or not value.isprintable():
        return f"\t#{sha256(value.encode()).hexdigest()}"
    return value
