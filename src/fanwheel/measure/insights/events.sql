-- name: event_names
-- engine: DuckDB, Spark
-- grain: one row per name of a track event
-- time zone: none
-- People who did it and how often it was done, the most widespread first.
WITH done AS (
    SELECT event.name, coalesce(person_map.person_id, event.home_id) AS person_id, count(*) AS events
      FROM event
      LEFT JOIN person_map ON person_map.home_id = event.home_id
     WHERE event.kind = 1
     GROUP BY 1, 2
)
SELECT name, count(*) AS people, CAST(sum(events) AS BIGINT) AS events
  FROM done
 GROUP BY name
 ORDER BY people DESC, name
 LIMIT 500
