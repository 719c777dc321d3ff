"""The entries of a page: events in words, with their sources, amendments and rival accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from timeline import temporal
from timeline.history.entity_resolution import Resolver
from timeline.history.event import Event, amended
from timeline.history.history import History, as_recorded
from timeline.projections.accounts import CitationJson, citations_of, publishers_of
from timeline.projections.chronology import ChronologyEventJson
from timeline.projections.correction_notices import printed_headline, what_was_wrong
from timeline.records.record import LINKS, Record
from timeline.render.text import web_address
from timeline.render.wording import doubt, said_sources
from timeline.temporal.wording import said_date, said_duration

# Dates that HTML and JSON-LD accept as they are: exact and unqualified.
_EXACT = re.compile(
    r"(?!0000)\d{4}(-(0\d|1[0-2])(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?)?)?"
)


class EventLine(NamedTuple):
    """The headline and the date of an event, in words; `when` is empty if it has no date."""

    headline: str
    when: str

    def __str__(self) -> str:
        return f"{self.headline} ({self.when})" if self.when else self.headline


def line_of(event: Event, names: Resolver) -> EventLine:
    """An event in one line."""
    return EventLine(printed_headline(event, names), said_time(event))


def said_time(event: Event) -> str:
    """The date of an event in words; empty if it has none."""
    return said_date(event.when) if event.when else ""


class PageSource(NamedTuple):
    """A citation. `url` is None unless it may be a link."""

    name: str
    url: str | None
    about: str
    quote: str | None


class PageLink(NamedTuple):
    """An event that an entry came after or before; `relation` is in words, with any limit."""

    relation: str
    headline: str
    position: int


class PageAccount(NamedTuple):
    """Another account; `about` is who reported it, and the date it gives."""

    headline: str
    about: str
    position: int


class PageDecision(NamedTuple):
    """A decision between accounts: the others, and who decided, when and why."""

    accounts: tuple[PageAccount, ...]
    by: str | None
    at: int
    reason: str


class PageAmendment(NamedTuple):
    """One amendment; `wrong` says in sentences what was wrong."""

    type: str
    at: int
    by: str | None
    reason: str | None
    severity: str | None
    wrong: tuple[str, ...]


class PageEntry(NamedTuple):
    """An event. `when` is in words, empty if there is no date; `date` is exact, or None.

    `firm` is whether it certainly happened, and certainly after the entry before it.
    """

    listed: ChronologyEventJson
    event: Event
    headline: str
    when: str
    date: str | None
    links: tuple[PageLink, ...]
    firm: bool
    doubt: str
    sourced: str
    sources: tuple[PageSource, ...]
    rivals: tuple[PageAccount, ...]
    chosen_over: tuple[PageDecision, ...]
    decided_against: PageDecision | None
    amendments: tuple[PageAmendment, ...]

    @property
    def position(self) -> int:
        return self.event.position

    @property
    def group(self) -> int:
        return int(self.listed["group"])

    @property
    def standing(self) -> str:
        return self.event.standing

    @property
    def body(self) -> str:
        return str(self.event.content.get("body") or "")

    @property
    def updated(self) -> int:
        """When it was recorded, or last amended."""
        return max(each.recorded_at for each in (self._record, *self.event.amendments))

    @property
    def _record(self) -> Record:
        return self.event.record


def entry_of(listed: ChronologyEventJson, history: History) -> PageEntry:
    """The page entry of an entry of a chronology."""
    event = history[listed["id"]]
    against = event.dissent
    return PageEntry(
        listed=listed,
        event=event,
        headline=printed_headline(event, history.names),
        when=said_time(event),
        date=_exact_date(event),
        links=tuple(_links(event, history)),
        firm=listed["order"] == "certain" and listed["certainty"] == "certain",
        doubt=doubt(listed),
        sourced=said_sources(listed["sources"]),
        sources=tuple(_source(each) for each in citations_of(event)),
        rivals=tuple(_accounts((each["id"] for each in listed.get("rivals", ())), history)),
        chosen_over=tuple(_chosen_over(listed, history)),
        decided_against=_decision([against.content["chosen"]], against, history)
        if against
        else None,
        amendments=tuple(_amendments(event, history)),
    )


def _exact_date(event: Event) -> str | None:
    """The date as machines read it, if it is exact."""
    when = event.when
    if when is None or not _EXACT.fullmatch(when.edtf):
        return None
    return when.edtf


def _links(event: Event, history: History) -> Iterator[PageLink]:
    for side in LINKS:
        for link in event.content.get(side) or ():
            within = f" (within {said_duration(link['within'])})" if "within" in link else ""
            other = history.get(link["id"])
            if other is not None:
                headline = printed_headline(other, history.names)
                yield PageLink(f"{side}{within}", headline, other.position)


def _source(citation: CitationJson) -> PageSource:
    url = citation.get("url")
    name = citation.get("title") or citation.get("publisher") or url or ""
    about = [citation.get("publisher") if citation.get("title") else None]
    if published := citation.get("published"):
        about.append(said_date(temporal.read(published)).removesuffix(", UTC"))
    about += [f"via {citation['via']}" if citation.get("via") else None, citation.get("locator")]
    if attribution := citation.get("attribution"):
        about.append(f"attributed to {attribution}")
    address = web_address(url)
    about.append(url if url and address is None and name != url else None)
    return PageSource(name, address, "; ".join(filter(None, about)), citation.get("quote"))


def _accounts(ids: Iterable[str], history: History) -> Iterator[PageAccount]:
    for id in ids:
        other = history[id]
        about = [", ".join(publishers_of(other)), said_time(other)]
        headline = printed_headline(other, history.names)
        yield PageAccount(headline, "; ".join(filter(None, about)), other.position)


def _chosen_over(listed: ChronologyEventJson, history: History) -> Iterator[PageDecision]:
    """The decisions that chose it, each with the accounts it was chosen over."""
    over: dict[str, list[str]] = {}
    for each in listed.get("dissent", ()):
        over.setdefault(each["resolution"], []).append(each["id"])
    for ids in over.values():
        resolution = history[ids[0]].dissent
        assert resolution is not None
        yield _decision(ids, resolution, history)


def _decision(ids: Iterable[str], resolution: Record, history: History) -> PageDecision:
    return PageDecision(
        tuple(_accounts(ids, history)),
        resolution.recorded_by,
        resolution.recorded_at,
        resolution.content["reason"],
    )


def _amendments(event: Event, history: History) -> Iterator[PageAmendment]:
    """The amendments of an event, the oldest first."""
    reads = as_recorded(event.record, history.names)
    for amendment in event.amendments:
        before, reads = reads, amended(reads, amendment)
        wrong: list[str] = []
        if amendment.type.name == "correction":
            wrong = what_was_wrong(before, reads, [amendment], history).said
        yield PageAmendment(
            amendment.type.name,
            amendment.recorded_at,
            amendment.recorded_by,
            amendment.content.get("reason"),
            amendment.content.get("severity"),
            tuple(wrong),
        )
