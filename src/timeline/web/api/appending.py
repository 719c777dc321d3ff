"""Appending: `POST /api/append` is `timeline append --json`, `/api/import` is `timeline import`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from timeline.access.roles import Role
from timeline.access.tokens import Holder
from timeline.errors import InputError, Problem
from timeline.newsroom.group_commit import Submission, Written, row_of
from timeline.newsroom.validate_many import RawRecord
from timeline.records.models import json_schema
from timeline.render.json_output import json_text
from timeline.web.api.parameters import Append
from timeline.web.append_service import submission, submit, try_out
from timeline.web.etags import etag_of, expected_of
from timeline.web.question import JSON, LINES
from timeline.web.request_bodies import Body, lines_in, records_in
from timeline.web.require_role import needs
from timeline.web.responses import noting
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

    An event is for reporters, an amendment for editors. `recorded_by` is the holder of the
    token. Records that are there already, with the same content, are no mistake: whoever hears
    no answer sends them again, with the same ids. `If-Match` names the version that a story must
    still have. `dry_run` tells what would become of them. `GET /api/schema` says what a record
    of each type consists of.
    """
    return await appended(request, holder, await records_in(request), asked)


@appending.post(
    "/import",
    status_code=201,
    responses=shapes.IMPORTED,
    openapi_extra=shapes.body(shapes.LINES),
)
async def import_(request: Request, holder: Admin) -> Response:
    """Add a portable log, keeping its times and who recorded it: all of it, or nothing."""
    service = service_of(request)
    written = await submit(service, Submission(await lines_in(request), importing=True))
    answer = {"imported": written.added, "known": written.known, "head": service.desk.head}
    return Response(_object(answer), 201 if written.added else 200, NO_STORE, JSON)


@appending.get("/schema", response_class=Response, responses=shapes.SCHEMA)
async def schema(request: Request) -> Response:
    """The JSON Schema (2020-12) of one record, the newsroom's own types included."""
    return Response(_object(json_schema(service_of(request).settings.vocabulary)), 200, {}, JSON)


async def appended(
    request: Request, holder: Holder, body: Body, asked: Append, notes: Sequence[str] = ()
) -> Response:
    """The response to whoever appends some records; remarks on them go beside it.

    Raises:
        TimelineError: see `submit`.
        RefusedError: it is not for their role.
    """
    service = service_of(request)
    items = _identified(request, body)
    stories = (each.value.get("story") for each in items if isinstance(each.value, dict))
    expected = expected_of(request.headers.get("if-match"), stories)
    wanted = submission(service, holder, items, expected)
    if asked.dry_run:
        return await _tried(service, wanted, body, asked, notes)
    written = await submit(service, wanted)
    headers = {**NO_STORE, **etag_of(written.entries), **noting(notes)}
    if body.is_one:
        id = row_of(written.entries[0])["id"]
        headers["Location"] = f"/api/show/{quote(id, safe='')}"
    return _said(_answer(written, body), body, asked, 201 if written.added else 200, headers)


async def _tried(
    service: Service, wanted: Submission, body: Body, asked: Append, notes: Sequence[str]
) -> Response:
    written, effects = await try_out(service, wanted)
    answer = {"dry_run": True, **_answer(written, body)}
    if body.is_one:
        answer |= {"known": written.known == 1, **(effects or shapes.NO_EFFECTS)}
    return _said(answer, body, asked, 200, {**NO_STORE, **noting(notes)})


def _answer(written: Written, body: Body) -> dict[str, Any]:
    rows = [row_of(entry) for entry in written.entries]
    if body.is_one:
        return rows[0]
    return {"appended": written.added, "known": written.known, "records": rows}


def _said(
    answer: dict[str, Any], body: Body, asked: Append, status: int, headers: dict[str, str]
) -> Response:
    """An answer as it was asked for: one object, or a line for each record."""
    if asked.format == "json":
        return Response(_object(answer), status, headers, JSON)
    rows = [answer] if body.is_one else answer["records"]
    text = "".join(f"{json_text(row, indent=False)}\n" for row in rows)
    return Response(text.encode(), status, headers, LINES)


def _object(answer: dict[str, Any]) -> bytes:
    return f"{json_text(answer)}\n".encode()


def _identified(request: Request, body: Body) -> list[RawRecord]:
    """The records; that of a request with an `Idempotency-Key` has that as its id.

    Raises:
        InputError: there are several, or it has another id.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return body.items
    id = key.strip().removeprefix('"').removesuffix('"')
    value = body.items[0].value if body.is_one else None
    if not isinstance(value, dict):
        raise InputError([Problem("is for one record", "give each its id", "Idempotency-Key")])
    if value.get("id", id) != id:
        hint = f"the record's is {value['id']!r}"
        raise InputError([Problem("is the id of the record", hint, "Idempotency-Key")])
    return [RawRecord({"id": id, **value})]
