"""Who may come in: by a token, or by the session of a browser; and what every response says.

This stands before all routes, and is plain ASGI, since it is a part of each request.
"""

from __future__ import annotations

from time import monotonic
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timeline import temporal
from timeline.access.tokens import Holder
from timeline.web.limits import LARGEST_BODY
from timeline.web.problems import RefusedError, problem_of
from timeline.web.service import Service

COOKIE = "timeline_session"

# What anybody may ask for.
OPEN = ("/health", "/sign-in", "/link", "/static/")

SAFE = ("GET", "HEAD", "OPTIONS")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Lets requests in, each with `request.state.holder`."""

    def __init__(self, app: ASGIApp, service: Service):
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        try:
            self._let_in(scope)
            receive = _limited(Headers(scope=scope), receive)
        except RefusedError as refusal:
            response = self._refused(scope, refusal)
            await response(scope, receive, sending)
        else:
            await self._app(scope, receive, sending)

    def _let_in(self, scope: Scope) -> None:
        """Note who asks.

        Raises:
            RefusedError: nobody that is known, from elsewhere, or too often.
        """
        service, connection = self._service, HTTPConnection(scope)
        host = connection.headers.get("host", "")
        if service.hosts is not None and host not in service.hosts:
            raise RefusedError(421, f"this is not {host!r}")
        path: str = scope["path"]
        holder, by_cookie = self._holder(connection)
        if holder is None:
            if path.startswith(OPEN):
                return
            challenge = {"WWW-Authenticate": 'Bearer realm="timeline"'}
            raise RefusedError(401, "a token is needed: Authorization: Bearer …", challenge)
        if by_cookie and scope["method"] not in SAFE and not _is_ours(connection):
            raise RefusedError(403, "this was sent by a page of another site")
        service.rates.spend(holder.token or holder.name, monotonic())
        scope.setdefault("state", {})["holder"] = holder

    def _holder(self, connection: HTTPConnection) -> tuple[Holder | None, bool]:
        """Who asks, and whether it is a browser that says so by itself."""
        now = temporal.now()
        scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
        if scheme.casefold() == "bearer":
            return self._service.tokens.authenticate(secret.strip(), now), False
        session = connection.cookies.get(COOKIE)
        return (None if session is None else self._service.sessions.session(session, now)), True

    def _refused(self, scope: Scope, refusal: RefusedError) -> Response:
        """A page is asked for by somebody who can sign in; anything else is told why not."""
        path: str = scope["path"]
        if refusal.status == 401 and scope["method"] == "GET" and _is_page(path):
            query = scope["query_string"].decode("latin-1")
            wanted = f"{quote(path)}?{query}" if query else quote(path)
            return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", 303)
        return problem_of(refusal)


def _is_page(path: str) -> bool:
    return not path.startswith(("/api", "/metrics", "/openapi.json"))


def _is_ours(connection: HTTPConnection) -> bool:
    """Whether a page of this service has sent a request: browsers say so in `Origin`."""
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc == connection.headers.get("host")


def _limited(headers: Headers, receive: Receive) -> Receive:
    """The body, as far as it is not too large.

    Raises:
        RefusedError: it is said to be too large; or, when it is read, it is.
    """
    detail = f"the body is larger than {LARGEST_BODY:,} bytes: send it in parts"
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length) > LARGEST_BODY:
        raise RefusedError(413, detail)
    left = LARGEST_BODY

    async def receiving() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise RefusedError(413, detail)
        return message

    return receiving
