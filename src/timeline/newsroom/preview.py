"""What a record would change if it were appended, and which names in it look misspelt."""

from __future__ import annotations

from typing import Any, NamedTuple

from timeline.errors import suggestion
from timeline.history.entity_resolution import Resolver
from timeline.history.history import History
from timeline.newsroom.api import Note
from timeline.newsroom.reader import StoreReader
from timeline.projections.answer import Basis
from timeline.projections.crowding import crowding
from timeline.projections.preview import Preview, preview
from timeline.records.record import Record, entities_of


class PreviewedEffects(NamedTuple):
    """What a record would change, and whether there are names in it that look misspelt."""

    preview: Preview
    misspelt: bool


def effects_of(reader: StoreReader, record: Record, basis: Basis, note: Note) -> PreviewedEffects:
    """What a record would change in the state at a basis; likely mistakes are noted."""
    history = History(reader.records_for(record, basis))
    misspelt = _note_new_names(record, reader, history, basis, note)
    if record.type.name == "not-same-entity":
        _note_of_apart(record, history.names, note)
    later = history.copy()
    later.apply(record)
    for text in crowding(history, later, basis.at):
        note(text)
    return PreviewedEffects(preview(history, record, basis), misspelt)


def _note_new_names(
    record: Record, reader: StoreReader, history: History, basis: Basis, note: Note
) -> bool:
    """Note a story and entities that are new and resemble known ones; true if there are any."""
    named = entities_of(record.type, record.content)
    if record.type.name == "correction":
        corrected = history[record.content["corrects"]]
        named = entities_of(corrected.type, _corrected_fields(record))
    unknown = [slug for slug in named if not reader.is_known(slug, basis)]
    new = [(slug, suggestion(slug, reader.known_slugs(basis))) for slug in unknown]
    if not reader.store.story_version(record.story):
        new.append((record.story, suggestion(record.story, reader.store.stories())))
    for name, hint in new:
        if hint:
            note(f"{name!r} is new{hint}")
    return any(hint for _, hint in new)


def _note_of_apart(record: Record, names: Resolver, note: Note) -> None:
    """Note that telling entities apart changes nothing, or is not enough."""
    told = names.copy()
    told.apply(record)
    left = [way for behind, way in told.still_one() if behind.id == record.id]
    for one, *between, other in left:
        by = " and ".join(map(repr, between))
        note(f"{one!r} and {other!r} are still one, by way of {by}: see `timeline check`")
    if not left and not names.undone_by(record.content):
        note("nothing has joined them so far: they are different entities already")


def _corrected_fields(record: Record) -> dict[str, Any]:
    """The fields to which a correction gives a value."""
    changes = record.content["changes"]
    return {name: value for name, value in changes.items() if value is not None}
