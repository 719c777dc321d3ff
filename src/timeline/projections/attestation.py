"""How far the sources behind a statement reach, and how many of them agree on its beginning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

from timeline import temporal
from timeline.certainty.order import Order
from timeline.history.event import Event
from timeline.projections.accounts import CitationJson, independent_sources


def attested(events: Sequence[Event]) -> int:
    """The latest instant that a source of some events, or of their confirmations, speaks of.

    A source speaks of the time up to the end of the day, or other date, on which it was published;
    without such a date, up to when it was recorded. No source speaks of a time after it was
    recorded, so that is the limit in any case.
    """
    accounts = (account for event in events for account in event.accounts)
    return max(instant for each in accounts for instant in _spoken_of(each))


def corroborating_sources(events: Sequence[Event], order: Order) -> int:
    """The largest number of independent sources whose dates share an instant.

    `events` are those that may have begun a statement. Sources that date its beginning apart do not
    support one another.
    """
    if len(events) == 1:
        return independent_sources(events)
    found = 0
    dated = sorted((*order.span(event), event) for event in events)
    sharing: list[tuple[int, int, Event]] = []
    for earliest, latest, position, event in dated:
        if sharing and sharing[0][0] <= earliest:
            # One of them ends before the next begins, so all that share an instant are here.
            found = max(found, independent_sources(each for *_, each in sharing))
            while sharing and sharing[0][0] <= earliest:
                heappop(sharing)
        heappush(sharing, (latest, position, event))
    return max(found, independent_sources(each for *_, each in sharing))


def _spoken_of(event: Event) -> Iterator[int]:
    cited = event.record
    confirmations = []
    for amendment in event.amendments:
        if amendment.type.name == "confirmation":
            confirmations.append(amendment)
        elif amendment.type.name == "correction" and "sources" in amendment.content["changes"]:
            cited = amendment
    for record, sources in (
        (cited, event.content["sources"]),
        *((each, each.content.get("sources", ())) for each in confirmations),
    ):
        for citation in sources:
            yield min(_published(citation, event.zone, record.recorded_at), record.recorded_at)


def _published(citation: CitationJson, zone: str, otherwise: int) -> int:
    """The last instant at which a source may have been published, if that is known."""
    try:
        latest = temporal.read(citation["published"], zone).bounds.latest
    except (KeyError, temporal.TimeError):
        return otherwise
    return otherwise if latest is None else latest - 1
