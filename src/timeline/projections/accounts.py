"""The accounts of an event: who says so, and which accounts contradict it or were overruled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NotRequired

from typing_extensions import TypedDict

from timeline import temporal
from timeline.history.event import Event
from timeline.history.history import History
from timeline.projections.answer import Timestamp


class CitationJson(TypedDict):
    """A source: where it is, what it says, when it was published."""

    url: NotRequired[str]
    title: NotRequired[str]
    publisher: NotRequired[str]
    published: NotRequired[str]
    quote: NotRequired[str]
    locator: NotRequired[str]
    via: NotRequired[str]
    attribution: NotRequired[str]


class LinkJson(TypedDict):
    """A link from one event to another."""

    id: str
    within: NotRequired[str]
    """An ISO 8601 duration."""


class DatedJson(TypedDict):
    """What an event says about when it happened."""

    when: NotRequired[str]
    after: NotRequired[list[LinkJson]]
    before: NotRequired[list[LinkJson]]
    during: NotRequired[list[LinkJson]]


class AccountJson(DatedJson):
    """What one account says, and when it says the event happened."""

    id: str
    headline: str
    zone: str
    publishers: list[str]


class DecisionJson(TypedDict):
    """The resolution that chose another account: by whom, when, and why."""

    resolution: str
    chosen: str
    resolved_by: str | None
    resolved_at: Timestamp
    reason: str


class DissentJson(AccountJson, DecisionJson):
    """An account that was decided against."""


class OtherAccountsJson(TypedDict):
    """Other accounts of the same events; a key is present only where there are any."""

    agreeing: NotRequired[list[AccountJson]]
    rivals: NotRequired[list[AccountJson]]
    dissent: NotRequired[list[DissentJson]]


def other_accounts(events: Iterable[Event], history: History) -> OtherAccountsJson:
    """The accounts beside some events.

    Those `agreeing` say the same, the `rivals` are still open, and the `dissent` was decided
    against. Of rivals that agree with one another, the first is listed.
    """
    events = [each for each in events if each.amendments]
    found: OtherAccountsJson = {}
    if not events:
        return found
    ids = {each.id for each in events}
    if agreeing := {other.id: other for each in events for other in each.agreeing}:
        found["agreeing"] = [account_json(each) for each in _by_position(agreeing)]
    if rivals := {id: history[id] for each in events for id in each.rivals if id not in ids}:
        found["rivals"] = [account_json(each) for each in _by_position(rivals)]
    if dissent := {other.id: other for each in events for other in _overruled(each, history)}:
        found["dissent"] = [dissent_json(each) for each in _by_position(dissent)]
    return found


def account_json(event: Event) -> AccountJson:
    """What one account says, and when it says the event happened."""
    return {
        "id": event.id,
        "headline": event.headline,
        **dated_json(event),
        "zone": event.zone,
        "publishers": publishers_of(event),
    }


def dated_json(event: Event) -> DatedJson:
    """What an event says about when it happened: its date and its links."""
    dates: DatedJson = {}
    for name in ("when", "after", "before", "during"):
        if name in event.content:
            dates[name] = event.content[name]
    return dates


def dissent_json(event: Event) -> DissentJson:
    """An account that was decided against."""
    resolution = event.dissent
    assert resolution is not None
    return {
        **account_json(event),
        "resolution": resolution.id,
        "chosen": resolution.content["chosen"],
        "resolved_by": resolution.recorded_by,
        "resolved_at": temporal.format_instant(resolution.recorded_at),
        "reason": resolution.content["reason"],
    }


def _overruled(event: Event, history: History) -> Iterator[Event]:
    """The accounts that were decided against, in favour of an event that counts."""
    if event.counts:
        others = (history[id] for id in sorted(history.accounts(event.id) - {event.id}))
        yield from (other for other in others if other.stands and other.dissent is not None)


def _by_position(events: Mapping[str, Event]) -> list[Event]:
    return sorted(events.values(), key=lambda each: each.position)


def citations_of(event: Event) -> Sequence[CitationJson]:
    """The sources of an event, then those of its confirmations and of accounts that agree."""
    own: Sequence[CitationJson] = event.content.get("sources", ())
    more: list[CitationJson] = [
        citation
        for amendment in event.amendments
        if amendment.type.name == "confirmation"
        for citation in amendment.content.get("sources", ())
    ]
    more += [citation for each in event.agreeing for citation in citations_of(each)]
    return [*own, *more] if more else own


def publishers_of(event: Event) -> list[str]:
    """The publishers of an event's sources; a source without one goes by its title."""
    names = (each.get("publisher") or each.get("title") for each in citations_of(event))
    return list(dict.fromkeys(name for name in names if name))


def independent_sources(events: Iterable[Event]) -> int:
    """The number of sources that do not merely repeat one another.

    Citations count as one source if they come from one agency or publisher, or from one
    address. Copies of an agency's text are the agency's (`via`).
    """
    citations = [citation for event in events for citation in citations_of(event)]
    if len(citations) < 2:
        return len(citations)
    groups: list[set[str]] = []
    for marks in map(_marks, citations):
        apart = [group for group in groups if not group & marks]
        joined = marks.union(*(group for group in groups if group & marks))
        groups = [*apart, joined]
    return len(groups)


def _marks(citation: CitationJson) -> set[str]:
    """What identifies the origin of a citation."""
    marks = set()
    if origin := citation.get("via") or citation.get("publisher"):
        marks.add(_folded(origin))
    if url := citation.get("url"):
        marks.add("url " + _without_variants(url))
    return marks or {"title " + citation.get("title", "")}


@lru_cache(maxsize=4096)
def _folded(origin: str) -> str:
    return "origin " + " ".join(origin.casefold().split())


@lru_cache(maxsize=4096)
def _without_variants(url: str) -> str:
    """An address without scheme, `www.`, fragment and final slash, which rarely matter."""
    address = url.strip().partition("#")[0].partition("://")[2] or url
    host, slash, path = address.partition("/")
    return host.casefold().removeprefix("www.") + slash + path.rstrip("/")
