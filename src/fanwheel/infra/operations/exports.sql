-- name: people
-- One row per person who is listed, with the first identifier of each kind. Times: UTC.
SELECT person.person_id, known.user_id, known.anonymous_id, known.email, known.phone, known.unionid, known.openid,
       known.wecom_external_userid, known.douyin_open_id, person.display_name AS name,
       (ARRAY['introduce', 'operate', 'convert', 'share', 'repurchase'])[person.stage] AS stage, person.is_fan,
       array_to_string(person.tags, ',') AS tags, person.order_count,
       person.revenue_minor / 10::numeric ^ currency_digits(place.reporting_currency) AS revenue,
       place.reporting_currency AS currency, person.first_seen_at, person.last_seen_at, person.traits::text AS traits
  FROM person
  JOIN workspace AS place USING (workspace_id)
  LEFT JOIN LATERAL (
        SELECT min(value) FILTER (WHERE kind = 'user_id') AS user_id,
               min(value) FILTER (WHERE kind = 'anonymous_id') AS anonymous_id,
               min(value) FILTER (WHERE kind = 'email') AS email,
               min(value) FILTER (WHERE kind = 'phone') AS phone,
               min(value) FILTER (WHERE kind = 'unionid') AS unionid,
               min(value) FILTER (WHERE kind = 'openid') AS openid,
               min(value) FILTER (WHERE kind = 'wecom_external_userid') AS wecom_external_userid,
               min(value) FILTER (WHERE kind = 'douyin_open_id') AS douyin_open_id
          FROM (SELECT DISTINCT ON (kind) kind, value
                  FROM identifier
                 WHERE workspace_id = person.workspace_id AND person_id = person.person_id
                 ORDER BY kind, first_seen_at, home_id) AS first_of_kind
       ) AS known ON true
 WHERE person.workspace_id = %(workspace)s
   AND person.is_real
 ORDER BY person.person_id;

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
