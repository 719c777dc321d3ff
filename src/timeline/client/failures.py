"""What a service says is wrong, as the errors that the package raises itself."""

from __future__ import annotations

from typing import Any

import httpx2

from timeline.client.address import TOKEN, TOKEN_FILE
from timeline.errors import (
    ConflictError,
    InputError,
    Moved,
    NotFoundError,
    Problem,
    StoreError,
    TimelineError,
    UnreachableError,
)

# What may be otherwise in a moment: too many requests, or a service that is busy or starts.
PASSING = (429, 502, 503, 504)

_LONGEST = 200


def failure(response: httpx2.Response) -> TimelineError:
    """The error that a response tells of (RFC 9457); it has been read."""
    status, said = response.status_code, _problem(response)
    detail = str(said.get("detail") or f"{status} {response.reason_phrase}")
    if response.is_redirect:
        place = response.headers.get("location", "elsewhere")
        return InputError(f"the service has moved to {place[:_LONGEST]}", "name that address")
    if status == 401:
        return InputError(detail, f"{TOKEN}, or {TOKEN_FILE}, tells the token")
    if status in PASSING:
        return UnreachableError(detail)
    if status == 409 and "stories" in said:
        return _conflict(detail, said)
    if status >= 500:
        return StoreError(detail)
    problems = [_read(each) for each in said.get("problems", ()) if isinstance(each, dict)]
    if not said:
        return InputError(f"{response.url} answers {detail}", "is it the address of a service?")
    if not problems:
        return InputError(detail)
    wrong = NotFoundError if status == 404 else InputError
    return wrong(problems, complete=bool(said.get("complete", True)))


def lost(url: str, error: httpx2.TransportError) -> UnreachableError:
    """The error of a service that did not answer."""
    return UnreachableError(f"{url} does not answer: {error or type(error).__name__}")


def _conflict(detail: str, said: dict[str, Any]) -> ConflictError:
    stories = [Moved(each["story"], each["expected"], each["found"]) for each in said["stories"]]
    return ConflictError(detail, stories, said["between"])


def _read(said: dict[str, Any]) -> Problem:
    return Problem(
        str(said.get("message", "")),
        said.get("hint"),
        said.get("field"),
        said.get("file"),
        said.get("line"),
    )


def _problem(response: httpx2.Response) -> dict[str, Any]:
    """The problem details, if that is what came."""
    try:
        said = response.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
