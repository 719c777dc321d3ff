"""What may join the log, and what it becomes."""

from __future__ import annotations

import pytest

from tests import views
from tests.batches import writing
from tests.rooms import SOURCE, event, file_newsroom, fill, memory_newsroom
from timeline import temporal
from timeline.errors import InputError
from timeline.newsroom.append import MOST_PROBLEMS, Appender
from timeline.newsroom.validate_many import RawRecord
from timeline.records.record import Draft
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary


def append(newsroom, record, by):
    return Appender(newsroom, temporal.now, by).write([RawRecord(record)])


def problems_of(newsroom, *records, importing=False):
    with pytest.raises(InputError) as caught:
        fill(newsroom, *records, importing=importing)
    return caught.value


def test_the_same_record_from_somebody_else_is_the_same_record():
    newsroom = memory_newsroom(zone="Asia/Shanghai")
    record = event("happened", "2026", id="a", about=["x"])
    assert append(newsroom, record, "ann").added == 1
    assert append(newsroom, record, "bob").known == 1
    (kept,) = newsroom.records()
    assert (kept.recorded_by, kept.content["zone"]) == ("ann", "Asia/Shanghai")


def test_an_import_writes_nothing_that_was_not_there():
    newsroom = memory_newsroom(zone="Asia/Shanghai")
    record = event("happened", "2026-03-03", id="a", about=["x"])
    fill(newsroom, record, importing=True)
    (kept,) = newsroom.records()
    assert kept.content == record
    (entry,) = views.chronology(newsroom, newsroom.basis("2027", None), "story")["events"]
    assert entry["bounds"][0] == "2026-03-02T16:00:00.000000Z"


def test_a_correction_must_leave_an_answer_with_its_question():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("asked", "2020", id="why", question="Why?", about=["x"]),
        event("answered", "2021", id="so", answers="why", answer="So."),
    )
    changes = {"answers": "so"}
    correction = {"type": "correction", "corrects": "so", "changes": changes, "reason": "r"}
    (problem,) = problems_of(newsroom, {"story": "story", **correction}).problems
    assert problem.field == "changes.answers"
    assert problem.message == "'so' is not a question (it is of type answered)"


def test_a_time_of_recording_has_a_year_of_four_digits():
    record = event("happened", "2026", about=["x"], recorded_at="+10000-01-01T00:00:00Z")
    (problem,) = problems_of(memory_newsroom(), record, importing=True).problems
    assert problem.field == "recorded_at"


def test_input_that_is_wrong_all_through_is_not_read_to_its_end():
    wrong = event("happened", "2026-13", about=["x"])
    error = problems_of(memory_newsroom(), *[wrong] * 3 * MOST_PROBLEMS)
    assert len(error.problems) == MOST_PROBLEMS
    assert not error.complete


@pytest.mark.parametrize("name", ["📰 “News”", 'a "b" \\ c', "\x7f", "新闻"])
def test_a_newsroom_may_have_any_name(tmp_path, name):
    from timeline.newsroom.newsroom import Newsroom

    Newsroom.init(tmp_path / "room", name)
    with Newsroom.open(tmp_path / "room") as newsroom:
        assert newsroom.settings.name == name


def test_verifying_finds_an_index_that_belies_the_log(tmp_path):
    import sqlite3

    with file_newsroom(tmp_path / "room") as newsroom:
        fill(newsroom, event("happened", "2026", id="a", about=["x"]))
        fill(newsroom, {"story": "s", "type": "retraction", "retracts": "a", "reason": "r"})
        assert newsroom.verify()["findings"] == []
        connection = sqlite3.connect(newsroom.store.path)
        connection.execute("DROP TRIGGER amended_is_never_deleted")
        connection.execute("DELETE FROM amended")
        connection.commit()
        connection.close()
        assert newsroom.verify()["findings"] == [
            {"position": 2, "message": "is not found by what it amends, 'a'"}
        ]


def test_a_log_with_records_beyond_the_limits_is_read_verified_and_corrected():
    newsroom = memory_newsroom()
    fill(newsroom, event("happened", "2026", id="a", about=["x"]))
    draft = validate(event("happened", "2026", id="b", about=["x"]), Vocabulary())
    assert isinstance(draft, Draft)
    with writing(newsroom.store, temporal.now()) as batch:
        batch.add(draft._replace(content={**draft.content, "sources": SOURCE * 201}))
    *_, kept = newsroom.records()
    assert len(kept.content["sources"]) == 201
    assert newsroom.verify()["findings"] == []
    correction = {"story": "story", "type": "correction", "corrects": "b", "reason": "r"}
    fill(newsroom, {**correction, "changes": {"when": "2025"}})
    longer = {**correction, "changes": {"body": "x" * 100_001}}
    (problem,) = problems_of(newsroom, longer).problems
    assert (
        str(problem) == "1: changes.body: is 100,001 characters long (at most 100,000 characters)"
    )
