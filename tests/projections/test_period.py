"""`--during`: what held at any time in a period."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.rooms import event, fill, memory_newsroom
from tests.worlds.logs import ENTITIES, TICKS, logs, newsroom_with, tick
from timeline.errors import InputError

KEY = ("subject", "property", "value")
ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


def told(answer):
    """Each statement of a snapshot, with its certainty."""
    return {
        (*(entry[part] for part in KEY), *entry["qualifiers"].values()): entry["certainty"]
        for entry in answer["statements"]
    }


@pytest.fixture
def newsroom():
    return memory_newsroom()


@examples(60, few=20)
@given(logs(most=8), st.sampled_from(TICKS), st.sampled_from(TICKS), st.sampled_from(ENTITIES))
def test_what_held_in_a_period_is_what_a_snapshot_says_at_any_time_in_it(
    records, one, other, about
):
    newsroom = newsroom_with(records)
    first, last = sorted((one, other))
    found = told(newsroom.snapshot(about, during=f"{tick(first)}/{tick(last)}"))
    expected = {}
    for number in range(first - 1, last + 1):
        # The state as of a tick is the state once it has passed.
        for statement, certainty in told(newsroom.snapshot(about, as_of=tick(number))).items():
            if expected.get(statement) != "certain":
                expected[statement] = certainty
    assert found == expected


def test_whoever_left_and_whoever_came_on_a_day_were_both_there_that_day(newsroom):
    fill(
        newsroom,
        event("joined", "2020", person="ann", organisation="lab"),
        event("departed", "2026-03-03", person="ann", organisation="lab"),
        event("joined", "2026-03-03", person="bob", organisation="lab"),
        event("joined", "2026-03-04", person="eve", organisation="lab"),
        event("joined", "2020/2026-03-02", person="old", organisation="lab"),
    )
    answer = newsroom.snapshot("lab", during="2026-03-03")
    assert told(answer) == {
        ("ann", "member-of", "lab"): "certain",
        ("bob", "member-of", "lab"): "certain",
    }
    assert answer["during"] == "2026-03-03"
    assert "as_of" not in answer
    assert told(newsroom.snapshot("ann", during="2026-03-04")) == {}


def test_a_statement_is_as_it_last_was_in_the_period(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2022", id="out", **ANN_AT_LAB),
        event("joined", "2024", id="again", **ANN_AT_LAB),
    )
    (entry,) = newsroom.snapshot("ann", during="2021/2025")["statements"]
    assert (entry["certainty"], entry["because"]) == ("certain", ["again"])
    (entry,) = newsroom.snapshot("ann", during="2021/2022")["statements"]
    assert (entry["certainty"], entry["because"]) == ("certain", ["in"])
    assert entry["until"] == ["2022-01-01T00:00:00.000000Z", "2023-01-01T00:00:00.000000Z"]
    assert told(newsroom.snapshot("ann", during="../2019")) == {}
    assert told(newsroom.snapshot("ann", during="2025/.."))


def test_comments_of_the_period_and_questions_that_were_open_in_it_are_listed(newsroom):
    fill(
        newsroom,
        event("commented", "2025-12", id="before", speaker="ann", about=["lab"], quote="No."),
        event("commented", "2026-02", id="within", speaker="ann", about=["lab"], quote="Yes."),
        event("commented", "2026-04", id="after", speaker="ann", about=["lab"], quote="Oh."),
        event("asked", "2025", id="old", question="What?", about=["lab"]),
        event("answered", "2025-06", answers="old", answer="This."),
        event("asked", "2025", id="open", question="Why?", about=["lab"]),
        event("answered", "2026-02", answers="open", answer="Because."),
    )
    answer = newsroom.snapshot("lab", during="2026-01/2026-03")
    assert [each["id"] for each in answer["comments"]] == ["within"]
    assert [each["id"] for each in answer["questions"]] == ["open"]


def test_depth_leads_on_in_a_period(newsroom):
    fill(
        newsroom,
        event("joined", "2020/2026-03", **ANN_AT_LAB),
        event("merged", "2026-02", organisations=["lab"], into="group"),
    )
    answer = newsroom.snapshot("ann", during="2026", depth=2)
    assert ("lab", "part-of", "group") in told(answer)


def test_one_time_and_a_period_exclude_one_another(newsroom):
    with pytest.raises(InputError, match="not both"):
        newsroom.snapshot("ann", as_of="2026", during="2026")
