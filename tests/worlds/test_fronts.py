"""Sets that cannot matter are left aside, and nothing reads otherwise for it."""

from __future__ import annotations

from hypothesis import given

from tests.examples import examples
from tests.worlds.logs import newsroom_with, tick
from tests.worlds.takeovers import takeovers
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order


@examples(300)
@given(takeovers())
def test_what_holds_is_what_all_sets_together_say(records):
    newsroom = newsroom_with(records)
    history = newsroom.history(newsroom.basis(None, None, 0))
    worlds = EvidenceIndex(Order(history), history.counting())
    for as_of in ("1998", *map(tick, range(1, 6)), "2002"):
        at = newsroom.basis(as_of, None, 0).at
        for statement in worlds.statements():
            judged = worlds.evaluate(statement, at)
            assert worlds.holding([statement], at) == ([judged] if judged else [])
