"""What a record type is: a name, fields, and the statements it begins and ends.

Types are data. The built-in types and those a newsroom declares in its `timeline.toml` are
read by the same reader (`type_tables`) into the same objects, so whatever works for one works
for the other: validation, JSON Schema, command-line options, forms, documentation, and the
folding of records into statements, which knows only begin and end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

# What an entity can be.
ENTITY_KINDS = ("person", "organisation", "product", "place")


class Kind(StrEnum):
    """What a field holds."""

    ENTITY = "entity"
    ENTITIES = "entities"
    TEXT = "text"
    SENTENCE = "sentence"
    SENTENCES = "sentences"
    NAME = "name"
    VALUE = "value"
    QUANTITY = "quantity"
    RECORD = "record"
    RECORDS = "records"
    CHANGES = "changes"
    ENTITY_KIND = "entity-kind"
    COUNT = "count"


class Field(NamedTuple):
    """A field of a type. `required` fields must be given on input.

    `of` restricts which kind of entity the field names: one of `ENTITY_KINDS`, or None for
    any. `different` is the least number of entries in a list whose entries must all differ;
    0 allows repetition.
    """

    kind: Kind
    doc: str
    required: bool = False
    of: str | None = None
    different: int = 0


class Begin(NamedTuple):
    """Opens the statement (subject, property, value; qualifiers).

    `subject`, `value` and `qualifiers` name fields of the record. The property is the
    literal `property`, or is read from the field `property_field`. Nothing begins if the
    record leaves out the subject or the value.

    `exclusive` makes it a *set*: it also ends the other values of that property. If the value is
    a `quantity`, equal numbers that are written differently are one value.
    """

    subject: str
    value: str
    property: str | None = None
    property_field: str | None = None
    qualifiers: tuple[str, ...] = ()
    exclusive: bool = False
    quantity: bool = False


class End(NamedTuple):
    """Closes every matching statement; a part that is left out matches anything.

    `qualifiers` name fields: a statement matches if it has the same qualifiers, for those
    that the record gives. `other_than` names fields: a statement matches if its qualifier
    differs (an appointment ends the *other* roles). `quantity` is as in `Begin`.
    """

    subject: str | None = None
    value: str | None = None
    property: str | None = None
    property_field: str | None = None
    qualifiers: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()
    quantity: bool = False


Effect = Begin | End


@dataclass(frozen=True, slots=True, eq=False)
class RecordType:
    """A type of record: an event, or an amendment.

    `doc` says what it means in one sentence. `headline` is a template over the fields
    (`"{person} joins {organisation}"`) for records without a headline of their own; a part in
    square brackets is left out where a field in it is not given.
    `amends` names the fields that hold ids of amended events: None for a type of event, empty
    for an amendment of something else. `topic` is the name under which the log stores it; it
    is never a Python path. `founds` names the field with the organisation that an event of this
    type brings into being. `required` are the keys that every record of the type has.
    `naming` are the fields that name entities, each with whether it holds a list.
    """

    name: str
    doc: str
    fields: Mapping[str, Field]
    headline: str = ""
    effects: tuple[Effect, ...] = ()
    amends: tuple[str, ...] | None = None
    version: int = 1
    founds: str | None = None
    topic: str = field(init=False)
    required: frozenset[str] = field(init=False)
    naming: tuple[tuple[str, bool], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "topic", f"{self.name}/{self.version}")
        own = {name for name, each in self.fields.items() if each.required}
        common = {"id", "story", "type"} | (set() if self.is_amendment else {"sources"})
        object.__setattr__(self, "required", frozenset(own | common))
        naming = [
            (name, each.kind is Kind.ENTITIES)
            for name, each in self.fields.items()
            if each.kind in (Kind.ENTITY, Kind.ENTITIES)
        ]
        object.__setattr__(self, "naming", tuple(naming))

    @property
    def is_amendment(self) -> bool:
        return self.amends is not None

    @property
    def begins(self) -> bool:
        """Whether a record of this type can open a statement."""
        return any(isinstance(effect, Begin) for effect in self.effects)
