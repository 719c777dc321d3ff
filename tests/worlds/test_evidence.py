"""Each shortcut says of the evidence on a statement what the worlds say."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tests.worlds.evidence import BOUNDS, SEAT, TIMES, act, certainties, episodes, evidence
from timeline.certainty.effects import Closing, DatedClosing, Evidence, Statement
from timeline.certainty.evaluate import evaluate, evaluate_general
from timeline.certainty.evaluate_simple import are_independent
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.certainty.prune import decisive, latest_sets
from timeline.certainty.sweep import sweep
from timeline.history.history import History
from timeline.projections.statement import standing_of
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT

ORDER = Order(History())


def ordered(found):
    """Some evidence as its order has it, and the order: rivals are in one component."""
    acts = [*found.begins, *found.spells, *found.ends]
    ids = {each.id for each in acts}
    elsewhere = {id for each in acts for id in each.rivals} - ids
    rivals = {id for each in acts for id in each.accounts() if each.rivals}
    order = Order(History())
    for each in acts:
        order.take_effects(each)
    for id in sorted(elsewhere):
        order.take_effects(act(None, None, int(id[1:]), rivals=sorted(rivals)))
    place = EvidenceIndex(order).placed
    begins, spells, ends = ([place(each) for each in some] for some in found[:3])
    return Evidence(begins, spells, ends, []), order


def said(held):
    return held and (held.certainty, standing_of(held.because))


def certainty(held):
    return held and held.certainty


@examples(250)
@given(evidence())
def test_certain_and_possible_are_what_the_worlds_say(found):
    placed, order = ordered(found)
    assert {at: certainty(evaluate(SEAT, placed, at, order)) for at in TIMES} == certainties(found)


@examples(250)
@given(evidence().filter(lambda found: not any(each.end_unknown for each in found.begins)))
def test_in_every_world_it_began_and_ends_within_the_bounds_that_are_given(found):
    placed, order = ordered(found)
    for at in TIMES:
        held = evaluate(SEAT, placed, at, order)
        for running in episodes(found, at):
            assert within(min(start for start, _ in running), held.since)
            ends = [end for _, end in running]
            assert within(None if None in ends else max(ends), held.until)


def within(instant, bounds):
    """Whether bounds allow for an instant, or for none at all."""
    earliest, latest = bounds or (MIN_INSTANT, MAX_INSTANT)
    return latest == MAX_INSTANT if instant is None else earliest <= instant < latest


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
@given(evidence())
def test_what_is_pruned_decides_nothing_from_then_on(found):
    found, order = ordered(found)
    expected = [said(evaluate_general(SEAT, found, at, order)) for at in TIMES]
    for since in TIMES:
        pruned = decisive(found, since)
        later = [said(evaluate_general(SEAT, pruned, at, order)) for at in TIMES[since:]]
        assert later == expected[since:]


def overtaken(act, others, at):
    """Whether the lemma says of an act that it is not the last, word for word."""
    return any(
        not each.doubtful and each.at.latest <= at and act.at.last() < each.at.first()
        for each in others
    )


@examples(250)
@given(evidence())
def test_all_is_pruned_that_the_lemma_allows(found):
    begins, _, ends, *_ = found
    confirmed = [each for each in begins if each.event.standing == "confirmed"]
    undisputed = [each for each in begins if each.event.standing in ("reported", "confirmed")]
    for since in TIMES:
        pruned = decisive(found, since)
        assert pruned.ends == [each for each in ends if not overtaken(each, ends, since)]
        assert pruned.begins == [
            each
            for each in begins
            if not overtaken(each, undisputed, since)
            or (each in confirmed and not overtaken(each, [*confirmed, *ends], since))
        ]


@examples(250)
@given(evidence(), st.sampled_from(TIMES))
def test_a_sweep_says_what_each_time_says(found, since):
    found, order = ordered(found)
    expected = [said(evaluate_general(SEAT, found, at, order)) for at in TIMES]
    for start in (MIN_INSTANT, since):
        swept = list(sweep(SEAT, found, order, start))
        assert swept[0][0] == start
        assert all(one[1] == other[0] for one, other in pairwise(swept))
        for at in range(max(start, 0), TIMES.stop):
            (held,) = (held for first, last, held in swept if first <= at < last)
            assert said(held) == expected[at]


def test_an_end_is_no_doubt_where_only_its_rival_began_what_it_would_end():
    rivals = ("e1", "e2")
    begin, end = act(1, 2, 1, rivals=rivals), act(3, 4, 2, rivals=rivals)
    found, order = ordered(Evidence([begin], [], [end], []))
    held = evaluate(SEAT, found, 5, order)
    assert said(held) == ("possible", "reported") and held.doubts == ()
    other = act(1, 2, 3)
    found, order = ordered(Evidence([begin, other], [], [end], []))
    held = evaluate(SEAT, found, 5, order)
    assert held.doubts == (end.event,)


def test_of_several_spells_the_one_that_surely_runs_bounds_when_it_began_and_ends():
    spells = [act(1, 2, 1, until=(4, 5)), act(2, 3, 2, until=(3, 6))]
    disputed = [act(1, 2, 1, until=(4, 5), standing="disputed"), spells[1]]

    def bounds(spells, at):
        held = evaluate(SEAT, Evidence([], spells, [], []), at, ORDER)
        return held.certainty, held.since, held.until

    assert bounds(spells, 2) == ("certain", (1, 2), (4, 5))
    assert bounds(spells, 3) == ("certain", (1, 2), (4, 6))
    assert bounds(spells, 4) == ("certain", (1, 2), (4, 6))
    assert bounds(spells, 5) == ("possible", (2, 3), (3, 6))
    assert bounds(disputed, 3) == ("certain", (1, 3), (3, 6))
    assert bounds(disputed, 4) == ("possible", (1, 3), (3, 6))


@st.composite
def sets(draw):
    """What sets one property, to one value or to several at once, and what ends any value."""
    found = []
    for position in range(1, draw(st.integers(2, 7)) + 1):
        each = act(
            *draw(BOUNDS),
            position,
            standing=draw(st.sampled_from(["reported", "reported", "confirmed", "disputed"])),
        )
        values = draw(st.sampled_from(["a", "b", "c", "a", "b", "ab", ""]))
        opens = [Statement("firm", "part-of", value) for value in values]
        closes = [Closing("firm", "part-of", value, is_set=True) for value in values]
        # What ends any value, but presupposes none.
        closes = closes or [Closing("firm", "part-of", None, is_set=True)]
        found.append(each._replace(opens=opens, closes=closes))
    return found


def index_of(found):
    order = Order(History())
    for each in found:
        order.take_effects(each)
    return EvidenceIndex(order)


@examples(200)
@given(sets())
def test_sets_that_are_pruned_change_nothing(found):
    index = index_of(found)
    for at in TIMES:
        for statement in index.statements():
            held = index.evaluate(statement, at)
            assert index.holding([statement], at) == ([held] if held else [])
            without_doubts = index.holding([statement], at, doubts=False)
            assert [each._replace(doubts=()) for each in without_doubts] == (
                [held._replace(doubts=())] if held else []
            )


@examples(200)
@given(sets())
def test_all_sets_are_pruned_that_the_lemma_allows(found):
    index = index_of(found)
    closings = [DatedClosing(each, closing) for each in found for closing in each.closes]
    for at in TIMES:
        kept = latest_sets(closings, at).closings
        assert kept == [each for each in closings if matters(each.effects, found, at)]
        for statement in index.statements():
            opening = index.openings(statement)
            others = sets_of_one(value for value in "abc" if value != statement.value)
            assert index.replaced(statement, found, at) == any(
                all(
                    not each.at.maybe_before(at) or each.at.last_before(at) < other.at.first()
                    for each in opening
                )
                for other in others(found)
                if other.at.latest <= at and opening
            )


def sets_of_one(values):
    """What surely sets the property to one of some values, and to no other."""
    statements = [[Statement("firm", "part-of", value)] for value in values]
    return lambda acts: [each for each in acts if each.opens in statements and not each.doubtful]


def matters(act, others, at):
    """Whether the lemma, and its mirror image, leave it open that an act is the last or next."""
    sure = sets_of_one("abc")(others)
    later = {each.opens[0].value for each in sure if overtaken(act, [each], at)}
    sooner = {
        each.opens[0].value
        for each in sure
        if at <= each.at.earliest and each.at.latest <= act.at.earliest
    }
    return len(later) < 2 and len(sooner) < 2
