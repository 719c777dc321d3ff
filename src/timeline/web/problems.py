"""Errors over HTTP: problem details (RFC 9457), with the list that the CLI prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

from timeline.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    Problem,
    StoreError,
    TimelineError,
)
from timeline.web.slow_query_process import BusyError

MEDIA_TYPE = "application/problem+json"

# What is first in the paths that programs ask for.
FOR_PROGRAMS = ("api", "health", "metrics", "openapi.json")


class RefusedError(TimelineError):
    """A request that is refused for a reason of HTTP's own, such as a missing token.

    `problems` are the places in it for which it is refused, where there are any.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        problems: Iterable[Problem] = (),
    ):
        self.status = status
        self.headers = dict(headers or {})
        self.problems = tuple(problems)
        super().__init__(detail)


def problem(
    status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """A response that says what is wrong."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return Response(
        orjson.dumps({**body, "detail": detail, **more}) + b"\n",
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        MEDIA_TYPE,
    )


def problem_of(error: TimelineError) -> Response:
    """The response to an error."""
    status, headers = status_of(error)
    more: dict[str, Any] = {}
    match error:
        case InputError():
            more = {"problems": _listed(error.problems), "complete": error.complete}
        case ConflictError():
            stories = [each._asdict() for each in error.stories]
            more = {"stories": stories, "between": error.between}
        case RefusedError() if error.problems:
            more = {"problems": _listed(error.problems)}
    return problem(status, str(error), headers, **more)


def status_of(error: TimelineError) -> tuple[int, dict[str, str]]:
    """The status of an error, and the headers that go with it."""
    match error:
        case NotFoundError():
            return 404, {}
        case InputError():
            return 400, {}
        case ConflictError():
            return 409, {}
        case RefusedError():
            return error.status, error.headers
        case BusyError():
            return 503, {"Retry-After": str(error.retry_after)}
        case StoreError():
            return 503, {"Retry-After": "5"}
        case _:
            raise error


def is_page(path: str) -> bool:
    """Whether somebody looks at what is there, and no program asks for it."""
    return path.removeprefix("/").partition("/")[0] not in FOR_PROGRAMS


def _listed(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [each.as_json() for each in problems]
