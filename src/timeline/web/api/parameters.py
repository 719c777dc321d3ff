"""What a question may be asked with: the options of the commands, as parameters of a URL."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from timeline.projections.check import KINDS
from timeline.web.url_paths import whole

# So many records or steps are in one part of a list, unless fewer are asked for.
PART = 1000

Text = Annotated[str, Field(max_length=500)]
Entity = Annotated[
    str,
    Path(
        description="An entity: its slug, or a name that it goes by.",
        min_length=1,
        max_length=500,
        examples=["qwen-team"],
    ),
    AfterValidator(whole),
]
Story = Annotated[
    str,
    Path(description="A story: its slug.", min_length=1, max_length=500, examples=["qwen"]),
    AfterValidator(whole),
]
Property = Annotated[
    str,
    Path(description="A property.", min_length=1, max_length=500, examples=["member-of"]),
    AfterValidator(whole),
]
RecordId = Annotated[
    str,
    Path(
        description="The id of a record.",
        min_length=1,
        max_length=600,
        examples=["qwen-image-report-published"],
    ),
    AfterValidator(whole),
]


class Format(BaseModel):
    """How the answer is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["json", "jsonl"] = Field(
        "json", description="One object, or what it lists, one a line."
    )
    at_least: int | None = Field(
        None,
        ge=0,
        le=10**15,
        description="Wait until the log has come to that position, for a replica that may be "
        "behind.",
    )


class Append(BaseModel):
    """How records are appended, and how the answer is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dry_run: bool = Field(False, description="Tell what would become of them; write nothing.")
    format: Literal["json", "jsonl"] = Field("json", description="One object, or a line a record.")


class Known(Format):
    """By which cut of the log it is asked."""

    as_known: Text | None = Field(
        None,
        description="As the log stood then: a position, an RFC 3339 instant, a day, or "
        "`publication:NAME`. Default: the head.",
        examples=["12", "2026-03-05T09:00:00Z", "publication:first-take"],
    )


class Times(Known):
    """The two times."""

    as_of: Text | None = Field(
        None,
        description="The state when that date has passed: EDTF, or words. Default: now. With "
        "`as_known` a position, too, the answer never changes, and is immutable to caches.",
        examples=["2026-03-04", "2026-03~"],
    )


class Snapshot(Times):
    depth: int = Field(
        1,
        ge=1,
        le=9,
        description="2 adds the statements about the entities found at depth 1, and so on.",
    )


class Scope(Times):
    story: Text | None = Field(None, description="Only what is about this story.")
    entity: Text | None = Field(None, description="Only what is about this entity.")


class Chronology(Times):
    entity: Text | None = Field(None, description="Only what is about this entity.")


class Difference(Format):
    as_known: Text | None = Field(
        None,
        description="From what was known at A to what was known at B, `A..B`: positions, "
        "instants, days, or `publication:NAME`.",
        examples=["3..12", "publication:first-take.."],
    )
    as_of: Text | None = Field(
        None,
        description="From the state at A to that at B, `A..B`; or one date for both.",
        examples=["2026-03-01..2026-03-05"],
    )
    story: Text | None = Field(None, description="Only what this story bears on.")


class Check(Scope):
    only: list[Literal[tuple(KINDS)]] = Field(  # type: ignore[valid-type]
        default_factory=list, description="Only findings of these kinds."
    )
    stale_after: Text | None = Field(
        None, description="How long a question may be open: P30D, or 30 days."
    )
    silence: Text | None = Field(None, description="How long a story may be silent.")


class Part(Scope):
    """A part of a list; the header `Link` says where it goes on."""

    first: int = Field(1, alias="from", ge=1, le=10**15, description="From this position.")
    limit: int = Field(PART, ge=1, le=10_000, description="At most so many.")


class Log(Part):
    type: Text | None = Field(None, description="Only records of this type.")


class Replay(Part):
    by: Text | None = Field(None, description="Only what that person recorded.")
    types: list[Text] = Field(
        default_factory=list, alias="type", description="Only these types.", max_length=100
    )
    since: Text | None = Field(None, description="Only what was recorded from then on.")
    until: Text | None = Field(None, description="Only what was recorded up to then.")


class Entities(Known):
    query: Text | None = Field(
        None, description="A slug or a name, or a part of one, in any script."
    )
    kind: Literal["person", "organisation", "product", "place"] | None = Field(
        None, description="Only entities of this kind."
    )


class When(Format):
    expression: str = Field(
        max_length=500, description="A date: EDTF, or words.", examples=["1984~", "last summer"]
    )
    zone: Text | None = Field(
        None, description="IANA zone of dates without an offset. Default: the newsroom's."
    )
