"""The schema of the index in PostgreSQL, and the functions that create and drop builds.

The schema `timeline_derived` can be dropped at any time: the functions that create it belong to the
log. They run with the rights of the log's owner, so that all members of a group can write and drop
each other's builds, and need no right to create schemas.
"""

from __future__ import annotations

from timeline.log.postgres.schema import READER, SERVICE, SPACE

# Advisory locks: BUILDS is held while a build is created, switched to or dropped. A builder of an
# index also holds a number in BUILDING_SPACE.
BUILDS = 3
BUILDING_SPACE = SPACE + 1

TABLES = """
CREATE TABLE {rows} (
    key text COLLATE "C" NOT NULL,
    event bigint NOT NULL,
    since bigint NOT NULL,
    until bigint NOT NULL,
    state bytea NOT NULL,
    sum bigint NOT NULL,
    PRIMARY KEY (key, event, since)
);
CREATE TABLE {tracking} (
    application_name text PRIMARY KEY,
    notification_id bigint NOT NULL,
    anchor text NOT NULL DEFAULT '',
    unreadable bigint NOT NULL DEFAULT 0
)"""

_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
_TABLES = TABLES.format(
    rows="timeline_derived.rows_%1$s", tracking="timeline_derived.tracking_%1$s"
)

FUNCTIONS = f"""
-- Make the schema if it is missing, and set the rights of the group roles.
CREATE OR REPLACE FUNCTION timeline.make_derived() RETURNS void {_DEFINER} AS $$
DECLARE
    role name;
BEGIN
    PERFORM pg_advisory_xact_lock({SPACE}, {BUILDS});
    IF to_regclass('timeline_derived.builds') IS NULL THEN
        DROP SCHEMA IF EXISTS timeline_derived CASCADE;
        CREATE SCHEMA timeline_derived;
        -- An unfinished build was never switched to. Of the others, the last is in use; those that
        -- are superseded are dropped at the next switch.
        CREATE TABLE timeline_derived.builds (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL,
            switched bigint,
            superseded boolean NOT NULL DEFAULT false
        );
        CREATE SEQUENCE timeline_derived.switches;
    END IF;
    FOR role IN SELECT rolname FROM pg_roles WHERE rolname IN ('{SERVICE}', '{READER}') LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA timeline_derived TO %I', role);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA timeline_derived TO %I', role);
        IF role = '{SERVICE}' THEN
            EXECUTE format(
                'GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA timeline_derived TO %I', role);
        END IF;
    END LOOP;
END $$;

-- Begin a build, in the place of those of the same index that were cut off; the caller holds
-- its lock.
CREATE OR REPLACE FUNCTION timeline.begin_build(of_name text) RETURNS bigint {_DEFINER} AS $$
DECLARE
    made bigint;
BEGIN
    PERFORM timeline.make_derived();
    PERFORM timeline.drop_build(number) FROM timeline_derived.builds
        WHERE name = of_name AND switched IS NULL;
    INSERT INTO timeline_derived.builds (name) VALUES (of_name) RETURNING number INTO made;
    EXECUTE format($tables${_TABLES}$tables$, made);
    PERFORM timeline.make_derived();
    RETURN made;
END $$;

-- Drop one build. Whoever writes rows has locked the checkpoint, and takes it before the rows.
CREATE OR REPLACE FUNCTION timeline.drop_build(dropped bigint) RETURNS void {_DEFINER} AS $$
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS timeline_derived.%I', 'tracking_' || dropped);
    EXECUTE format('DROP TABLE IF EXISTS timeline_derived.%I', 'rows_' || dropped);
    DELETE FROM timeline_derived.builds WHERE number = dropped;
END $$;

-- Drop a build unless it was switched to.
CREATE OR REPLACE FUNCTION timeline.discard_build(unwanted bigint) RETURNS void {_DEFINER} AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({SPACE}, {BUILDS});
    PERFORM timeline.drop_build(number) FROM timeline_derived.builds
        WHERE number = unwanted AND switched IS NULL;
END $$;

-- Stop answering from a build whose rows are damaged. It is dropped when the next one begins.
CREATE OR REPLACE FUNCTION timeline.abandon_build(damaged bigint) RETURNS void {_DEFINER} AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({SPACE}, {BUILDS});
    UPDATE timeline_derived.builds SET switched = NULL WHERE number = damaged;
END $$;

-- Answer from a build from now on. Questions that are in the middle of the one before can go on:
-- it is dropped at the next switch.
CREATE OR REPLACE FUNCTION timeline.switch_build(wanted bigint) RETURNS void {_DEFINER} AS $$
DECLARE
    kind text;
BEGIN
    PERFORM pg_advisory_xact_lock({SPACE}, {BUILDS});
    UPDATE timeline_derived.builds SET switched = nextval('timeline_derived.switches')
        WHERE number = wanted RETURNING split_part(name, '-', 1) INTO kind;
    PERFORM timeline.drop_build(number) FROM timeline_derived.builds
        WHERE split_part(name, '-', 1) = kind AND superseded;
    UPDATE timeline_derived.builds SET superseded = true
        WHERE split_part(name, '-', 1) = kind AND number <> wanted AND switched IS NOT NULL;
END $$;
"""
