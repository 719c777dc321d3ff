"""What a type of record *is*: a name, fields, and the statements it begins and ends.

Types are data. The built-in families in this package and the types that a newsroom
declares in its `timeline.toml` are the same kind of object, so whatever works for the
one works for the other: validation, JSON Schema, command-line options, documentation,
and above all the folding of records into statements, which knows only begin and end.

Nothing here imports pydantic: questions are answered without building a single model.
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
    RECORD = "record"
    RECORDS = "records"
    CHANGES = "changes"
    ENTITY_KIND = "entity-kind"


class Field(NamedTuple):
    """A field of a type. `required` fields must be given on input.

    `of` tells what the entities are that the field names: one of `ENTITY_KINDS`, or None
    where they may be of any. `different` makes a list hold at least so many entries, no
    two of them alike; 0 allows repetition.
    """

    kind: Kind
    doc: str
    required: bool = False
    of: str | None = None
    different: int = 0


class Begin(NamedTuple):
    """Opens the statement (subject, property, value; qualifiers).

    `subject`, `value` and `qualifiers` name fields of the record. The property is the
    literal `property`, or is read from the field named by `property_field`. Nothing is
    begun where the subject or the value is left out.

    `exclusive` makes it a *set* (design §3): it also ends the other values of that
    property.
    """

    subject: str
    value: str
    property: str | None = None
    property_field: str | None = None
    qualifiers: tuple[str, ...] = ()
    exclusive: bool = False


class End(NamedTuple):
    """Closes every statement that fits; a part that is left out fits anything.

    `qualifiers` name fields: a statement fits if it carries the same qualifiers, where
    the record gives them. `other_than` names fields: a statement fits if it carries
    something else there (an appointment ends the *other* roles).
    """

    subject: str | None = None
    value: str | None = None
    property: str | None = None
    property_field: str | None = None
    qualifiers: tuple[str, ...] = ()
    other_than: tuple[str, ...] = ()


Effect = Begin | End


@dataclass(frozen=True, slots=True, eq=False)
class RecordType:
    """A type of record: an event, or an amendment.

    `doc` says what it means in one sentence. `headline` is a template over the fields
    (`"{person} joins {organisation}"`) for records that bring none of their own.
    `amends` names the fields that hold ids of events amended: None on a type of
    event, and none at all on an amendment of something else. `topic` is the name
    under which the log stores it: ours, and never a Python path. `required` are the keys
    that every record of the type has. `naming` are the fields that name entities, each with
    whether it holds a list of them.
    """

    name: str
    doc: str
    fields: Mapping[str, Field]
    headline: str = ""
    effects: tuple[Effect, ...] = ()
    amends: tuple[str, ...] | None = None
    version: int = 1
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


def entity(doc: str, *, required: bool = False, of: str | None = None) -> Field:
    """A field that holds the slug of one entity."""
    return Field(Kind.ENTITY, doc, required, of)


def entities(
    doc: str, *, required: bool = False, of: str | None = None, different: int = 0
) -> Field:
    """A field that holds a list of one or more entities."""
    return Field(Kind.ENTITIES, doc, required, of, different)


def text(doc: str, *, required: bool = False) -> Field:
    """A field that holds a string, as it is."""
    return Field(Kind.TEXT, doc, required)


def sentence(doc: str, *, required: bool = False) -> Field:
    """A field that holds a string which says something: not blank."""
    return Field(Kind.SENTENCE, doc, required)


def name(doc: str, *, required: bool = False) -> Field:
    """A field that holds the name of a property or measure: a slug."""
    return Field(Kind.NAME, doc, required)


def value(doc: str, *, required: bool = False) -> Field:
    """A field that holds a string or a number: the value of a statement."""
    return Field(Kind.VALUE, doc, required)


def record(doc: str, *, required: bool = False) -> Field:
    """A field that holds the id of another record."""
    return Field(Kind.RECORD, doc, required)


def records(doc: str, *, different: int) -> Field:
    """A field that holds the ids of other records, which must be given."""
    return Field(Kind.RECORDS, doc, required=True, different=different)
