"""Small batches of several people, written as one: each is all or nothing for itself."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.rooms import event, file_newsroom, memory_newsroom
from timeline.errors import ConflictError, InputError
from timeline.log.postgres.log import PostgresLog
from timeline.newsroom.append import Submission, Written, write_together
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.validate_many import RawRecord
from timeline.records.settings import Settings

CLOCK = count(1_000_000).__next__


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def newsroom(request, tmp_path, databases):
    if request.param == "memory":
        opened = memory_newsroom()
    elif request.param == "sqlite":
        opened = file_newsroom(tmp_path / "room")
    else:
        settings = Settings("test", memory_newsroom().settings.vocabulary)
        opened = Newsroom(PostgresLog(databases()), settings)
    with opened:
        yield opened


def told(id: str, story: str = "story", **more: Any) -> dict[str, Any]:
    return {**event("happened", "2026", about=["lab"]), "id": id, "story": story, **more}


def of(by: str, *records: dict[str, Any], **expected: int) -> Submission:
    return Submission([RawRecord(each, line) for line, each in enumerate(records, 1)], by, expected)


def test_each_has_its_own_entries_in_order(newsroom):
    first, second = write_together(
        newsroom, CLOCK, [of("ada", told("a"), told("b")), of("lin", told("c", "other"))]
    )
    assert [(each.position, each.version) for each in first.entries] == [(1, 1), (2, 2)]
    assert [(each.position, each.version) for each in second.entries] == [(3, 1)]
    assert [each.recorded_by for each in newsroom.records()] == ["ada", "ada", "lin"]


def test_the_mistake_of_one_is_nobody_elses(newsroom):
    right, wrong, amending, late = write_together(
        newsroom,
        CLOCK,
        [
            of("ada", told("a")),
            of("lin", told("b"), told("c", when="soon"), {"type": "unheard-of"}),
            of("eve", {"story": "story", "type": "dispute", "disputes": "nothing"}),
            of("bo", told("d")),
        ],
    )
    assert isinstance(right, Written) and isinstance(late, Written)
    assert isinstance(wrong, InputError) and {each.line for each in wrong.problems} == {2, 3}
    assert isinstance(amending, InputError) and amending.problems[0].field == "disputes"
    assert [each.id for each in newsroom.records()] == ["a", "d"]


def test_of_two_who_expect_the_same_version_one_is_told_who_was_first(newsroom):
    first, second = write_together(
        newsroom, CLOCK, [of("ada", told("a"), story=0), of("lin", told("b"), story=0)]
    )
    assert isinstance(first, Written) and isinstance(second, ConflictError)
    assert second.stories == (("story", 0, 1),)
    (came,) = second.between
    assert (came["id"], came["position"], came["recorded_by"]) == ("a", 1, "ada")
    assert "ada at position 1" in str(second)
    assert [each.id for each in newsroom.records()] == ["a"]


def test_the_same_record_sent_twice_is_one_whatever_came_since(newsroom):
    sent = of("ada", told("a"), story=0)
    first, again = write_together(newsroom, CLOCK, [sent, sent])
    assert (first.added, first.known, again.added, again.known) == (1, 0, 0, 1)
    write_together(newsroom, CLOCK, [of("lin", told("b"))])
    (later,) = write_together(newsroom, CLOCK, [sent])
    assert later.entries == first.entries


def test_nobody_records_in_anothers_name(newsroom):
    (found,) = write_together(
        newsroom,
        CLOCK,
        [of("ada", told("a", recorded_by="ada"), told("b", recorded_by="lin", when="soon"))],
    )
    assert isinstance(found, InputError)
    assert [(each.line, each.field) for each in found.problems] == [
        (2, "recorded_by"),
        (2, "when"),
    ]


def test_records_that_came_between_are_counted_if_they_are_many(newsroom):
    many = [told(str(number)) for number in range(150)]
    _, late = write_together(newsroom, CLOCK, [of("ada", *many), of("lin", told("x"), story=0)])
    assert isinstance(late, ConflictError)
    assert len(late.between) == 100 and "and 147 more" in str(late)


def test_a_story_that_was_never_at_a_version_has_nobody_between(newsroom):
    (found,) = write_together(newsroom, CLOCK, [of("ada", told("a"), story=7)])
    assert isinstance(found, ConflictError)
    assert found.stories == (("story", 7, 0),) and found.between == ()
