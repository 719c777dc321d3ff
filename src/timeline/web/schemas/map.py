"""The map of an entity: all its snapshots in one answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict

from timeline.web.schemas.common import STRICT, Certainty, Cut, Digest, Instant, Standing, Version
from timeline.web.schemas.statements import Comment, Question, Statement

Stretch = Annotated[list[int | None], Field(min_length=2, max_length=2)]


@with_config(STRICT)
class Area(TypedDict):
    """Where something is so: by which cuts of the log, and at which valid times."""

    known: Annotated[
        Stretch, Field(description="From a position to before another; null is for good.")
    ]
    valid: Annotated[
        list[Instant | None],
        Field(
            min_length=2,
            max_length=2,
            description="`as_of` from an instant to before another; null is without an end.",
        ),
    ]


@with_config(STRICT)
class HeldArea(Area):
    """Where a statement holds, and how."""

    certainty: Certainty
    standing: Standing


@with_config(STRICT)
class Mapped(Statement):
    """A statement, and everywhere it holds."""

    areas: list[HeldArea]


@with_config(STRICT)
class MappedComment(Comment):
    """A comment, and everywhere it is listed."""

    areas: list[Area]


@with_config(STRICT)
class MappedQuestion(Question):
    """A question, and everywhere it is open."""

    areas: list[Area]


@with_config(STRICT)
class Map(TypedDict):
    """The state of an entity at all times, as ever known."""

    projection: Literal["map"]
    version: Version
    entity: str
    slugs: list[str]
    """All that ever meant it."""
    as_known: Cut
    recorded_at: Instant | None
    complete: bool
    """Whether it reaches back to the beginning of the log."""
    first: Annotated[Cut, Field(alias="from")]
    """From which cut of the log on; 0 if it is complete."""
    known: list[tuple[int, Instant]]
    """Where anything about it changed: positions, and when each was recorded."""
    statements: list[Mapped]
    comments: list[MappedComment]
    questions: list[MappedQuestion]
    digest: Digest
