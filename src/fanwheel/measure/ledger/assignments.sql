-- name: assignments
-- engine: DuckDB, Spark
-- grain: one row per person and holdout ('universal' or the slug of a source)
-- time zone: none
-- Since when each person is held out. Two people who turned out to be one are held out of what either was, since the
-- earlier moment.
SELECT coalesce(person_map.person_id, event.home_id) AS person_id,
       lower(trim(@json_text(event.properties, 'holdout'))) AS holdout,
       min(event.occurred_at) AS since_at
  FROM event
  LEFT JOIN person_map ON person_map.home_id = event.home_id
 WHERE event.name = 'Holdout Assigned'
   AND @json_text(event.properties, 'holdout') IS NOT NULL
 GROUP BY 1, 2
