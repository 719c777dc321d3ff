"""What changed: between two points of either clock, and record by record."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from timeline.web.schemas.common import (
    STRICT,
    Basis,
    Bounds,
    Digest,
    Ids,
    Instant,
    Nothing,
    Position,
    Version,
)
from timeline.web.schemas.statements import Comment, Held, Holding, Question, Statement


@with_config(STRICT)
class Change(Statement):
    """A statement that holds otherwise at the end; null where it does not hold."""

    before: Held | None
    after: Held | None
    records: Ids


@with_config(STRICT)
class CommentChange(TypedDict):
    """A comment that is listed otherwise at the end."""

    id: str
    before: Comment | None
    after: Comment | None
    records: Ids


@with_config(STRICT)
class QuestionChange(TypedDict):
    """A question that is listed otherwise at the end."""

    id: str
    before: Question | None
    after: Question | None
    records: Ids


@with_config(STRICT)
class FieldChange(TypedDict):
    """A field that readers saw, and how it reads now."""

    field: str
    old: Any
    new: Any


@with_config(STRICT)
class Notice(TypedDict):
    """A correction notice, ready to print."""

    id: str
    date: Instant
    old: str
    new: str | None
    fields: list[FieldChange]
    reasons: list[str]
    records: Ids
    by: list[str]
    text: str


@with_config(STRICT)
class Difference(TypedDict):
    """What changed between two points, by which records, and what there is to correct."""

    projection: Literal["diff"]
    version: Version
    entity: str | None
    story: str | None
    first: Annotated[Basis, Field(alias="from")]
    to: Basis
    changes: list[Change]
    comments: list[CommentChange]
    questions: list[QuestionChange]
    notices: list[Notice]
    findings: Nothing
    digest: Digest


@with_config(STRICT)
class Moved(Statement):
    """A statement whose state a record changed; null where it does not hold."""

    before: Holding | None
    after: Holding | None


@with_config(STRICT)
class CommentMoved(TypedDict):
    """A comment that a record put on the list, changed, or took off."""

    listing: Literal["comment"]
    before: Comment | None
    after: Comment | None


@with_config(STRICT)
class QuestionMoved(TypedDict):
    """A question that a record opened, changed, or closed."""

    listing: Literal["question"]
    before: Question | None
    after: Question | None


@with_config(STRICT)
class Step(TypedDict):
    """One record of the audit, and what it changed in the state."""

    position: Position
    recorded_at: Instant
    recorded_by: str | None
    id: str
    story: str
    type: str
    amends: Ids
    when: str | None
    zone: str | None
    headline: str
    changes: list[Moved | CommentMoved | QuestionMoved]


@with_config(STRICT)
class Replay(Basis):
    """The audit: each record, who recorded it, when, and what it changed in the state."""

    projection: Literal["replay"]
    version: Version
    story: str | None
    entity: str | None
    by: NotRequired[str]
    types: NotRequired[list[str]]
    recorded: NotRequired[Bounds]
    first: Annotated[Position, Field(alias="from")]
    steps: list[Step]
    findings: Nothing
    digest: Digest
