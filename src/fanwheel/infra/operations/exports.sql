-- name: people
-- One row per person who is listed, with the first identifier of each kind. Times: UTC.
SELECT person_id, user_id, anonymous_id, email, phone, unionid, openid, wecom_external_userid, douyin_open_id, tiktok_open_id,
       telegram_id, line_id, name, stage, is_fan, array_to_string(tags, ',') AS tags, order_count, revenue, currency, first_seen_at, last_seen_at,
       traits::text AS traits
  FROM person_row
 WHERE workspace_id = %(workspace)s
   AND is_real
 ORDER BY person_id;

-- name: orders
-- One row per order line, the order's sums repeated; an order without lines has one row. Times: UTC.
-- Orders of which only a refund or a cancellation is known are left out.
SELECT sale.order_id, owner.person_id, owner.kind AS identifier_kind, owner.value AS identifier, sale.status, sale.placed_at, sale.currency,
       sale.total_minor / scale.unit AS total, sale.discount_minor / scale.unit AS discount,
       sale.shipping_minor / scale.unit AS shipping, sale.tax_minor / scale.unit AS tax, sale.coupon,
       least(sale.total_minor, coalesce(given.refunded_minor, 0)) / scale.unit AS refunded,
       line.line_number, line.product_id, line.product_name, line.category, line.quantity,
       line.unit_price_minor / scale.unit AS unit_price
  FROM shop_order AS sale
 CROSS JOIN LATERAL (SELECT 10::numeric ^ currency_digits(sale.currency) AS unit) AS scale
  JOIN identifier AS owner ON owner.workspace_id = sale.workspace_id AND owner.home_id = sale.home_id
  LEFT JOIN order_line AS line ON line.workspace_id = sale.workspace_id AND line.order_id = sale.order_id
  LEFT JOIN LATERAL (
        SELECT sum(coalesce(amount_minor, sale.total_minor)) AS refunded_minor FROM refund
         WHERE workspace_id = sale.workspace_id AND order_id = sale.order_id) AS given ON true
 WHERE sale.workspace_id = %(workspace)s
   AND sale.stated_at > 'epoch'
 ORDER BY sale.placed_at, sale.order_id, line.line_number;

-- name: spend
-- One row per source, day, campaign and currency.
SELECT origin.slug AS source, origin.domain, cost.spent_on, cost.campaign, cost.currency,
       cost.amount_minor / 10::numeric ^ currency_digits(cost.currency) AS amount
  FROM spend AS cost
  JOIN source AS origin ON origin.workspace_id = cost.workspace_id AND origin.source_id = cost.source_id
 WHERE cost.workspace_id = %(workspace)s
 ORDER BY cost.spent_on, origin.slug, cost.campaign, cost.currency;

-- name: list_homes
-- Every home and the person it belongs to now; events of other homes were erased.
SELECT home_id, person_id FROM identifier WHERE workspace_id = %(workspace)s;

-- name: list_sources
-- Names of sources.
SELECT source_id, slug FROM source WHERE workspace_id = %(workspace)s;

-- name: find_person
-- The person who owns an identifier, or no row.
SELECT person_id FROM identifier WHERE workspace_id = %(workspace)s AND identifier_hash = %(hash)s;

-- name: region
-- The workspace's default region for phone numbers.
SELECT default_region FROM workspace WHERE workspace_id = %(workspace)s;
