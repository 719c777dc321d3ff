"""The map of an entity: every snapshot of it, at any two times, in one answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests import views
from tests.examples import examples
from tests.index.rooms import both
from tests.rooms import event, fill, memory_newsroom
from tests.story.kept import STORY
from tests.worlds.directed import takeovers
from tests.worlds.logs import (
    DOUBTS,
    ENTITIES,
    NAMES,
    ORDERS,
    TICKS,
    dates,
    logs,
    newsroom_with,
    tick,
)
from timeline import temporal
from timeline.projections.answer import Basis, sealed
from timeline.projections.map import ever_meant, map_of
from timeline.records import jsonl

entities = st.sampled_from(ENTITIES)
ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


def the_map(newsroom, entity):
    return views.map(newsroom, entity, newsroom.basis("2000", None))


def read(answer, at, known):
    """What a map says at two times: T in microseconds since 1970, K a position."""

    def holds(area):
        first, last = area["known"]
        since, until = (side and temporal.parse_instant(side) for side in area["valid"])
        return (
            first <= known
            and (last is None or known < last)
            and (since is None or since <= at)
            and (until is None or at < until)
        )

    statements = [
        (said(entry), area["certainty"], area["standing"])
        for entry in answer["statements"]
        for area in entry["areas"]
        if holds(area)
    ]
    listed = [
        sorted(
            (
                {name: value for name, value in entry.items() if name != "areas"}
                for entry in entries
            ),
            key=lambda entry: entry["id"],
        )
        for entries in (
            [each for each in answer[name] if any(map(holds, each["areas"]))]
            for name in ("comments", "questions")
        )
    ]
    return statements, *listed


def snapshot(newsroom, entity, at, known):
    """The same, asked of the newsroom."""
    found = views.snapshot(newsroom, entity, Basis(temporal.format_instant(at), at, known, None))
    return (
        [(said(each), each["certainty"], each["standing"]) for each in found["statements"]],
        sorted(found["comments"], key=lambda entry: entry["id"]),
        sorted(found["questions"], key=lambda entry: entry["id"]),
    )


def said(entry):
    return (
        entry["subject"],
        entry["property"],
        entry["value"],
        tuple(sorted(entry["qualifiers"].items())),
    )


def instants(answer):
    """Times on both sides of all that happens in the random logs, and of all sides of areas."""
    start = temporal.parse_instant(tick(0))
    sides = {
        temporal.parse_instant(side)
        for name in ("statements", "comments", "questions")
        for entry in answer[name]
        for area in entry["areas"]
        for side in area["valid"]
        if side is not None
    }
    ticks = {start + number for number in range(-2, TICKS[-1] + 9)}
    return sorted(ticks | {side + before for side in sides for before in (-1, 0)})


@st.composite
def talk(draw, entity):
    """What is said and asked of an entity, and what becomes of that."""
    said = [
        event("commented", draw(dates()), id="said", speaker="bob", about=[entity], quote="Ah."),
        event("asked", draw(dates()), id="why", question="Why?", about=[entity]),
        event("answered", draw(dates()), id="so", answers="why", answer="So."),
        event("answered", draw(dates()), id="thus", answers="why", answer="Thus."),
    ]
    if draw(st.booleans()):
        said[2]["before"] = [{"id": "thus"}]
        said[2], said[3] = said[3], said[2]
    amendments = [
        {"type": "correction", "corrects": "said", "changes": {"quote": draw(st.text("xy"))}},
        {"type": "correction", "corrects": "why", "changes": {"about": [draw(entities)]}},
        {"type": "correction", "corrects": "so", "changes": {"when": draw(dates())}},
        {"type": "dispute", "disputes": draw(st.sampled_from(["said", "so", "thus"]))},
        {"type": "retraction", "retracts": draw(st.sampled_from(["said", "so", "why"]))},
    ]
    amended = draw(st.lists(st.sampled_from(amendments), max_size=4, unique_by=str))
    amended.sort(key=lambda each: each["type"])
    return [*said, *({"story": "story", "reason": "r", **each} for each in amended)]


def stamped(records):
    return [{**each, "recorded_at": "2021-01-01T00:00:00.000000Z"} for each in records]


@st.composite
def about_an_entity(draw):
    """Records, and an entity that they are about: whatever a map can have to show."""
    entity = draw(entities)
    match draw(st.sampled_from(["log", "long log", "joined and linked", "sets", "talk"])):
        case "log":
            return draw(logs()), entity
        case "long log":
            return draw(logs(most=14)), entity
        case "joined and linked":
            manners = [NAMES, ORDERS, NAMES + ORDERS + DOUBTS]
            return draw(logs(events=7, most=14, manners=manners)), entity
        case "sets":
            return draw(takeovers()), draw(st.sampled_from(["firm", "twin", "north"]))
        case _:
            records = draw(logs(most=6, manners=[NAMES]))
            return [*records, *stamped(draw(talk(entity)))], entity


@examples(150)
@given(about_an_entity(), st.integers(1, 12), st.data())
def test_a_map_says_what_the_snapshots_say_from_where_on_it_is_right(drawn, steps, data):
    records, entity = drawn
    newsroom = newsroom_with(records)
    basis = newsroom.basis("2000", None)
    answer = map_of(newsroom.records(), entity, basis, steps)
    assert answer["complete"] == (answer["from"] == 0)
    first, last = answer["from"], answer["as_known"]
    for known in {first, last, data.draw(st.integers(first, last))}:
        for at in instants(answer):
            assert read(answer, at, known) == snapshot(newsroom, entity, at, known), (at, known)


@examples(60)
@given(logs(most=14), entities, st.integers(1, 6), st.integers(0, 14))
def test_a_map_is_the_same_from_the_records_that_bear_on_the_entity(records, entity, steps, known):
    whole, kept = both(records)
    basis = whole.basis("2000", str(min(known, len(records))))
    expected = views.map(whole, entity, basis)
    assert views.map(kept, entity, basis) == expected
    slugs = ever_meant(entity, whole.records(basis.as_known))
    part = kept.records_about(slugs, basis)
    expected = map_of(whole.records(basis.as_known), entity, basis, steps)
    assert map_of(part, entity, basis, steps) == expected


def areas(newsroom, entity="lab"):
    """Of the only statement: (known, valid, certainty), instants as days where they are such."""
    (entry,) = the_map(newsroom, entity)["statements"]
    return [
        (tuple(area["known"]), tuple(map(day, area["valid"])), area["certainty"])
        for area in entry["areas"]
    ]


def day(side):
    return side and side.removesuffix("T00:00:00.000000Z")


def test_what_is_known_later_cuts_off_an_area_of_what_was_thought_before():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2026-03-03", id="in", **ANN_AT_LAB),
        event("happened", "2026-03-03", about=["desk"]),
        event("departed", "2026-03-05", id="out", **ANN_AT_LAB),
    )
    begun = "2026-03-03T00:00:00.000001Z"
    assert areas(newsroom) == [
        ((1, None), (begun, "2026-03-04"), "possible"),
        ((1, 3), ("2026-03-04", None), "certain"),
        ((3, None), ("2026-03-04", "2026-03-05T00:00:00.000001Z"), "certain"),
        ((3, None), ("2026-03-05T00:00:00.000001Z", "2026-03-06"), "possible"),
    ]
    assert [position for position, _ in the_map(newsroom, "lab")["known"]] == [1, 3]


def test_what_was_retracted_is_an_area_that_ends_upwards():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2026-03-03", id="in", **ANN_AT_LAB),
        {"story": "story", "type": "retraction", "retracts": "in", "reason": "r"},
    )
    assert {known for known, _, _ in areas(newsroom)} == {(1, 2)}


def test_under_another_slug_it_is_another_statement():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2026", person="a-lin", organisation="lab"),
        {
            "story": "story",
            "type": "same-entity",
            "entities": ["ann", "a-lin"],
            "as": "ann",
            "reason": "r",
        },
    )
    answer = the_map(newsroom, "a-lin")
    known = {each["subject"]: each["areas"][-1]["known"] for each in answer["statements"]}
    assert known == {"a-lin": [1, 2], "ann": [2, None]}


def test_an_end_that_draws_another_along_puts_it_off_no_further_than_it_can():
    """`late` came at most 20 days after `early`, which came before the last beginning, or not."""
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "[2026-01-01..2026-01-03]", id="in", **ANN_AT_LAB),
        event("departed", "[2026-01-01..2026-01-05]", id="early", **ANN_AT_LAB),
        event("departed", "[2026-01-04..]", id="late", **ANN_AT_LAB)
        | {"after": [{"id": "early", "within": "P20D"}]},
    )
    answer = the_map(newsroom, "lab")
    *_, last = answer["statements"][0]["areas"]
    end = temporal.parse_instant(last["valid"][1])
    assert day(last["valid"][1]) != "2026-01-26"
    for at in (end - 1, end):
        assert read(answer, at, 3) == snapshot(newsroom, "lab", at, 3)


def test_an_empty_map_is_one_of_nobody():
    newsroom = memory_newsroom()
    answer = the_map(newsroom, "nobody")
    assert answer["statements"] == answer["comments"] == answer["known"] == []
    assert answer["complete"]


def test_it_carries_its_question_and_digest():
    newsroom = memory_newsroom()
    fill(newsroom, event("joined", "2026", **ANN_AT_LAB))
    answer = the_map(newsroom, "lab")
    assert answer["as_known"] == 1
    assert "as_of" not in answer
    rest = {name: value for name, value in answer.items() if name != "digest"}
    assert sealed(rest) == answer


def test_the_story_of_the_qwen_team_is_all_there():
    newsroom = newsroom_with(map(jsonl.parse, STORY.read_bytes().splitlines()))
    basis = newsroom.basis("2000", None)
    for entity in ("qwen-team", "lin-junyang", "alibaba"):
        answer = views.map(newsroom, entity, basis)
        assert answer["complete"]
        positions = [position for position, _ in answer["known"]]
        times = instants(answer)[::7]
        for known in {0, *positions[::5], basis.as_known}:
            for at in times:
                assert read(answer, at, known) == snapshot(newsroom, entity, at, known)
