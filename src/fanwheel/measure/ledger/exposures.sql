-- name: exposures
-- engine: DuckDB, Spark
-- grain: one row per person, source and instant at which the source stood before the person, or would have
-- time zone: none
-- is_ghost: a holdout kept it from happening. What people themselves do on a channel (own_deed: join, write, buy) is
-- none, since those who are held out do it too.
SELECT person_id, source_id, occurred_at, is_ghost
  FROM (SELECT DISTINCT coalesce(person_map.person_id, event.home_id) AS person_id,
               event.source_id, event.occurred_at, event.kind = 7 AS is_ghost
          FROM event
          LEFT JOIN person_map ON person_map.home_id = event.home_id
         WHERE event.source_id <> 0
           AND event.name NOT IN (SELECT name FROM own_deed)) AS met
