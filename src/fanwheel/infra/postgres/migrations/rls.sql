-- Run after every migration: grants and the fence. Idempotent. The roles are made by roles.sql.
GRANT USAGE ON SCHEMA public TO fanwheel_app, fanwheel_ingest;

DO $$
DECLARE
    t record;
    -- Tables of the installation, not of a workspace: who may log in, and how far consumers have read.
    installation_tables text[] := ARRAY['installation', 'workspace', 'login', 'login_session', 'login_attempt',
                                        'one_time_link', 'consumer', 'schema_migration'];
BEGIN
    FOR t IN SELECT c.oid, c.relname, c.relispartition FROM pg_class AS c
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') LOOP
        CONTINUE WHEN t.relispartition;      -- reached through the parent only
        IF t.relname = ANY (installation_tables) THEN
            IF t.relname <> 'schema_migration' THEN
                EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO fanwheel_app', t.relname);
            END IF;
            CONTINUE;
        END IF;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.relname);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO fanwheel_app', t.relname);
        IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = t.oid AND polname = 'workspace_fence') THEN
            EXECUTE format($p$CREATE POLICY workspace_fence ON %I TO fanwheel_app, fanwheel_ingest
                USING (workspace_id = nullif(current_setting('fanwheel.workspace', true), '')::integer)
                WITH CHECK (workspace_id = nullif(current_setting('fanwheel.workspace', true), '')::integer)$p$, t.relname);
        END IF;
    END LOOP;
END $$;

GRANT USAGE ON SEQUENCE person_home_id TO fanwheel_app, fanwheel_ingest;
GRANT SELECT, INSERT, UPDATE ON identifier, identity_edge, person, ingest_stat, source TO fanwheel_ingest;
GRANT SELECT, INSERT ON identity_audit, event_rejected TO fanwheel_ingest;
-- A merge takes the absorbed person out of the lists at once and leaves the fold to the projector.
GRANT DELETE ON person TO fanwheel_ingest;
GRANT INSERT ON person_stale TO fanwheel_ingest;
GRANT SELECT ON source_rule, workspace, person_part, erasure TO fanwheel_ingest;
REVOKE UPDATE, DELETE ON audit, consent, identity_audit FROM fanwheel_app;
REVOKE EXECUTE ON FUNCTION find_api_key(bytea), find_session(bytea), list_memberships(bigint), forget_login(bigint),
    first_owner(), ensure_event_partitions(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_api_key(bytea), ensure_event_partitions(timestamptz, integer) TO fanwheel_app, fanwheel_ingest;
GRANT EXECUTE ON FUNCTION find_session(bytea), list_memberships(bigint), forget_login(bigint), first_owner() TO fanwheel_app;

-- Deleting a workspace or a login takes what hangs on it along, past every fence.
-- All workspaces can be listed (the worker visits each), but only the one in hand can be changed.
REVOKE DELETE ON workspace, login FROM fanwheel_app;
ALTER TABLE workspace ENABLE ROW LEVEL SECURITY;
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = 'workspace'::regclass) THEN
        CREATE POLICY workspace_listed ON workspace FOR SELECT TO fanwheel_app, fanwheel_ingest USING (true);
        CREATE POLICY workspace_made ON workspace FOR INSERT TO fanwheel_app WITH CHECK (true);
        CREATE POLICY workspace_fence ON workspace FOR UPDATE TO fanwheel_app
            USING (workspace_id = nullif(current_setting('fanwheel.workspace', true), '')::integer);
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION count_events(bigint, bigint), summarize_events() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_events(bigint, bigint), summarize_events() TO fanwheel_app;
REVOKE EXECUTE ON FUNCTION list_segment_work() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_segment_work() TO fanwheel_app;
REVOKE EXECUTE ON FUNCTION erase_consent(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_consent(bigint[]) TO fanwheel_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO fanwheel_app, fanwheel_ingest;

-- The lake's exporter reads events of every workspace and nothing else.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = 'event'::regclass AND polname = 'export_reads_all') THEN
        CREATE POLICY export_reads_all ON event FOR SELECT TO fanwheel_export USING (true);
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO fanwheel_export;
GRANT SELECT ON event, consumer, installation TO fanwheel_export;
-- It carries erasures out in the lake, and keeps the partitions in order through functions alone.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = 'erasure'::regclass AND polname = 'export_carries_out') THEN
        CREATE POLICY export_carries_out ON erasure TO fanwheel_export USING (true);
    END IF;
END $$;
GRANT SELECT, UPDATE (lake_done_at) ON erasure TO fanwheel_export;
REVOKE EXECUTE ON FUNCTION restamp_events(), settle_lake_epoch(boolean, boolean), summarize_event_partitions(), list_event_months(),
    drop_event_month(integer, bigint, integer), find_oldest_writer() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_lake_epoch(boolean, boolean), summarize_event_partitions(), list_event_months(),
    drop_event_month(integer, bigint, integer), find_oldest_writer() TO fanwheel_export;

-- On the embedded server processes log in as these roles, so that none can go back to being the owner.
DO $$
DECLARE
    t record;
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        FOR t IN SELECT rolname FROM pg_roles
                  WHERE rolname IN ('fanwheel_app', 'fanwheel_ingest', 'fanwheel_export') AND NOT rolcanlogin LOOP
            EXECUTE format('ALTER ROLE %I LOGIN', t.rolname);
        END LOOP;
    END IF;
END $$;
