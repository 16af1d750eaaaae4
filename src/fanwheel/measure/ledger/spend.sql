-- name: spend_of_channels
-- engine: DuckDB, Spark
-- grain: one row per source and day
-- time zone: spend is stated by day
-- What each source cost, in minor units of the reporting currency; days without a known rate are left out.
SELECT source_id, spent_on, CAST(sum(amount_minor) AS BIGINT) AS amount_minor
  FROM spend
 WHERE amount_minor IS NOT NULL
 GROUP BY source_id, spent_on
 ORDER BY source_id, spent_on
