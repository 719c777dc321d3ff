"""The fields of a form, made from the declaration of a type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from timeline.records.declaration import ENTITY_KINDS, Kind, RecordType

# The parts of a citation, and what each is called.
CITATION = {
    "url": "Link",
    "quote": "Quote",
    "title": "Title",
    "publisher": "Publisher",
    "published": "Published",
    "locator": "Where in it",
    "via": "Agency it came from",
    "attribution": "To whom it attributes it",
}


class FormField(NamedTuple):
    """A field: what it is called in the form, and how it is typed.

    `shape` is `line`, `lines`, `date`, `entity`, `entities`, `record`, `records` or `choice`;
    `of` tells what the entities are, where they are of one kind.
    """

    name: str
    label: str
    hint: str
    shape: str
    required: bool = False
    of: str | None = None
    choices: tuple[str, ...] = ()


_SHAPES = {
    Kind.ENTITY: "entity",
    Kind.ENTITIES: "entities",
    Kind.RECORD: "record",
    Kind.RECORDS: "records",
    Kind.SENTENCES: "lines",
    Kind.ENTITY_KIND: "choice",
}


def own_fields(kind: RecordType) -> list[FormField]:
    """The fields that a type has of its own, but for changes, which have a form of their own."""
    return [
        FormField(
            name,
            _label(name),
            each.doc,
            _SHAPES.get(each.kind, "line"),
            each.required,
            each.of,
            ENTITY_KINDS if each.kind is Kind.ENTITY_KIND else (),
        )
        for name, each in kind.fields.items()
        if each.kind is not Kind.CHANGES
    ]


def time_fields() -> Iterator[FormField]:
    """The fields of events that say when, and in what order beside others."""
    yield FormField("when", "When", "EDTF (2026-03-03~), or words such as yesterday 3pm.", "date")
    for side in ("after", "before"):
        hint = f"An event that it came {side}: its id, or ID=48h for within 48 hours."
        yield FormField(side, f"Came {side}", hint, "record")


def common_fields() -> Iterator[FormField]:
    """The fields that every record may have."""
    yield FormField("headline", "Headline", "One line; made from the fields if empty.", "line")
    yield FormField("body", "Text", "Prose, in Markdown.", "lines")
    yield FormField("tags", "Tags", "Words to find it by, with commas between.", "line")
    yield FormField(
        "qualifiers", "Qualifiers", "For the statement: NAME=TEXT, one a line.", "lines"
    )


def _label(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
