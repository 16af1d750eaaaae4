-- name: domains
-- engine: DuckDB, Spark
-- grain: day, domain, and the day on which the same people last touched the same domain
-- time zone: days are the workspace's
-- touches of the day; people who touched. In a period, each person counts once: take the rows whose
-- previous_day is before the period.
WITH daily AS (
    SELECT person_id, domain, touched_on AS day, count(*) AS touches
      FROM touch
     WHERE domain <> 0
     GROUP BY person_id, domain, touched_on
), paired AS (
    SELECT day, domain, touches, lag(day) OVER (PARTITION BY person_id, domain ORDER BY day) AS previous_day
      FROM daily
)
SELECT day, previous_day, domain, count(*) AS people, CAST(sum(touches) AS BIGINT) AS touches
  FROM paired
 GROUP BY day, previous_day, domain
 ORDER BY day, previous_day NULLS FIRST, domain
