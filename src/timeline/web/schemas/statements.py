"""Statements, comments and questions; and the snapshot, which has all of them."""

from __future__ import annotations

from pydantic import with_config
from typing_extensions import TypedDict

from timeline.web.schemas.common import (
    STRICT,
    Accounts,
    Bounds,
    Certainty,
    Ids,
    Number,
    Standing,
    Value,
)


@with_config(STRICT)
class Statement(TypedDict):
    """Something that may hold: subject, property, value, and qualifiers."""

    subject: str
    property: str
    value: Value
    qualifiers: dict[str, str]


@with_config(STRICT)
class Holding(TypedDict):
    """How a statement holds."""

    certainty: Certainty
    standing: Standing
    since: Bounds | None
    until: Bounds | None


@with_config(STRICT)
class Held(Statement, Holding, Accounts):
    """A statement that holds, certainly or possibly, and the records behind it."""

    because: Ids
    sources: Number
    """How many independent ones."""


@with_config(STRICT)
class Comment(TypedDict):
    """What somebody said."""

    id: str
    speaker: str
    when: str | None
    quote: str | None
    standing: Standing


@with_config(STRICT)
class Question(TypedDict):
    """A question that may be open."""

    id: str
    question: str
    since: Bounds | None
