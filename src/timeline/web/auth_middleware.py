"""Who may come in: by a token, or by the session of a browser; and what every response says.

This stands before all routes, and is plain ASGI, since it is a part of each request.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from time import monotonic
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timeline import temporal
from timeline.access.tokens import Holder
from timeline.errors import TimelineError
from timeline.web.limits import limited
from timeline.web.problems import RefusedError, is_page, problem_of
from timeline.web.service import Service

COOKIE = "timeline_session"

# What anybody may ask for, and all that begins so.
OPEN, OPEN_BELOW = ("/health", "/sign-in"), ("/link/", "/static/")

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
    # Of a page that sends no referrer, a browser says that its origin is null.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


# What nobody may keep: all that does not say otherwise.
NOT_KEPT = "private, no-store"

_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_RAW_NOT_KEPT = (b"cache-control", NOT_KEPT.encode())


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
                headers = [*message["headers"], *_RAW_HEADERS]
                if all(name != _RAW_NOT_KEPT[0] for name, _ in headers):
                    headers.append(_RAW_NOT_KEPT)
                message["headers"] = headers
            await send(message)

        try:
            self._let_in(scope)
            receive = limited(Headers(scope=scope), receive)
        except TimelineError as error:
            await self._refused(scope, error)(scope, receive, sending)
        else:
            await self._app(scope, receive, sending)

    def _let_in(self, scope: Scope) -> None:
        """Note who asks.

        Raises:
            RefusedError: nobody that is known, from elsewhere, or too often.
            StoreError: the tokens cannot be read.
        """
        service, connection = self._service, HTTPConnection(scope)
        host = connection.headers.get("host", "")
        if service.hosts is not None and host not in service.hosts:
            raise RefusedError(421, f"this is not {host!r}")
        holder, by_cookie = holder_by(service, connection)
        if by_cookie and scope["method"] not in SAFE and _is_foreign(connection):
            raise RefusedError(403, "this was sent by a page of another site")
        if holder is not None:
            service.rates.spend(holder.token or holder.name, monotonic())
            scope.setdefault("state", {})["holder"] = holder
            return
        service.strangers.spend(_address(connection), monotonic())
        path: str = scope["path"]
        if path not in OPEN and not path.startswith(OPEN_BELOW):
            challenge = {"WWW-Authenticate": 'Bearer realm="timeline"'}
            raise RefusedError(401, "a token is needed: Authorization: Bearer …", challenge)

    def _refused(self, scope: Scope, error: TimelineError) -> Response:
        """A page is asked for by somebody who can sign in; anything else is told why not."""
        path: str = scope["path"]
        needs_token = isinstance(error, RefusedError) and error.status == 401
        if needs_token and scope["method"] == "GET" and is_page(path):
            query = scope["query_string"].decode("latin-1")
            asked = scope.get("raw_path", b"").decode("ascii", "replace") or quote(path)
            wanted = f"{asked}?{query}" if query else asked
            return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", 303)
        return problem_of(error)


def holder_by(service: Service, connection: HTTPConnection) -> tuple[Holder | None, bool]:
    """Who asks, if anybody who may, and whether it may be a browser that says so by itself.

    Raises:
        StoreError: the tokens cannot be read.
    """
    now = temporal.now()
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        return service.tokens.authenticate(secret.strip(), now), False
    session = connection.cookies.get(COOKIE)
    return (None if session is None else service.sessions.session(session, now)), True


def _is_foreign(connection: HTTPConnection) -> bool:
    """Whether a page of another site has sent a request: browsers say so by themselves.

    Those that are asked in the clear say no more than `Origin`. Programs say neither; but
    where a cookie speaks for somebody, that the request comes from here must be said.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        # `none` is somebody who has typed the address.
        return site not in ("same-origin", "none")
    origin = connection.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc != connection.headers.get("host")
    return COOKIE in connection.cookies


def _address(connection: HTTPConnection) -> str:
    """Where a request comes from: an address, or the network that one house has of IPv6."""
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(int(address) >> 64)
    return host
