-- Orders: written in bulk from what events said, read by pages. Times of writes come in epoch microseconds.

-- name: find_said
-- What was said so far of some orders; they stay locked until the transaction ends.
SELECT order_id, home_id, stated_at > timestamptz 'epoch' AS is_stated, said::text AS said
  FROM shop_order
 WHERE workspace_id = %(workspace)s
   AND order_id = ANY (%(order_ids)s::text[])
 ORDER BY order_id
   FOR UPDATE;

-- name: put_orders
-- Stores orders as they now are.
INSERT INTO shop_order AS known (workspace_id, order_id, home_id, status, placed_at, currency, total_minor,
                                 discount_minor, shipping_minor, tax_minor, coupon, cancelled_at, stated_at, said)
SELECT %(workspace)s, fresh.order_id, fresh.home_id, fresh.status,
       timestamptz 'epoch' + fresh.placed_at * interval '1 microsecond',
       fresh.currency, fresh.total_minor, fresh.discount_minor, fresh.shipping_minor, fresh.tax_minor, fresh.coupon,
       timestamptz 'epoch' + fresh.cancelled_at * interval '1 microsecond',
       timestamptz 'epoch' + fresh.stated_at * interval '1 microsecond',
       fresh.said
  FROM json_to_recordset(%(orders)s::json)
       AS fresh (order_id text, home_id bigint, status text, placed_at bigint, currency text, total_minor bigint,
                 discount_minor bigint, shipping_minor bigint, tax_minor bigint, coupon text, cancelled_at bigint,
                 stated_at bigint, said jsonb)
    ON CONFLICT (workspace_id, order_id) DO UPDATE
   SET home_id = excluded.home_id,
       status = excluded.status,
       placed_at = excluded.placed_at,
       currency = excluded.currency,
       total_minor = excluded.total_minor,
       discount_minor = excluded.discount_minor,
       shipping_minor = excluded.shipping_minor,
       tax_minor = excluded.tax_minor,
       coupon = excluded.coupon,
       cancelled_at = excluded.cancelled_at,
       stated_at = excluded.stated_at,
       said = excluded.said;

-- name: clear_lines
-- Takes the lines of some orders away.
DELETE FROM order_line
 WHERE workspace_id = %(workspace)s
   AND order_id = ANY (%(order_ids)s::text[]);

-- name: add_lines
-- Adds lines; their prices are stored as stated and in minor units.
INSERT INTO order_line (workspace_id, order_id, line_number, product_id, product_name, category, quantity,
                        unit_price_minor, unit_price)
SELECT %(workspace)s, fresh.order_id, fresh.line_number, fresh.product_id, fresh.product_name, fresh.category,
       fresh.quantity, fresh.unit_price_minor, fresh.unit_price
  FROM json_to_recordset(%(lines)s::json)
       AS fresh (order_id text, line_number integer, product_id text, product_name text, category text,
                 quantity numeric, unit_price_minor bigint, unit_price numeric);

-- name: list_prices
-- The prices of the lines of some orders as they were stated.
SELECT order_id, line_number, unit_price
  FROM order_line
 WHERE workspace_id = %(workspace)s
   AND order_id = ANY (%(order_ids)s::text[]);

-- name: put_prices
-- Stores prices in minor units anew, because the orders' currency became known.
UPDATE order_line AS line
   SET unit_price_minor = fresh.unit_price_minor
  FROM json_to_recordset(%(prices)s::json) AS fresh (order_id text, line_number integer, unit_price_minor bigint)
 WHERE line.workspace_id = %(workspace)s
   AND line.order_id = fresh.order_id
   AND line.line_number = fresh.line_number;

-- name: clear_refunds
-- Takes the refunds of some orders away.
DELETE FROM refund
 WHERE workspace_id = %(workspace)s
   AND order_id = ANY (%(order_ids)s::text[]);

-- name: add_refunds
-- Adds refunds.
INSERT INTO refund (workspace_id, order_id, refund_id, refunded_at, currency, amount_minor)
SELECT %(workspace)s, fresh.order_id, fresh.refund_id,
       timestamptz 'epoch' + fresh.refunded_at * interval '1 microsecond', fresh.currency, fresh.amount_minor
  FROM json_to_recordset(%(refunds)s::json)
       AS fresh (order_id text, refund_id text, refunded_at bigint, currency text, amount_minor bigint);

-- name: list_orders
-- A page of orders, newest first, with what was refunded and what is left in the order's currency. Orders of
-- which only a refund, a cancellation or a coupon is known are left out.
SELECT known.order_id, home.person_id, known.status, known.placed_at, known.currency, known.total_minor,
       known.discount_minor, known.shipping_minor, known.tax_minor, known.coupon, known.cancelled_at,
       known.stated_at, back.refunded_minor,
       CASE WHEN known.status = 'cancelled' THEN 0 ELSE known.total_minor - back.refunded_minor END AS net_minor,
       place.reporting_currency,
       reporting_factor(known.workspace_id, known.currency, (known.placed_at AT TIME ZONE place.time_zone)::date) AS factor
  FROM shop_order AS known
  JOIN workspace AS place ON place.workspace_id = known.workspace_id
  JOIN identifier AS home ON home.workspace_id = known.workspace_id AND home.home_id = known.home_id
 CROSS JOIN LATERAL (
       SELECT least(known.total_minor,
                    CASE WHEN count(*) FILTER (WHERE refund.amount_minor IS NULL) > 0 THEN known.total_minor
                         ELSE coalesce(sum(refund.amount_minor), 0)::bigint END) AS refunded_minor
         FROM refund
        WHERE refund.workspace_id = known.workspace_id
          AND refund.order_id = known.order_id) AS back
 WHERE known.workspace_id = %(workspace)s
   AND known.stated_at > timestamptz 'epoch'
   AND (%(status)s::text IS NULL OR known.status = %(status)s)
   AND (%(order_id)s::text IS NULL OR known.order_id = %(order_id)s)
   AND (%(person_id)s::bigint IS NULL
        OR known.home_id IN (SELECT own.home_id
                               FROM identifier AS own
                              WHERE own.workspace_id = %(workspace)s
                                AND own.person_id = (SELECT asked.person_id
                                                       FROM identifier AS asked
                                                      WHERE asked.workspace_id = %(workspace)s
                                                        AND asked.home_id = %(person_id)s)))
   AND (%(before_at)s::timestamptz IS NULL OR (known.placed_at, known.order_id) < (%(before_at)s, %(before_id)s::text))
 ORDER BY known.placed_at DESC, known.order_id DESC
 LIMIT %(most)s;

-- name: list_lines
-- The lines of some orders, in order.
SELECT order_id, line_number, product_id, product_name, category, quantity, unit_price_minor
  FROM order_line
 WHERE workspace_id = %(workspace)s
   AND order_id = ANY (%(order_ids)s::text[])
 ORDER BY order_id, line_number;

-- name: list_refunds
-- The refunds of an order, oldest first.
SELECT refund_id, refunded_at, currency, amount_minor
  FROM refund
 WHERE workspace_id = %(workspace)s
   AND order_id = %(order_id)s
 ORDER BY refunded_at, refund_id;
