"""The eventsourcing library's own tests, run on our recorders, and its projections on our log.

What cannot hold, and why:

- Stream ids are the slugs of stories, so that ids are text and not UUID objects: the suites are
  given text (`new_originator_id`).
- `test_performance` and `test_concurrent_throughput` promise nothing; they print how long they
  took. `python -m benchmarks` measures that.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)

from tests.rooms import SOURCE
from timeline.log.mapper import Recorded
from timeline.log.postgres.log import PostgresLog
from timeline.log.recorder import LogRecorder
from timeline.log.sqlite.log import SQLiteLog, create
from timeline.newsroom.application import NewsroomApplication
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import make_database
from timeline.records.vocabulary import Vocabulary


class TextIds:
    """Ids as streams of ours have them, and no tests that only print durations."""

    test_performance = None
    test_concurrent_throughput = None

    def new_originator_id(self) -> str:
        return str(uuid4())


class OnSQLite(TextIds):
    def create_recorder(self) -> LogRecorder:
        path = Path(self.enterContext(tempfile.TemporaryDirectory())) / "log.sqlite"  # type: ignore[attr-defined]
        create(path, "{}", 0)
        log = SQLiteLog(path)
        self.addCleanup(log.close)  # type: ignore[attr-defined]
        return log.recorder


class InMemory(TextIds):
    def create_recorder(self) -> LogRecorder:
        log = SQLiteLog(None)
        self.addCleanup(log.close)  # type: ignore[attr-defined]
        return log.recorder


class OnPostgreSQL(TextIds):
    @pytest.fixture(autouse=True)
    def _databases(self, databases: Any) -> None:
        self.databases = databases

    def create_recorder(self) -> LogRecorder:
        log = PostgresLog(self.databases())
        self.addCleanup(log.close)  # type: ignore[attr-defined]
        return log.recorder


class TestRecorderOnSQLite(OnSQLite, ApplicationRecorderTestCase[LogRecorder]): ...


class TestRecorderInMemory(InMemory, ApplicationRecorderTestCase[LogRecorder]): ...


class TestRecorderOnPostgreSQL(OnPostgreSQL, ApplicationRecorderTestCase[LogRecorder]): ...


class TestNonInterleavingOnSQLite(OnSQLite, NonInterleavingNotificationIDsBaseCase): ...


class TestNonInterleavingOnPostgreSQL(OnPostgreSQL, NonInterleavingNotificationIDsBaseCase): ...


def recorded(id: str, version: int) -> Recorded:
    """A record as the library's domain event."""
    content = {
        "id": id,
        "story": "story",
        "type": "happened",
        "when": "2026",
        "about": ["x"],
        "sources": SOURCE,
    }
    return Recorded("story", version, Vocabulary()["happened"], content)


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path, databases: Any) -> str:
    if request.param == "postgres":
        url: str = databases()
        make_database(url)
        return url
    Newsroom.init(tmp_path / "room")
    return str(tmp_path / "room")


@pytest.fixture
def application(address: str) -> Iterator[Application[str]]:
    with NewsroomApplication({"TIMELINE_NEWSROOM": address}) as opened:
        yield opened


def test_a_stream_is_read_back_as_it_was_appended(application: Application[str]) -> None:
    events = [recorded("a", 1), recorded("b", 2)]
    recordings = application.save(*events)  # type: ignore[arg-type]
    assert [each.notification.id for each in recordings] == [1, 2]
    assert list(application.events.get("story")) == events


def test_a_version_that_is_taken_is_a_conflict_and_nothing_is_written(
    application: Application[str],
) -> None:
    application.save(recorded("a", 1))  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        application.save(recorded("b", 2), recorded("c", 2))  # type: ignore[arg-type]
    assert application.recorder.max_notification_id() == 1


def test_the_notification_log_is_the_log_by_position(application: Application[str]) -> None:
    application.save(*(recorded(str(number), number) for number in range(1, 6)))  # type: ignore[arg-type]
    section = application.notification_log["2,4"]
    assert [each.id for each in section.items] == [2, 3, 4]
    chosen = application.notification_log.select(2, 3, topics=["happened/1"])
    assert [each.id for each in chosen] == [2, 3, 4]


class Seen(TrackingRecorder):
    """What a projection has seen."""

    def saw(self, id: str, tracking: Tracking) -> None:
        """Remember an id, and how far the projection has come."""
        raise NotImplementedError


class SeenInMemory(POPOTrackingRecorder, Seen):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []

    def saw(self, id: str, tracking: Tracking) -> None:
        with self._database_lock:
            self._assert_tracking_uniqueness(tracking)
            self._insert_tracking(tracking)
            self.ids.append(id)


class SeesAll(Projection[SeenInMemory]):
    name = "sees_all"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.saw(domain_event.content["id"], tracking)


def test_a_projection_of_the_library_follows_the_log(address: str) -> None:
    with NewsroomApplication({"TIMELINE_NEWSROOM": address}) as writer:
        writer.save(recorded("before", 1))  # type: ignore[arg-type]
        with ProjectionRunner(
            application_class=NewsroomApplication,
            projection_class=SeesAll,
            view_class=SeenInMemory,
            env={"TIMELINE_NEWSROOM": address},
        ) as runner:
            recordings = writer.save(recorded("after", 2), recorded("last", 3))  # type: ignore[arg-type]
            runner.wait(recordings[-1].notification.id)
            assert runner.view.ids == ["before", "after", "last"]
        runner.app.close()
