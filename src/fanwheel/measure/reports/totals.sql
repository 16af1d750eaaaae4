-- name: totals
-- engine: DuckDB, Spark
-- grain: day on which orders were placed
-- time zone: days are the workspace's
-- Paid orders, value before refunds and net revenue in minor units of the reporting currency;
-- unconverted: paid orders in a currency without any rate, whose money is missing here.
SELECT placed_on AS day,
       count(*) AS orders,
       CAST(coalesce(sum(total_minor), 0) AS BIGINT) AS gross_minor,
       CAST(coalesce(sum(net_minor), 0) AS BIGINT) AS revenue_minor,
       count(CASE WHEN net_minor IS NULL THEN 1 END) AS unconverted
  FROM orders
 WHERE status = 'paid'
 GROUP BY 1
 ORDER BY 1
