"""What all answers have in common: the question they carry, and the digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import rfc8785

from timeline import temporal
from timeline.acts import DAWN, DUSK, Span, Statement, occurred
from timeline.history import Happening
from timeline.worlds import Held, Interval

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
    return {**answer, "digest": f"sha256:{hashlib.sha256(rfc8785.dumps(answer)).hexdigest()}"}


def in_order(happenings: Iterable[Happening], at: int) -> list[tuple[Span, Happening]]:
    """Those that may have happened before `at`, in valid order, each with when it was.

    What has an open beginning goes by its latest instant, so that it does not come first.
    """
    placed = [(occurred(happening), happening) for happening in happenings]
    ready = [pair for pair in placed if pair[0].maybe_before(at)]
    return sorted(ready, key=lambda pair: _place(pair[0]))


def _place(when: Span) -> tuple[int, int, int]:
    earliest = when.latest - 1 if when.earliest == DAWN else when.earliest
    return earliest, when.latest, when.position


def interval(bounds: Interval | None) -> list[str | None] | None:
    """Bounds as two instants; null where a side is open, or nothing is known at all."""
    if bounds is None or bounds == (DAWN, DUSK):
        return None
    earliest, latest = bounds
    return [
        None if earliest == DAWN else temporal.format_instant(earliest),
        None if latest == DUSK else temporal.format_instant(latest),
    ]


def statement_json(statement: Statement) -> Answer:
    """The statement itself, as an object."""
    return {
        "subject": statement.subject,
        "property": statement.property,
        "value": statement.value,
        "qualifiers": dict(statement.qualifiers),
    }


def held_json(held: Held) -> Answer:
    """One entry of `statements` in a snapshot (design §6)."""
    lineage: dict[str, int] = {}
    for happening in (*held.because, *held.doubts):
        lineage[happening.id] = happening.position
        for amendment in happening.amendments:
            lineage[amendment.id] = amendment.position
    return {
        **statement_json(held.statement),
        "certainty": held.certainty,
        "standing": "reported",
        "since": interval(held.since),
        "until": interval(held.until),
        "because": sorted(lineage, key=lambda id: lineage[id]),
        "sources": independent_sources(held.because),
    }


def rank(statement: Statement) -> tuple[Any, ...]:
    """The place of a statement among others: subject, property, value, qualifiers.

    Numbers come before text.
    """
    subject, label, value, qualifiers = statement
    ranked = (1, 0, value) if isinstance(value, str) else (0, value, "")
    return subject, label, ranked, qualifiers


def independent_sources(happenings: Iterable[Happening]) -> int:
    """How many sources say so that do not merely repeat one another.

    Citations are one source if they come from one agency or publisher, or from one
    address; copies of an agency's text are the agency's (`via`).
    """
    groups: list[set[str]] = []
    for happening in happenings:
        for citation in happening.content.get("sources", ()):
            marks = _marks(citation)
            apart = [group for group in groups if not group & marks]
            joined = marks.union(*(group for group in groups if group & marks))
            groups = [*apart, joined]
    return len(groups)


def _marks(citation: dict[str, str]) -> set[str]:
    """What tells a citation's origin."""
    marks = set()
    if origin := citation.get("via") or citation.get("publisher"):
        marks.add("origin " + " ".join(origin.casefold().split()))
    if url := citation.get("url"):
        marks.add("url " + _canonical(url))
    return marks or {"title " + citation.get("title", "")}


def _canonical(url: str) -> str:
    """An address without what does not tell pages apart: scheme, `www.`, fragment, slash."""
    address = url.strip().partition("#")[0].partition("://")[2] or url
    host, slash, path = address.partition("/")
    return host.casefold().removeprefix("www.") + slash + path.rstrip("/")
