"""What keeps projections in PostgreSQL: a schema of its own, and who makes and drops what in it.

The schema `timeline_derived` can be dropped at any time: the functions that make it are kept with
the log. They run with the rights of the log's owner, so that what one member of a group has made
can be written and dropped by another, and nobody needs the right to make a schema.
"""

from __future__ import annotations

from timeline.log.postgres.schema import READER, SERVICE, SPACE

# Advisory locks: GENERATIONS is held while a generation is made, switched to or dropped. Whoever
# builds a projection holds one of the numbers in a space of their own.
GENERATIONS = 3
BUILDING_SPACE = SPACE + 1

_DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

FUNCTIONS = f"""
-- Make what is missing, and let the group roles in.
CREATE OR REPLACE FUNCTION timeline.make_derived() RETURNS void {_DEFINER} AS $$
DECLARE
    role name;
BEGIN
    PERFORM pg_advisory_xact_lock({SPACE}, {GENERATIONS});
    IF to_regclass('timeline_derived.shards') IS NULL THEN
        CREATE SCHEMA IF NOT EXISTS timeline_derived;
        -- A build that is not finished was never switched to. Of those that were, the last is in
        -- use; what a later one has superseded is dropped at the next switch.
        CREATE TABLE timeline_derived.generations (
            number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            projection text NOT NULL,
            version integer NOT NULL,
            settings text NOT NULL,
            shards integer NOT NULL,
            switched bigint,
            superseded boolean NOT NULL DEFAULT false
        );
        CREATE SEQUENCE timeline_derived.switches;
        CREATE TABLE timeline_derived.shards (
            generation bigint NOT NULL,
            shard integer NOT NULL,
            checkpoint bigint NOT NULL DEFAULT 0,
            anchor text NOT NULL DEFAULT '',
            problem text,
            PRIMARY KEY (generation, shard)
        );
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

-- The generation to go on with: the build that is not finished, or a new one. With `used_too` it
-- is the one in use, if that has as many shards by now.
CREATE OR REPLACE FUNCTION timeline.open_generation(
    of_projection text, of_version integer, of_settings text, of_shards integer, used_too boolean
) RETURNS bigint {_DEFINER} AS $$
DECLARE
    found bigint;
BEGIN
    PERFORM timeline.make_derived();
    IF used_too THEN
        SELECT number INTO found FROM (
            SELECT number, shards FROM timeline_derived.generations
                WHERE projection = of_projection AND version = of_version
                AND settings = of_settings AND switched IS NOT NULL
                AND to_regclass('timeline_derived.rows_' || number) IS NOT NULL
                ORDER BY switched DESC LIMIT 1
        ) AS used WHERE shards = of_shards;
    END IF;
    IF found IS NULL THEN
        SELECT number INTO found FROM timeline_derived.generations
            WHERE projection = of_projection AND version = of_version
            AND settings = of_settings AND shards = of_shards AND switched IS NULL
            AND to_regclass('timeline_derived.rows_' || number) IS NOT NULL
            ORDER BY number LIMIT 1;
    END IF;
    IF found IS NULL THEN
        INSERT INTO timeline_derived.generations (projection, version, settings, shards)
            VALUES (of_projection, of_version, of_settings, of_shards) RETURNING number INTO found;
        INSERT INTO timeline_derived.shards (generation, shard)
            SELECT found, shard FROM generate_series(1, of_shards) AS shard;
        EXECUTE format(
            'CREATE TABLE timeline_derived.%I ('
            ' key bytea NOT NULL, event bigint NOT NULL, since bigint NOT NULL,'
            ' until bigint NOT NULL, state bytea NOT NULL, PRIMARY KEY (key, event, since))',
            'rows_' || found);
        PERFORM timeline.make_derived();
    END IF;
    RETURN found;
END $$;

-- Drop one generation. Whoever writes rows holds its shard, and takes it before the table.
CREATE OR REPLACE FUNCTION timeline.drop_generation(dropped bigint) RETURNS void {_DEFINER} AS $$
BEGIN
    PERFORM FROM timeline_derived.shards WHERE generation = dropped ORDER BY shard FOR UPDATE;
    DELETE FROM timeline_derived.shards WHERE generation = dropped;
    DELETE FROM timeline_derived.generations WHERE number = dropped;
    PERFORM timeline.clear_spools(dropped);
    EXECUTE format('DROP TABLE IF EXISTS timeline_derived.%I', 'rows_' || dropped);
END $$;

-- Where processes that build a generation side by side put what they have folded, until it is
-- put together. What a crash takes away is folded again.
CREATE OR REPLACE FUNCTION timeline.open_spools(of_generation bigint) RETURNS void {_DEFINER} AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({SPACE}, {GENERATIONS});
    IF to_regclass('timeline_derived.done_' || of_generation) IS NULL THEN
        IF NOT EXISTS (SELECT FROM timeline_derived.generations WHERE number = of_generation) THEN
            RAISE EXCEPTION 'rows_% was dropped', of_generation;
        END IF;
        EXECUTE format(
            'CREATE UNLOGGED TABLE timeline_derived.%I (keys bytea[] NOT NULL,'
            ' event bigint NOT NULL, since bigint NOT NULL, until bigint NOT NULL,'
            ' state bytea NOT NULL)', 'opened_' || of_generation);
        EXECUTE format(
            'CREATE UNLOGGED TABLE timeline_derived.%I (key bytea NOT NULL,'
            ' event bigint NOT NULL, until bigint NOT NULL)', 'closed_' || of_generation);
        EXECUTE format(
            'CREATE UNLOGGED TABLE timeline_derived.%I (after bigint NOT NULL,'
            ' until bigint NOT NULL, anchor text NOT NULL)', 'done_' || of_generation);
        PERFORM timeline.make_derived();
    END IF;
END $$;

CREATE OR REPLACE FUNCTION timeline.clear_spools(of_generation bigint) RETURNS void {_DEFINER}
AS $$
DECLARE
    kind text;
BEGIN
    FOREACH kind IN ARRAY ARRAY['done_', 'closed_', 'opened_'] LOOP
        EXECUTE format('DROP TABLE IF EXISTS timeline_derived.%I', kind || of_generation);
    END LOOP;
END $$;

-- Drop a build, unless somebody has switched to it.
CREATE OR REPLACE FUNCTION timeline.discard_generation(unwanted bigint) RETURNS void {_DEFINER}
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock({SPACE}, {GENERATIONS});
    PERFORM timeline.drop_generation(number) FROM timeline_derived.generations
        WHERE number = unwanted AND switched IS NULL;
END $$;

-- Answer from a generation from now on. Whoever reads the one before in the middle of a question
-- can go on: it is dropped at the next switch.
CREATE OR REPLACE FUNCTION timeline.switch_generation(wanted bigint) RETURNS void {_DEFINER} AS $$
DECLARE
    of_projection text;
BEGIN
    PERFORM pg_advisory_xact_lock({SPACE}, {GENERATIONS});
    UPDATE timeline_derived.generations
        SET switched = nextval('timeline_derived.switches'), superseded = false
        WHERE number = wanted AND switched IS NULL RETURNING projection INTO of_projection;
    PERFORM timeline.drop_generation(number) FROM timeline_derived.generations
        WHERE projection = of_projection AND superseded;
    UPDATE timeline_derived.generations SET superseded = true
        WHERE projection = of_projection AND number <> wanted;
END $$;
"""
