-- name: names
-- Engine: DuckDB or Spark. Grain: one row per kind and name of event, the most frequent first.
SELECT kind, name, count(*) AS event_count
  FROM event
 WHERE kind IN (1, 3, 4)
 GROUP BY kind, name
 ORDER BY event_count DESC, kind, name
 LIMIT 500
