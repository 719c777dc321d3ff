"""The application: routes, guard, and errors as problem details or pages."""

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
from timeline.web.auth_middleware import HEADERS, Guard
from timeline.web.metrics_middleware import Watching
from timeline.web.openapi import document
from timeline.web.pages.amending import amending_pages
from timeline.web.pages.appending import appending_pages
from timeline.web.pages.editing import editing_pages
from timeline.web.pages.entity import entity_pages
from timeline.web.pages.errors import error_page
from timeline.web.pages.home import home
from timeline.web.pages.login import signing_in
from timeline.web.pages.record import record_pages
from timeline.web.pages.story import story_pages
from timeline.web.problems import MEDIA_TYPE, RefusedError, is_page, problem_of
from timeline.web.question import LINES
from timeline.web.request_cache import RequestCache
from timeline.web.service import Service
from timeline.web.url_paths import Methods
from timeline.web.validation_errors import invalid

# The methods by which anything here may be asked for.
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
    home,
    story_pages,
    entity_pages,
    record_pages,
    editing_pages,
    appending_pages,
    amending_pages,
)


class Static(StaticFiles):
    """Files that belong to this version: whoever keeps one asks whether it is still the same."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        """A file, or that it is known."""
        response = super().file_response(*given, **named)
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
    app.openapi = partial(document, app)  # type: ignore[method-assign]
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", Static(directory=STATIC), name="static")
    app.add_exception_handler(TimelineError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(ClientDisconnect, _on_gone)
    app.add_exception_handler(Exception, _on_bug)
    app.add_middleware(RequestCache, service=service)
    app.add_middleware(Guard, service=service)
    # An event is sent when it comes, and once encoded is the same bytes for all.
    remove_compress_type("text/event-stream")
    for media_type in (LINES, MEDIA_TYPE):
        add_compress_type(media_type)
    app.add_middleware(CompressMiddleware, minimum_size=1000)
    app.add_middleware(Watching, metrics=service.metrics)
    app.add_middleware(Methods)
    return app


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, TimelineError)
    return error_page(request, error) if is_page(request.url.path) else problem_of(error)


async def _on_invalid(request: Request, error: Exception) -> Response:
    """A parameter that is none, or cannot be what it says."""
    assert isinstance(error, RequestValidationError)
    return await _on_error(request, invalid(request, error))


async def _on_http_error(request: Request, error: Exception) -> Response:
    """There is no such page, or it is not to be had by that method; or a body is refused."""
    assert isinstance(error, HTTPException)
    detail, headers = str(error.detail), dict(error.headers or {})
    if error.status_code == 404 and is_page(request.url.path):
        detail = "there is no such page"
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods_of(request))
    return await _on_error(request, RefusedError(error.status_code, detail, headers))


def _methods_of(request: Request) -> list[str]:
    """The methods by which a path may be asked for."""
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


async def _on_gone(request: Request, error: Exception) -> Response:
    """Nobody waits for the answer any more; the status is what others count such requests by."""
    return Response(None, 499)


async def _on_bug(request: Request, error: Exception) -> Response:
    """What nobody has foreseen. The log of the service has it.

    This comes from before the guard, who sees nothing of it.
    """
    detail = "something is wrong with the service: its own log says what"
    return await _on_error(request, RefusedError(500, detail, HEADERS))
