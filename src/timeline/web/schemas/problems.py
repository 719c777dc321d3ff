"""Problem details (RFC 9457)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from timeline.web.schemas.appending import STRICT


@with_config(STRICT)
class OneProblem(TypedDict):
    """One thing that is wrong, where, and what would be right."""

    message: str
    hint: NotRequired[str]
    field: NotRequired[str]
    file: NotRequired[str]
    line: NotRequired[int]


@with_config(STRICT)
class ProblemDetails(TypedDict):
    """What is wrong with a request, or with the service."""

    type: Literal["about:blank"]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    problems: NotRequired[list[OneProblem]]
    """All that is wrong, as the command line lists it."""
    complete: NotRequired[bool]
    """False where there were so many that the rest was not looked at."""
    between: NotRequired[list[dict[str, Any]]]
    """Who appended first, and what."""
