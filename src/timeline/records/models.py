"""The door: pydantic models, made from the declarations, frozen, refusing unknown keys.

One model per type validates what is recorded. Reading never comes here: what the log
holds has passed this door already (`timeline verify` sends it through once more).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    StringConstraints,
    TypeAdapter,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from timeline import temporal
from timeline.records import declaration
from timeline.records.declaration import ENTITY_KINDS, Kind, RecordType
from timeline.records.record import LINKS
from timeline.records.vocabulary import Vocabulary

SLUG = r"^[a-z0-9][a-z0-9._-]*$"

# The largest whole number that every JSON reader keeps exact (RFC 8785, RFC 7493).
EXACT = 2**53 - 1

# Each record that another one names is looked up, and so are those with ids like it.
MOST_NAMED = 100


def _check_number(number: float) -> float:
    if abs(number) > EXACT and float(number).is_integer():
        raise PydanticCustomError(
            "number_too_large", "JSON readers do not keep a number this large exact: write a string"
        )
    return number


def _readable(read: Callable[[str], object]) -> AfterValidator:
    """A check that a text can be read as the time it should be."""

    def check(text: str) -> str:
        try:
            read(text)
        except temporal.TimeError as error:
            reason = f"{error.message}; {error.hint}" if error.hint else error.message
            raise PydanticCustomError("time", "{reason}", {"reason": reason}) from None
        return text

    return AfterValidator(check)


def _check_different(entries: list[str]) -> list[str]:
    seen: set[str] = set()
    for entry in entries:
        if entry in seen:
            raise PydanticCustomError("repeated", "names {entry} twice", {"entry": repr(entry)})
        seen.add(entry)
    return entries


def _number_or_text(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("value_type", "should be a string or a number")
    return value


Slug = Annotated[str, StringConstraints(strict=True, pattern=SLUG, max_length=200)]
Text = Annotated[str, StringConstraints(strict=True)]
Sentence = Annotated[str, StringConstraints(strict=True, pattern=r"\S")]
Number = Annotated[int | FiniteFloat, AfterValidator(_check_number)]
Value = Annotated[Text | Number, BeforeValidator(_number_or_text)]
RecordId = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
Edtf = Annotated[Text, _readable(temporal.read)]
Zone = Annotated[Text, _readable(lambda zone: temporal.read("2000", zone))]
Duration = Annotated[Text, _readable(temporal.read_duration), Field(examples=["PT48H"])]
Changes = Annotated[dict[Text, Any], Field(min_length=1)]

_KINDS: dict[Kind, Any] = {
    Kind.ENTITY: Slug,
    Kind.ENTITIES: list[Slug],
    Kind.TEXT: Text,
    Kind.SENTENCE: Sentence,
    Kind.SENTENCES: list[Sentence],
    Kind.NAME: Slug,
    Kind.VALUE: Value,
    Kind.RECORD: RecordId,
    Kind.RECORDS: list[RecordId],
    Kind.CHANGES: Changes,
    Kind.ENTITY_KIND: Literal[ENTITY_KINDS],
}


def _annotation(field: declaration.Field) -> Any:
    """What a field takes, limits included."""
    held = _KINDS[field.kind]
    if field.different:
        return Annotated[
            held,
            Field(
                min_length=field.different,
                max_length=MOST_NAMED,
                json_schema_extra={"uniqueItems": True},
            ),
            AfterValidator(_check_different),
        ]
    return Annotated[held, Field(min_length=1)] if field.kind is Kind.ENTITIES else held


class Model(BaseModel):
    """Frozen, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


def check_citation(citation: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether the fields of a citation say which source it is."""
    if not (citation.get("url") or citation.get("title") or citation.get("publisher")):
        raise PydanticCustomError(
            "citation", "a source needs at least a url, a title or a publisher"
        )
    return citation


class Citation(Model):
    """One source: where it is, what it says, when it was published."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [part]} for part in ("url", "title", "publisher")]
        }
    )

    url: Text | None = Field(None, description="Where it is.")
    title: Text | None = Field(None, description="Its title.")
    publisher: Text | None = Field(None, description="Who published it.")
    published: Edtf | None = Field(None, description="When it was published (EDTF).")
    quote: Text | None = Field(None, description="Its words.")
    locator: Text | None = Field(None, description="Where in it: a page, paragraph, commit.")
    via: Text | None = Field(None, description="The agency that a syndicated copy came from.")
    attribution: Text | None = Field(None, description="To whom the source attributes it.")

    @model_validator(mode="after")
    def _names_its_source(self) -> Self:
        check_citation(vars(self))
        return self


class Link(Model):
    """The order of an event beside another one."""

    id: RecordId = Field(description="The id of the other event.")
    within: Duration | None = Field(
        None, description="How far apart they are at most: a duration (ISO 8601) such as PT48H."
    )


class _EventModel(Model):
    """An event has a date, or a place beside others; `validate` checks it."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [part]} for part in ("when", *LINKS)]}
    )


def _envelope(kind: RecordType) -> dict[str, Any]:
    """All fields of a type in the order in which they are written."""
    fields: dict[str, Any] = {
        "id": (RecordId | None, Field(None, description="Unique; a UUIDv7 where left out.")),
        "story": (Slug, Field(description="The story that the record belongs to.")),
        "type": (Literal[kind.name], Field(description=kind.doc)),
    }
    if not kind.is_amendment:
        fields["when"] = (
            Text | None,
            Field(
                None,
                description="When it happened (EDTF); not needed beside `after` or `before`.",
            ),
        )
        fields["zone"] = (
            Zone | None,
            Field(None, description="IANA zone in which `when` is read; default: the newsroom's."),
        )
        links = Annotated[list[Link], Field(min_length=1, max_length=MOST_NAMED)] | None
        fields["after"] = (
            links,
            Field(None, description='What it came after: [{"id": …, "within": …}].'),
        )
        fields["before"] = (
            links,
            Field(None, description='What it came before: [{"id": …, "within": …}].'),
        )
    for name, field in kind.fields.items():
        annotation = _annotation(field)
        fields[name] = (
            (annotation, Field(description=field.doc))
            if field.required
            else (annotation | None, Field(None, description=field.doc))
        )
    sources = Annotated[list[Citation], Field(min_length=1)]
    fields |= {
        "headline": (Text | None, Field(None, description="One line; made from the fields.")),
        "body": (Text | None, Field(None, description="Prose, in Markdown.")),
        "sources": (list[Citation] | None, Field(None, description="Who says so."))
        if kind.is_amendment
        else (sources, Field(description="Who says so: at least one citation.")),
        "tags": (list[Text] | None, Field(None, description="Words to find it by.")),
        "qualifiers": (
            dict[Text, Text] | None,
            Field(None, description="Carried to the statement: name → text."),
        ),
        "recorded_by": (Text | None, Field(None, description="Who appends it.")),
        "recorded_at": (
            Text | None,
            Field(None, description="RFC 3339; only `import` takes it."),
        ),
    }
    return fields


@cache
def model_of(kind: RecordType) -> type[Model]:
    """The model that validates records of a type."""
    title = "".join(part.capitalize() for part in kind.name.split("-"))
    base = Model if kind.is_amendment else _EventModel
    return create_model(title, __base__=base, __doc__=kind.doc, **_envelope(kind))


def json_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line that `append --json` takes."""
    models: tuple[Any, ...] = tuple(model_of(kind) for kind in vocabulary)
    union: Any = Annotated[reduce(or_, models), Field(discriminator="type")]
    schema: dict[str, Any] = TypeAdapter[Any](union).json_schema()
    for definition in schema["$defs"].values():
        # Only `import` takes the time of recording; an append is given it.
        definition["properties"].pop("recorded_at", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
