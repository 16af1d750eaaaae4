-- name: list_tables
-- Every table that holds rows of its own, with its parent if it is a partition. The ledger of migrations is
-- not among them: a restore writes its own.
SELECT own.relname AS name, parent.relname AS partition_of
  FROM pg_class AS own
  LEFT JOIN pg_inherits AS link ON link.inhrelid = own.oid
  LEFT JOIN pg_class AS parent ON parent.oid = link.inhparent
 WHERE own.relnamespace = 'public'::regnamespace
   AND own.relkind = 'r'
   AND own.relname <> 'schema_migration'
 ORDER BY own.relname;

-- name: list_columns
-- The columns of a table that are stored, not computed, in order.
SELECT attname AS name
  FROM pg_attribute
 WHERE attrelid = format('public.%%I', %(table)s::text)::regclass
   AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
 ORDER BY attnum;

-- name: list_references
-- Which table must be filled before which: (table, needs).
SELECT DISTINCT own.relname AS name, target.relname AS needs
  FROM pg_constraint AS rule
  JOIN pg_class AS own ON own.oid = rule.conrelid
  JOIN pg_class AS target ON target.oid = rule.confrelid
 WHERE rule.contype = 'f' AND own.relnamespace = 'public'::regnamespace AND own.oid <> target.oid;

-- name: list_sequences
-- The sequences of the schema.
SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname;

-- name: list_migrations
-- Names of the migrations that were applied, in order.
SELECT name FROM schema_migration ORDER BY name;

-- name: list_watermarks
-- How far each reader of the event stream has come: rows with tx >= next_tx are still to be read.
SELECT DISTINCT next_tx FROM consumer ORDER BY next_tx;

-- name: has_content
-- Whether somebody uses this installation already.
SELECT EXISTS (SELECT FROM workspace) OR EXISTS (SELECT FROM login) OR EXISTS (SELECT FROM event);

-- name: ensure_partition
-- Makes the event partition of one month.
SELECT ensure_event_partitions(to_date(%(month)s, 'YYYYMM')::timestamp AT TIME ZONE 'UTC', 0);

-- name: put_sequence
-- Sets a sequence to where it stood.
SELECT setval(format('public.%%I', %(name)s::text)::regclass, %(last_value)s, %(is_called)s);

-- name: keep_exporters_out
-- Whether no exporter runs; none can begin until the transaction ends. The lock is the lake's own.
SELECT pg_try_advisory_xact_lock(8400002);

-- name: distrust_lake
-- Rows and watermarks no longer belong together as they did; the exporter compares them before it goes on.
-- Set here, because the new database may be in the very cluster that the old one was in.
UPDATE installation SET lake_system = NULL;

-- name: settle_changes
-- Changes of portraits are told to readers once their transaction is over; those of another server's all are.
UPDATE portrait_change SET tx = 0;

-- name: repeat_late_erasures
-- Erasures that reached the lake after it was copied have to reach the copy too.
UPDATE erasure SET lake_done_at = NULL WHERE lake_done_at >= %(copied_at)s;

-- name: server
-- What kind of server this is.
SELECT current_setting('server_version') AS version, current_setting('server_version_num')::integer AS number,
       now() AS server_time, current_setting('data_checksums') AS checksums;

-- name: list_unfenced
-- Tables with a workspace_id that row-level security does not guard. Partitions are reached through their parent.
SELECT own.relname AS name
  FROM pg_class AS own
 WHERE own.relnamespace = 'public'::regnamespace AND own.relkind IN ('r', 'p') AND NOT own.relispartition
   AND own.relname <> ALL (ARRAY['installation', 'login_session', 'one_time_link', 'login'])
   AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = own.oid AND attname = 'workspace_id' AND NOT attisdropped)
   AND NOT (own.relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = own.oid))
 ORDER BY own.relname;

-- name: list_loose_roles
-- Roles of ours that could get past row-level security, or own a table.
SELECT rolname AS name
  FROM pg_roles AS role
 WHERE rolname IN ('fanwheel_app', 'fanwheel_ingest', 'fanwheel_export')
   AND (rolsuper OR rolbypassrls OR EXISTS (
        SELECT FROM pg_class WHERE relowner = role.oid AND relnamespace = 'public'::regnamespace))
 ORDER BY rolname;

-- name: list_missing_roles
-- Roles of ours that do not exist.
SELECT name FROM unnest(ARRAY['fanwheel_app', 'fanwheel_ingest', 'fanwheel_export']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name);

-- name: act_as_app
-- The rest of the transaction runs as the application does, without a workspace.
SET LOCAL ROLE fanwheel_app;

-- name: count_visible
-- How many identifiers are seen without a workspace: none, if the fence stands.
SELECT count(*) FROM identifier;

-- name: list_long_transactions
-- Writing transactions that hold back every reader of the event stream, oldest first.
SELECT pid, coalesce(application_name, '') AS application, extract(epoch FROM now() - xact_start)::integer AS seconds
  FROM pg_stat_activity
 WHERE backend_xid IS NOT NULL AND xact_start < now() - interval '5 minutes' AND pid <> pg_backend_pid()
 ORDER BY xact_start;

-- name: list_prepared
-- Prepared transactions, which nobody ends by themselves.
SELECT gid FROM pg_prepared_xacts WHERE prepared < now() - interval '5 minutes';
