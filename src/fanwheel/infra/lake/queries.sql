-- PostgreSQL, as role fanwheel_export. Those for ADBC run as COPY, which takes no parameters:
-- theirs are settings of the session.

-- name: lead
-- One row: whether this session now holds the lock of the one exporter. It ends with the session.
SELECT pg_try_advisory_lock(8400002) AS is_leader;

-- name: release
-- One row, empty: this session holds no lock any more.
SELECT pg_advisory_unlock_all();

-- name: state
-- One row: whose watermark counts, and on which cluster.
SELECT lake_epoch, lake_system, lake_ready_epoch, lake_doubt_tx,
       (SELECT system_identifier FROM pg_control_system()) AS system,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next_tx
  FROM installation;

-- name: settle
-- One row: the epoch, after the installation was made to fit this cluster and this lake.
SELECT settle_lake_epoch(%(start_anew)s, %(lake_is_empty)s) AS epoch;

-- name: plan
-- One row per slice of what is committed and not yet exported: the tx after its last one, and its rows.
-- The window ends below the oldest running transaction, so nothing in it can still change; a slice ends
-- at a tx that is there, because only such an id is sure to be known after a crash of the server.
WITH per_tx AS (
    SELECT tx, count(*) AS row_count
      FROM event
     WHERE tx >= %(from_tx)s
       AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
     GROUP BY tx
), running AS (
    SELECT tx, row_count, div(sum(row_count) OVER (ORDER BY tx) - 1, %(slice_rows)s) AS slice
      FROM per_tx
)
SELECT max(tx) + 1 AS until_tx, sum(row_count)::bigint AS row_count
  FROM running
 GROUP BY slice
 ORDER BY slice;

-- name: decided
-- One row: the tx below which every transaction has ended.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS decided_tx;

-- name: events
-- One row per event of the window.
SELECT workspace_id, event_id, person_id, kind, name, occurred_at, received_at, source_id, domain,
       properties, context, message_key
  FROM event
 WHERE tx >= current_setting('fanwheel.from_tx')::bigint
   AND tx < current_setting('fanwheel.until_tx')::bigint;

-- name: tail
-- One row per event from a tx on.
SELECT workspace_id, event_id, person_id, kind, name, occurred_at, received_at, source_id, domain,
       properties, context, message_key
  FROM event
 WHERE tx >= current_setting('fanwheel.from_tx')::bigint;

-- name: tail_of_workspace
-- One row per event of one workspace from a tx on.
SELECT workspace_id, event_id, person_id, kind, name, occurred_at, received_at, source_id, domain,
       properties, context, message_key
  FROM event
 WHERE tx >= current_setting('fanwheel.from_tx')::bigint
   AND workspace_id = current_setting('fanwheel.workspace')::integer;

-- name: summarize
-- One row: how many page ranges the BRIN indexes have learned of.
SELECT summarize_event_partitions() AS ranges;

-- name: oldest_writer
-- The oldest transaction that has written and is not finished, or no row.
SELECT pid, age_s, lag_tx FROM find_oldest_writer();

-- name: pending_erasures
-- One row per erasure that is still to be carried out here, oldest first. One that a transaction older than it
-- might still add events to waits, and so does one younger than the grace.
SELECT workspace_id, erasure_id, home_ids
  FROM erasure
 WHERE lake_done_at IS NULL
   AND requested_at <= now() - make_interval(secs => %(grace_s)s)
   AND NOT EXISTS (SELECT 1 FROM find_oldest_writer() AS writer
                    WHERE clock_timestamp() - make_interval(secs => writer.age_s) < erasure.requested_at)
 ORDER BY erasure_id;

-- name: erasure_done
-- Notes that the lake holds nothing of an erasure any more.
UPDATE erasure SET lake_done_at = now()
 WHERE workspace_id = %(workspace)s
   AND erasure_id = %(erasure)s
   AND lake_done_at IS NULL;

-- name: delete_events
-- Role fanwheel_app. Deletes the events of homes.
DELETE FROM event
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(homes)s);

-- name: months
-- One row per month that has a partition, oldest first.
SELECT month FROM list_event_months();

-- name: drop_month
-- One row: whether the month's partition was dropped.
SELECT drop_event_month(%(month)s, %(watermark)s, %(hot_days)s) AS is_dropped;
