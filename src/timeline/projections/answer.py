"""What all answers have in common: the question they carry, and the digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from timeline import temporal
from timeline.certainty.effects import Statement
from timeline.certainty.evaluate import HeldStatement, Interval
from timeline.certainty.order import Order
from timeline.history.history import Event, History, Standing
from timeline.projections.jcs import canonical
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT, InstantBounds

Answer = dict[str, Any]


class Basis(NamedTuple):
    """The two times a question is asked by, and what they came to.

    `as_of` is the EDTF expression asked with and `at` its upper bound: what happens
    before `at` has happened. `as_known` is the position at which the log was cut, and
    `recorded_at` the time of the record there, None at position 0.
    """

    as_of: str
    at: int
    as_known: int
    recorded_at: int | None

    def as_json(self) -> Answer:
        stamp = None if self.recorded_at is None else temporal.format_instant(self.recorded_at)
        return {"as_of": self.as_of, "as_known": self.as_known, "recorded_at": stamp}


def sealed(answer: Answer) -> Answer:
    """The answer with its digest: SHA-256 over the RFC 8785 form of the rest."""
    return {**answer, "digest": f"sha256:{hashlib.sha256(canonical(answer)).hexdigest()}"}


def in_order(events: Iterable[Event], order: Order, at: int) -> list[tuple[InstantBounds, Event]]:
    """Those that may have happened before `at`, in valid order, each with when it was.

    What has an open beginning goes by its latest instant, so that it does not come first.
    """
    placed = ((order.span(each), each) for each in order.sorted(events, _place))
    return [(when, each) for when, each in placed if when.maybe_before(at)]


def _place(when: InstantBounds) -> tuple[int, int, int]:
    earliest = when.latest - 1 if when.earliest == MIN_INSTANT else when.earliest
    return earliest, when.latest, when.position


def interval(bounds: Interval | None) -> list[str | None] | None:
    """Bounds as two instants; null where a side is open, or nothing is known at all."""
    if bounds is None or bounds == (MIN_INSTANT, MAX_INSTANT):
        return None
    earliest, latest = bounds
    return [
        None if earliest == MIN_INSTANT else temporal.format_instant(earliest),
        None if latest == MAX_INSTANT else temporal.format_instant(latest),
    ]


def statement_json(statement: Statement) -> Answer:
    """The statement itself, as an object."""
    return {
        "subject": statement.subject,
        "property": statement.property,
        "value": statement.value,
        "qualifiers": dict(statement.qualifiers),
    }


def held_json(held: HeldStatement, history: History) -> Answer:
    """One entry of `statements` in a snapshot (design §6).

    `rivals` and `dissent` are there only where there are any: other accounts of what it
    rests on, not settled yet, or decided against.
    """
    subject, label, value, qualifiers = held.statement
    found: Answer = {
        "subject": subject,
        "property": label,
        "value": value,
        "qualifiers": dict(qualifiers),
        "certainty": held.certainty,
        "standing": standing_of(held.because),
        "since": interval(held.since),
        "until": interval(held.until),
        "because": _lineage(held),
        "sources": independent_sources(held.because),
    }
    found.update(accounts_json(held.because, history))
    return found


def _lineage(held: HeldStatement) -> list[str]:
    """The ids of the records behind a statement, in order of position."""
    because = held.because
    if len(because) == 1 and not held.doubts and not because[0].amendments:
        return [because[0].id]
    lineage: dict[str, int] = {}
    for event in (*held.because, *held.doubts):
        lineage[event.id] = event.position
        for amendment in event.amendments:
            lineage[amendment.id] = amendment.position
    return sorted(lineage, key=lineage.__getitem__)


def standing_of(events: Sequence[Event]) -> Standing:
    """The best standing of what a statement rests on."""
    if len(events) == 1:
        return events[0].standing
    found = {event.standing for event in events}
    return (
        "confirmed" if "confirmed" in found else "reported" if "reported" in found else "disputed"
    )


def accounts_json(events: Iterable[Event], history: History) -> Answer:
    """The accounts beside some events: `rivals` not settled yet, `dissent` decided against."""
    events = [each for each in events if each.amendments]
    found: Answer = {}
    if not events:
        return found
    ids = {each.id for each in events}
    if rivals := {id: history[id] for each in events for id in each.rivals if id not in ids}:
        found["rivals"] = [account_json(each) for each in _by_position(rivals)]
    if dissent := {other.id: other for each in events for other in _overruled(each, history)}:
        found["dissent"] = [dissent_json(each) for each in _by_position(dissent)]
    return found


def account_json(event: Event) -> Answer:
    """What one account says, and when it happened by it."""
    content = event.content
    dates: Answer = {name: content[name] for name in ("when", "after", "before") if name in content}
    return {
        "id": event.id,
        "headline": event.headline,
        **dates,
        "zone": event.zone,
        "publishers": publishers_of(event),
    }


def dissent_json(event: Event) -> Answer:
    """An account that was decided against: by whom, when, and why."""
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
    """The accounts over which an event was chosen, and still is."""
    for amendment in event.amendments:
        if amendment.type.name == "resolution" and amendment.content["chosen"] == event.id:
            ids = {*amendment.content["over"], *history.accounts(event.id)}
            others = (history[id] for id in sorted(ids))
            yield from (other for other in others if other.stands and other.dissent == amendment)


def _by_position(events: Mapping[str, Event]) -> list[Event]:
    return sorted(events.values(), key=lambda each: each.position)


def rank(statement: Statement) -> tuple[Any, ...]:
    """The place of a statement among others: subject, property, value, qualifiers.

    Numbers come before text.
    """
    subject, label, value, qualifiers = statement
    ranked = (1, 0, value) if isinstance(value, str) else (0, value, "")
    return subject, label, ranked, qualifiers


def independent_sources(events: Iterable[Event]) -> int:
    """How many sources say so that do not merely repeat one another.

    Citations are one source if they come from one agency or publisher, or from one
    address; copies of an agency's text are the agency's (`via`).
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


def citations_of(event: Event) -> Sequence[dict[str, str]]:
    """The sources of an event, and of those who confirmed it."""
    own: Sequence[dict[str, str]] = event.content.get("sources", ())
    confirmed = [
        citation
        for amendment in event.amendments
        if amendment.type.name == "confirmation"
        for citation in amendment.content.get("sources", ())
    ]
    return [*own, *confirmed] if confirmed else own


def publishers_of(event: Event) -> list[str]:
    """Who published the sources of an event; the titles of those that name nobody."""
    names = (each.get("publisher") or each.get("title") for each in citations_of(event))
    return list(dict.fromkeys(name for name in names if name))


def _marks(citation: dict[str, str]) -> set[str]:
    """What tells a citation's origin."""
    marks = set()
    if origin := citation.get("via") or citation.get("publisher"):
        marks.add(_folded(origin))
    if url := citation.get("url"):
        marks.add("url " + _canonical(url))
    return marks or {"title " + citation.get("title", "")}


@lru_cache(maxsize=4096)
def _folded(origin: str) -> str:
    return "origin " + " ".join(origin.casefold().split())


@lru_cache(maxsize=4096)
def _canonical(url: str) -> str:
    """An address without what does not tell pages apart: scheme, `www.`, fragment, slash."""
    address = url.strip().partition("#")[0].partition("://")[2] or url
    host, slash, path = address.partition("/")
    return host.casefold().removeprefix("www.") + slash + path.rstrip("/")
