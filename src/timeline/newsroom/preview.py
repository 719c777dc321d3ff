"""What a record would do if it were appended, and what looks like a slip in it."""

from __future__ import annotations

from typing import Any, NamedTuple

from timeline.history.entity_resolution import Resolver
from timeline.history.history import History
from timeline.log.protocol import RemoteReader
from timeline.newsroom.dates import Note
from timeline.newsroom.entities import suggestion
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Basis
from timeline.projections.preview import Preview, preview
from timeline.records.record import Record, entities_of


class PreviewedEffects(NamedTuple):
    """What a record would change, and whether there are names in it that look misspelt."""

    preview: Preview
    misspelt: bool


def effects_of(newsroom: Newsroom, record: Record, now: int, note: Note) -> PreviewedEffects:
    """What a record will change in the state as it is now; what looks like a slip is noted."""
    if isinstance(newsroom.store, RemoteReader):
        from timeline.newsroom.remote import effects_from_afar

        return effects_from_afar(newsroom, record, note)
    basis = newsroom.basis(None, None, now)
    history = History(newsroom.records_for(record, basis))
    misspelt = _note_new_names(record, newsroom, history, basis, note)
    if record.type.name == "not-same-entity":
        _note_of_apart(record, history.names, note)
    return PreviewedEffects(preview(history, record, basis), misspelt)


def _note_new_names(
    record: Record, newsroom: Newsroom, history: History, basis: Basis, note: Note
) -> bool:
    """Point out a story and entities that are new and look misspelt; whether there are any."""
    named = entities_of(record.type, record.content)
    if record.type.name == "correction":
        corrected = history[record.content["corrects"]]
        named = entities_of(corrected.type, _corrected_fields(record))
    unknown = [slug for slug in named if not newsroom.is_known(slug, basis)]
    new = [(slug, suggestion(slug, newsroom.known_slugs(basis))) for slug in unknown]
    if not newsroom.store.story_version(record.story):
        new.append((record.story, suggestion(record.story, newsroom.store.stories())))
    for name, hint in new:
        if hint:
            note(f"{name!r} is new{hint}")
    return any(hint for _, hint in new)


def _note_of_apart(record: Record, names: Resolver, note: Note) -> None:
    """Point out where telling entities apart changes nothing, or is not enough."""
    told = names.copy()
    told.apply(record)
    left = [way for behind, way in told.still_one() if behind.id == record.id]
    for one, *between, other in left:
        by = " and ".join(map(repr, between))
        note(f"{one!r} and {other!r} are still one, by way of {by}: `timeline check` tells")
    if not left and not names.undone_by(record.content):
        note("nothing has joined them so far: they are different entities already")


def _corrected_fields(record: Record) -> dict[str, Any]:
    """The fields to which a correction gives a value."""
    changes = record.content["changes"]
    return {name: value for name, value in changes.items() if value is not None}
