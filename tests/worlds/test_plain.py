"""The short way to judge plain evidence comes to what the long way comes to."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from timeline.certainty.effects import Effects, Statement
from timeline.certainty.evaluate import Evidence, judge, judge_by_obstacles
from timeline.certainty.evaluate_simple import are_independent
from timeline.certainty.order import Order
from timeline.history.history import History
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT, InstantBounds

SEAT = Statement("ann", "member-of", "lab")
INSTANTS = [MIN_INSTANT, *range(6), MAX_INSTANT]


@st.composite
def evidence(draw):
    """What begins and ends a statement, at times that meet and overlap, some without a side."""
    spans = st.tuples(st.sampled_from(INSTANTS), st.sampled_from(INSTANTS))
    acts = []
    for position in draw(st.permutations(range(1, draw(st.integers(1, 7)) + 1))):
        first, last = sorted(draw(spans.filter(lambda span: span[0] != span[1])))
        acts.append(act(first, last, position))
    begins = draw(st.integers(0, len(acts)))
    return Evidence(acts[:begins], [], acts[begins:], [])


def act(first, last, position):
    told = f"event {position}"
    return Effects(told, InstantBounds(first, last, position), None, False, [], [], False, (), told)


@examples(2000)
@given(evidence(), st.integers(-1, 6))
@example(Evidence([act(1, 2, 2)], [], [act(1, 2, 1)], []), 2)
@example(Evidence([act(1, 2, 1)], [], [act(1, 2, 2)], []), 2)
@example(
    Evidence([act(MIN_INSTANT, MAX_INSTANT, 1)], [], [act(MIN_INSTANT, MAX_INSTANT, 2)], []), 2
)
def test_plain_evidence_is_judged_as_any_evidence_is(found, at):
    assert are_independent(found.begins) and are_independent(found.ends)
    order = Order(History())
    assert judge(SEAT, found, at, order) == judge_by_obstacles(SEAT, found, at, order)
