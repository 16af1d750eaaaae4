-- name: timeline
-- engine: DuckDB, Spark
-- grain: one row per event of the homes in the table wanted, newest first
-- time zone: none
-- One page: the events before a given one.
SELECT event_id, kind, name, occurred_at, source_id, domain, properties, context
  FROM event
 WHERE home_id IN (SELECT wanted.home_id FROM wanted)
   AND (occurred_at < %(before_at)s OR (occurred_at = %(before_at)s AND event_id < %(before_id)s))
 ORDER BY occurred_at DESC, event_id DESC
 LIMIT %(limit)s

-- name: sources
-- PostgreSQL, through ADBC. One row per source.
SELECT source_id, slug
  FROM source
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer;

-- name: erased
-- PostgreSQL, through ADBC. One row per home whose erasure the lake has not carried out yet.
SELECT DISTINCT unnest(home_ids) AS home_id
  FROM erasure
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
   AND lake_done_at IS NULL;
