-- name: region_revenue
-- engine: DuckDB, Spark
-- grain: one row per trait that says where people live, region and day with a paid order
-- time zone: days are the workspace's
-- Net revenue in minor units of the reporting currency, by where the buyer lives now; orders without a known rate are
-- left out.
SELECT person_region.trait, person_region.region, orders.placed_on,
       CAST(sum(orders.net_minor) AS BIGINT) AS net_minor
  FROM orders
  JOIN person_region ON person_region.person_id = orders.person_id
 WHERE orders.status = 'paid'
   AND orders.net_minor IS NOT NULL
 GROUP BY person_region.trait, person_region.region, orders.placed_on
 ORDER BY person_region.trait, person_region.region, orders.placed_on
