"""Whether the service is well."""

from __future__ import annotations

from typing import Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from timeline.projections.answer import Count
from timeline.web.schemas.appending import STRICT


@with_config(STRICT)
class Health(TypedDict):
    """Whether the log can be read and appended to."""

    status: Literal["ok", "failing"]
    head: Count
    problems: NotRequired[list[str]]
    """Why it cannot."""
