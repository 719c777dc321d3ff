"""The OpenAPI document: FastAPI's own, with what FastAPI cannot know about the responses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import ConfigDict, TypeAdapter, with_config
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import TypedDictSchema
from typing_extensions import get_original_bases, is_typeddict

from timeline.access.tokens import TokenJson
from timeline.newsroom.api import AppendedRecord
from timeline.projections.accounts import CitationJson, LinkJson
from timeline.projections.legend import Legend
from timeline.projections.question import QUESTIONS, question_type
from timeline.projections.show import ContentJson, RecordJson
from timeline.records.models import EDTF, LENGTH_OF_TIME, ZONE, record_schema, schema_name
from timeline.records.vocabulary import Vocabulary
from timeline.temporal.json_schema import DATE, DURATION
from timeline.temporal.zones import zone_names
from timeline.web.api.appending import AppendedRecords, ImportedJson, TrialJson
from timeline.web.api.parameters import X_NAMES
from timeline.web.api.tokens import CallerJson, NewToken, TokenList
from timeline.web.api.watch import Health
from timeline.web.openapi.operations import (
    HEADERS,
    PLACE,
    RECORD,
    X_GIVEN,
    X_RECORD,
    Schema,
    fill_examples,
    header,
    problem_response,
)
from timeline.web.problems import ProblemDetails

# The TypedDicts name every key, and describe them in docstrings.
STRICT = ConfigDict(extra="forbid", use_attribute_docstrings=True)

# Each record type adds its own fields. Citations and links are closed, which must be repeated here
# since pydantic gives a nested type the configuration of the outer one.
with_config(extra="allow", use_attribute_docstrings=True)(ContentJson)
with_config(extra="allow", use_attribute_docstrings=True)(RecordJson)
with_config(STRICT)(CitationJson)
with_config(STRICT)(LinkJson)

ABOUT = """\
The questions of the command line, with the same answers, byte for byte: `timeline snapshot \
qwen-team --as-of 2026-03-04` is `GET /api/snapshot/qwen-team?as_of=2026-03-04`.

HEAD works wherever GET does. A slash in a name is written `%2F`. JSON responses are \
compressed if the client accepts that.
"""

TAGS = {
    "questions": "Questions about the log. They change nothing.",
    "appending": "Adding records to the log. Nothing in it is ever changed.",
    "amending": "Corrections, retractions and judgements of events that are in the log.",
    "access": "Tokens and sessions.",
    "citations": "What a page declares about itself.",
    "the log": "The entries of the log, for programs that compute with them.",
    "following": "The records as they are appended.",
    "watching": "Whether the service is healthy.",
}

SCHEMES: dict[str, Schema] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token made by `timeline token add`.",
    },
}

# What programs are told of the formats of texts in records.
ZONES = "Zone"
FORMATS: dict[str, Schema] = {
    EDTF: DATE,
    ZONE: {"allOf": [{"$ref": f"{PLACE}{ZONES}"}]},
    LENGTH_OF_TIME: DURATION,
}

# How any request may fail, by status.
FAILURES = {
    "400": "The question is invalid; `problems` says what is wrong, and what would be right.",
    "401": "There is no token, or it is not valid.",
    "405": "The path does not accept this method.",
    "421": "The service does not have this host name.",
    "429": "Too many requests with one token, or from one address without a token.",
    "503": "The log cannot be read, or too many questions are waiting.",
}
FAILURES_OF_ANSWERS = {
    "422": "The answer takes too long, or needs too much memory: ask for less.",
}
FAILURES_WITH_BODY = {
    "403": "The role of the token does not allow it, or a page of another site sent the request.",
    "408": "The body arrived too slowly.",
    "413": "The body is too large.",
}
FAILURE_HEADERS = {
    "401": ["WWW-Authenticate"],
    "405": ["Allow"],
    "429": ["Retry-After"],
    "503": ["Retry-After"],
}


# Pydantic parses the source of classes for their docstrings. Two threads that parse at once can
# fail in CPython 3.11: "SystemError: AST constructor recursion depth mismatch".
_PARSING = Lock()


def document(app: FastAPI, vocabulary: Vocabulary) -> Schema:
    """The document of an application for a newsroom's vocabulary. It is made once."""
    with _PARSING:
        if app.openapi_schema is None:
            app.openapi_schema = _make_document(app, vocabulary)
        return app.openapi_schema


def _make_document(app: FastAPI, vocabulary: Vocabulary) -> Schema:
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    records = _record_schemas(vocabulary)
    for path, item in made["paths"].items():
        for method, operation in item.items():
            _complete(path, method, operation)
            _complete_request(operation, vocabulary, records)
    made["components"] = _components(made.get("components", {}), records)
    made["security"] = [{name: []} for name in SCHEMES]
    return made


def _complete(path: str, method: str, operation: Schema) -> None:
    """Add to an operation what FastAPI does not know about its responses."""
    first, _, rest = operation.pop("description", "").partition("\n")
    operation["summary"] = first.rstrip(".")
    if rest.strip():
        operation["description"] = rest.strip()
    responses = operation["responses"]
    responses.pop("422", None)  # Invalid requests are answered with 400.
    failures = dict(FAILURES)
    if "requestBody" in operation or method != "get":
        failures |= FAILURES_WITH_BODY
    if not {"questions", "appending", "amending"}.isdisjoint(operation["tags"]):
        failures |= FAILURES_OF_ANSWERS
    if path == "/health":
        operation["security"] = []
        del failures["401"], failures["503"]
    for status, description in failures.items():
        failure = responses.setdefault(status, problem_response(description))
        failure["headers"] = {
            **failure.get("headers", {}),
            **{name: header(name) for name in FAILURE_HEADERS.get(status, ())},
        }
    operation["responses"] = dict(sorted(responses.items()))
    for media_type, content in responses.get("200", {}).get("content", {}).items():
        fill_examples(media_type, content.get("examples", {}))


def _complete_request(operation: Schema, vocabulary: Vocabulary, records: Schema) -> None:
    """Add to the parameters and the body what depends on the newsroom's vocabulary."""
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"] = _without_null(parameter["schema"])
        text = schema.get("items", schema)
        match text.pop(X_NAMES, None):
            case "type":
                text["enum"] = [kind.name for kind in vocabulary]
            case "zone":
                text["enum"] = zone_names()
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if (type := content["schema"].get(X_RECORD)) is not None:
            record = records[schema_name(vocabulary[type])]
            content["schema"] = _without(record, content["schema"][X_GIVEN])


def _record_schemas(vocabulary: Vocabulary) -> Schema:
    """The schema of a record, and those of all types. `recorded_by` is the caller."""
    record, definitions = record_schema(vocabulary, PLACE)
    for definition in definitions.values():
        definition["properties"].pop("recorded_by", None)
        _describe_formats(definition)
    return {RECORD: record, ZONES: {"type": "string", "enum": zone_names()}, **definitions}


def _describe_formats(schema: Any) -> None:
    """Replace formats that programs do not know by schemas that they do."""
    if isinstance(schema, list):
        for each in schema:
            _describe_formats(each)
    elif isinstance(schema, dict):
        if (format := schema.get("format")) in FORMATS:
            del schema["format"]
            schema.update(FORMATS[format])
        for each in schema.values():
            _describe_formats(each)


def _without(record: Schema, given: Collection[str]) -> Schema:
    """The schema of a record without the fields that the path gives; the story is the event's."""
    properties = {key: each for key, each in record["properties"].items() if key not in given}
    required = [key for key in record["required"] if key in properties and key != "story"]
    return {**record, "properties": properties, "required": required}


def _without_null(schema: Schema) -> Schema:
    """The schema of a parameter, which may be absent but is never null."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**kinds[0], **rest}


def _components(known: Schema, records: Schema) -> Schema:
    models = {
        name: schema
        for name, schema in known.get("schemas", {}).items()
        if name not in ("HTTPValidationError", "ValidationError")
    }
    return {
        **known,
        "schemas": dict(sorted({**models, **records, **schemas()}.items())),
        "headers": dict(_headers()),
        "securitySchemes": SCHEMES,
    }


def all_types() -> tuple[Any, ...]:
    """The types of whole answers: of the questions, and of all other routes."""
    answers = (question_type(name).answer_type() for name in QUESTIONS)
    appending = (AppendedRecord, AppendedRecords, TrialJson, ImportedJson)
    access = (CallerJson, TokenJson, NewToken, TokenList)
    return (*answers, *appending, *access, Health, ProblemDetails, Legend)


def schemas() -> Schema:
    """The schemas of all answers, and of their parts."""
    every: Any = tuple[all_types()]  # type: ignore[misc]
    definitions: Schema = TypeAdapter(every, config=STRICT).json_schema(
        ref_template=f"{PLACE}{{model}}", schema_generator=_Generator
    )["$defs"]
    return definitions


class _Generator(GenerateJsonSchema):
    """Describes inherited fields of TypedDicts too; pydantic reads a class's own docstrings."""

    def typed_dict_schema(self, schema: TypedDictSchema) -> Schema:
        """The schema of a TypedDict."""
        made = super().typed_dict_schema(schema)
        for base in filter(is_typeddict, get_original_bases(schema["cls"])):
            for name, description in _descriptions(base).items():
                made["properties"][name].setdefault("description", description)
        return made


@cache
def _descriptions(shape: type) -> dict[str, str]:
    """What a TypedDict says of its fields, its own and inherited."""
    adapter = TypeAdapter(tuple[shape], config=STRICT)  # type: ignore[valid-type]
    made = adapter.json_schema(schema_generator=_Generator)["$defs"][shape.__name__]
    fields = made["properties"].items()
    return {name: field["description"] for name, field in fields if "description" in field}


def _headers() -> Iterator[tuple[str, Schema]]:
    for name, description in HEADERS.items():
        kind = "integer" if name == "Retry-After" else "string"
        yield name, {"description": description, "schema": {"type": kind}}
