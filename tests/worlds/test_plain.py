"""The short way to judge plain evidence comes to what the long way comes to."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from timeline.acts import Acts, Statement
from timeline.history import History
from timeline.judgement import Evidence, judge, judge_by_obstacles
from timeline.order import Order
from timeline.plain import are_plain
from timeline.span import DAWN, DUSK, Span

SEAT = Statement("ann", "member-of", "lab")
INSTANTS = [DAWN, *range(6), DUSK]


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
    told = f"happening {position}"
    return Acts(told, Span(first, last, position), None, False, [], [], False, (), told)


@examples(2000)
@given(evidence(), st.integers(-1, 6))
@example(Evidence([act(1, 2, 2)], [], [act(1, 2, 1)], []), 2)
@example(Evidence([act(1, 2, 1)], [], [act(1, 2, 2)], []), 2)
@example(Evidence([act(DAWN, DUSK, 1)], [], [act(DAWN, DUSK, 2)], []), 2)
def test_plain_evidence_is_judged_as_any_evidence_is(found, at):
    assert are_plain(found.begins) and are_plain(found.ends)
    order = Order(History())
    assert judge(SEAT, found, at, order) == judge_by_obstacles(SEAT, found, at, order)
