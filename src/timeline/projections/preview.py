"""What one more record would do, told before it is appended."""

from __future__ import annotations

from typing import NamedTuple

from timeline.certainty.order import Order
from timeline.history.history import History
from timeline.projections.answer import Basis
from timeline.projections.contradictions import ContradictoryDates, contradictions
from timeline.projections.replay import StepJson, effect
from timeline.records.record import Record


class Preview(NamedTuple):
    """`now` is the step that the record would be in the audit.

    Where that changes nothing, as it is about the past, `then` is the step as of the time
    that the record is about. `findings` are the contradictions that it would make.
    """

    now: StepJson
    then: StepJson | None
    findings: list[ContradictoryDates]


def preview(history: History, record: Record, basis: Basis) -> Preview:
    """What a record would change, after a history, which stays as it is."""
    later = history.copy()
    changed = later.apply(record)
    before, after = history.derived(Order), later.derived(Order)
    now = effect(history, record, basis)
    then = None
    if not now["changes"]:
        times = [
            order.span(each).latest
            for change in changed
            for each, order in ((change.before, before), (change.after, after))
            if each is not None
        ]
        if past := [time for time in times if time < basis.at]:
            then = effect(history, record, basis._replace(at=max(past)))
    ids = [change.after.id for change in changed]
    known = [each["records"] for each in contradictions(before, ids)]
    made = [each for each in contradictions(after, ids) if each["records"] not in known]
    return Preview(now, then if then and then["changes"] else None, made)
