"""What one more record would do, found out before it is appended."""

from __future__ import annotations

from typing import NamedTuple

from timeline.certainty.order import Order
from timeline.history.history import Change, History
from timeline.projections.answer import Basis
from timeline.projections.contradictions import ContradictoryDates, contradictions
from timeline.projections.listings import CommentsAndQuestions, listed_by
from timeline.projections.relevance import evidence_of
from timeline.projections.replay import StepJson, step_json
from timeline.projections.replay_state import listing_changes, statement_changes, states
from timeline.records.record import Record


class Preview(NamedTuple):
    """The effect of a record that is not in the log yet.

    `now` is the step that the record would be in the audit. If that changes nothing because
    the record is about the past, `then` is the step as of the time that it is about. `findings`
    are the contradictions that it would cause.
    """

    now: StepJson
    then: StepJson | None
    findings: list[ContradictoryDates]


def preview(history: History, record: Record, basis: Basis) -> Preview:
    """What a record would change if it followed a history, which itself is not changed."""
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
    caused = [each for each in contradictions(after, ids) if each["records"] not in known]
    return Preview(now, then if then and then["changes"] else None, caused)


def effect(history: History, record: Record, basis: Basis) -> StepJson:
    """The step of the audit that one more record would be after a history."""
    later = history.copy()
    changed = later.apply(record)
    before, after = history.derived(Order), later.derived(Order)
    found = before.affected_by(changed) | after.affected_by(changed)
    concerned = sorted(found, key=lambda id: later[id].position)
    was, now = history.derived(evidence_of), later.derived(evidence_of)
    touched = {
        statement
        for id in concerned
        for known, evidence in ((history, was), (later, now))
        if (each := known.get(id)) is not None
        for statement in evidence.touched_by(each)
    }
    moved = statement_changes(
        touched, states(was, touched, basis.at), states(now, touched, basis.at)
    )
    listed = listed_by(Change(history.get(id), later[id]) for id in concerned)
    old = CommentsAndQuestions(history, before, basis.at).entries(listed)
    new = CommentsAndQuestions(later, after, basis.at).entries(listed)
    moved += listing_changes(listed, old, new)
    return step_json(record, changed, moved)
