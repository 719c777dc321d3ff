"""Each shortcut says of the evidence on a statement what the worlds say."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.worlds.evidence import SEAT, TIMES, act, certainties, evidence
from timeline.certainty.effects import Closing, DatedClosing, Evidence, Statement
from timeline.certainty.evaluate import evaluate, evaluate_general
from timeline.certainty.evaluate_simple import are_independent
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.certainty.prune import decisive, latest_sets
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


@examples(600)
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


def overtaken(act, others, at):
    """Whether the lemma says of an act that it is not the last, word for word."""
    return any(
        not each.doubtful and each.at.latest <= at and act.at.last() < each.at.first()
        for each in others
    )


@examples(250)
@given(evidence(), st.sampled_from(TIMES))
def test_all_is_pruned_that_the_lemma_allows(found, since):
    begins, _, ends, _ = found
    confirmed = [each for each in begins if each.event.standing == "confirmed"]
    pruned = decisive(found, since)
    assert pruned.ends == [each for each in ends if not overtaken(each, ends, since)]
    assert pruned.begins == [
        each
        for each in begins
        if not overtaken(each, begins, since)
        or (each in confirmed and not overtaken(each, [*confirmed, *ends], since))
    ]


@examples(250)
@given(evidence(), st.sampled_from([MIN_INSTANT, *TIMES]))
def test_a_sweep_says_what_each_time_says(found, since):
    swept = list(sweep(SEAT, found, ORDER, since))
    assert swept[0][0] == since
    assert all(one[1] == other[0] for one, other in pairwise(swept))
    for at in range(max(since, TIMES.start), TIMES.stop):
        (held,) = (held for first, last, held in swept if first <= at < last)
        assert said(held) == said(evaluate_general(SEAT, found, at, ORDER))


def test_an_end_is_no_doubt_where_only_its_rival_began_what_it_would_end():
    rivals = ("e1", "e2")
    begin, end = act(1, 2, 1, rivals=rivals), act(3, 4, 2, rivals=rivals)
    held = evaluate(SEAT, Evidence([begin], [], [end], []), 5, ORDER)
    assert said(held) == ("possible", "reported") and held.doubts == ()
    other = act(1, 2, 3)
    held = evaluate(SEAT, Evidence([begin, other], [], [end], []), 5, ORDER)
    assert held.doubts == (end.event,)


@st.composite
def sets(draw):
    """What sets one property, to one value or to several at once, and what ends any value."""
    found = []
    for position in range(1, draw(st.integers(2, 7)) + 1):
        first = draw(st.integers(0, 4))
        each = act(
            first,
            draw(st.integers(first + 1, 5)),
            position,
            standing=draw(st.sampled_from(["reported", "reported", "confirmed", "disputed"])),
        )
        values = draw(st.sampled_from(["a", "b", "c", "a", "b", "ab", ""]))
        opens = [Statement("firm", "part-of", value) for value in values]
        closes = [Closing("firm", "part-of", value, other_value=True) for value in values]
        closes = closes or [Closing("firm", "part-of", None)]
        found.append(each._replace(opens=opens, closes=closes))
    return found


@examples(200)
@given(sets())
def test_sets_that_are_pruned_change_nothing(found):
    index = EvidenceIndex(ORDER)
    for each in found:
        index.take(each)
    for at in TIMES:
        for statement in index.statements():
            held = index.evaluate(statement, at)
            assert index.holding([statement], at) == ([held] if held else [])
            if index.replaced(statement, found, at):
                assert held is None


@examples(200)
@given(sets(), st.sampled_from(TIMES))
def test_all_sets_are_pruned_that_the_lemma_allows(found, at):
    closings = [DatedClosing(each, closing) for each in found for closing in each.closes]
    simple = [each for each in found if len({opened.value for opened in each.opens}) == 1]

    def values(others):
        return {opened.value for each in others for opened in each.opens}

    def earlier(act):
        return [each for each in simple if overtaken(act, [each], at)]

    def later(act):
        return [
            each
            for each in simple
            if not each.doubtful and at <= each.at.earliest and each.at.latest <= act.at.earliest
        ]

    assert latest_sets(closings, at).closings == [
        each
        for each in closings
        if len(values(earlier(each.effects))) < 2 and len(values(later(each.effects))) < 2
    ]
