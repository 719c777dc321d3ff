"""Law 2: what the program answers is what the worlds say, all of them enumerated.

The worlds of a log are enumerated once, and hold everything to account that is said of it.
"""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given

from tests.examples import TIMES, examples
from tests.worlds.cases import CASES
from tests.worlds.directed import (
    chains,
    ends,
    merges,
    periods_in_order,
    rivalries,
    spells,
    takeovers,
)
from tests.worlds.logs import ENTITIES, logs, newsroom_with, tick
from tests.worlds.oracle import TooManyError, Worlds
from tests.worlds.reading import END
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.projections.relevance import HistorySource
from timeline.projections.snapshot import snapshot
from timeline.temporal import parse_instant

# Logs that have more worlds are left to the nightly run. Of random logs one in ten has.
MOST = 1_500 if TIMES == 1 else 6_000


def as_of(at):
    """The question about the state just before an instant."""
    return tick(at - 1) if at else "1999"


def statements(answer):
    """Statement → certainty, from a snapshot."""
    return {named(each): each["certainty"] for each in answer["statements"]}


def named(entry):
    """The statement of an entry, as the oracle names it."""
    qualifiers = tuple(sorted(entry["qualifiers"].items()))
    return *(entry[name] for name in ("subject", "property", "value")), qualifiers


def about(worlds, entity, answers):
    """Those of the statements that a question about an entity is about."""
    slug = worlds.canonical.get(entity, entity)
    return {s: certainty for s, certainty in answers.items() if slug in (s[0], s[2])}


def contradictions(answer):
    return [each for each in answer["findings"] if each["kind"] == "contradictory-dates"]


class Answers:
    """What the program says of a log."""

    def __init__(self, log):
        newsroom = newsroom_with(log)
        self.history = newsroom.history(newsroom.basis(None, None))
        self.order = Order(self.history)
        source = HistorySource(self.history)
        bases = [newsroom.basis(as_of(at), None) for at in range(END + 1)]
        self.instants = [basis.at for basis in bases]
        # Entity → its snapshot at each time.
        self.snapshots = {
            entity: [snapshot(source, entity, basis) for basis in bases] for entity in ENTITIES
        }


def equal_the_worlds(log):
    try:
        worlds = Worlds(log, most=MOST)
    except TooManyError:
        return
    answers = Answers(log)
    found = any(contradictions(each) for said in answers.snapshots.values() for each in said)
    assert found == worlds.contradictory()
    if worlds.contradictory():
        worlds = without_clashes(log, answers.order)
    assert ruled_out(answers.order) == worlds.ruled_out()
    in_order(worlds, answers)
    nothing_is_missed_by_pruning(answers)
    for at in range(END + 1):
        expected = worlds.answers(at)
        for entity in ENTITIES:
            said = statements(answers.snapshots[entity][at])
            assert said == about(worlds, entity, expected), f"{at=} {entity=}"
    within_bounds(worlds, answers)


def without_clashes(log, order):
    """The worlds of a log whose dates contradict one another, without the links that clash."""
    clashes = []
    for component in order.components():
        here = set(component.points.ids)
        for clash in component.clashes:
            smallest = [ids for ids in Worlds(log, clashes).clashes() if ids <= here]
            assert not smallest or len(clash) == len(smallest[0])
            clashes.append(clash)
    worlds = Worlds(log, clashes)
    assert not worlds.contradictory()
    return worlds


def ruled_out(order):
    return {id for component in order.components() for id in component.ruled_out}


def in_order(worlds, answers):
    for a, b in permutations(worlds.counting, 2):
        assert answers.order.relation(a, b) == worlds.order(a, b), f"{a=} {b=}"


def nothing_is_missed_by_pruning(answers):
    index = EvidenceIndex(answers.order)
    for at in answers.instants:
        for statement in index.statements():
            held = index.evaluate(statement, at)
            assert index.holding([statement], at) == ([held] if held else [])


def within_bounds(worlds, answers):
    """In every world a statement began within `since`, and ends within `until`."""
    counting = worlds.counting.values()
    # For spells and implied statements, the bounds are those of the events themselves.
    others = {s for each in counting if each.until or each.end_unknown for s in each.begins}
    founded = {e.reads["organisation"] for e in counting if e.reads["type"] == "founded"}
    plain = {s for each in counting for s in each.begins} - others - set(worlds.implied.values())
    plain = {s for s in plain if founded.isdisjoint((s[0], s[2]))}
    for at in range(END + 1):
        held = {
            named(each): each
            for said in answers.snapshots.values()
            for each in said[at]["statements"]
        }
        for statement, start, end in worlds.stretches(at):
            if statement in plain:
                assert within(start, held[statement]["since"])
                assert within(end, held[statement]["until"])


def within(number, bounds):
    """Whether an instant, or none at all, is what bounds allow for."""
    earliest, latest = (
        None if side is None else parse_instant(side) - parse_instant(tick(0))
        for side in bounds or (None, None)
    )
    if number is None:
        return latest is None
    return (earliest is None or earliest <= number) and (latest is None or number < latest)


@pytest.mark.parametrize("case", CASES)
def test_cases_that_faults_were_found_by(case):
    equal_the_worlds(CASES[case])


@examples(200)
@given(logs())
def test_a_log_about_anything(log):
    equal_the_worlds(log)


@examples(60)
@given(rivalries())
def test_rival_accounts(log):
    equal_the_worlds(log)


@examples(60)
@given(spells())
def test_terms_and_ends(log):
    equal_the_worlds(log)


@examples(60)
@given(chains())
def test_events_in_one_component(log):
    equal_the_worlds(log)


@examples(60)
@given(ends())
def test_an_end_presupposes_what_it_ends(log):
    equal_the_worlds(log)


@examples(60)
@given(periods_in_order())
def test_periods_have_two_ends(log):
    equal_the_worlds(log)


@examples(60)
@given(merges())
def test_entities_joined_and_told_apart(log):
    equal_the_worlds(log)


@examples(60)
@given(takeovers())
def test_a_property_that_was_set_over_and_over(log):
    newsroom = newsroom_with(log)
    history = newsroom.history(newsroom.basis(None, None))
    index = EvidenceIndex(Order(history))
    for time in ("1998", *map(tick, range(1, 6)), "2002"):
        at = newsroom.basis(time, None).at
        for statement in index.statements():
            held = index.evaluate(statement, at)
            assert index.holding([statement], at) == ([held] if held else [])
