"""The findings: what is left to settle. What each has depends on its kind."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypeAliasType, TypedDict

from timeline.web.schemas.common import (
    STRICT,
    Basis,
    Bounds,
    Certainty,
    Citation,
    Contradiction,
    Digest,
    Ids,
    Number,
    Standing,
    Value,
    Version,
)
from timeline.web.schemas.statements import Statement


@with_config(STRICT)
class ToSettle(TypedDict):
    """What all findings have."""

    message: str
    records: Ids
    settle: str
    """The command that would settle it."""
    alternative: NotRequired[str]
    """Another that would, too."""


@with_config(STRICT)
class OneAccount(TypedDict):
    """An event in a finding: what it says, and on whose word."""

    id: str
    headline: str
    when: str | None
    standing: Standing
    recorded_by: str | None
    sources: Number


@with_config(STRICT)
class PublishedAccount(OneAccount):
    """The same, with who published it."""

    publishers: list[str]


@with_config(STRICT)
class Reason(TypedDict):
    """What somebody gave as a reason."""

    id: str
    recorded_by: str | None
    reason: str | None


@with_config(STRICT)
class ChosenRetracted(ToSettle):
    """The account that was chosen is retracted, so that none is left."""

    kind: Literal["chosen-retracted"]
    accounts: list[OneAccount]


@with_config(STRICT)
class LostOrder(ToSettle):
    """It had a place in time only beside what counts no more."""

    kind: Literal["lost-order"]
    account: OneAccount


@with_config(STRICT)
class StillOne(ToSettle):
    """Entities that were told apart, and that others hold together."""

    kind: Literal["still-one"]
    story: str
    entities: list[str]


@with_config(STRICT)
class UnresolvedConflict(ToSettle):
    """Rival accounts, none of which was chosen."""

    kind: Literal["unresolved-conflict"]
    accounts: list[OneAccount]
    reasons: list[Reason]


@with_config(STRICT)
class OneValue(TypedDict):
    """One of the values that something may have, and who says so."""

    value: Value
    accounts: list[PublishedAccount]


@with_config(STRICT)
class UndecidedValue(ToSettle):
    """Values of which only one can be so, and nothing says which."""

    kind: Literal["undecided-value"]
    subject: str
    property: str
    values: list[OneValue]


@with_config(STRICT)
class Disputed(ToSettle):
    """Something is disputed, and nothing has come of it."""

    kind: Literal["disputed"]
    account: OneAccount
    reasons: list[Reason]


@with_config(STRICT)
class MemberOfDissolved(ToSettle):
    """A statement holds of an organisation that was dissolved."""

    kind: Literal["member-of-dissolved"]
    statement: Statement
    account: OneAccount


@with_config(STRICT)
class DepartureWithoutArrival(ToSettle):
    """An end of which nobody has recorded the beginning."""

    kind: Literal["departure-without-arrival"]
    statement: Statement
    account: OneAccount


@with_config(STRICT)
class Unsourced(ToSettle):
    """Citations that only name somebody."""

    kind: Literal["unsourced"]
    sources: list[Citation]


@with_config(STRICT)
class CorrectedOften(ToSettle):
    """Corrected again and again, and not confirmed since."""

    kind: Literal["corrected-often"]
    account: OneAccount
    reasons: list[Reason]


@with_config(STRICT)
class StaleQuestion(ToSettle):
    """A question that has been open for long."""

    kind: Literal["stale-question"]
    question: str
    since: Bounds | None


@with_config(STRICT)
class LongSilence(ToSettle):
    """A stretch of a story in which nothing is recorded."""

    kind: Literal["long-silence"]
    story: str
    silence: Bounds | None


@with_config(STRICT)
class SingleSource(ToSettle):
    """A statement that only one source has told of."""

    kind: Literal["single-source"]
    statement: Statement
    certainty: Certainty
    source: str


Finding = TypeAliasType(
    "Finding",
    Annotated[
        Contradiction
        | ChosenRetracted
        | LostOrder
        | StillOne
        | UnresolvedConflict
        | UndecidedValue
        | Disputed
        | MemberOfDissolved
        | DepartureWithoutArrival
        | Unsourced
        | CorrectedOften
        | StaleQuestion
        | LongSilence
        | SingleSource,
        Field(discriminator="kind"),
    ],
)


@with_config(STRICT)
class Check(Basis):
    """What is left to settle, the gravest first."""

    projection: Literal["check"]
    version: Version
    story: str | None
    entity: str | None
    only: list[str]
    stale_after: str
    silence: str
    counts: dict[str, Number]
    findings: list[Finding]
    digest: Digest
