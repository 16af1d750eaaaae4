-- The events of a share of people, for a first guess at who is in a segment.

-- name: event_share
-- engine: DuckDB, Spark
-- grain: one row per event of the homes in one bucket of sixteen, which stand in files of their own once a month is over
-- time zone: none
-- Events of homes that are being erased are among them; who is gone is nobody's event.
SELECT event_id, person_id AS home_id, kind, name, occurred_at, properties
  FROM lake_event
 WHERE workspace_id = %(workspace)s
   AND bucket IN (-1, 0)
   AND person_id % 16 = 0
UNION ALL
SELECT event_id, person_id, kind, name, occurred_at, properties
  FROM hot_event
 WHERE workspace_id = %(workspace)s
   AND person_id % 16 = 0

-- name: event_share_of_tail
-- engine: DuckDB, Spark
-- grain: the same while the lake is empty
-- time zone: none
SELECT event_id, person_id AS home_id, kind, name, occurred_at, properties
  FROM hot_event
 WHERE workspace_id = %(workspace)s
   AND person_id % 16 = 0
