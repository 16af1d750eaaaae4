-- name: wanted_events
-- engine: DuckDB, Spark
-- grain: one row per event of a kind and name that metrics read, with its properties where one of them asks for those
-- time zone: none
SELECT event.event_id, event.home_id, event.kind, event.name, @epoch_us(event.occurred_at) AS at_us,
       CASE WHEN wanted.is_told THEN event.properties ELSE '' END AS properties
  FROM event
  JOIN wanted ON wanted.kind = event.kind AND wanted.name = event.name
