"""Appending: `POST /api/append` is `timeline append --json`, `/api/import` is `timeline import`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, NotRequired
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from typing_extensions import TypedDict

from timeline.access.roles import Role
from timeline.access.tokens import Holder
from timeline.errors import InputError, Problem
from timeline.newsroom.api import AppendedRecord
from timeline.newsroom.append import Submission, Written, row_of
from timeline.newsroom.validate_many import RawRecord
from timeline.records.models import json_schema
from timeline.render.json_output import json_text
from timeline.web.api.parameters import Append
from timeline.web.append_service import (
    EffectsJson,
    etag_of,
    expected_of,
    submission,
    submit,
    try_out,
)
from timeline.web.auth import needs
from timeline.web.openapi.operations import (
    PLACE,
    RECORD,
    Responses,
    Schema,
    body,
    header,
    refused,
    response,
)
from timeline.web.question import JSON, LINES
from timeline.web.request_bodies import Body, lines_in, records_in
from timeline.web.responses import notes_as_headers
from timeline.web.service import Service, service_of

appending = APIRouter(prefix="/api", tags=["appending"])

Reporter = Annotated[Holder, Depends(needs(Role.REPORTER))]
Admin = Annotated[Holder, Depends(needs(Role.ADMIN))]

NO_STORE = {"Cache-Control": "no-store"}


# The effects of a record that exists already.
NO_EFFECTS: EffectsJson = {
    "now": None,
    "then": None,
    "findings": [],
    "notes": [],
    "misspelt": False,
}


class TrialJson(AppendedRecord, EffectsJson):
    """Where a record would be placed, and what it would change."""

    dry_run: Literal[True]
    known: bool
    """Whether it exists already, so that nothing would be written."""


class AppendedRecords(TypedDict):
    """Where the records are in the log, in the order in which they were sent."""

    dry_run: NotRequired[Literal[True]]
    appended: int
    """How many are new."""
    known: int
    """How many existed already."""
    records: list[AppendedRecord]


class ImportedJson(TypedDict):
    """How many records were imported."""

    imported: int
    known: int
    head: int


_HEADERS = {
    "ETag": {
        "description": "The story and its version with these records, if they are all of one.",
        "schema": {"type": "string"},
        "example": '"qwen=140"',
    },
    "Location": {"description": "The path of the record.", "schema": {"type": "string"}},
    "Timeline-Note": header("Timeline-Note"),
}

_EXAMPLE: AppendedRecord = {
    "id": "li-joins",
    "position": 140,
    "recorded_at": "2026-11-24T09:00:00.000000Z",
    "story": "qwen",
    "version": 140,
}

_DURABLE = "The records are in the log, and durable."


def appended_responses(new: Sequence[type], known: Sequence[type]) -> Responses:
    """The responses to records: of the types `new` if some are new, else of the types `known`."""
    found: Responses = {
        201: response(_DURABLE, *new, example=_EXAMPLE, headers=_HEADERS),
        200: response(
            "All existed already; or, with `dry_run`, what would happen to them.",
            *known,
            headers=_HEADERS,
        ),
    }
    for each in found.values():
        each["content"][LINES] = {"schema": TEXT}
    return found


TEXT: Schema = {"type": "string"}

_EVENT = {
    "id": "li-joins",
    "story": "qwen",
    "type": "joined",
    "when": "2026-11~",
    "person": "li-wei",
    "organisation": "qwen-team",
    "sources": [{"url": "https://example.org/li", "publisher": "Example"}],
}
_RECORD = {"$ref": f"{PLACE}{RECORD}"}
_SECOND = {**_EVENT, "id": "han-joins", "person": "han"}

JSON_LINES: dict[str, Schema] = {
    LINES: {
        "schema": TEXT,
        "example": '{"id": "a", "story": "qwen", "type": "happened", "when": "2026", '
        '"about": ["qwen-team"], "sources": [{"publisher": "Example"}]}\n',
    }
}
RECORDS: dict[str, Schema] = {
    JSON: {
        "schema": {"oneOf": [_RECORD, {"type": "array", "items": _RECORD, "minItems": 1}]},
        "examples": {
            "one": {"summary": "One record", "value": _EVENT},
            "several": {"summary": "Several, all or none", "value": [_EVENT, _SECOND]},
        },
    },
    **JSON_LINES,
}

REFUSED = refused(400, 401, 403, 409, 413, 415, 429, 503)
APPENDED: Responses = {
    **appended_responses(
        [AppendedRecord, AppendedRecords], [AppendedRecord, TrialJson, AppendedRecords]
    ),
    **REFUSED,
}
IMPORTED: Responses = {
    201: response(_DURABLE, ImportedJson),
    200: response("All existed already.", ImportedJson),
    **REFUSED,
}
SCHEMA: Responses = {
    200: {"description": "A JSON Schema.", "content": {JSON: {"schema": {"type": "object"}}}},
    **refused(401, 429),
}


@appending.post(
    "/append",
    status_code=201,
    responses=APPENDED,
    openapi_extra=body(RECORDS),
)
async def append(request: Request, holder: Reporter, asked: Annotated[Append, Query()]) -> Response:
    """Append one record (a JSON object), or many (JSON lines, or a JSON array): all or nothing.

    Events need the role reporter, amendments the role editor. `recorded_by` is the holder of the
    token. Records that exist already with the same id and content are accepted: if you receive no
    answer, send them again. `If-Match` is the version that a story must still be at. `dry_run`
    tells what would happen. `GET /api/schema` describes the records of each type.
    """
    return await appended(request, holder, await records_in(request), asked)


@appending.post(
    "/import",
    status_code=201,
    responses=IMPORTED,
    openapi_extra=body(JSON_LINES),
)
async def import_(request: Request, holder: Admin) -> Response:
    """Import a portable log with its times and authors: all of it, or nothing."""
    service = service_of(request)
    written = await submit(service, Submission(await lines_in(request), importing=True))
    answer: ImportedJson = {
        "imported": written.added,
        "known": written.known,
        "head": service.executor.head,
    }
    return Response(_object(answer), 201 if written.added else 200, NO_STORE, JSON)


@appending.get("/schema", response_class=Response, responses=SCHEMA)
async def schema(request: Request) -> Response:
    """The JSON Schema (2020-12) of a record, including the newsroom's own types."""
    return Response(_object(json_schema(service_of(request).settings.vocabulary)), 200, {}, JSON)


async def appended(
    request: Request, holder: Holder, body: Body, asked: Append, notes: Sequence[str] = ()
) -> Response:
    """Append the records of a body, and respond; notes on them go into a header.

    Raises:
        TimelineError: see `submit`.
        RefusedError: the caller's role does not allow it.
    """
    service = service_of(request)
    items = _with_ids(request, body)
    stories = (each.value.get("story") for each in items if isinstance(each.value, dict))
    expected = expected_of(request.headers.get("if-match"), stories)
    wanted = submission(service, holder, items, expected)
    if asked.dry_run:
        return await _dry_run(service, holder, wanted, body, asked, notes)
    written = await submit(service, wanted)
    headers = {**NO_STORE, **etag_of(written.entries), **notes_as_headers(notes)}
    status = 201 if written.added else 200
    answer = _records(written)
    if not body.is_one:
        return _response(answer, answer["records"], asked, status, headers)
    (row,) = answer["records"]
    headers["Location"] = f"/api/show/{quote(row['id'], safe='')}"
    return _response(row, [row], asked, status, headers)


async def _dry_run(
    service: Service,
    holder: Holder,
    wanted: Submission,
    body: Body,
    asked: Append,
    notes: Sequence[str],
) -> Response:
    written, effects = await try_out(service, holder, wanted)
    headers = {**NO_STORE, **notes_as_headers(notes)}
    answer = _records(written)
    if not body.is_one:
        tried: AppendedRecords = {"dry_run": True, **answer}
        return _response(tried, answer["records"], asked, 200, headers)
    (row,) = answer["records"]
    trial: TrialJson = {
        "dry_run": True,
        **row,
        "known": written.known == 1,
        **(effects or NO_EFFECTS),
    }
    return _response(trial, [trial], asked, 200, headers)


def _records(written: Written) -> AppendedRecords:
    rows = [row_of(entry) for entry in written.entries]
    return {"appended": written.added, "known": written.known, "records": rows}


def _response(
    answer: AppendedRecord | AppendedRecords,
    rows: Sequence[AppendedRecord],
    asked: Append,
    status: int,
    headers: dict[str, str],
) -> Response:
    """The response in the format that was asked for: one object, or a line for each record."""
    if asked.format == "json":
        return Response(_object(answer), status, headers, JSON)
    text = "".join(f"{json_text(row, indent=False)}\n" for row in rows)
    return Response(text.encode(), status, headers, LINES)


def _object(answer: Mapping[str, Any]) -> bytes:
    return f"{json_text(answer)}\n".encode()


def _with_ids(request: Request, body: Body) -> list[RawRecord]:
    """The records of a body. An `Idempotency-Key` is the id of its only record.

    Raises:
        InputError: there are several records, or it has another id.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return body.items
    id = key.strip().removeprefix('"').removesuffix('"')
    value = body.items[0].value if body.is_one else None
    if not isinstance(value, dict):
        raise InputError(
            [Problem("works with one record only", "give each record an id", "Idempotency-Key")]
        )
    if value.get("id", id) != id:
        hint = f"the record has the id {value['id']!r}"
        raise InputError([Problem("should be the id of the record", hint, "Idempotency-Key")])
    return [RawRecord({"id": id, **value})]
