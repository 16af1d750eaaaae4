-- name: spend_by_day
-- engine: DuckDB, Spark
-- grain: day and source
-- time zone: spend is stated by day
-- Spend in minor units of the reporting currency.
SELECT spent_on AS day, source_id, CAST(coalesce(sum(amount_minor), 0) AS BIGINT) AS spend_minor
  FROM spend
 GROUP BY spent_on, source_id
 ORDER BY day, source_id
