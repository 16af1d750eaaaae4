-- name: crossings
-- engine: DuckDB, Spark
-- grain: day, pair of domains, and the day on which the same people last crossed the same way
-- time zone: days are the workspace's
-- crossings of the day; people who crossed. In a period, each person counts once: take the rows whose
-- previous_day is before the period.
WITH daily AS (
    SELECT person_id, previous_domain AS from_domain, domain AS to_domain,
           touched_on AS day,
           count(*) AS crossings
      FROM touch
     WHERE domain <> previous_domain AND domain <> 0 AND previous_domain <> 0
     GROUP BY person_id, previous_domain, domain, touched_on
), paired AS (
    SELECT day, from_domain, to_domain, crossings,
           lag(day) OVER (PARTITION BY person_id, from_domain, to_domain ORDER BY day) AS previous_day
      FROM daily
)
SELECT day, previous_day, from_domain, to_domain,
       count(*) AS people, CAST(sum(crossings) AS BIGINT) AS crossings
  FROM paired
 GROUP BY day, previous_day, from_domain, to_domain
 ORDER BY day, previous_day NULLS FIRST, from_domain, to_domain
