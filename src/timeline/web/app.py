"""The application: routes, middleware, and errors as problem details or pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match
from starlette_compress import CompressMiddleware, add_compress_type, remove_compress_type

from timeline import __version__
from timeline.errors import TimelineError
from timeline.web.api.amending import amending
from timeline.web.api.appending import appending
from timeline.web.api.citing import citing
from timeline.web.api.following import following
from timeline.web.api.reading import reading
from timeline.web.api.records import records
from timeline.web.api.tokens import tokens
from timeline.web.api.watch import watch
from timeline.web.auth import HEADERS, HEADERS_BEHIND_TLS, AuthMiddleware
from timeline.web.limits import LingeringMiddleware
from timeline.web.metrics import MetricsMiddleware
from timeline.web.openapi.document import document
from timeline.web.pages.amending import amending_pages
from timeline.web.pages.appending import appending_pages
from timeline.web.pages.editing import editing_pages
from timeline.web.pages.entity import entity_pages
from timeline.web.pages.login import signing_in
from timeline.web.pages.record import record_pages
from timeline.web.pages.story import story_pages
from timeline.web.pages.templates import error_page
from timeline.web.problems import MEDIA_TYPE, RefusedError, invalid_request, is_page, problem_of
from timeline.web.question import LINES
from timeline.web.responses import CacheMiddleware
from timeline.web.service import Service
from timeline.web.url_paths import PathMiddleware

# The methods that some route may accept.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

STATIC = Path(__file__).parent / "static"

ROUTERS = (
    reading,
    records,
    following,
    appending,
    amending,
    tokens,
    citing,
    watch,
    signing_in,
    story_pages,
    entity_pages,
    record_pages,
    editing_pages,
    appending_pages,
    amending_pages,
)


class Static(StaticFiles):
    """Files of this version of timeline, which clients revalidate."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The response with a file."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def make_app(service: Service) -> FastAPI:
    """The application of a service."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with service.running():
            yield

    app = FastAPI(
        title="timeline",
        summary="A newsroom's memory: what was so at time T, as we knew it at time K, and why.",
        version=__version__,
        openapi_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        lifespan=lifespan,
    )
    app.state.service = service
    app.openapi = partial(document, app, service.settings.vocabulary)  # type: ignore[method-assign]
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", Static(directory=STATIC), name="static")
    app.add_exception_handler(TimelineError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(Exception, _on_bug)
    app.add_middleware(CacheMiddleware, service=service)
    app.add_middleware(AuthMiddleware, service=service)
    # An event is sent at once, and is the same bytes for all followers.
    remove_compress_type("text/event-stream")
    for media_type in (LINES, MEDIA_TYPE):
        add_compress_type(media_type)
    app.add_middleware(CompressMiddleware, minimum_size=1000)
    app.add_middleware(LingeringMiddleware)
    app.add_middleware(MetricsMiddleware, metrics=service.metrics)
    app.add_middleware(PathMiddleware)
    return app


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, TimelineError)
    return error_page(request, error) if is_page(request.url.path) else problem_of(error)


async def _on_invalid(request: Request, error: Exception) -> Response:
    """A parameter is unknown, missing or invalid."""
    assert isinstance(error, RequestValidationError)
    return await _on_error(request, invalid_request(request, error))


async def _on_http_error(request: Request, error: Exception) -> Response:
    """There is no such route, it does not accept the method, or a body is refused."""
    assert isinstance(error, HTTPException)
    detail, headers = str(error.detail), dict(error.headers or {})
    if error.status_code == 404 and is_page(request.url.path):
        detail = "there is no such page"
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    return await _on_error(request, RefusedError(error.status_code, detail, headers))


def _allowed_methods(request: Request) -> list[str]:
    """The methods that a path accepts."""
    routes = request.app.router.routes
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": "GET" if method == "HEAD" else method})[0]
            is Match.FULL
            for route in routes
        )
    ]


async def _on_disconnect(request: Request, error: Exception) -> Response:
    """The client has disconnected; 499 is the status that nginx logs for such requests."""
    return Response(None, 499)


async def _on_bug(request: Request, error: Exception) -> Response:
    """A bug. The service's log has the traceback.

    This response does not pass through AuthMiddleware, which adds the headers to all others.
    """
    detail = "internal error: see the service's log"
    headers = HEADERS_BEHIND_TLS if request.url.scheme == "https" else HEADERS
    return await _on_error(request, RefusedError(500, detail, headers))
