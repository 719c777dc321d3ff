"""Each shortcut says of the evidence on a statement what the worlds say."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.worlds.evidence import SEAT, TIMES, act, certainties, evidence
from timeline.certainty.effects import Evidence
from timeline.certainty.evaluate import evaluate, evaluate_general
from timeline.certainty.evaluate_simple import are_independent
from timeline.certainty.order import Order
from timeline.certainty.prune import decisive
from timeline.certainty.sweep import sweep
from timeline.history.history import History
from timeline.projections.statement import standing_of
from timeline.temporal.instant_bounds import MIN_INSTANT

ORDER = Order(History())


def said(held):
    return held and (held.certainty, standing_of(held.because))


def certainty(held):
    return held and held.certainty


@examples(250)
@given(evidence())
def test_certain_and_possible_are_what_the_worlds_say(found):
    assert {at: certainty(evaluate(SEAT, found, at, ORDER)) for at in TIMES} == certainties(found)


@examples(250)
@given(evidence(simple=True))
@example(Evidence([act(1, 2, 2)], [], [act(1, 2, 1)], []))
@example(Evidence([act(1, 2, 1)], [], [act(1, 2, 2)], []))
@example(Evidence([act(None, None, 1)], [], [act(None, None, 2)], []))
def test_simple_evidence_is_evaluated_as_any_evidence_is(found):
    assert are_independent(found.begins) and are_independent(found.ends)
    for at in TIMES:
        assert evaluate(SEAT, found, at, ORDER) == evaluate_general(SEAT, found, at, ORDER)


@examples(250)
@given(evidence(), st.sampled_from(TIMES))
def test_what_is_pruned_decides_nothing_from_then_on(found, since):
    pruned = decisive(found, since)
    for at in range(since, TIMES.stop):
        expected = said(evaluate_general(SEAT, found, at, ORDER))
        assert said(evaluate_general(SEAT, pruned, at, ORDER)) == expected


@examples(250)
@given(evidence(), st.sampled_from([MIN_INSTANT, *TIMES]))
def test_a_sweep_says_what_each_time_says(found, since):
    swept = list(sweep(SEAT, found, ORDER, since))
    assert swept[0][0] == since
    assert all(one[1] == other[0] for one, other in pairwise(swept))
    for at in range(max(since, TIMES.start), TIMES.stop):
        (held,) = (held for first, last, held in swept if first <= at < last)
        assert said(held) == said(evaluate_general(SEAT, found, at, ORDER))
