"""What held at any time in a period."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from timeline.certainty.effects import Statement, Value
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.history.event import Event
from timeline.history.history import History
from timeline.projections.relevance import HistorySource, evidence_of
from timeline.projections.validity import stretches_of
from timeline.temporal.instant_bounds import MAX_INSTANT


class PeriodSource(HistorySource):
    """What a whole history knows of a period that begins at `earliest`.

    A statement is as it was when it last held in the period, certainly if it ever did. A comment is
    listed if it may have been made in the period, a question if it was open at any time in it.
    """

    def __init__(self, history: History, earliest: int):
        super().__init__(history)
        self._earliest = earliest

    def about(self, names: Collection[Value], at: int) -> list[HeldStatement]:
        """The statements about any of these names that hold at any time up to `at`."""
        evidence = self.history.derived(evidence_of)
        about = dict.fromkeys(each for name in names for each in evidence.named_about(name))
        found = (held_during(each, evidence, self._earliest, at) for each in about)
        return [held for held in found if held is not None]

    def listed_with(self, entity: str) -> Iterator[Event]:
        """The comments and questions about an entity, and what answered any before the period."""
        for each in super().listed_with(entity):
            is_over = self.order.span(each).surely_before(self._earliest)
            if each.type.name == "asked" or is_over == (each.type.name == "answered"):
                yield each


def held_during(
    statement: Statement, evidence: EvidenceIndex, earliest: int, latest: int
) -> HeldStatement | None:
    """How a statement last held at any T with `earliest <= T <= latest`; None if at none.

    If it was ever certain, it is as it last was then.
    """
    last: dict[str, int] = {}
    for stretch in stretches_of(statement, evidence, earliest):
        if stretch.earliest > latest:
            break
        certainty, _ = stretch.what
        last[certainty] = min(stretch.latest - 1, latest, MAX_INSTANT - 1)
    at = last.get("certain", last.get("possible"))
    return None if at is None else evidence.evaluate(statement, at)
