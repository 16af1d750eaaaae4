-- Run before every migration: the roles that grants name. Idempotent.
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT unnest(ARRAY['fanwheel_app', 'fanwheel_ingest', 'fanwheel_export']) AS name LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = t.name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', t.name);
        END IF;
        IF NOT pg_has_role(current_user, t.name, 'USAGE') THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', t.name);
        END IF;
    END LOOP;
END $$;
