"""The checkpoint of the index as a tracking recorder of the eventsourcing library.

The rows' table `tracking` is the library's, with one row for each application, and two columns
more: the digest of the record there, and the first record that could not be read. The index tracks
the log under the name APPLICATION, in the transaction of its rows. It writes the table without
the library, which takes longer to load than a question to answer.
"""

from __future__ import annotations

from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder

from timeline.index.sql_rows import SqlRows


class IndexTracking(TrackingRecorder):
    """The library's interface of a tracking recorder, which can `wait` for a position."""

    def __init__(self, rows: SqlRows):
        self._rows = rows

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record a position, which has to be greater than the last.

        Raises:
            IntegrityError: it is not.
            StoreError: it cannot be written.
        """
        with self._rows.writing() as writer:
            if not writer.track(tracking.application_name, tracking.notification_id):
                raise IntegrityError(f"{tracking} is not after the last")

    def max_tracking_id(self, application_name: str) -> int | None:
        """The last position that was recorded under a name; None if there is none."""
        return self._rows.tracked(application_name)
