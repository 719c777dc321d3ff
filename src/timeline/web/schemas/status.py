"""Entities, dates, and the health of the newsroom."""

from __future__ import annotations

from typing import Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from timeline.web.schemas.common import (
    STRICT,
    Bounds,
    Cut,
    Digest,
    Ids,
    Instant,
    Nothing,
    Number,
    Position,
    Version,
)


@with_config(STRICT)
class Entity(TypedDict):
    """Somebody or something that the records name."""

    slug: str
    other_slugs: list[str]
    names: list[str]
    kind: Literal["person", "organisation", "product", "place"] | None
    events: Number
    first: Position | None
    """The position of the first event that names it."""
    last: Position | None
    merged_by: Ids
    match: NotRequired[Literal["slug", "name", "part", "close"]]
    """How it fits what was asked for."""
    matched: NotRequired[str]


@with_config(STRICT)
class Entities(TypedDict):
    """Who and what the records name: all entities, or those that a name may mean."""

    projection: Literal["entities"]
    version: Version
    query: str | None
    kind: str | None
    as_known: Cut
    recorded_at: Instant | None
    entities: list[Entity]
    findings: Nothing
    digest: Digest


@with_config(STRICT)
class When(TypedDict):
    """How a date is read."""

    edtf: str
    zone: str
    precision: str
    qualifiers: list[Literal["uncertain", "approximate"]]
    strict: Bounds
    """The bounds without the qualifiers."""
    bounds: Bounds


@with_config(STRICT)
class Projection(TypedDict):
    """How far what is derived is behind the log."""

    projection: str
    version: int
    checkpoint: Number | None
    lag: Number
    problem: str | None


@with_config(STRICT)
class Status(TypedDict):
    """The newsroom's health."""

    newsroom: str
    zone: str
    head: Number
    recorded_at: Instant | None
    stories: dict[str, Number]
    """How many records each story has."""
    log: str
    bytes: Number
    projections: list[Projection]
    timeline: str
    """The version of the software; beside it, that of the store."""
    sqlite: NotRequired[str]
    postgresql: NotRequired[str]


@with_config(STRICT)
class Fault(TypedDict):
    """A record that would not pass the door once more."""

    position: Number
    message: str


@with_config(STRICT)
class Verified(TypedDict):
    """Whether every record would pass the door once more."""

    head: Number
    findings: list[Fault]


@with_config(STRICT)
class Health(TypedDict):
    """Whether the log can be read."""

    status: Literal["ok", "failing"]
    head: Number
