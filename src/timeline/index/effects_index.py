"""The projection `acts`: what events do to statements, found by entity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from hashlib import sha256

from timeline.certainty.effects import IndexKey, Value, index_keys
from timeline.history.entity_resolution import Resolver
from timeline.history.history import OF_ACCOUNTS, Event, History, as_recorded
from timeline.index.projection import Closed, FoldContext, Opened, Projection
from timeline.index.row_codec import abridge
from timeline.log.lookup import entries_about
from timeline.records import jsonl
from timeline.records.declaration import Begin, RecordType
from timeline.records.record import LINKS, Record, entities_of
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT

# What a key begins with. An entity, and a name in a statement that is none, are apart.
ENTITY, NAME, WIDE, VALUED, ALL, LINKED, ANSWERS = "e", "n", "w", "v", "*", "l", "a"


def fold(record: Record, ground: FoldContext) -> Iterable[Closed | Opened]:
    """What one more record closes and opens."""
    if not record.type.is_amendment:
        return _opened(as_recorded(record, ground.names), record.position)
    was_called = ground.names.copy() if record.type.name in RENAMING else ground.names
    renamed = ground.names.apply(record)
    slugs = {was_called.canonical(slug) for slug in renamed}
    ids = set(record.amends)
    if slugs:
        keys = [kind + slug for slug in slugs for kind in (ENTITY, NAME)]
        ids.update(_ids(ground.named_by(keys), ground))
    return _rewritten(ids, record, ground, was_called) if ids else ()


# The amendments for which a slug may read as another.
RENAMING = ("same-entity", "not-same-entity")

ACTS = Projection("acts", 2, fold, alone=RENAMING)

_new = tuple.__new__

# Longer names are told apart by their digests.
_LONGEST = 200


def keys_of(handle: IndexKey) -> list[str]:
    """The keys under which rows are kept that a handle finds.

    What closes statements of any value is kept by when it happened; its key is without that
    here, and ends with a line feed.
    """
    name = _text(handle.name)
    match handle.kind:
        case "named":
            return [ENTITY + name, NAME + name]
        case "wide":
            return [f"{wide(handle.property)}{name}\n"]
        case "valued":
            return [VALUED + name]
        case "all":
            return [ALL]


def wide(label: str | None) -> str:
    """What the keys begin with of all that closes statements of a property, or of any."""
    return f"{WIDE}{label or ''}\n"


def moment(instant: int) -> str:
    """An instant as the part of a key: keys are in order of time."""
    return f"{min(max(instant - MIN_INSTANT, 0), MAX_INSTANT - MIN_INSTANT - 1):016x}"


def _keys(event: Event) -> set[str]:
    """The keys that an event is found by."""
    kind, content = event.type, event.content
    entities = entities_of(kind, content)
    keys = {ENTITY + entity for entity in entities}
    if not _found_by_entities(kind):
        for handle in index_keys(kind, content):
            if handle.kind == "wide":
                when = moment(event.occurred.earliest)
                keys.update(key + when for key in keys_of(handle))
            elif handle.kind != "named":
                keys.update(keys_of(handle))
            elif handle.name not in entities:
                keys.add(NAME + _text(handle.name))
    for side in LINKS:
        if side in content:
            keys.update(LINKED + link["id"] for link in content[side])
    if kind.name == "answered":
        keys.add(ANSWERS + content["answers"])
    return keys


@cache
def _found_by_entities(kind: RecordType) -> bool:
    """Whether the entities that they name are all the handles of events of a type.

    So it is where all that is begun and ended is about two of them, which are always there.
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
    state, position = abridge(event), event.position
    return [_new(Opened, (key, position, since, state)) for key in sorted(_keys(event))]


def _rewritten(
    ids: Collection[str], record: Record, ground: FoldContext, was_called: Resolver
) -> Iterator[Closed | Opened]:
    """The rows of events that may read otherwise from a record on.

    If the fold is concerned with none of them, they are not read in full.
    """
    vocabulary, position = ground.vocabulary, record.position
    named = ground.concerns if record.type.name not in OF_ACCOUNTS else _any
    entries = entries_about(ids, ground.log, vocabulary, position, named)
    events = (each for each in entries if not vocabulary.of_topic(each.topic).is_amendment)
    if not any(ground.concerns(each.position) for each in events):
        return
    records = [jsonl.decode(entry, vocabulary) for entry in entries]
    now = History(records, ground.names)
    before = History((each for each in records if each.position < position), was_called)
    for event in now.all():
        was = before[event.id]
        if was == event or not ground.concerns(event.position):
            continue
        if was.counts:
            for key in sorted(_keys(was)):
                yield Closed(key, was.position, position)
        yield from _opened(event, position)


def _any(position: int) -> bool:
    """Other accounts of what is named may concern a fold that the named one does not."""
    return True


def _ids(positions: Iterable[int], ground: FoldContext) -> Iterator[str]:
    for position in positions:
        for entry in ground.log.entries(position - 1, position):
            yield jsonl.content_of(entry)["id"]


def _text(value: Value) -> str:
    """A name as the part of a key; equal numbers are written alike."""
    if not isinstance(value, str):
        return f"\t{int(value) if value == int(value) else value!r}"
    if len(value) > _LONGEST:
        return f"\t#{sha256(value.encode()).hexdigest()}"
    return value
