"""Signing in with a token, or with the link that `timeline serve` prints."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from timeline import temporal
from timeline.web.auth import cookie_of
from timeline.web.pages.templates import page
from timeline.web.problems import RefusedError
from timeline.web.service import service_of

signing_in = APIRouter(include_in_schema=False)


@signing_in.get("/sign-in")
async def form(request: Request, next: str = "/") -> Response:
    """The form for a token."""
    return page(request, "sign-in.html", next=_own(next), wrong=False)


@signing_in.post("/sign-in")
async def sign_in(
    request: Request, token: Annotated[str, Form()] = "", next: Annotated[str, Form()] = "/"
) -> Response:
    """Open a session for the holder of a token."""
    service, now = service_of(request), temporal.now()
    holder = service.tokens.authenticate(token.strip(), now)
    if holder is None:
        return page(request, "sign-in.html", 401, next=_own(next), wrong=True)
    session = await run_in_threadpool(service.sessions.open_session, holder.token, now)
    return _with_cookie(request, session, _own(next))


@signing_in.get("/link/{secret}")
async def by_link(request: Request, secret: str) -> Response:
    """Open a session with a one-time link."""
    redeem = service_of(request).sessions.redeem
    session = await run_in_threadpool(redeem, secret, temporal.now())
    if session is None:
        raise RefusedError(403, "this link has been used or has expired: sign in with a token")
    return _with_cookie(request, session, "/")


@signing_in.head("/link/{secret}")
async def link_without_opening_it(secret: str) -> Response:
    """HEAD opens no session: a link works once."""
    return Response()


@signing_in.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    service = service_of(request)
    if (session := request.cookies.get(cookie_of(service, request))) is not None:
        await run_in_threadpool(service.sessions.close_session, session)
    return _with_cookie(request, "", "/sign-in", lasts=0)


def _with_cookie(request: Request, session: str, next: str, lasts: int | None = None) -> Response:
    """A redirect that sets the cookie; `lasts` is in seconds, None until the browser closes."""
    response = RedirectResponse(next, 303)
    response.set_cookie(
        cookie_of(service_of(request), request),
        session,
        max_age=lasts,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return response


def _own(path: str) -> str:
    """The path if it belongs to this service, else the front page."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else "/"
