"""What a record of each type may hold, as pydantic checks it, and as JSON Schema.

Each type has one model, a typed dictionary made from its declaration, so that validation gives
the content as it is stored without making objects in between. Only input is validated:
`validation` and the schema import this module, and reading the log never does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, NamedTuple, NotRequired

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    Field,
    FiniteFloat,
    StringConstraints,
    Tag,
    TypeAdapter,
)
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from timeline import temporal
from timeline.records import declaration
from timeline.records.declaration import ENTITY_KINDS, Kind, RecordType
from timeline.records.numbers import EXACT
from timeline.records.record import LINKS, Content
from timeline.records.vocabulary import Vocabulary
from timeline.temporal.edtf import LONGEST as LONGEST_DATE
from timeline.temporal.zones import zone_named

SLUG = r"^[a-z0-9][a-z0-9._-]*$"

# Formats of texts that JSON Schema cannot describe.
EDTF, ZONE, LENGTH_OF_TIME = "edtf", "iana-time-zone", "iso-8601-length"

# The most entries of a list, and keys of an object; the United Nations have 193 members. Each
# record that is named is looked up, and each source is shown.
MOST_ENTRIES = 200

# The most characters of a line such as a headline, tag or name; of a link, as RFC 9110, section 4.1
# recommends; of text such as a quote; and of a body.
LONGEST_LINE, LONGEST_URL, LONGEST_TEXT, LONGEST_BODY = 1_000, 8_000, 10_000, 100_000


def _check_number(number: float) -> float:
    if abs(number) > EXACT and float(number).is_integer():
        raise PydanticCustomError(
            "number_too_large", "JSON readers do not keep a number this large exact: write a string"
        )
    return number


def _readable(read: Callable[[str], object]) -> AfterValidator:
    """Checks that a text can be read as the date, zone or duration it should be."""

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


def _value_tag(value: object) -> str | None:
    """Whether a value is validated as a string or as a number."""
    if isinstance(value, str):
        return "str"
    return "float" if isinstance(value, int | float) and not isinstance(value, bool) else None


def _without_nulls(content: Content) -> Content:
    if None in content.values():
        return {name: value for name, value in content.items() if value is not None}
    return content


def _check_citation(citation: Content) -> Content:
    """Whether a citation says which source it is."""
    if not (citation.get("url") or citation.get("title") or citation.get("publisher")):
        raise PydanticCustomError(
            "citation", "a source needs at least a url, a title or a publisher"
        )
    return _without_nulls(citation)


Slug = Annotated[str, StringConstraints(strict=True, pattern=SLUG, max_length=200)]
Line = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_LINE)]
Url = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_URL)]
Text = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_TEXT)]
Body = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_BODY)]
Name = Annotated[str, StringConstraints(strict=True, pattern=r"\S", max_length=LONGEST_LINE)]
Sentence = Annotated[str, StringConstraints(strict=True, pattern=r"\S", max_length=LONGEST_TEXT)]
Number = Annotated[
    int | FiniteFloat,
    AfterValidator(_check_number),
    Field(json_schema_extra={"minimum": -EXACT, "maximum": EXACT}),
]
Value = Annotated[
    Annotated[Line, Tag("str")] | Annotated[Number, Tag("float")],
    Discriminator(
        _value_tag,
        custom_error_type="value_type",
        custom_error_message="should be a string or a number",
    ),
]
RecordId = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
When = Annotated[
    str, StringConstraints(strict=True), Field(json_schema_extra={"maxLength": LONGEST_DATE})
]
Edtf = Annotated[When, _readable(temporal.read), Field(json_schema_extra={"format": EDTF})]
Zone = Annotated[Line, _readable(zone_named), Field(json_schema_extra={"format": ZONE})]
Duration = Annotated[
    Line,
    _readable(temporal.read_duration),
    Field(examples=["PT48H"], json_schema_extra={"format": LENGTH_OF_TIME}),
]
Changes = Annotated[dict[Line, Any], Field(min_length=1, max_length=MOST_ENTRIES)]

_KINDS: dict[Kind, Any] = {
    Kind.ENTITY: Slug,
    Kind.ENTITIES: list[Slug],
    Kind.TEXT: Text,
    Kind.SENTENCE: Sentence,
    Kind.SENTENCES: list[Name],
    Kind.NAME: Slug,
    Kind.VALUE: Value,
    Kind.QUANTITY: Value,
    Kind.RECORD: RecordId,
    Kind.RECORDS: list[RecordId],
    Kind.CHANGES: Changes,
    Kind.ENTITY_KIND: Literal[ENTITY_KINDS],
    Kind.COUNT: Annotated[int, Field(strict=True, ge=1, le=EXACT)],
}


class ModelKey(NamedTuple):
    """What a key of a model takes, and what it is for.

    A key that is not `required` may be left out or null, which means the same.
    """

    takes: Any
    doc: str
    required: bool = False

    def annotation(self) -> Any:
        """The annotation of the key in a typed dictionary."""
        if self.required:
            return Annotated[self.takes, Field(description=self.doc)]
        optional = Field(description=self.doc, json_schema_extra=lambda it: it.update(default=None))
        return NotRequired[Annotated[self.takes | None, optional]]


def _typed_dict(
    name: str,
    keys: Mapping[str, ModelKey],
    doc: str,
    one_of: tuple[str, ...] = (),
    after: Callable[[Content], Content] = _without_nulls,
) -> Any:
    """A typed dictionary of these keys and no others; `one_of` are keys of which one is needed."""
    make: Any = TypedDict
    made = make(name, {name: key.annotation() for name, key in keys.items()})
    made.__doc__ = doc
    needed: Any = {"anyOf": [_given(name) for name in one_of]} if one_of else {}
    made.__pydantic_config__ = ConfigDict(extra="forbid", json_schema_extra=needed)
    return Annotated[made, AfterValidator(after)]


def _given(name: str) -> dict[str, Any]:
    """The JSON Schema of an object in which a key is neither left out, null nor empty."""
    return {
        "required": [name],
        "properties": {name: {"not": {"enum": [None, ""]}}},
    }


CITATION_KEYS = {
    "url": ModelKey(Url, "Where it is."),
    "title": ModelKey(Line, "Its title."),
    "publisher": ModelKey(Line, "Who published it."),
    "published": ModelKey(Edtf, "When it was published (EDTF)."),
    "quote": ModelKey(Text, "Its words."),
    "locator": ModelKey(Line, "Where in it: a page, paragraph, commit."),
    "via": ModelKey(Line, "The agency that a syndicated copy came from."),
    "attribution": ModelKey(Line, "To whom the source attributes it."),
}
LINK_KEYS = {
    "id": ModelKey(RecordId, "The id of the other event.", required=True),
    "within": ModelKey(
        Duration, "How far apart they are at most: a duration (ISO 8601) such as PT48H."
    ),
}
_CITATION: Any = _typed_dict(
    "Citation",
    CITATION_KEYS,
    "One source: where it is, what it says, when it was published.",
    ("url", "title", "publisher"),
    _check_citation,
)
_LINK: Any = _typed_dict("Link", LINK_KEYS, "The order of an event relative to another one.")

WHEN = "When it happened (EDTF); not needed beside `after`, `before` or `during`."
_SOME = Field(min_length=1, max_length=MOST_ENTRIES)
_ANY = Field(max_length=MOST_ENTRIES)


def _own_key(field: declaration.Field) -> ModelKey:
    """What a field of a type takes, limits included."""
    takes = _KINDS[field.kind]
    if field.different:
        limits = Field(
            min_length=field.different,
            max_length=MOST_ENTRIES,
            json_schema_extra={"uniqueItems": True},
        )
        takes = Annotated[takes, limits, AfterValidator(_check_different)]
    elif field.kind is Kind.ENTITIES:
        takes = Annotated[takes, _SOME]
    elif field.kind in (Kind.RECORDS, Kind.SENTENCES):
        takes = Annotated[takes, _ANY]
    return ModelKey(takes, field.doc, field.required)


@cache
def keys_of(kind: RecordType) -> dict[str, ModelKey]:
    """All keys of a type in the order in which they are written."""
    keys = {
        "id": ModelKey(RecordId, "Unique; a UUIDv7 where left out."),
        "story": ModelKey(Slug, "The story that the record belongs to.", required=True),
        "type": ModelKey(Literal[kind.name], kind.doc, required=True),
    }
    if not kind.is_amendment:
        links = Annotated[list[_LINK], _SOME]
        keys |= {
            "when": ModelKey(When, WHEN),
            "zone": ModelKey(Zone, "IANA zone in which `when` is read; default: the newsroom's."),
            "after": ModelKey(links, 'What it came after: [{"id": …, "within": …}].'),
            "before": ModelKey(links, 'What it came before: [{"id": …, "within": …}].'),
            "during": ModelKey(links, 'What it happened during: [{"id": …, "within": …}].'),
        }
    keys |= {name: _own_key(field) for name, field in kind.fields.items()}
    sources = (
        ModelKey(Annotated[list[_CITATION], _ANY], "Who says so.")
        if kind.is_amendment
        else ModelKey(
            Annotated[list[_CITATION], _SOME],
            "Who says so: at least one citation.",
            required=True,
        )
    )
    return keys | {
        "headline": ModelKey(Line, "One line; made from the fields."),
        "body": ModelKey(Body, "Prose, in Markdown."),
        "sources": sources,
        "tags": ModelKey(Annotated[list[Line], _ANY], "Words to find it by."),
        "qualifiers": ModelKey(
            Annotated[dict[Line, Line], _ANY], "Carried to the statement: name → text."
        ),
        "recorded_by": ModelKey(Line, "Who appends it."),
        "recorded_at": ModelKey(Line, "RFC 3339; only `import` takes it."),
    }


# Of these keys of an amendment, one is needed.
_ONE_OF = {"confirmation": ("reason", "sources")}


@cache
def _model_of(kind: RecordType) -> Any:
    one_of = _ONE_OF.get(kind.name, ()) if kind.is_amendment else ("when", *LINKS)
    return _typed_dict(schema_name(kind), keys_of(kind), kind.doc, one_of)


@cache
def validator_of(kind: RecordType) -> Callable[[object], Content]:
    """Gives the content of a valid record of a type, its keys in order, without nulls.

    It raises pydantic's `ValidationError` for any other input.
    """
    return TypeAdapter[Any](_model_of(kind)).validator.validate_python


def json_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line that `append --json` takes."""
    schema, definitions = record_schema(vocabulary, "#/$defs/")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": definitions,
        **schema,
    }


def record_schema(vocabulary: Vocabulary, place: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The JSON Schema of a record of any type, and the definitions that it refers to.

    `place` is where the definitions will be: the beginning of each reference to one.
    """
    models: tuple[Any, ...] = tuple(_model_of(kind) for kind in vocabulary)
    union: Any = Annotated[reduce(or_, models), Field(discriminator="type")]
    schema: dict[str, Any] = TypeAdapter[Any](union).json_schema(ref_template=f"{place}{{model}}")
    definitions: dict[str, Any] = schema.pop("$defs")
    for definition in definitions.values():
        # Only `import` takes the time of recording; an append is given it.
        definition["properties"].pop("recorded_at", None)
    return schema, definitions


def schema_name(kind: RecordType) -> str:
    """The name of the definition of a type."""
    return "".join(part.capitalize() for part in kind.name.split("-"))
