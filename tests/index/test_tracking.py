"""The eventsourcing library's own tests of a tracking recorder, run on the index's checkpoint.

All of its cases hold.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import Tracking
from eventsourcing.tests.persistence import TrackingRecorderTestCase

from tests.index.busy import busy_log
from tests.worlds.logs import newsroom_with
from timeline.index.catch_up import catch_up
from timeline.index.rows import Checkpoint
from timeline.index.sql_rows import APPLICATION, SqlRows
from timeline.index.sqlite_store import SQLiteStore, rows_in_memory
from timeline.index.tracking import IndexTracking


class TestInFile(TrackingRecorderTestCase):
    def create_recorder(self) -> IndexTracking:
        directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        store = SQLiteStore(directory, "test-1-settings")
        rows = store.switch(store.begin())
        self.addCleanup(rows.close)
        return IndexTracking(rows)


class TestInMemory(TrackingRecorderTestCase):
    def create_recorder(self) -> IndexTracking:
        return IndexTracking(rows_in_memory())


class TestInPostgreSQL(TrackingRecorderTestCase):
    @pytest.fixture(autouse=True)
    def _indexes(self, indexes: Any) -> None:
        self.indexes = indexes

    def create_recorder(self) -> IndexTracking:
        return IndexTracking(self.enterContext(self.indexes.rows()))


@pytest.fixture(params=["memory", "postgres"])
def rows(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        yield rows_in_memory()
        return
    with request.getfixturevalue("indexes").rows() as rows:
        yield rows


def test_the_recorder_says_how_far_the_index_has_come(rows: SqlRows) -> None:
    newsroom, recorder = newsroom_with(busy_log(50, merges=0)), IndexTracking(rows)
    assert recorder.max_tracking_id(APPLICATION) is None
    catch_up(rows, newsroom.store, newsroom.settings.vocabulary, 20)
    recorder.wait(APPLICATION, 20)
    assert not recorder.has_tracking_id(APPLICATION, 21)
    catch_up(rows, newsroom.store, newsroom.settings.vocabulary)
    assert recorder.max_tracking_id(APPLICATION) == 50


def test_the_index_does_not_mind_what_else_is_tracked(rows: SqlRows) -> None:
    IndexTracking(rows).insert_tracking(Tracking("another", 7))
    assert rows.checkpoint() == Checkpoint()
    with rows.writing() as writer:
        writer.advance(Checkpoint(3, "anchor", 2))
    assert rows.checkpoint() == (3, "anchor", 2)
    assert IndexTracking(rows).max_tracking_id("another") == 7
