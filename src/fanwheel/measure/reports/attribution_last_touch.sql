-- name: attribution_last_touch
-- engine: DuckDB, Spark
-- grain: day of order, credited source (0: none), and the day on which it was last credited for the same people
-- time zone: days are the workspace's
-- All of an order's net revenue goes to the newest touch of its person at or before it, at most %(lookback_days)s
-- days old. In a period, each person counts once: take the rows whose previous_day is before the period.
WITH moment AS (
    SELECT touch.person_id, touch.occurred_at AS happened_at, 0 AS is_order, touch.source_id, touch.domain,
           touch.occurred_at AS touched_at, NULL AS placed_on, 0 AS net_minor
      FROM touch
     WHERE touch.person_id IN (SELECT orders.person_id FROM orders WHERE orders.status = 'paid')
    UNION ALL
    SELECT person_id, placed_at, 1, NULL, NULL, NULL, placed_on, coalesce(net_minor, 0)
      FROM orders
     WHERE status = 'paid'
), seen AS (
    SELECT person_id, happened_at, is_order, placed_on, net_minor,
           @last_known(source_id) OVER inside AS source_id,
           @last_known(touched_at) OVER inside AS touched_at
      FROM moment
    WINDOW inside AS (PARTITION BY person_id
                      ORDER BY happened_at, is_order, source_id NULLS FIRST, domain NULLS FIRST
                      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
), daily AS (
    SELECT person_id, placed_on AS day,
           CASE WHEN @epoch_us(happened_at) - @epoch_us(touched_at) <= %(lookback_days)s * 86400000000
                THEN source_id ELSE 0 END AS source_id,
           count(*) AS orders, CAST(sum(net_minor) AS BIGINT) AS revenue_minor
      FROM seen
     WHERE is_order = 1
     GROUP BY 1, 2, 3
), paired AS (
    SELECT day, source_id, orders, revenue_minor,
           lag(day) OVER (PARTITION BY person_id, source_id ORDER BY day) AS previous_day
      FROM daily
)
SELECT day, previous_day, source_id,
       count(*) AS people, CAST(sum(orders) AS BIGINT) AS orders, CAST(sum(revenue_minor) AS BIGINT) AS revenue_minor
  FROM paired
 GROUP BY day, previous_day, source_id
 ORDER BY day, previous_day NULLS FIRST, source_id
