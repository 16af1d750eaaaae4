-- The events of parts of the people: for a first guess at who is in a segment, and to judge everybody in turn.

-- name: event_part
-- engine: DuckDB, Spark
-- grain: one row per event, with its bucket: homes of one bucket of sixteen stand in files of their own once a month is
-- over, and what is not yet arranged so has bucket -1
-- time zone: none
-- Events of homes that are being erased are among them; who is gone is nobody's event.
SELECT event_id, person_id AS home_id, kind, name, occurred_at, properties, bucket
  FROM lake_event
 WHERE workspace_id = %(workspace)s
UNION ALL
SELECT event_id, person_id, kind, name, occurred_at, properties, -1
  FROM hot_event
 WHERE workspace_id = %(workspace)s

-- name: event_part_of_tail
-- engine: DuckDB, Spark
-- grain: the same while the lake is empty
-- time zone: none
SELECT event_id, person_id AS home_id, kind, name, occurred_at, properties, -1 AS bucket
  FROM hot_event
 WHERE workspace_id = %(workspace)s

-- name: event_share
-- engine: DuckDB, Spark
-- grain: one row per event of the homes in one bucket of sixteen
-- time zone: none
SELECT event_id, home_id, kind, name, occurred_at, properties
  FROM event_part
 WHERE bucket IN (-1, 0)
   AND home_id % 16 = 0

-- name: joined_home
-- engine: DuckDB
-- grain: one row per home of a person who has several, whose events may be in several buckets
-- time zone: none
SELECT home_id, person_id
  FROM person_map
UNION ALL
SELECT DISTINCT person_id, person_id
  FROM person_map
 WHERE person_id NOT IN (SELECT home_id FROM person_map)
