"""Tokens, for admins; and who the caller is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.concurrency import run_in_threadpool
from typing_extensions import TypedDict

from timeline import temporal
from timeline.access.roles import ROLES, Role
from timeline.access.tokens import HOLDER, LONGEST_NAME, Holder, TokenJson, expiry, token_json
from timeline.errors import InputError, Problem
from timeline.render.json_output import json_text
from timeline.temporal.json_schema import DURATION
from timeline.web.auth import needs
from timeline.web.openapi.operations import Responses, Schema, body, refused, response
from timeline.web.question import JSON
from timeline.web.request_bodies import object_in
from timeline.web.service import holder_of, service_of

tokens = APIRouter(prefix="/api", tags=["access"])

BY_ADMIN = [Depends(needs(Role.ADMIN))]


class CallerJson(TypedDict):
    """The caller."""

    name: str
    """The `recorded_by` of the records that they append."""
    role: str
    token: str
    """The id of their token, or of the one-time link that opened their session."""


class NewToken(TokenJson):
    """A token that was just created."""

    secret: str
    """What its holder sends. It is not shown again."""


class TokenList(TypedDict):
    """All tokens, the oldest first."""

    tokens: list[TokenJson]


ME: Responses = {200: response("The caller.", CallerJson), **refused(401, 429)}
LISTED: Responses = {200: response("All tokens.", TokenList), **refused(401, 403, 429, 503)}
CREATED: Responses = {
    201: response("The token and its secret.", NewToken),
    **refused(400, 401, 403, 413, 415, 429, 503),
}
REVOKED: Responses = {
    200: response("The token, which no longer gives access.", TokenJson),
    **refused(401, 403, 404, 429, 503),
}

WANTED: dict[str, Schema] = {
    JSON: {
        "schema": {
            "type": "object",
            "required": ["holder", "role"],
            "properties": {
                "holder": {
                    "type": "string",
                    "maxLength": LONGEST_NAME,
                    "pattern": HOLDER,
                },
                "role": {"enum": list(ROLES)},
                "expires": {
                    "description": "How long it is valid, as an ISO 8601 duration.",
                    "anyOf": [{"type": "string", **DURATION}, {"type": "null"}],
                },
            },
            "additionalProperties": False,
        },
        "example": {"holder": "Ada Lovelace", "role": "editor", "expires": "P90D"},
    }
}


@tokens.get("/me", response_class=Response, responses=ME)
async def me(request: Request) -> Response:
    """The caller: the name that records carry, the role, and the id of the token."""
    holder: Holder = holder_of(request)
    caller: CallerJson = {
        "name": holder.name,
        "role": holder.role.label,
        "token": holder.token,
    }
    return _response(caller)


@tokens.get("/tokens", dependencies=BY_ADMIN, response_class=Response, responses=LISTED)
async def list_tokens(request: Request) -> Response:
    """All tokens, including revoked and expired ones."""
    listed = await run_in_threadpool(service_of(request).tokens.list)
    return _response(TokenList(tokens=[token_json(each) for each in listed]))


@tokens.post(
    "/tokens",
    dependencies=BY_ADMIN,
    status_code=201,
    responses=CREATED,
    openapi_extra=body(WANTED),
)
async def add_token(request: Request) -> Response:
    """Create a token. Its secret is shown only in this response."""
    given = await object_in(request)
    now = temporal.now()
    holder, role, expires_at = _wanted(given, now)
    add = service_of(request).tokens.add
    token, secret = await run_in_threadpool(add, holder, role, now, expires_at)
    return _response(NewToken(**token_json(token), secret=secret), 201)


@tokens.delete("/tokens/{id}", dependencies=BY_ADMIN, response_class=Response, responses=REVOKED)
async def revoke_token(
    request: Request, id: Annotated[str, Path(description="The id of a token.", max_length=200)]
) -> Response:
    """Revoke a token, from the next request on, and end its sessions."""
    revoke = service_of(request).tokens.revoke
    return _response(token_json(await run_in_threadpool(revoke, id, temporal.now())))


def _wanted(given: dict[str, object], now: int) -> tuple[str, Role, int | None]:
    """The holder, the role and the expiry of a token to create.

    Raises:
        InputError: fields are missing or invalid; all problems at once.
    """
    problems = [
        Problem("unknown field", "a token has holder, role and expires", name)
        for name in given
        if name not in ("holder", "role", "expires")
    ]
    holder, role, expires_at = given.get("holder"), Role.READER, None
    if not isinstance(holder, str):
        problems.append(Problem("is required", "a name, for `recorded_by`", "holder"))
    try:
        role = Role.named(str(given.get("role")))
    except InputError as error:
        problems += [each._replace(field="role") for each in error.problems]
    if (expires := given.get("expires")) is not None:
        try:
            expires_at = expiry(str(expires), now)
        except InputError as error:
            problems += [each._replace(field="expires") for each in error.problems]
    if problems:
        raise InputError(problems)
    return str(holder), role, expires_at


def _response(answer: CallerJson | TokenJson | TokenList, status: int = 200) -> Response:
    return Response(f"{json_text(answer)}\n", status, {"Cache-Control": "no-store"}, JSON)
