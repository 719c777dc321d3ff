"""Records, as they were recorded, and one of them with its lineage."""

from __future__ import annotations

from typing import Literal, NotRequired

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from timeline.web.schemas.common import (
    STRICT,
    Basis,
    Bounds,
    Citation,
    Digest,
    Dissent,
    Ids,
    Instant,
    Link,
    Nothing,
    Number,
    Position,
    Standing,
    Version,
)

# A type has fields of its own, and a newsroom types of its own.
OPEN = ConfigDict(extra="allow", use_attribute_docstrings=True)


@with_config(OPEN)
class Content(TypedDict):
    """What all records have, and the fields of their type: `timeline schema` lists them."""

    id: str
    story: str
    type: str
    when: NotRequired[str]
    after: NotRequired[list[Link]]
    before: NotRequired[list[Link]]
    zone: NotRequired[str]
    headline: NotRequired[str]
    body: NotRequired[str]
    sources: NotRequired[list[Citation]]
    tags: NotRequired[list[str]]
    qualifiers: NotRequired[dict[str, str]]
    recorded_by: NotRequired[str]


@with_config(OPEN)
class Record(Content):
    """One line of the log, with its place and its time; `timeline import` takes it back."""

    position: Position
    recorded_at: Instant


@with_config(STRICT)
class Log(TypedDict):
    """Records, in the order in which they were recorded."""

    records: list[Record]


@with_config(STRICT)
class Reads(TypedDict):
    """How an event reads with its corrections."""

    content: Content
    zone: str
    headline: str
    bounds: Bounds
    happened: Literal["certain", "possible", "not yet"]
    sources: Number


@with_config(STRICT)
class Lineage(Basis):
    """A record as it was recorded, amended, and now reads; null for what amendments have not."""

    projection: Literal["lineage"]
    version: Version
    id: str
    headline: str
    record: Record
    amends: Ids
    stands: bool | None
    standing: Standing | None
    decided_against: Dissent | None
    reads: Reads | None
    amendments: list[Record]
    findings: Nothing
    digest: Digest
