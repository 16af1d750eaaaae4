-- name: events_of
-- engine: DuckDB, Spark
-- grain: one row per event of the homes in the table wanted whose name is in the table asked
-- time zone: none
SELECT home_id, @epoch_us(occurred_at) AS at_us, event_id, kind, name, properties
  FROM event
 WHERE home_id IN (SELECT wanted.home_id FROM wanted)
   AND name IN (SELECT asked.name FROM asked)

-- name: erased
-- PostgreSQL, through ADBC. One row per home whose erasure the lake has not carried out yet.
SELECT DISTINCT unnest(home_ids) AS home_id
  FROM erasure
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
   AND lake_done_at IS NULL;
