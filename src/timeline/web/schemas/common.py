"""What many answers have in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

STRICT = ConfigDict(extra="forbid", use_attribute_docstrings=True)

Instant = Annotated[
    str,
    Field(
        pattern=r"^[+-]?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$",
        description="An instant in UTC, to the microsecond (RFC 3339).",
        examples=["2026-03-03T16:11:00.000000Z"],
    ),
]
Bounds = Annotated[
    list[Instant | None],
    Field(
        min_length=2,
        max_length=2,
        description="`[earliest, latest)`; null is a side that is open, or not known.",
    ),
]
Digest = Annotated[
    str,
    Field(
        pattern="^sha256:[0-9a-f]{64}$",
        description="SHA-256 over the RFC 8785 form of the rest of the answer.",
    ),
]
Position = Annotated[int, Field(ge=1, description="A place in the log.")]
Cut = Annotated[int, Field(ge=0, description="The position at which the log was cut.")]
Number = Annotated[int, Field(ge=0)]
Value = str | int | float
Certainty = Literal["certain", "possible"]
Standing = Literal["reported", "confirmed", "disputed"]
Version = Literal[1]
Nothing = Annotated[list[Any], Field(max_length=0, description="Always empty.")]
Ids = Annotated[list[str], Field(description="Ids of records.")]


@with_config(STRICT)
class Basis(TypedDict):
    """The two times by which it was asked."""

    as_of: str
    """The question, as EDTF: what happened before its upper bound has happened."""
    as_known: Cut
    recorded_at: Instant | None
    """When the last record of that cut was recorded."""


@with_config(STRICT)
class Link(TypedDict):
    """The place of an event beside another."""

    id: str
    within: NotRequired[str]
    """An ISO 8601 duration."""


@with_config(STRICT)
class Citation(TypedDict):
    """One source: where it is, what it says, when it was published."""

    url: NotRequired[str]
    title: NotRequired[str]
    publisher: NotRequired[str]
    published: NotRequired[str]
    quote: NotRequired[str]
    locator: NotRequired[str]
    via: NotRequired[str]
    attribution: NotRequired[str]


@with_config(STRICT)
class Dated(TypedDict):
    """What an event says of when it happened."""

    when: NotRequired[str]
    after: NotRequired[list[Link]]
    before: NotRequired[list[Link]]


@with_config(STRICT)
class Account(Dated):
    """What one account says, and when it happened by it."""

    id: str
    headline: str
    zone: str
    publishers: list[str]


@with_config(STRICT)
class Decision(TypedDict):
    """By whom an account was decided against, when, and why."""

    resolution: str
    chosen: str
    resolved_by: str | None
    resolved_at: Instant
    reason: str


@with_config(STRICT)
class Dissent(Account, Decision):
    """An account that was decided against."""


@with_config(STRICT)
class Accounts(TypedDict):
    """Other accounts of what something rests on, where there are any."""

    rivals: NotRequired[list[Account]]
    dissent: NotRequired[list[Dissent]]


@with_config(STRICT)
class DatedAccount(Dated):
    """One of the events whose dates contradict one another."""

    id: str
    headline: str
    sources: list[Citation]


@with_config(STRICT)
class Contradiction(TypedDict):
    """Dates that cannot all be so: the smallest set of records that clash."""

    kind: Literal["contradictory-dates"]
    message: str
    records: Ids
    settle: str
    """The command that would settle it."""
    accounts: list[DatedAccount]
