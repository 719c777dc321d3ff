"""Who says so: the citations behind events, and how many of them are independent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NotRequired

from typing_extensions import TypedDict

from timeline.history.history import Event


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


def citations_of(event: Event) -> Sequence[CitationJson]:
    """The sources of an event, then those of its confirmations."""
    own: Sequence[CitationJson] = event.content.get("sources", ())
    confirmed: list[CitationJson] = [
        citation
        for amendment in event.amendments
        if amendment.type.name == "confirmation"
        for citation in amendment.content.get("sources", ())
    ]
    return [*own, *confirmed] if confirmed else own


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
