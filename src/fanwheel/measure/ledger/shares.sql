-- name: planned_shares
-- engine: DuckDB, Spark
-- grain: one row per holdout and share of people that was said to be planned for it (NULL: none was said)
-- time zone: none
SELECT lower(trim(@json_text(event.properties, 'holdout'))) AS holdout,
       @json_text(event.properties, 'share') AS share,
       count(*) AS assigned
  FROM event
 WHERE event.name = 'Holdout Assigned'
   AND @json_text(event.properties, 'holdout') IS NOT NULL
 GROUP BY 1, 2
