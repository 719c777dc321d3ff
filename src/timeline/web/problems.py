"""Errors over HTTP: problem details (RFC 9457), with the list of problems that the CLI prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Literal, NotRequired, Unpack, cast

import orjson
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import Response
from typing_extensions import TypedDict

from timeline.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    Problem,
    StoreError,
    TimelineError,
    did_you_mean,
)
from timeline.newsroom.concurrency import RecordBetween
from timeline.projections.answer import JsonSchema
from timeline.web.budget import BusyError

MEDIA_TYPE = "application/problem+json"

# The first segments of API paths; all other paths are pages.
FOR_PROGRAMS = ("api", "health", "metrics", "openapi.json")

# The most characters of an invalid value that a problem quotes.
_SHOWN = 60


class ProblemJson(TypedDict):
    """One problem: what is wrong, where, and how to fix it."""

    message: str
    hint: NotRequired[str]
    field: NotRequired[str]
    file: NotRequired[str]
    line: NotRequired[int]


class MovedStory(TypedDict):
    """A story whose version is not the expected one."""

    story: str
    expected: int
    found: int


class _Particulars(TypedDict, total=False):
    """What only some kinds of errors have."""

    problems: list[ProblemJson]
    """Everything that is wrong, as the command line lists it."""
    complete: bool
    """False if there were too many problems to check the rest."""
    stories: list[MovedStory]
    """The stories that are not at the version in `If-Match`."""
    between: list[RecordBetween]
    """The records that another caller has appended; only the first of them, if there are many."""


class ProblemDetails(_Particulars):
    """What is wrong with a request, or with the service (RFC 9457)."""

    type: Literal["about:blank"]
    title: str
    status: Annotated[int, JsonSchema(minimum=400, maximum=599)]
    detail: str


class RefusedError(TimelineError):
    """A request that is refused for a reason specific to HTTP, such as a missing token.

    `problems` are the parts of the request that are the reason, if there are any.
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
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: Unpack[_Particulars],
) -> Response:
    """A response with problem details."""
    body: ProblemDetails = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    return Response(
        orjson.dumps(body) + b"\n",
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        MEDIA_TYPE,
    )


def problem_of(error: TimelineError) -> Response:
    """The response for an error."""
    status, headers = status_of(error)
    more: _Particulars = {}
    match error:
        case InputError():
            more = {"problems": _listed(error.problems), "complete": error.complete}
        case ConflictError():
            more = {
                "stories": [
                    {"story": each.story, "expected": each.expected, "found": each.found}
                    for each in error.stories
                ],
                "between": [cast("RecordBetween", each) for each in error.between],
            }
        case RefusedError() if error.problems:
            more = {"problems": _listed(error.problems)}
    return problem(status, str(error), headers, **more)


def status_of(error: TimelineError) -> tuple[int, dict[str, str]]:
    """The status of an error, and its headers."""
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
    """Whether a path is a page for people, not one for programs."""
    return path.removeprefix("/").partition("/")[0] not in FOR_PROGRAMS


def _listed(problems: Iterable[Problem]) -> list[ProblemJson]:
    return [cast("ProblemJson", each.as_json()) for each in problems]


def invalid_request(request: Request, error: RequestValidationError) -> InputError:
    """The problems that FastAPI found in the parameters or the body of a request."""
    return InputError([_validation_problem(request, each) for each in error.errors()])


def refuse_repeated(request: Request, given: BaseModel) -> None:
    """Check that parameters with a single value are not repeated.

    Raises:
        InputError: some are repeated; it lists all of them.
    """
    items = request.query_params.multi_items()
    if len(items) == len(request.query_params):
        return
    names = [name for name, _ in items]
    lists = {
        field.alias or name
        for name, field in type(given).model_fields.items()
        if isinstance(getattr(given, name), list)
    }
    problems = [
        Problem(f"is given {names.count(name)} times", "give it once", name)
        for name in dict.fromkeys(names)
        if names.count(name) > 1 and name not in lists
    ]
    if problems:
        raise InputError(problems)


def _validation_problem(request: Request, error: Mapping[str, Any]) -> Problem:
    where, *path = error["loc"]
    field = ".".join(map(str, path)) or None
    given, limits = error.get("input"), error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden" if where == "query":
            hint = did_you_mean(str(path[-1]), _parameters(request))
            return Problem("unknown parameter", hint, field)
        case "extra_forbidden":
            return Problem("unknown field", None, field)
        case "missing":
            return Problem("is missing", None, field)
        case "int_parsing" | "int_type" | "int_from_float":
            return Problem(f"{_shown(given)} is not a whole number", "such as 12", field)
        case "int_parsing_size" | "less_than_equal":
            most = f"at most {limits['le']}" if "le" in limits else None
            return Problem(f"{_shown(given)} is too large", most, field)
        case "greater_than_equal":
            return Problem(f"{_shown(given)} is too small", f"at least {limits['ge']}", field)
        case "literal_error":
            known = re.findall("'([^']*)'", str(limits["expected"]))
            return Problem(f"{_shown(given)} is not known", did_you_mean(str(given), known), field)
        case "string_too_long":
            return Problem(f"is longer than {limits['max_length']} characters", None, field)
        case "too_long":
            return Problem(f"is given more than {limits['max_length']} times", None, field)
        case "json_invalid":
            return Problem(f"the body is not JSON: {limits.get('error', 'it ends too early')}")
        case _:
            return Problem(str(error["msg"]).removeprefix("Value error, "), None, field)


def _shown(given: object) -> str:
    """A value as problems show it."""
    text = given if isinstance(given, str) else str(given)
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _parameters(request: Request) -> Sequence[str]:
    """The names of the query parameters of the route."""
    route = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    return list(_names(dependant.query_params)) if dependant is not None else []


def _names(fields: Sequence[Any]) -> Iterator[str]:
    for field in fields:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (each.alias or name for name, each in kind.model_fields.items())
        else:
            yield field.alias
