"""Law 2: what the program answers equals the definition, by brute force over small worlds."""

from __future__ import annotations

from itertools import permutations

from hypothesis import assume, given

from tests.examples import examples
from tests.rooms import state
from tests.worlds.logs import DOUBTS, ENTITIES, ORDERS, logs, newsroom_with, tick
from tests.worlds.oracle import Worlds
from tests.worlds.reading import END
from timeline.certainty.order import Order
from timeline.projections.relevance import reach_of
from timeline.projections.snapshot import snapshot
from timeline.projections.snapshot_source import HistorySource
from timeline.temporal import parse_instant

thorough = examples(250)


def as_of(at):
    """The question about the state just before an instant."""
    return tick(at - 1) if at else "1999"


def statements(answer):
    """Statement → certainty, from a snapshot."""
    return {named(each): each["certainty"] for each in answer["statements"]}


def named(entry):
    """The statement of an entry, as the oracle names it."""
    return *(entry[name] for name in ("subject", "property", "value")), entry["qualifiers"].get(
        "role"
    )


def about(worlds, entity, answers):
    """Those of the statements that a question about an entity is about."""
    slug = worlds.canonical.get(entity, entity)
    return {s: certainty for s, certainty in answers.items() if slug in (s[0], s[2])}


def contradictions(answer):
    return [each for each in answer["findings"] if each["kind"] == "contradictory-dates"]


@examples(600)
@given(logs())
def test_certain_and_possible_are_what_the_worlds_say(log):
    newsroom = newsroom_with(log)
    for known in range(len(log) + 1):
        worlds = Worlds(log[:known])
        if worlds.contradictory():
            continue
        reach = reach_of(newsroom.history(newsroom.basis(None, str(known), 0)))
        for at in range(END + 1):
            until = newsroom.basis(as_of(at), None, 0).at
            expected = worlds.answers(at)
            for entity in ENTITIES:
                slug = worlds.canonical.get(entity, entity)
                said = {
                    (
                        *held.statement[:3],
                        dict(held.statement.qualifiers).get("role"),
                    ): held.certainty
                    for held in reach.about([slug], until)
                }
                assert said == about(worlds, entity, expected), f"{at=} {known=}"


@examples(60)
@given(logs())
def test_a_snapshot_says_what_the_worlds_say(log):
    newsroom, worlds = newsroom_with(log), Worlds(log)
    for at in range(END + 1):
        for entity in ENTITIES:
            answer = state(newsroom, entity, as_of(at))
            assert answer["entity"] == entity
            if not worlds.contradictory():
                assert not contradictions(answer)
                assert statements(answer) == about(worlds, entity, worlds.answers(at))


@thorough
@given(logs())
def test_order_is_what_the_worlds_say(log):
    newsroom = newsroom_with(log)
    for known in range(len(log) + 1):
        worlds = Worlds(log[:known])
        if worlds.contradictory():
            continue
        order = Order(newsroom.history(newsroom.basis(None, str(known), 0)))
        for a, b in permutations(worlds.counting, 2):
            assert order.relation(a, b) == worlds.order(a, b), f"{a=} {b=} {known=}"


@examples(60)
@given(logs(manners=[ORDERS]))
def test_dates_that_contradict_are_found_and_their_links_left_out(log):
    newsroom, worlds, clashes = newsroom_with(log), Worlds(log), []
    assume(worlds.contradictory())
    history = newsroom.history(newsroom.basis(None, None, 0))
    order = Order(history)
    for component in order.components():
        for clash in component.clashes:
            ids = {event.id for event in clash}
            assert ids in Worlds(log, clashes).clashes(component.events)
            clashes.append(ids)
    left = Worlds(log, clashes)
    assert not left.contradictory()
    for a, b in permutations(left.counting, 2):
        assert order.relation(a, b) == left.order(a, b), f"{a=} {b=}"
    for at in range(END + 1):
        basis = newsroom.basis(as_of(at), None, 0)
        for entity in ENTITIES:
            answer = snapshot(HistorySource(history), entity, basis)
            assert statements(answer) == about(left, entity, left.answers(at))


@thorough
@given(logs())
def test_a_contradiction_is_a_finding_about_somebody(log):
    newsroom = newsroom_with(log)
    for known in range(len(log) + 1):
        answers = [state(newsroom, entity, as_of(END), str(known)) for entity in ENTITIES]
        found = any(contradictions(answer) for answer in answers)
        assert found == Worlds(log[:known]).contradictory()


@thorough
@given(logs(manners=[ORDERS, DOUBTS]))
def test_a_statement_began_and_ends_within_its_bounds_in_every_world(log):
    newsroom, worlds = newsroom_with(log), Worlds(log)
    assume(not worlds.contradictory())
    history = newsroom.history(newsroom.basis(None, None, 0))
    # What is said of spells and of implied statements is when these began and ended.
    plain = {
        statement
        for each in worlds.counting.values()
        for statement in each.begins
        if not (each.until or each.end_unknown)
    } - {
        statement
        for each in worlds.counting.values()
        for statement in each.begins
        if each.until or each.end_unknown
    }
    plain -= set(worlds.implied.values())
    for at in range(END + 1):
        basis = newsroom.basis(as_of(at), None, 0)
        held = {
            named(each): each
            for entity in ENTITIES
            for each in snapshot(HistorySource(history), entity, basis)["statements"]
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
