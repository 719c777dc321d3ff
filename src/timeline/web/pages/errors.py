"""Errors, for people."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response

from timeline.errors import InputError, Problem, TimelineError
from timeline.web.pages.templates import page
from timeline.web.problems import status_of

TITLES = {
    400: "That cannot be read",
    403: "That is not yours to do",
    404: "That is not here",
    409: "Somebody else was first",
    503: "Not now",
}


def error_page(request: Request, error: TimelineError) -> Response:
    """A page that says what is wrong, and what would be right."""
    status, headers = status_of(error)
    problems = error.problems if isinstance(error, InputError) else (Problem(str(error)),)
    title = TITLES.get(status) or HTTPStatus(status).phrase
    response = page(
        request, "error.html", status, may_not=status == 403, title=title, problems=problems
    )
    response.headers.update(headers)
    return response
