"""What rests on too little: one source only, or none that anybody could open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from timeline.certainty.evaluate import Certainty, HeldStatement
from timeline.projections.checks.check_context import (
    SOURCE,
    WHY,
    CheckContext,
    command,
    finding,
    named,
)
from timeline.projections.checks.statements import said
from timeline.projections.contradictions import FindingJson
from timeline.projections.sources import CitationJson, citations_of, independent_sources
from timeline.projections.statement import StatementJson, statement_json

# What of a citation leads a checker to the place.
_LEADS = ("url", "quote", "locator")


class Unsourced(FindingJson):
    """Citations that only name someone."""

    kind: Literal["unsourced"]
    sources: list[CitationJson]


class SingleSource(FindingJson):
    """A statement that rests on one source."""

    kind: Literal["single-source"]
    statement: StatementJson
    certainty: Certainty
    source: str


def unsourced(ground: CheckContext) -> Iterator[Unsourced]:
    """Events whose citations only name somebody: no address, no quote, no place in it."""
    for event in ground.history.counting():
        citations = list(citations_of(event))
        if any(lead in citation for citation in citations for lead in _LEADS):
            continue
        names = (each.get("title") or each.get("publisher", "") for each in citations)
        yield {
            "kind": "unsourced",
            **finding(
                f"{named(event)} rests on {' and '.join(names)} alone, "
                "without an address, a quote or a page that could be looked up",
                [event.id],
                command("confirm", event.id, "--source", SOURCE, "--reason", WHY),
            ),
            "sources": citations,
        }


def single_source(ground: CheckContext) -> Iterator[SingleSource]:
    """Statements that hold, and that only one source has told of."""
    for held in ground.held:
        if independent_sources(held.because) < 2:
            yield _on_one_word(held)


def _on_one_word(held: HeldStatement) -> SingleSource:
    citations = [citation for each in held.because for citation in citations_of(each)]
    names = (
        each.get("via") or each.get("publisher") or each.get("title") or each.get("url", "")
        for each in citations
    )
    source = next(names, "")
    ids = [each.id for each in held.because]
    return {
        "kind": "single-source",
        **finding(
            f"“{said(held.statement)}” rests on one source: {source}",
            ids,
            command("confirm", ids[0], "--source", SOURCE, "--reason", WHY),
        ),
        "statement": statement_json(held.statement),
        "certainty": held.certainty,
        "source": source,
    }
