"""What is sent by whoever appends, and what they are answered."""

from __future__ import annotations

from typing import Any, NotRequired

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

STRICT = ConfigDict(extra="forbid", use_attribute_docstrings=True)

Schema = dict[str, Any]
Responses = dict[int | str, dict[str, Any]]

PROBLEM = "application/problem+json"
JSON, JSON_LINES = "application/json", "application/jsonl"

# What a trial says of records that are there already: they would change nothing.
NO_EFFECTS: dict[str, Any] = {
    "now": None,
    "then": None,
    "findings": [],
    "notes": [],
    "misspelt": False,
}


@with_config(STRICT)
class Appended(TypedDict):
    """A record in its place."""

    id: str
    position: int
    recorded_at: str
    story: str
    version: int
    """Its place in its story, which is the story's version with it."""


@with_config(STRICT)
class Tried(Appended):
    """Where a record would come, and what it would change."""

    dry_run: bool
    known: bool
    """It is there already, and nothing would be written."""
    now: dict[str, Any] | None
    """The step that it would be in the audit; null if it is known."""
    then: dict[str, Any] | None
    """Where that changes nothing, since it is about the past: the step as of that time."""
    findings: list[dict[str, Any]]
    """The contradictions that it would make."""
    notes: list[str]
    misspelt: bool
    """There are names in it that look misspelt."""


@with_config(STRICT)
class AppendedList(TypedDict):
    """Records in their places, in the order in which they were sent."""

    dry_run: NotRequired[bool]
    appended: int
    """So many are new."""
    known: int
    """So many were there already."""
    records: list[Appended]


@with_config(STRICT)
class Imported(TypedDict):
    """How many records came in."""

    imported: int
    known: int
    head: int


def refused(*statuses: int) -> Responses:
    """How a request may be refused."""
    return {
        status: {
            "description": _REFUSALS[status],
            "content": {PROBLEM: {"schema": {"type": "object"}}},
        }
        for status in statuses
    }


_REFUSALS = {
    400: "Something is wrong with it: `problems` lists all of that, each with its line and field.",
    401: "A token is needed.",
    403: "It is not for the role of whoever asks.",
    404: "There is no such record, or token.",
    409: "A story is not at the version that `If-Match` says: `stories` are those that moved on, "
    "`between` are the records that came between. Nothing was written.",
    413: "The body is too large: send it in parts.",
    415: "The body is of a media type that is not read here.",
    429: "Too many requests with one token.",
    503: "The log cannot be written now.",
}

_HEADERS = {
    "ETag": {
        "description": "The story and its version with these records, if they are of one.",
        "schema": {"type": "string"},
        "example": '"qwen=140"',
    },
    "Location": {"description": "Where the record is.", "schema": {"type": "string"}},
    "Timeline-Note": {
        "description": "Remarks that the command line writes to standard error, percent-encoded.",
        "schema": {"type": "string"},
    },
}

_EXAMPLE = {
    "id": "li-joins",
    "position": 140,
    "recorded_at": "2026-11-24T09:00:00.000000Z",
    "story": "qwen",
    "version": 140,
}

_KNOWN = "All were there already; or, with `dry_run`, what would become of them."


def _answers(new: Any, known: Any) -> Responses:
    lines = {JSON_LINES: {"schema": {"type": "string"}}}
    return {
        201: {
            "model": new,
            "description": "They are in the log, durably.",
            "headers": _HEADERS,
            "content": {JSON: {"example": _EXAMPLE}, **lines},
        },
        200: {"model": known, "description": _KNOWN, "headers": _HEADERS, "content": lines},
    }


_ALWAYS = (400, 401, 403, 409, 413, 415, 429, 503)

APPENDED = {
    **_answers(Appended | AppendedList, Appended | Tried | AppendedList),
    **refused(*_ALWAYS),
}
AMENDED = {**_answers(Appended, Appended | Tried), **refused(*_ALWAYS, 404)}
IMPORTED: Responses = {
    201: {"model": Imported, "description": "They are in the log, durably."},
    200: {"model": Imported, "description": "All were there already."},
    **refused(*_ALWAYS),
}
SCHEMA: Responses = {
    200: {"description": "A JSON Schema.", "content": {JSON: {"schema": {"type": "object"}}}},
    **refused(401, 429),
}


def body(content: dict[str, Schema]) -> Schema:
    """A body that has to be sent, by its media types."""
    return {"requestBody": {"required": True, "content": content}}


_TEXT: Schema = {"type": "string"}
_IDS: Schema = {"type": "array", "items": _TEXT, "minItems": 1}

# What any record may have beside the fields of its type.
_COMMON: dict[str, Schema] = {
    "id": {"type": "string", "minLength": 1, "maxLength": 200},
    "story": {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]*$"},
    "headline": _TEXT,
    "body": {"type": "string", "description": "Prose, in Markdown."},
    "sources": {"type": "array", "items": {"type": "object"}},
    "tags": {"type": "array", "items": _TEXT},
    "qualifiers": {"type": "object", "additionalProperties": _TEXT},
    "recorded_by": {"type": "string", "description": "The holder of the token, or left out."},
}

_EVENT = {
    "id": "li-joins",
    "story": "qwen",
    "type": "joined",
    "when": "2026-11~",
    "person": "li-wei",
    "organisation": "qwen-team",
    "sources": [{"url": "https://example.org/li", "publisher": "Example"}],
}
_SECOND = {**_EVENT, "id": "han-joins", "person": "han"}

_RECORD: Schema = {
    "type": "object",
    "description": "A record: `GET /api/schema` says what those of each type consist of.",
    "required": ["story", "type"],
    "properties": {**_COMMON, "type": {"type": "string"}, "when": {"type": "string"}},
}

LINES: dict[str, Schema] = {
    JSON_LINES: {
        "schema": {"type": "string"},
        "example": '{"id": "a", "story": "qwen", "type": "happened", "when": "2026", '
        '"about": ["qwen-team"], "sources": [{"publisher": "Example"}]}\n',
    }
}
RECORDS: dict[str, Schema] = {
    JSON: {
        "schema": {"oneOf": [_RECORD, {"type": "array", "items": _RECORD}]},
        "examples": {
            "one": {"summary": "One record", "value": _EVENT},
            "several": {"summary": "Several, all or none", "value": [_EVENT, _SECOND]},
        },
    },
    **LINES,
}


def _said(required: list[str], example: dict[str, Any], **own: Schema) -> dict[str, Schema]:
    """The fields of an amendment, but for those that the address says."""
    schema: Schema = {
        "type": "object",
        "required": required,
        "properties": {**own, "reason": _TEXT, **_COMMON},
        "additionalProperties": False,
    }
    return {JSON: {"schema": schema, "example": example}}


CORRECTION = _said(
    ["changes", "reason"],
    {"changes": {"when": "2026-11-03"}, "reason": "The agency corrected the day."},
    changes={"type": "object", "description": "Field → new value; null removes the field."},
    severity=_TEXT,
)
REASONED = _said(["reason"], {"reason": "The source withdrew it."})
JUDGED = _said([], {"reason": "Two people who were there said so."})
CONFLICT = _said(
    ["between", "reason"],
    {"between": ["li-joins", "li-stays"], "reason": "Both cannot be so."},
    between=_IDS,
)
RESOLUTION = _said(
    ["over", "reason"], {"over": ["li-stays"], "reason": "She told us herself."}, over=_IDS
)
