"""The fields of a form, made from the declaration of a type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from timeline.records.declaration import ENTITY_KINDS, Kind, RecordType
from timeline.records.record import LINKS

# The parts of a citation, and their labels.
CITATION = {
    "url": "Link",
    "quote": "Quote",
    "title": "Title",
    "publisher": "Publisher",
    "published": "Published",
    "locator": "Page or section",
    "via": "Via agency",
    "attribution": "Attributed to",
}


class FormField(NamedTuple):
    """A field of a form.

    `shape` is `line`, `lines`, `date`, `entity`, `entities`, `record`, `records` or `choice`;
    `of` is the kind of its entities, if they are of one kind.
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
    """The fields of a type, except `changes`, which has its own form."""
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
    """The fields that date an event: when, and its order relative to others."""
    yield FormField("when", "When", "EDTF (2026-03-03~), or words such as yesterday 3pm.", "date")
    for side in LINKS:
        verb = "happened" if side == "during" else "came"
        hint = f"An event that it {verb} {side}: its id, or ID=48h for within 48 hours."
        yield FormField(side, f"{verb} {side}".capitalize(), hint, "record")


def common_fields() -> Iterator[FormField]:
    """The fields that every record may have."""
    yield FormField(
        "headline", "Headline", "One line; made from the other fields if empty.", "line"
    )
    yield FormField("body", "Text", "Prose, in Markdown.", "lines")
    yield FormField("tags", "Tags", "Words to find it by, separated by commas.", "line")
    yield FormField(
        "qualifiers", "Qualifiers", "For the statement: NAME=TEXT, one per line.", "lines"
    )


def _label(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
