"""The corrections log: what our page said, what it says now, why, who corrected it and when.

It follows from the log alone: a publication names a position, so its page showed what stood there.
What was never published needs no correction, and is not listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from timeline.history.entity_resolution import Resolver
from timeline.history.event import Event
from timeline.history.history import Change, History
from timeline.projections.correction_notices import NoticeJson, notices, what_was_wrong
from timeline.publishing.entries import EventLine, line_of
from timeline.records.record import Record

# The names of the amendments of an event, in print.
AMENDMENTS = {
    "correction": "Correction",
    "retraction": "Retraction",
    "restoration": "Restoration",
    "confirmation": "Confirmation",
    "dispute": "Dispute",
    "conflict": "Rival accounts",
    "resolution": "Decision between accounts",
}

# The names of amendments in the corrections log.
TITLES = {
    **AMENDMENTS,
    "dispute": "Clarification",
    "conflict": "Clarification",
    "not-same-entity": "Correction",
}


class CorrectedEvent(NamedTuple):
    """The effect of an amendment on one event that a page had shown.

    `said` is what the last publication before the amendment showed, `now` what today's page says,
    None if it says nothing; `position` is that of the event `now` is about: the chosen one, if
    this one was decided against. `wrong` says in sentences what was wrong.
    """

    position: int
    said: EventLine
    now: EventLine | None
    wrong: tuple[str, ...]
    publications: tuple[str, ...]


class Correction(NamedTuple):
    """An amendment, and the published events it corrected."""

    record: Record
    title: str
    cases: tuple[CorrectedEvent, ...]

    @property
    def reason(self) -> str | None:
        return self.record.content.get("reason")

    @property
    def severity(self) -> str | None:
        return self.record.content.get("severity")


class PastPublication(NamedTuple):
    """A publication, and notices of everything now known to be wrong in it."""

    record: Record
    notices: tuple[NoticeJson, ...]

    @property
    def name(self) -> str:
        return str(self.record.content["name"])


class Corrections(NamedTuple):
    """All corrections, the newest first, and the publications, the newest first."""

    log: tuple[Correction, ...] = ()
    publications: tuple[PastPublication, ...] = ()


class _Seen(NamedTuple):
    """An event as last published, and the publications that showed it."""

    event: Event
    names: Resolver
    publications: tuple[str, ...]


def corrections(
    records: Iterable[Record], now: History, separations: Sequence[Record], story: str
) -> Corrections:
    """The corrections of what a story published.

    `records` are the log, `now` is what stands at its end, and `separations` are its records of
    type `not-same-entity`.
    """
    history = History()
    seen: dict[str, _Seen] = {}
    log: list[Correction] = []
    published: list[PastPublication] = []
    for record in records:
        changes = history.apply(record)
        if record.type.name == "publication" and record.story == story:
            published.append(_published(record, history, now, separations))
            _see(record, history, seen)
        elif seen and record.type.name in TITLES:
            cases = [_case(each, record, history, now, seen) for each in changes]
            if found := tuple(each for each in cases if each is not None):
                log.append(Correction(record, TITLES[record.type.name], found))
    return Corrections(tuple(reversed(log)), tuple(reversed(published)))


def _shows(publication: Record, event: Event) -> bool:
    """Whether a publication shows a standing event: its story's, and may have happened by then."""
    own = event.record.story == publication.story
    return own and event.occurred.maybe_before(publication.recorded_at)


def _published(
    publication: Record, history: History, now: History, separations: Sequence[Record]
) -> PastPublication:
    later = [each for each in separations if each.position > publication.position]
    found = notices(history, now, later, lambda before, _: _shows(publication, before))
    newest = sorted(found, key=lambda notice: str(notice["date"]), reverse=True)
    return PastPublication(publication, tuple(newest))


def _see(publication: Record, history: History, seen: dict[str, _Seen]) -> None:
    names = history.names.copy()
    name = str(publication.content["name"])
    for event in history.standing():
        if _shows(publication, event):
            before = seen[event.id].publications if event.id in seen else ()
            seen[event.id] = _Seen(event, names, (*before, name))


def _case(
    change: Change, amendment: Record, history: History, now: History, seen: dict[str, _Seen]
) -> CorrectedEvent | None:
    """How an amendment corrected a published event; None if it was not published or not changed."""
    if change.before is None or change.after.id not in seen:
        return None
    wrong = _wrong(change.before, change.after, amendment, history)
    if not wrong:
        return None
    shown = seen[change.after.id]
    reads = now[change.after.id]
    if reads.stands and reads.dissent is not None:
        reads = now[reads.dissent.content["chosen"]]
    return CorrectedEvent(
        reads.position,
        line_of(shown.event, shown.names),
        line_of(reads, now.names) if reads.counts else None,
        tuple(wrong),
        shown.publications,
    )


def _wrong(before: Event, after: Event, amendment: Record, history: History) -> list[str]:
    """What was wrong according to an amendment, in sentences."""
    if after.stands and not before.stands:
        return ["We had retracted that report; it stands again."]
    if not before.stands:
        return []
    if before.dissent is not None:
        counts = after.stands and after.dissent is None
        return ["We had decided against that account; it counts again."] if counts else []
    said = what_was_wrong(before, after, [amendment], history).said
    if not said and before.content.get("sources") != after.content.get("sources"):
        return ["The sources of that report have been corrected."]
    return said
