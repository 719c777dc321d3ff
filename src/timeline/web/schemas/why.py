"""Why a statement holds, or holds no longer."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from timeline.web.schemas.common import (
    STRICT,
    Basis,
    Bounds,
    Citation,
    Contradiction,
    Decision,
    Digest,
    Dissent,
    Ids,
    Instant,
    Link,
    Number,
    Position,
    Standing,
    Version,
)
from timeline.web.schemas.statements import Held, Statement


@with_config(STRICT)
class Act(TypedDict):
    """Who recorded something, and when."""

    recorded_by: str | None
    recorded_at: Instant


@with_config(STRICT)
class Reading(Act):
    """An event as it reads now."""

    id: str
    position: Position
    type: str
    headline: str
    when: str | None
    zone: str
    bounds: Bounds
    standing: Standing
    sources: list[Citation]


@with_config(STRICT)
class Overruled(Reading, Decision):
    """An account over which this one was chosen."""

    after: NotRequired[list[Link]]
    before: NotRequired[list[Link]]
    publishers: list[str]


@with_config(STRICT)
class Placed(Link):
    """What is said of an event's place beside another, and by which of the two."""

    relation: Literal["after", "before"]
    by: NotRequired[str]


class Changed(TypedDict):
    old: Any
    new: Any


Changed.__doc__ = "What a field was, and what it became; null where there is none."


@with_config(STRICT)
class Amendment(Act):
    """An amendment that names an event, and what it changed."""

    id: str
    type: str
    position: Position
    reason: str | None
    changes: NotRequired[dict[str, Changed]]
    between: NotRequired[Ids]
    chosen: NotRequired[str]
    over: NotRequired[Ids]
    sources: NotRequired[list[Citation]]


@with_config(STRICT)
class Told(Reading):
    """An event behind a statement, and all that made it read so."""

    order: list[Placed]
    amendments: list[Amendment]
    rivals: list[Reading]
    dissent: list[Overruled]
    decided_against: NotRequired[Dissent]
    """There on what does not count, since another was chosen."""


@with_config(STRICT)
class HeldWhy(Held):
    """A statement that holds, with what began it and what may have ended it, or will."""

    explanation: str
    begun_by: list[Told]
    may_have_ended_it: NotRequired[list[Told]]
    will_end_it: NotRequired[list[Told]]
    not_counted: NotRequired[list[Told]]


@with_config(STRICT)
class Ended(Statement):
    """A statement that surely holds no longer."""

    until: Bounds | None
    explanation: str
    begun_by: list[Told]
    ended_by: list[Told]
    not_counted: NotRequired[list[Told]]


@with_config(STRICT)
class NotCounted(Statement):
    """A statement that only what is retracted, or decided against, would begin."""

    explanation: str
    begun_by: list[Told]


@with_config(STRICT)
class Merge(Act):
    """The amendment by which several slugs mean one entity."""

    id: str
    position: Position
    entities: list[str]
    name: Annotated[str, Field(alias="as")]
    reason: str


@with_config(STRICT)
class SameAs(TypedDict):
    """An entity that goes by several slugs."""

    entity: str
    slugs: list[str]
    because: list[Merge]


@with_config(STRICT)
class Why(Basis):
    """The records behind each statement about an entity, or behind those of a property."""

    projection: Literal["why"]
    version: Version
    entity: str
    property: str | None
    same_as: list[SameAs]
    statements: list[HeldWhy]
    ended: list[Ended]
    ended_left_out: Number
    not_counted: list[NotCounted]
    findings: list[Contradiction]
    digest: Digest
