"""Authentication by token or browser session, roles, and the security headers of every response.

The middleware runs before all routes, as plain ASGI for speed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, ip_address
from time import monotonic
from urllib.parse import quote, urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timeline import temporal
from timeline.access.roles import Role
from timeline.access.tokens import Holder
from timeline.errors import TimelineError
from timeline.web.limits import limited
from timeline.web.problems import RefusedError, is_page, problem_of
from timeline.web.service import Service, holder_of

# Paths and path prefixes that need no token.
SIGN_IN = "/sign-in"
OPEN, OPEN_BELOW = ("/health", SIGN_IN), ("/link/", "/static/")

# The media types of what browsers send from a form.
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

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
    # With no-referrer, browsers would send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

# Behind TLS, browsers use nothing else from then on (RFC 6797); for a year, in seconds.
HEADERS_BEHIND_TLS = {**HEADERS, "Strict-Transport-Security": "max-age=31536000"}

_RAW_HEADERS, _RAW_HEADERS_BEHIND_TLS = (
    [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    for headers in (HEADERS, HEADERS_BEHIND_TLS)
)
# For responses that set no Cache-Control.
_NOT_CACHED = (b"cache-control", b"private, no-store")


class AuthMiddleware:
    """Authenticates requests, and sets `request.state.holder`."""

    def __init__(self, app: ASGIApp, service: Service):
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        added = _RAW_HEADERS_BEHIND_TLS if scope["scheme"] == "https" else _RAW_HEADERS

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *added]
                if all(name != _NOT_CACHED[0] for name, _ in headers):
                    headers.append(_NOT_CACHED)
                message["headers"] = headers
            await send(message)

        try:
            receive = limited(Headers(scope=scope), receive)
            self._authenticate(scope)
        except TimelineError as error:
            if self._is_form_without_session(scope, error):
                scope.setdefault("state", {})["unsent"] = _asked(scope)
                scope.update(path=SIGN_IN, raw_path=SIGN_IN.encode())
                await self._app(scope, receive, send_with_headers)
            else:
                await _refusal(scope, error)(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)

    def _is_form_without_session(self, scope: Scope, error: TimelineError) -> bool:
        """Whether a form of ours was sent after the session ended: what was typed is kept."""
        connection = HTTPConnection(scope)
        return (
            _needs_token(error)
            and scope["method"] == "POST"
            and is_page(scope["path"])
            and connection.headers.get("content-type", "").startswith(FORMS)
            and not _is_cross_site(self._service, connection)
        )

    def _authenticate(self, scope: Scope) -> None:
        """Find the holder of the token or session of a request.

        Raises:
            RefusedError: there is no valid token or session, the request is from another site, or
                there are too many requests.
            StoreError: the tokens cannot be read.
        """
        service, connection = self._service, HTTPConnection(scope)
        hosts = connection.headers.getlist("host")
        if len(hosts) > 1 or not (hosts or scope["http_version"] == "1.0"):
            raise RefusedError(400, "a request has one header Host (RFC 9112, section 3.2)")
        host = "".join(hosts)
        if service.hosts is not None and host not in service.hosts:
            raise RefusedError(421, f"this service is not {host!r}")
        holder, by_cookie = holder_by(service, connection)
        if by_cookie and scope["method"] not in SAFE and _is_cross_site(service, connection):
            raise RefusedError(403, "this request was sent by a page of another site")
        if holder is not None:
            service.rates.spend(holder.token, monotonic())
            scope.setdefault("state", {})["holder"] = holder
            return
        service.anonymous_rates.spend(_address(connection), monotonic())
        path: str = scope["path"]
        if path not in OPEN and not path.startswith(OPEN_BELOW):
            challenge = {"WWW-Authenticate": 'Bearer realm="timeline"'}
            raise RefusedError(401, "a token is needed: Authorization: Bearer …", challenge)


def needs(role: Role) -> Callable[[Request], Awaitable[Holder]]:
    """A dependency of a route: the caller, who must have that role or a higher one.

    It raises `RefusedError`, 403, for other callers.
    """

    async def dependency(request: Request) -> Holder:
        holder = holder_of(request)
        if holder.role < role:
            raise RefusedError(
                403, f"this needs the role {role.label}; your role is {holder.role.label}"
            )
        return holder

    return dependency


def holder_by(service: Service, connection: HTTPConnection) -> tuple[Holder | None, bool]:
    """The holder of the token or session of a request, if any; and whether it is a cookie.

    Raises:
        StoreError: the tokens cannot be read.
    """
    now = temporal.now()
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        return service.tokens.authenticate(secret.strip(), now), False
    session = connection.cookies.get(cookie_of(service, connection))
    return (None if session is None else service.sessions.session(session, now)), True


def cookie_of(service: Service, connection: HTTPConnection) -> str:
    """The name of the cookie with the secret of a session.

    Over TLS it has the prefix with which browsers accept it from this host only, and only over TLS:
    https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix
    """
    return f"__Host-{service.cookie}" if connection.url.scheme == "https" else service.cookie


def _refusal(scope: Scope, error: TimelineError) -> Response:
    """The response to a refused request; for pages, the form to sign in."""
    if _needs_token(error) and scope["method"] == "GET" and is_page(scope["path"]):
        return RedirectResponse(f"{SIGN_IN}?next={quote(_asked(scope), safe='')}", 303)
    return problem_of(error)


def _needs_token(error: TimelineError) -> bool:
    return isinstance(error, RefusedError) and error.status == 401


def _asked(scope: Scope) -> str:
    """The path and query of a request, as they were sent."""
    query = scope["query_string"].decode("latin-1")
    path = scope.get("raw_path", b"").decode("ascii", "replace") or quote(scope["path"])
    return f"{path}?{query}" if query else path


def _is_cross_site(service: Service, connection: HTTPConnection) -> bool:
    """Whether a request was sent by a page of another site, according to its headers.

    Over plain HTTP they send only `Origin`. Programs send neither header, but a request that is
    authenticated by a cookie must say that it comes from here.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        # `none`: the user typed the address.
        return site not in ("same-origin", "none")
    origin = connection.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc != connection.headers.get("host")
    return cookie_of(service, connection) in connection.cookies


def _address(connection: HTTPConnection) -> str:
    """The client's address; for IPv6 the /64 network, which one household has."""
    host = connection.client.host if connection.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(int(address) >> 64)
    return host
