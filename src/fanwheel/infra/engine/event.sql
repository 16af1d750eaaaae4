-- name: event
-- engine: DuckDB, Spark
-- grain: one row per event of the workspace: those in the lake, then the hot tail still in PostgreSQL
-- time zone: none
SELECT event_id, person_id AS home_id, kind, name, occurred_at, received_at, source_id, domain, properties, context
  FROM lake_event
 WHERE workspace_id = %(workspace)s
UNION ALL
SELECT event_id, person_id, kind, name, occurred_at, received_at, source_id, domain, properties, context
  FROM hot_event
 WHERE workspace_id = %(workspace)s

-- name: event_without_erased
-- engine: DuckDB, Spark
-- grain: one row per event, without those of homes whose erasure the lake has not carried out yet
-- time zone: none
SELECT event_id, home_id, kind, name, occurred_at, received_at, source_id, domain, properties, context
  FROM any_event
 WHERE NOT EXISTS (SELECT 1 FROM erased WHERE erased.home_id = any_event.home_id)
