"""Amendments, by POST: `/api/correct/li-joins` is `timeline correct li-joins`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from timeline.access.roles import Role
from timeline.access.tokens import Holder
from timeline.errors import InputError, NotFoundError, Problem
from timeline.newsroom.amending import WAYS, Amending, Choice, amendment, conflict, resolution
from timeline.newsroom.api import AppendedRecord
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.web.api.appending import (
    APPENDED,
    REFUSED,
    TrialJson,
    appended,
    appended_responses,
)
from timeline.web.api.parameters import Append, RecordId
from timeline.web.auth import needs
from timeline.web.openapi.operations import (
    X_GIVEN,
    X_RECORD,
    Responses,
    Schema,
    body,
    refused,
)
from timeline.web.question import JSON
from timeline.web.request_bodies import Body, object_in
from timeline.web.service import service_of

amending = APIRouter(prefix="/api", tags=["amending"])

Editor = Annotated[Holder, Depends(needs(Role.EDITOR))]
Options = Annotated[Append, Query()]
Content = dict[str, Any]

AMENDED: Responses = {
    **appended_responses([AppendedRecord], [AppendedRecord, TrialJson]),
    **REFUSED,
    **refused(404),
}


def _amendment(type: str, example: Content, *given: str) -> dict[str, Schema]:
    """The body of an amendment of a type. The path gives some of its fields."""
    return {JSON: {"schema": {X_RECORD: type, X_GIVEN: ("type", *given)}, "example": example}}


def _of(way: Amending, example: Content) -> dict[str, Schema]:
    return _amendment(way.type, example, way.field)


WITHDRAWN = {"reason": "The source withdrew it."}
WITNESSED = {"reason": "Two people who were there said so."}
CORRECTION = _of(
    WAYS["correct"],
    {"changes": {"when": "2026-11-03"}, "reason": "The agency corrected the day."},
)
RETRACTION = _of(WAYS["retract"], WITHDRAWN)
RESTORATION = _of(WAYS["restore"], {"reason": "The source stands by it."})
CONFIRMATION = _of(WAYS["confirm"], WITNESSED)
DISPUTE = _of(WAYS["dispute"], {"reason": "Her office denies it."})
CONFLICT = _amendment(
    "conflict",
    {"between": ["li-joins", "li-stays"], "reason": "They cannot both be true."},
)
RESOLUTION = _amendment(
    "resolution",
    {"over": ["li-stays"], "reason": "She told us herself."},
    "chosen",
)


@amending.post(
    "/correct/{id:record}",
    status_code=201,
    responses=AMENDED,
    openapi_extra=body(CORRECTION),
)
async def correct(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Correct fields of an event; null removes one."""
    return await _amended(request, holder, WAYS["correct"], id, asked)


@amending.post(
    "/retract/{id:record}",
    status_code=201,
    responses=AMENDED,
    openapi_extra=body(RETRACTION),
)
async def retract(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Retract an event."""
    return await _amended(request, holder, WAYS["retract"], id, asked)


@amending.post(
    "/restore/{id:record}",
    status_code=201,
    responses=AMENDED,
    openapi_extra=body(RESTORATION),
)
async def restore(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Restore a retracted event."""
    return await _amended(request, holder, WAYS["restore"], id, asked)


@amending.post(
    "/confirm/{id:record}",
    status_code=201,
    responses=AMENDED,
    openapi_extra=body(CONFIRMATION),
)
async def confirm(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Confirm an event."""
    return await _amended(request, holder, WAYS["confirm"], id, asked)


@amending.post(
    "/dispute/{id:record}",
    status_code=201,
    responses=AMENDED,
    openapi_extra=body(DISPUTE),
)
async def dispute(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Dispute an event: it may or may not have happened."""
    return await _amended(request, holder, WAYS["dispute"], id, asked)


@amending.post(
    "/conflict",
    status_code=201,
    responses=APPENDED,
    openapi_extra=body(CONFLICT),
)
async def conflict_(request: Request, holder: Editor, asked: Options) -> Response:
    """Mark events as rival accounts of one thing; only one can be true."""
    fields = await _fields(request, "type")
    between = _ids(fields, "between")

    def content(newsroom: Newsroom) -> Content:
        try:
            return conflict(newsroom, between, fields)
        except NotFoundError as error:
            raise InputError(each._replace(field="between") for each in error.problems) from error

    return await _appended(request, holder, content, asked)


@amending.post(
    "/resolve/{chosen:record}",
    status_code=201,
    responses=AMENDED,
    openapi_extra=body(RESOLUTION),
)
async def resolve(request: Request, holder: Editor, chosen: RecordId, asked: Options) -> Response:
    """Choose one of the rival accounts; the others are kept as dissent."""
    fields = await _fields(request, "type", "chosen")
    choice = Choice(
        chosen, *(_ids(fields, each) if each in fields else [] for each in ("over", "agrees"))
    )
    return await _appended(
        request,
        holder,
        lambda newsroom: resolution(newsroom, choice, fields),
        asked,
    )


async def _amended(
    request: Request, holder: Holder, way: Amending, id: str, asked: Append
) -> Response:
    """Amend one event, and respond."""
    fields = await _fields(request, "type", way.field)
    return await _appended(
        request, holder, lambda newsroom: amendment(newsroom, way, id, fields), asked
    )


async def _appended(
    request: Request, holder: Holder, content: Callable[[Newsroom], Content], asked: Append
) -> Response:
    notes: list[str] = []

    def read(newsroom: Newsroom) -> Content:
        newsroom.note = notes.append
        return content(newsroom)

    record = await service_of(request).executor.read(read)
    return await appended(request, holder, Body([RawRecord(record)], True), asked, notes)


async def _fields(request: Request, *fixed: str) -> Content:
    """The fields in the body of a request, which must not repeat those in the path.

    Raises:
        InputError: it is not an object, or repeats one.
    """
    fields = await object_in(request)
    if problems := [
        Problem("is given by the path", "leave it out", name) for name in fixed if name in fields
    ]:
        raise InputError(problems)
    return fields


def _ids(fields: Content, field: str) -> list[str]:
    """The ids that a field lists; the field is removed.

    Raises:
        InputError: it is not a list of ids.
    """
    ids = fields.pop(field, None)
    if isinstance(ids, list) and ids and all(isinstance(each, str) for each in ids):
        return ids
    raise InputError([Problem("should be a list of ids", 'such as ["a", "b"]', field)])
