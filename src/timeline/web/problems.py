"""Errors over HTTP: problem details (RFC 9457), with the list that the CLI prints."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

from timeline.errors import ConflictError, InputError, NotFoundError, StoreError, TimelineError
from timeline.web.long_questions import BusyError

MEDIA_TYPE = "application/problem+json"


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of responses of these statuses."""
    listed = {
        "type": "array",
        "items": {"type": "object"},
        "description": "What is wrong, as the command line lists it.",
    }
    shape = {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "problems": listed,
        },
    }
    content = {MEDIA_TYPE: {"schema": shape}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


class RefusedError(TimelineError):
    """A request that is refused for a reason of HTTP's own, such as a missing token."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None):
        self.status = status
        self.headers = dict(headers or {})
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
            between = getattr(error, "between", [])
            return problem(409, str(error), between=list(between))
        case BusyError():
            return problem(503, str(error), {"Retry-After": str(error.retry_after)})
        case StoreError():
            return problem(503, str(error), {"Retry-After": "5"})
        case RefusedError():
            return problem(error.status, str(error), error.headers)
        case _:
            raise error
