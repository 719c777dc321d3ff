"""The tables of a log in SQLite, and the triggers that keep them append-only.

Positions are assigned by the recorder and are the rowid: `AUTOINCREMENT` never reuses a number, and
VACUUM does not renumber an explicit INTEGER PRIMARY KEY.
"""

from __future__ import annotations

APPLICATION_ID = 0x544C4F47  # "TLOG"
SCHEMA_VERSION = 2

# Names and first four columns as the eventsourcing library expects them.
SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};

CREATE TABLE stored_events (
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    recorded_at INTEGER NOT NULL,
    UNIQUE (originator_id, originator_version)
);

CREATE TABLE amended (
    event TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (event, position)
) WITHOUT ROWID;

-- What the newsroom's timeline.toml said when the log was written, as JSON, and when that was kept.
-- The last version is in force.
CREATE TABLE settings (
    version INTEGER PRIMARY KEY,
    settings TEXT NOT NULL,
    kept_at INTEGER NOT NULL
);

CREATE INDEX stored_events_by_topic ON stored_events (topic, position);

CREATE TRIGGER stored_events_are_never_updated BEFORE UPDATE ON stored_events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER stored_events_are_never_deleted BEFORE DELETE ON stored_events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- INSERT OR REPLACE deletes without the trigger above: nothing that is there may be in its way.
CREATE TRIGGER stored_events_go_on BEFORE INSERT ON stored_events
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM stored_events)
    OR NEW.recorded_at < (SELECT recorded_at FROM stored_events ORDER BY position DESC LIMIT 1)
    OR EXISTS (SELECT 1 FROM stored_events WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id
        AND originator_version = NEW.originator_version)
BEGIN SELECT RAISE(ROLLBACK, 'the log is append-only: the next record goes on from its end'); END;

CREATE TRIGGER amended_is_borne_out BEFORE INSERT ON amended
WHEN NOT EXISTS (SELECT 1 FROM stored_events WHERE position = NEW.position
    AND instr(state, CAST(json_quote(NEW.event) AS BLOB)))
BEGIN SELECT RAISE(ROLLBACK, 'the record at this position does not name the event'); END;

CREATE TRIGGER settings_are_never_updated BEFORE UPDATE ON settings
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER settings_are_never_deleted BEFORE DELETE ON settings
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER amended_is_never_updated BEFORE UPDATE ON amended
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER amended_is_never_deleted BEFORE DELETE ON amended
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""


def keep_settings(settings: str, now: int) -> str:
    """The statement that keeps the first settings of a log."""
    quoted = settings.replace("'", "''")
    return f"INSERT INTO settings VALUES (1, '{quoted}', {now});"
