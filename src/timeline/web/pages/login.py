"""Signing in with a token, or with the link that `timeline serve` prints."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from timeline import temporal
from timeline.web.auth import SIGN_IN, cookie_of
from timeline.web.pages.templates import page
from timeline.web.problems import RefusedError
from timeline.web.service import service_of

signing_in = APIRouter(include_in_schema=False)

# The prefix of fields of another form in the form to sign in.
KEPT = "kept-"


@signing_in.get(SIGN_IN)
async def form(request: Request, next: str = "/") -> Response:
    """The form for a token."""
    return page(request, "sign-in.html", next=_own(next), kept=(), wrong=False)


@signing_in.post(SIGN_IN)
async def sign_in(request: Request) -> Response:
    """Open a session for the holder of a token.

    A form that was sent after the session ended comes here, too. What was typed travels through
    the form to sign in, as fields with the prefix KEPT, and is offered to be sent again.
    """
    service, now = service_of(request), temporal.now()
    fields = await _fields(request)
    if (unsent := getattr(request.state, "unsent", None)) is not None:
        if not fields:
            return RedirectResponse(SIGN_IN, 303)
        return page(request, "sign-in.html", 401, next=_own(unsent), kept=fields, wrong=False)
    kept = [(name.removeprefix(KEPT), text) for name, text in fields if name.startswith(KEPT)]
    given = dict(fields)
    next = _own(given.get("next", "/"))
    holder = service.tokens.authenticate(given.get("token", "").strip(), now)
    if holder is None:
        return page(request, "sign-in.html", 401, next=next, kept=kept, wrong=True)
    session = await run_in_threadpool(service.sessions.open_session, holder.token, now)
    if not kept:
        return _with_cookie(request, session, RedirectResponse(next, 303))
    return _with_cookie(request, session, page(request, "resume.html", next=next, kept=kept))


@signing_in.get("/link/{secret}")
async def by_link(request: Request, secret: str) -> Response:
    """Open a session with a one-time link."""
    redeem = service_of(request).sessions.redeem
    session = await run_in_threadpool(redeem, secret, temporal.now())
    if session is None:
        raise RefusedError(403, "this link has been used or has expired: sign in with a token")
    return _with_cookie(request, session, RedirectResponse("/", 303))


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
    return _with_cookie(request, "", RedirectResponse(SIGN_IN, 303), lasts=0)


async def _fields(request: Request) -> list[tuple[str, str]]:
    """The fields of a form, in order."""
    async with request.form() as form:
        return [(name, text) for name, text in form.multi_items() if isinstance(text, str)]


def _with_cookie(
    request: Request, session: str, response: Response, lasts: int | None = None
) -> Response:
    """A response that sets the cookie; `lasts` is in seconds, None until the browser closes."""
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
