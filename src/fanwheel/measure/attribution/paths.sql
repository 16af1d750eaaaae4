-- name: paths
-- engine: DuckDB, Spark
-- grain: one row per distinct path, its source ids as text, oldest first ('': paid orders without a touch)
-- time zone: none
-- An order's path holds all touches of its person at or before it, at most %(lookback_days)s days old, so a touch counts
-- for every such order. Touches in no order's window make paths without conversion, which end where nothing follows
-- for as many days. Reads the kept tables touch and orders.
WITH paid AS (
    SELECT order_id, person_id, placed_at, coalesce(net_minor, 0) AS net_minor
      FROM orders
     WHERE status = 'paid'
), won AS (
    SELECT paid.order_id, @list_by(CAST(touch.source_id AS STRING), touch.turn) AS steps
      FROM paid
      JOIN touch ON touch.person_id = paid.person_id
                AND touch.occurred_at <= paid.placed_at
                AND @epoch_us(paid.placed_at) - @epoch_us(touch.occurred_at) <= %(lookback_days)s * 86400000000
     GROUP BY paid.order_id
), moment AS (
    SELECT person_id, occurred_at AS happened_at, 0 AS is_order, turn, source_id, NULL AS placed_at
      FROM touch
    UNION ALL
    SELECT person_id, placed_at, 1, NULL, NULL, placed_at
      FROM paid
), seen AS (
    SELECT person_id, happened_at, is_order, turn, source_id,
           @last_known(placed_at) OVER (PARTITION BY person_id
                                        ORDER BY happened_at DESC, is_order DESC
                                        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS next_order_at
      FROM moment
), unsold AS (
    SELECT person_id, turn, source_id, happened_at,
           lag(happened_at) OVER (PARTITION BY person_id ORDER BY turn) AS previous_at
      FROM seen
     WHERE is_order = 0
       AND (next_order_at IS NULL
            OR @epoch_us(next_order_at) - @epoch_us(happened_at) > %(lookback_days)s * 86400000000)
), walk AS (
    SELECT person_id, turn, source_id,
           sum(CASE WHEN @epoch_us(happened_at) - @epoch_us(previous_at) <= %(lookback_days)s * 86400000000
                    THEN 0 ELSE 1 END) OVER (PARTITION BY person_id ORDER BY turn
                                             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS walk_number
      FROM unsold
), lost AS (
    SELECT @list_by(CAST(source_id AS STRING), turn) AS steps
      FROM walk
     GROUP BY person_id, walk_number
), ending AS (
    SELECT coalesce(@join_list(won.steps, ' > '), '') AS path,
           1 AS conversions, 0 AS non_conversions, paid.net_minor AS value_minor
      FROM paid
      LEFT JOIN won ON won.order_id = paid.order_id
    UNION ALL
    SELECT @join_list(steps, ' > '), 0, 1, 0
      FROM lost
)
SELECT path,
       CAST(sum(conversions) AS BIGINT) AS conversions,
       CAST(sum(non_conversions) AS BIGINT) AS non_conversions,
       CAST(sum(value_minor) AS BIGINT) AS value_minor
  FROM ending
 GROUP BY path
 ORDER BY path
