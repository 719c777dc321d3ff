"""What happened, in order."""

from __future__ import annotations

from typing import Literal, NotRequired

from pydantic import with_config

from timeline.web.schemas.common import (
    STRICT,
    Accounts,
    Basis,
    Bounds,
    Certainty,
    Contradiction,
    Digest,
    Dissent,
    Ids,
    Link,
    Number,
    Position,
    Standing,
    Version,
)


@with_config(STRICT)
class Event(Accounts):
    """One event that stands, and its place among the others."""

    id: str
    position: Position
    story: str
    type: str
    when: str | None
    zone: str
    after: NotRequired[list[Link]]
    before: NotRequired[list[Link]]
    bounds: Bounds
    ends: NotRequired[Bounds | None]
    """Within which bounds a spell ends."""
    certainty: Certainty
    order: Certainty
    """How firmly it stands behind the one before it."""
    group: Number
    """Neighbours that may have come in either order share one."""
    headline: str
    entities: list[str]
    tags: NotRequired[list[str]]
    standing: Standing
    amendments: Ids
    corrections: NotRequired[Ids]
    sources: Number
    decided_against: NotRequired[Dissent]


@with_config(STRICT)
class Chronology(Basis):
    """What happened in a story, or about an entity, in the order in which it happened."""

    projection: Literal["chronology"]
    version: Version
    story: str | None
    entity: str | None
    events: list[Event]
    findings: list[Contradiction]
    digest: Digest
