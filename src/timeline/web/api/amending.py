"""Amendments, as POST: `/api/correct/li-joins` is `timeline correct li-joins`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from timeline.access.roles import Role
from timeline.access.tokens import Holder
from timeline.errors import InputError, NotFoundError, Problem
from timeline.newsroom.amending import WAYS, Amending, amendment, conflict, resolution
from timeline.newsroom.dates import Note
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.web.api.appending import appended
from timeline.web.api.parameters import Append, RecordId
from timeline.web.request_bodies import Body, object_in
from timeline.web.require_role import needs
from timeline.web.schemas import appending as shapes
from timeline.web.service import service_of

amending = APIRouter(prefix="/api", tags=["amending"])

Editor = Annotated[Holder, Depends(needs(Role.EDITOR))]
Options = Annotated[Append, Query()]
Content = dict[str, Any]


@amending.post(
    "/correct/{id:record}",
    status_code=201,
    responses=shapes.AMENDED,
    openapi_extra=shapes.body(shapes.CORRECTION),
)
async def correct(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Correct an event: from now on its fields read so; null removes one."""
    return await _amended(request, holder, WAYS["correct"], id, asked)


@amending.post(
    "/retract/{id:record}",
    status_code=201,
    responses=shapes.AMENDED,
    openapi_extra=shapes.body(shapes.REASONED),
)
async def retract(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Withdraw an event: it stands no longer."""
    return await _amended(request, holder, WAYS["retract"], id, asked)


@amending.post(
    "/restore/{id:record}",
    status_code=201,
    responses=shapes.AMENDED,
    openapi_extra=shapes.body(shapes.REASONED),
)
async def restore(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Let a retracted event stand again."""
    return await _amended(request, holder, WAYS["restore"], id, asked)


@amending.post(
    "/confirm/{id:record}",
    status_code=201,
    responses=shapes.AMENDED,
    openapi_extra=shapes.body(shapes.JUDGED),
)
async def confirm(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Confirm an event."""
    return await _amended(request, holder, WAYS["confirm"], id, asked)


@amending.post(
    "/dispute/{id:record}",
    status_code=201,
    responses=shapes.AMENDED,
    openapi_extra=shapes.body(shapes.JUDGED),
)
async def dispute(request: Request, holder: Editor, id: RecordId, asked: Options) -> Response:
    """Dispute an event: it may or may not have happened."""
    return await _amended(request, holder, WAYS["dispute"], id, asked)


@amending.post(
    "/conflict",
    status_code=201,
    responses=shapes.APPENDED,
    openapi_extra=shapes.body(shapes.CONFLICT),
)
async def conflict_(request: Request, holder: Editor, asked: Options) -> Response:
    """Say that events are rival accounts of one: exactly one of them is so."""
    said = await _said(request, "type")
    between = _ids(said, "between")

    def content(newsroom: Newsroom, note: Note) -> Content:
        try:
            return conflict(newsroom, between, said, note)
        except NotFoundError as error:
            raise InputError(each._replace(field="between") for each in error.problems) from error

    return await _appended(request, holder, content, asked)


@amending.post(
    "/resolve/{chosen:record}",
    status_code=201,
    responses=shapes.AMENDED,
    openapi_extra=shapes.body(shapes.RESOLUTION),
)
async def resolve(request: Request, holder: Editor, chosen: RecordId, asked: Options) -> Response:
    """Choose an event over its rivals, which stand as dissent."""
    said = await _said(request, "type", "chosen")
    over = _ids(said, "over")
    return await _appended(
        request,
        holder,
        lambda newsroom, note: resolution(newsroom, chosen, over, said, note),
        asked,
    )


async def _amended(
    request: Request, holder: Holder, way: Amending, id: str, asked: Append
) -> Response:
    """The response to whoever amends one event."""
    said = await _said(request, "type", way.field)
    return await _appended(
        request, holder, lambda newsroom, note: amendment(newsroom, way, id, said, note), asked
    )


async def _appended(
    request: Request, holder: Holder, content: Callable[[Newsroom, Note], Content], asked: Append
) -> Response:
    notes: list[str] = []
    record = await service_of(request).desk.read(lambda newsroom: content(newsroom, notes.append))
    return await appended(request, holder, Body([RawRecord(record)], True), asked, notes)


async def _said(request: Request, *fixed: str) -> Content:
    """The fields in the body of a request, without those that its address gives.

    Raises:
        InputError: it is no object, or has one of those.
    """
    said = await object_in(request)
    if problems := [
        Problem("is said by the address", "leave it out", name) for name in fixed if name in said
    ]:
        raise InputError(problems)
    return said


def _ids(said: Content, field: str) -> list[str]:
    """The ids that a field lists, which is taken out.

    Raises:
        InputError: it does not.
    """
    ids = said.pop(field, None)
    if isinstance(ids, list) and ids and all(isinstance(each, str) for each in ids):
        return ids
    raise InputError([Problem("should be a list of ids", 'such as ["a", "b"]', field)])
