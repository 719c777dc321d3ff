"""A newsroom as an application of the eventsourcing library, for its projections and its readers.

    with ProjectionRunner(
        application_class=NewsroomApplication,
        projection_class=MyProjection,
        view_class=MyView,
        env={"TIMELINE_NEWSROOM": "postgresql://…", …},
    ) as runner: ...

Its domain events are `Recorded`, one for each record, with the position as the notification's id.
"""

from __future__ import annotations

from pathlib import Path

from eventsourcing.application import Application
from eventsourcing.utils import EnvType

from timeline.log.mapper import RecordMapper
from timeline.log.recorder import LogRecorder
from timeline.newsroom.opening import SCHEMES, open_log


class NewsroomApplication(Application[str]):
    """The log of the newsroom at TIMELINE_NEWSROOM: a directory, or a database's address.

    What is saved through it is stored as it is. `Newsroom` is what checks records first.
    """

    def __init__(self, env: EnvType | None = None):
        given = {"ORIGINATOR_ID_TYPE": "text", "IS_SNAPSHOTTING_ENABLED": "n", **(env or {})}
        address = given["TIMELINE_NEWSROOM"]
        location = address if address.startswith(SCHEMES) else Path(address)
        self._log, self._vocabulary = open_log(location)
        super().__init__(given)

    def construct_mapper(self) -> RecordMapper:
        return RecordMapper(self._vocabulary)

    def construct_recorder(self) -> LogRecorder:
        return self._log.recorder

    def close(self) -> None:
        super().close()
        self._log.close()
