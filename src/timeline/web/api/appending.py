"""Appending: `POST /api/append` is `timeline append --json`, `/api/import` is `timeline import`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from timeline.access.roles import Role
from timeline.access.tokens import Holder
from timeline.errors import InputError, Problem
from timeline.newsroom.append import Submission, Written, row_of
from timeline.newsroom.validate_many import RawRecord
from timeline.records.models import json_schema
from timeline.render.json_output import json_text
from timeline.web.api.parameters import Append
from timeline.web.append_service import etag_of, expected_of, submission, submit, try_out
from timeline.web.auth import needs
from timeline.web.question import JSON, LINES
from timeline.web.request_bodies import Body, lines_in, records_in
from timeline.web.responses import notes_as_headers
from timeline.web.schemas import appending as shapes
from timeline.web.service import Service, service_of

appending = APIRouter(prefix="/api", tags=["appending"])

Reporter = Annotated[Holder, Depends(needs(Role.REPORTER))]
Admin = Annotated[Holder, Depends(needs(Role.ADMIN))]

NO_STORE = {"Cache-Control": "no-store"}


@appending.post(
    "/append",
    status_code=201,
    responses=shapes.APPENDED,
    openapi_extra=shapes.body(shapes.RECORDS),
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
    responses=shapes.IMPORTED,
    openapi_extra=shapes.body(shapes.LINES),
)
async def import_(request: Request, holder: Admin) -> Response:
    """Import a portable log with its times and authors: all of it, or nothing."""
    service = service_of(request)
    written = await submit(service, Submission(await lines_in(request), importing=True))
    answer = {"imported": written.added, "known": written.known, "head": service.executor.head}
    return Response(_object(answer), 201 if written.added else 200, NO_STORE, JSON)


@appending.get("/schema", response_class=Response, responses=shapes.SCHEMA)
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
        return await _dry_run(service, wanted, body, asked, notes)
    written = await submit(service, wanted)
    headers = {**NO_STORE, **etag_of(written.entries), **notes_as_headers(notes)}
    if body.is_one:
        id = row_of(written.entries[0])["id"]
        headers["Location"] = f"/api/show/{quote(id, safe='')}"
    return _response(_answer(written, body), body, asked, 201 if written.added else 200, headers)


async def _dry_run(
    service: Service, wanted: Submission, body: Body, asked: Append, notes: Sequence[str]
) -> Response:
    written, effects = await try_out(service, wanted)
    answer = {"dry_run": True, **_answer(written, body)}
    if body.is_one:
        answer |= {"known": written.known == 1, **(effects or shapes.NO_EFFECTS)}
    return _response(answer, body, asked, 200, {**NO_STORE, **notes_as_headers(notes)})


def _answer(written: Written, body: Body) -> dict[str, Any]:
    rows = [row_of(entry) for entry in written.entries]
    if body.is_one:
        return rows[0]
    return {"appended": written.added, "known": written.known, "records": rows}


def _response(
    answer: dict[str, Any], body: Body, asked: Append, status: int, headers: dict[str, str]
) -> Response:
    """The response in the format that was asked for: one object, or a line for each record."""
    if asked.format == "json":
        return Response(_object(answer), status, headers, JSON)
    rows = [answer] if body.is_one else answer["records"]
    text = "".join(f"{json_text(row, indent=False)}\n" for row in rows)
    return Response(text.encode(), status, headers, LINES)


def _object(answer: dict[str, Any]) -> bytes:
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
