"""The OpenAPI document: what FastAPI knows of the routes, made true for this service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import ConfigDict, TypeAdapter, with_config

from timeline.projections.accounts import CitationJson, LinkJson
from timeline.projections.show import ContentJson, RecordJson
from timeline.web.problems import MEDIA_TYPE
from timeline.web.schemas import all_shapes
from timeline.web.schemas.described import HEADERS, PLACE, fill_examples, header

Schema = dict[str, Any]

# The TypedDicts of answers name every key, and say in docstrings what each is.
STRICT = ConfigDict(extra="forbid", use_attribute_docstrings=True)

# A type of record has fields of its own; what a record consists of is closed all the same, which
# has to be said, since a part takes the configuration of the whole.
with_config(extra="allow", use_attribute_docstrings=True)(ContentJson)
with_config(extra="allow", use_attribute_docstrings=True)(RecordJson)
with_config(STRICT)(CitationJson)
with_config(STRICT)(LinkJson)

ABOUT = """\
The questions of the command line, with the same answers, byte for byte: `timeline snapshot \
qwen-team --as-of 2026-03-04` is `GET /api/snapshot/qwen-team?as_of=2026-03-04`.

HEAD can be asked wherever GET can. A slash in a name is written `%2F`. Every response of \
JSON can be had compressed.
"""

TAGS = {
    "questions": "What is asked of the log; nothing is changed.",
    "appending": "What is put into the log; nothing in it is ever changed.",
    "amending": "What becomes of events that are in the log already.",
    "access": "Who may use the service.",
    "citations": "What a page says of itself.",
    "the log": "What the log keeps, for whoever computes with it.",
    "following": "The records as they come.",
    "watching": "Whether the service is well.",
}

SCHEMES: dict[str, Schema] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token, of those that `timeline token add` gives out.",
    },
}

# What may be wrong with any request, by its status.
WRONG = {
    "400": "The question cannot be read; `problems` say what is wrong, and what would be right.",
    "401": "There is no token, or one that does not count.",
    "405": "It cannot be asked for by that method.",
    "421": "The service is not known by that host name.",
    "429": "Too many requests with one token, or from one address without.",
    "503": "The log cannot be read, too many long questions wait, or this one took too long.",
}
WRONG_WITH_A_BODY = {
    "403": "The role of the token does not allow it, or a page of another site has sent it.",
    "408": "The body came too slowly.",
    "413": "The body is too large.",
}
WRONG_HEADERS = {
    "401": ["WWW-Authenticate"],
    "405": ["Allow"],
    "429": ["Retry-After"],
    "503": ["Retry-After"],
}
NOT_THERE = "What was asked for is not there."


def document(app: FastAPI) -> Schema:
    """The document of an application; it is made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=ABOUT,
            routes=app.routes,
            tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        )
        for path, item in made["paths"].items():
            for method, operation in item.items():
                _make_true(path, method, operation)
        made["components"] = _components(made.get("components", {}))
        made["security"] = [{name: []} for name in SCHEMES]
        app.openapi_schema = made
    return app.openapi_schema


def _make_true(path: str, method: str, operation: Schema) -> None:
    """Say what an operation answers with that FastAPI does not know of."""
    first, _, rest = operation.pop("description", "").partition("\n")
    operation["summary"] = first.rstrip(".")
    if rest.strip():
        operation["description"] = rest.strip()
    responses = operation["responses"]
    responses.pop("422", None)  # What is wrong with a request is 400 here.
    wrong = dict(WRONG)
    if "requestBody" in operation or method != "get":
        wrong |= WRONG_WITH_A_BODY
    if path == "/health":
        operation["security"] = []
        del wrong["401"], wrong["503"]
    for status, description in wrong.items():
        said = responses.setdefault(status, _problem(description))
        said["headers"] = {
            **said.get("headers", {}),
            **{name: header(name) for name in WRONG_HEADERS.get(status, ())},
        }
    operation["responses"] = dict(sorted(responses.items()))
    for media_type, content in responses.get("200", {}).get("content", {}).items():
        fill_examples(media_type, content.get("examples", {}))
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _without_null(parameter["schema"])


def _problem(description: str) -> Schema:
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{PLACE}ProblemDetails"}}}
    return {"description": description, "content": content}


def not_there() -> dict[int | str, Schema]:
    """The response of a route that names something which may not be there."""
    return {404: _problem(NOT_THERE)}


def _without_null(schema: Schema) -> Schema:
    """What may be given: a parameter can be left out, and is never null."""
    kinds = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    return {**kinds[0], **rest}


def _components(known: Schema) -> Schema:
    schemas = {
        name: schema
        for name, schema in known.get("schemas", {}).items()
        if name not in ("HTTPValidationError", "ValidationError")
    }
    return {
        **known,
        "schemas": dict(sorted({**schemas, **shapes()}.items())),
        "headers": dict(_headers()),
        "securitySchemes": SCHEMES,
    }


def shapes() -> Schema:
    """The schemas of all answers, and of what they consist of."""
    every: Any = tuple[all_shapes()]  # type: ignore[misc]
    definitions: Schema = TypeAdapter(every, config=STRICT).json_schema(
        ref_template=f"{PLACE}{{model}}"
    )["$defs"]
    return definitions


def _headers() -> Iterator[tuple[str, Schema]]:
    for name, description in HEADERS.items():
        kind = "integer" if name == "Retry-After" else "string"
        yield name, {"description": description, "schema": {"type": kind}}
