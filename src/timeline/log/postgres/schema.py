"""The tables of the log in PostgreSQL, their triggers and roles, and the migrations.

Creating and migrating a log are the same call: each migration is applied once, in order, in one
transaction under a lock. The role that creates the log owns it.
"""

from __future__ import annotations

# Advisory locks: TURN is the write lock, and MIGRATION serialises migrations. The numbers are
# arbitrary, and share one space for the whole database.
SPACE = 0x544C4F47  # "TLOG"
TURN, MIGRATION = 1, 2

# With more new records than this, a batch is retried instead of compared with them.
MOST_BETWEEN = 1000

# Names and first four columns as the eventsourcing library expects them. An id is kept as its
# UTF-8 bytes: PostgreSQL's text has no room for U+0000, which an id may hold.
_FIRST = f"""
CREATE SCHEMA IF NOT EXISTS timeline;

CREATE TABLE timeline.schema_version (version integer NOT NULL);
INSERT INTO timeline.schema_version VALUES (0);

CREATE TABLE timeline.stored_events (
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    position bigint PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    recorded_at bigint NOT NULL,
    UNIQUE (originator_id, originator_version)
);
CREATE INDEX stored_events_by_topic ON timeline.stored_events (topic, position);

-- What the newsroom has written down, as JSON; the last version is in force.
CREATE TABLE timeline.settings (
    version bigint PRIMARY KEY,
    settings text NOT NULL,
    kept_at bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
);

CREATE TABLE timeline.amended (
    event bytea NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (event, position)
);

-- The last row is the head as readers know it. A row is added for each publication of records, so
-- that many can wait for the disk at once; whoever changed one row would keep the others waiting.
CREATE TABLE timeline.log_head (
    position bigint PRIMARY KEY,
    recorded_at bigint NOT NULL
);

-- Wait for the turn to write, and keep it until the transaction ends, which does not wait for the
-- disk. Now and then, clear away what log_head no longer needs.
CREATE FUNCTION timeline.take_turn() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM pg_advisory_xact_lock({SPACE}, {TURN});
    IF random() < 0.001 THEN
        DELETE FROM timeline.log_head
            WHERE position < (SELECT max(position) FROM timeline.log_head);
    END IF;
END $$;

-- Place the records of a batch that has looked at the log as it was up to `begun`: they come after
-- whatever is there now. Returns where and when, and the version of each in its story; nothing, if
-- something it has looked at is no longer so. Where `begun` is null it has looked at nothing, and
-- the ids are to be free. A plan made while the log is small must not scan it when it is large.
CREATE FUNCTION timeline.place(
    begun bigint, stories text[], topics text[], states bytea[], ids bytea[], times bigint[],
    events bytea[], amended_by bigint[],
    seen_ids bytea[], seen_topics text[], seen_stories text[], seen_all boolean)
RETURNS TABLE (placed bigint, recorded bigint, version bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    last bigint;
BEGIN
    PERFORM timeline.take_turn();
    SELECT e.position, e.recorded_at INTO last, recorded
        FROM timeline.stored_events e ORDER BY e.position DESC LIMIT 1;
    last := coalesce(last, 0);
    IF begun IS NULL AND EXISTS (SELECT FROM timeline.stored_events e WHERE e.id = ANY (seen_ids))
    THEN
        RETURN;
    END IF;
    IF last > begun AND (seen_all OR last - begun > {MOST_BETWEEN}
        OR EXISTS (SELECT FROM timeline.stored_events e
            WHERE e.position BETWEEN begun + 1 AND last AND (e.id = ANY (seen_ids)
                OR e.topic = ANY (seen_topics) OR e.originator_id = ANY (seen_stories)))
        OR EXISTS (SELECT FROM timeline.amended a
            WHERE a.event = ANY (seen_ids) AND a.position BETWEEN begun + 1 AND last))
    THEN
        RETURN;
    END IF;
    FOR number IN 1 .. cardinality(ids) LOOP
        SELECT 1 + coalesce(max(e.originator_version), 0) INTO version
            FROM timeline.stored_events e WHERE e.originator_id = stories[number];
        placed := last + number;
        recorded := greatest(recorded, times[number]);
        INSERT INTO timeline.stored_events VALUES (stories[number], version, topics[number],
            states[number], placed, ids[number], recorded);
        RETURN NEXT;
    END LOOP;
    INSERT INTO timeline.amended (event, position)
        SELECT m.event, last + m.number FROM unnest(events, amended_by)
            AS m (event, number);
END $$;

-- Make all that is placed up to `wanted` visible, and return how far readers see now. All that it
-- rests on was committed before it, so that the commit of this, which waits for the disk and the
-- standbys, makes all of that durable, too; the server lets many wait for one flush.
CREATE FUNCTION timeline.publish(wanted bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    done bigint := (SELECT max(position) FROM timeline.log_head);
BEGIN
    IF done >= wanted THEN
        RETURN done;
    END IF;
    INSERT INTO timeline.log_head
        SELECT e.position, e.recorded_at FROM timeline.stored_events e WHERE e.position = wanted
        ON CONFLICT DO NOTHING;
    RETURN wanted;
END $$;

CREATE FUNCTION timeline.takes_its_turn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({SPACE}, {TURN});
    RETURN NULL;
END $$;

-- Whoever inserts, by whatever program: positions go on from the last, and times never step back.
CREATE FUNCTION timeline.goes_on() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first bigint; last bigint; many bigint; earliest bigint; before bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, many FROM added;
    IF many = 0 THEN
        RETURN NULL;
    END IF;
    SELECT recorded_at INTO before FROM timeline.stored_events WHERE position = first - 1;
    IF last - first + 1 <> many OR first < 1 OR (first > 1 AND before IS NULL) THEN
        RAISE EXCEPTION 'positions % to % do not go on from the end of the log', first, last
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF many = 1 THEN
        SELECT recorded_at INTO earliest FROM added;
    ELSE
        SELECT CASE WHEN bool_and(later >= recorded_at) THEN min(recorded_at) END INTO earliest
            FROM (SELECT recorded_at, coalesce(lead(recorded_at) OVER (ORDER BY position),
                                               recorded_at) AS later FROM added) AS pairs;
    END IF;
    IF earliest IS NULL OR earliest < before THEN
        RAISE EXCEPTION 'recorded_at steps back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

-- Insert records that have their places, for a caller that holds the turn to write. Callers may
-- execute this and `place`, and have no right to insert.
CREATE FUNCTION timeline.insert_events(
    stories text[], versions bigint[], topics text[], states bytea[], positions bigint[],
    ids bytea[], times bigint[], events bytea[], amended_by bigint[])
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO timeline.stored_events
        SELECT * FROM unnest(stories, versions, topics, states, positions, ids, times);
    INSERT INTO timeline.amended SELECT * FROM unnest(events, amended_by);
$$;

-- The table says only what the records say.
CREATE FUNCTION timeline.is_borne_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM added LEFT JOIN timeline.stored_events e USING (position)
        WHERE coalesce(position(convert_to(to_json(convert_from(added.event, 'UTF8'))::text, 'UTF8')
            IN e.state), 0) = 0)
    THEN
        RAISE EXCEPTION 'the record does not name the event'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION timeline.is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER takes_its_turn BEFORE INSERT ON timeline.stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION timeline.takes_its_turn();
CREATE TRIGGER goes_on AFTER INSERT ON timeline.stored_events
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION timeline.goes_on();
ALTER TABLE timeline.stored_events ENABLE ALWAYS TRIGGER takes_its_turn;
ALTER TABLE timeline.stored_events ENABLE ALWAYS TRIGGER goes_on;
CREATE TRIGGER is_borne_out AFTER INSERT ON timeline.amended
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION timeline.is_borne_out();
ALTER TABLE timeline.amended ENABLE ALWAYS TRIGGER is_borne_out;
"""

_GUARD = """
CREATE TRIGGER is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON timeline.{table}
    FOR EACH STATEMENT EXECUTE FUNCTION timeline.is_append_only();
ALTER TABLE timeline.{table} ENABLE ALWAYS TRIGGER is_append_only;
"""

_GUARDED = ("stored_events", "amended", "settings")

MIGRATIONS = (_FIRST + "".join(_GUARD.format(table=table) for table in _GUARDED),)
SCHEMA_VERSION = len(MIGRATIONS)

# Group roles, to grant to people and programs: the service can append, the reader can read.
# Neither can change or delete anything, and only the owner can migrate.
SERVICE, READER = "timeline_service", "timeline_reader"
ROLES = (SERVICE, READER)

# Two logs in one cluster may be created at once, and the caller may lack CREATEROLE.
MAKE_ROLE = """
DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END $$
"""

GRANTS = {
    READER: """
        GRANT USAGE ON SCHEMA timeline TO {role};
        GRANT SELECT ON ALL TABLES IN SCHEMA timeline TO {role};
    """,
    SERVICE: """
        GRANT USAGE ON SCHEMA timeline TO {role};
        GRANT SELECT ON ALL TABLES IN SCHEMA timeline TO {role};
        GRANT EXECUTE ON FUNCTION timeline.take_turn, timeline.place, timeline.insert_events,
            timeline.publish TO {role};
        GRANT EXECUTE ON FUNCTION timeline.begin_build, timeline.discard_build,
            timeline.switch_build, timeline.abandon_build TO {role};
    """,
}

REVOKE = """
    REVOKE ALL ON SCHEMA timeline FROM PUBLIC;
    REVOKE ALL ON ALL TABLES IN SCHEMA timeline FROM PUBLIC;
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA timeline FROM PUBLIC;
"""
