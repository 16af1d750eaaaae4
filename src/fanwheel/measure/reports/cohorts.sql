-- name: cohorts
-- engine: DuckDB, Spark
-- grain: grain ('month' or 'week'), cohort, and number of months or weeks since (0: that of the first order)
-- time zone: days are the workspace's
-- A person's cohort is the month or ISO week of the first paid order. people who placed a paid order in the period,
-- and their net revenue there.
WITH bought AS (
    SELECT person_id, placed_on AS day, coalesce(net_minor, 0) AS net_minor
      FROM orders
     WHERE status = 'paid'
), dated AS (
    SELECT person_id, day, net_minor, min(day) OVER (PARTITION BY person_id) AS first_day
      FROM bought
), periods AS (
    SELECT 'month' AS grain, person_id, net_minor,
           @month_start(first_day) AS cohort,
           (year(day) - year(first_day)) * 12 + month(day) - month(first_day) AS periods_since
      FROM dated
    UNION ALL
    SELECT 'week', person_id, net_minor, @week_start(first_day),
           @int_div(@days_between(@week_start(first_day), @week_start(day)), 7)
      FROM dated
)
SELECT grain, cohort, CAST(periods_since AS INTEGER) AS periods_since,
       count(DISTINCT person_id) AS people, CAST(sum(net_minor) AS BIGINT) AS revenue_minor
  FROM periods
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
