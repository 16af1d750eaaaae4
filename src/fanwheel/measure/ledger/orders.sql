-- name: orders_with_referrer
-- engine: DuckDB, Spark
-- grain: one row per person and instant with a paid order
-- time zone: none
-- Net revenue in minor units of the reporting currency, and who brought the person (the first accepted invite counts);
-- orders without a known rate are left out.
WITH brought AS (
    SELECT referee_id, @arg_min(referrer_id, accepted_at, referrer_id) AS referrer_id
      FROM invite
     GROUP BY referee_id
)
SELECT orders.person_id, orders.placed_at, CAST(sum(orders.net_minor) AS BIGINT) AS net_minor, brought.referrer_id
  FROM orders
  LEFT JOIN brought ON brought.referee_id = orders.person_id
 WHERE orders.status = 'paid'
   AND orders.net_minor IS NOT NULL
 GROUP BY orders.person_id, orders.placed_at, brought.referrer_id
