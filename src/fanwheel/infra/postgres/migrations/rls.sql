-- Run after every migration: roles, grants and the fence. Idempotent.
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT unnest(ARRAY['fanwheel_app', 'fanwheel_ingest']) AS name LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = t.name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', t.name);
        END IF;
        IF NOT pg_has_role(current_user, t.name, 'MEMBER') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', t.name);
        END IF;
    END LOOP;
END $$;

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
GRANT SELECT ON source_rule, workspace, person_part, erasure TO fanwheel_ingest;
REVOKE UPDATE, DELETE ON audit, consent, identity_audit FROM fanwheel_app;
REVOKE EXECUTE ON FUNCTION find_api_key(bytea), list_memberships(bigint), ensure_event_partitions(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_api_key(bytea), list_memberships(bigint), ensure_event_partitions(timestamptz, integer) TO fanwheel_app, fanwheel_ingest;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO fanwheel_app, fanwheel_ingest;

-- The lake's exporter reads events of every workspace and nothing else.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'fanwheel_export') THEN
        CREATE ROLE fanwheel_export NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
    IF NOT pg_has_role(current_user, 'fanwheel_export', 'MEMBER') THEN
        GRANT fanwheel_export TO CURRENT_USER;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = 'event'::regclass AND polname = 'export_reads_all') THEN
        CREATE POLICY export_reads_all ON event FOR SELECT TO fanwheel_export USING (true);
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO fanwheel_export;
GRANT SELECT ON event, consumer, installation TO fanwheel_export;
