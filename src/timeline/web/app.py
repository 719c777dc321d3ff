"""The application: routes, guard, and errors as problem details or pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette_compress import CompressMiddleware

from timeline import __version__
from timeline.errors import InputError, Problem, TimelineError
from timeline.web.api.citing import citing
from timeline.web.api.reading import reading
from timeline.web.guard import Guard
from timeline.web.pages.amending import amending_pages
from timeline.web.pages.appending import appending_pages
from timeline.web.pages.editing import editing_pages
from timeline.web.pages.entity import entity_pages
from timeline.web.pages.errors import error_page, is_page
from timeline.web.pages.home import home
from timeline.web.pages.record import record_pages
from timeline.web.pages.signing_in import signing_in
from timeline.web.pages.story import story_pages
from timeline.web.problems import problem, problem_of
from timeline.web.service import Service

STATIC = Path(__file__).parent / "static"

ROUTERS = (
    reading,
    citing,
    signing_in,
    home,
    story_pages,
    entity_pages,
    record_pages,
    editing_pages,
    appending_pages,
    amending_pages,
)


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
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(TimelineError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_middleware(Guard, service=service)
    app.add_middleware(CompressMiddleware, minimum_size=1000)
    return app


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, TimelineError)
    if is_page(request):
        return error_page(request, error)
    return problem_of(error)


async def _on_invalid(request: Request, error: Exception) -> Response:
    """A parameter that is none, or cannot be what it says."""
    assert isinstance(error, RequestValidationError)
    problems = [
        Problem(each["msg"], None, ".".join(map(str, each["loc"][1:])) or None)
        for each in error.errors()
    ]
    return await _on_error(request, InputError(problems))


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if is_page(request):
        return error_page(request, error)
    return problem(error.status_code, str(error.detail), error.headers)
