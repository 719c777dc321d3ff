"""One record with its amendments, and how it reads now."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from typing_extensions import TypedDict

from timeline import temporal
from timeline.errors import NotFoundError
from timeline.history.event import Event, Standing
from timeline.projections.accounts import (
    CitationJson,
    DissentJson,
    LinkJson,
    dissent_json,
    independent_sources,
)
from timeline.projections.answer import (
    Basis,
    BasisJson,
    Count,
    NoFindings,
    Position,
    RecordIds,
    SchemaOf,
    Sealed,
    TimeRange,
    Timestamp,
    sealed,
    timestamps,
)
from timeline.projections.question import AsKnown, AsOf, Param, Question
from timeline.records.record import Content, Record, headline

if TYPE_CHECKING:
    from timeline.projections.room import Room


class ContentJson(TypedDict):
    """What all records have, and the fields of their type: `timeline schema` lists them."""

    id: str
    story: str
    type: str
    when: NotRequired[str]
    after: NotRequired[list[LinkJson]]
    before: NotRequired[list[LinkJson]]
    during: NotRequired[list[LinkJson]]
    zone: NotRequired[str]
    headline: NotRequired[str]
    body: NotRequired[str]
    sources: NotRequired[list[CitationJson]]
    tags: NotRequired[list[str]]
    qualifiers: NotRequired[dict[str, str]]
    recorded_by: NotRequired[str]


class RecordJson(ContentJson):
    """One line of the log, with its position and its time; `timeline import` accepts it."""

    position: Position
    recorded_at: Timestamp


# What a record holds depends on its type, and a newsroom has types of its own.
AnyContent = Annotated[Content, SchemaOf(ContentJson)]
AnyRecord = Annotated[Content, SchemaOf(RecordJson)]


class ReadsJson(TypedDict):
    """How an event reads with its corrections."""

    content: AnyContent
    zone: str
    headline: str
    bounds: TimeRange
    happened: Literal["certain", "possible", "not yet"]
    sources: Count


class ShowAnswer(BasisJson, Sealed):
    """A record as it was recorded, amended, and now reads; null for what amendments lack."""

    projection: Literal["lineage"]
    id: str
    headline: str
    record: AnyRecord
    amends: RecordIds
    stands: bool | None
    standing: Standing | None
    decided_against: DissentJson | None
    agrees_with: RecordIds
    """The accounts that tell the same; of an account that is told by another, that one."""
    rivals: RecordIds
    """The accounts that tell otherwise, while none of them is chosen; one of each kind."""
    reads: ReadsJson | None
    amendments: list[AnyRecord]
    findings: NoFindings


@dataclass(frozen=True)
class Show(Question[ShowAnswer]):
    """A record with its lineage: as it was recorded, how it was amended, and how it reads now."""

    id: Annotated[
        str,
        Param("The id of a record.", kind="path", examples=("qwen-image-report-published",)),
    ]
    _: KW_ONLY
    as_of: AsOf = None
    as_known: AsKnown = None

    def answer(self, room: Room) -> ShowAnswer:
        basis = room.basis(self.as_of, self.as_known)
        record = room.record(self.id)
        if record.position > basis.as_known:
            raise NotFoundError(
                f"{self.id!r} is at position {record.position}, not yet known at {basis.as_known}"
            )
        event = None if record.is_amendment else room.reads(record, basis)
        return lineage(record, event, basis)


def reads_of(answer: ShowAnswer) -> ReadsJson:
    """How an event reads, of which the answer of `show` is known to be about one."""
    reads = answer["reads"]
    assert reads is not None
    return reads


def record_json(record: Record) -> Content:
    """A record with its position and its time, as `timeline import` accepts it."""
    recorded_at = temporal.format_instant(record.recorded_at)
    return {"position": record.position, **record.content, "recorded_at": recorded_at}


def lineage(record: Record, event: Event | None, basis: Basis) -> ShowAnswer:
    """A record; that of an `event` also with its amendments and how it reads now."""
    amendments = event.amendments if event else ()
    answer: ShowAnswer = {
        "projection": "lineage",
        "version": 1,
        "id": record.id,
        **basis.as_json(),
        "headline": headline(record.type, record.content),
        "record": record_json(record),
        "amends": list(record.amends),
        "stands": event.stands if event else None,
        "standing": event.standing if event else None,
        "decided_against": dissent_json(event) if event and event.dissent else None,
        "agrees_with": _agreeing(event) if event else [],
        "rivals": list(event.rivals) if event else [],
        "reads": _reading(event, basis) if event else None,
        "amendments": [record_json(each) for each in amendments],
        "findings": [],
        "digest": "",
    }
    return sealed(answer)


def _agreeing(event: Event) -> list[str]:
    if event.told_by is not None:
        return [event.told_by]
    return [each.id for each in event.agreeing]


def _reading(event: Event, basis: Basis) -> ReadsJson:
    """How an event reads with its corrections, and whether it has happened."""
    when = event.occurred
    happened: Literal["certain", "possible", "not yet"] = (
        "certain"
        if when.surely_before(basis.at)
        else "possible"
        if when.maybe_before(basis.at)
        else "not yet"
    )
    return {
        "content": event.content,
        "zone": event.zone,
        "headline": event.headline,
        "bounds": timestamps(when.earliest, when.latest),
        "happened": happened,
        "sources": independent_sources([event]),
    }
