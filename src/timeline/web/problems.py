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
from timeline.web.long_questions import BusyError

MEDIA_TYPE = "application/problem+json"


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


def problem_of(error: TimelineError, wrong: int = 400) -> Response:
    """The response to an error; wrong input has the status `wrong`."""
    match error:
        case InputError():
            detail = "\n".join(str(each) for each in error.problems)
            listed = [each.as_json() for each in error.problems]
            status = 404 if isinstance(error, NotFoundError) else wrong
            return problem(status, detail, problems=listed, complete=error.complete)
        case ConflictError():
            stories = [each._asdict() for each in error.stories]
            return problem(409, str(error), stories=stories, between=error.between)
        case BusyError():
            return problem(503, str(error), {"Retry-After": str(error.retry_after)})
        case StoreError():
            return problem(503, str(error), {"Retry-After": "5"})
        case RefusedError():
            more = {"problems": [each.as_json() for each in error.problems]}
            return problem(
                error.status, str(error), error.headers, **(more if error.problems else {})
            )
        case _:
            raise error
