"""Errors, for people."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from timeline.errors import ConflictError, InputError, NotFoundError, Problem
from timeline.web.long_questions import BusyError
from timeline.web.pages.templates import page
from timeline.web.problems import RefusedError

TITLES = {
    400: "That cannot be read",
    403: "That is not yours to do",
    404: "That is not here",
    409: "Somebody else was first",
    503: "Not now",
}


def is_page(request: Request) -> bool:
    """Whether somebody looks, and no program asks."""
    return not request.url.path.startswith(("/api", "/metrics", "/health", "/openapi.json"))


def error_page(request: Request, error: Exception) -> Response:
    """A page that says what is wrong, and what would be right."""
    problems: tuple[Problem, ...] = (Problem(str(error)),)
    match error:
        case InputError():
            status, problems = 404 if isinstance(error, NotFoundError) else 400, error.problems
        case ConflictError():
            status = 409
        case RefusedError():
            status = error.status
        case HTTPException(status_code=404):
            status, problems = 404, (Problem("there is no such page"),)
        case HTTPException():
            status, problems = error.status_code, (Problem(str(error.detail)),)
        case BusyError():
            status = 503
        case _:
            status = 503
    title = TITLES.get(status) or HTTPStatus(status).phrase
    return page(
        request, "error.html", status, may_not=status == 403, title=title, problems=problems
    )
