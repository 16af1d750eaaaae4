-- Products: what orders say of them, and what the brand says.

-- name: list_products
-- Products of the newest orders and those the brand told of, that hold all of a text; those bought most come first.
-- Only so many of the newest orders are looked at, so that it costs the same however many there are.
WITH newest AS (
    SELECT known.order_id, known.placed_at, known.currency
      FROM shop_order AS known
     WHERE known.workspace_id = %(workspace)s
     ORDER BY known.placed_at DESC, known.order_id DESC
     LIMIT %(orders)s
), sold AS (
    SELECT line.product_id, count(*)::integer AS times,
           (array_agg(line.product_name ORDER BY newest.placed_at DESC))[1] AS name,
           (array_agg(line.category ORDER BY newest.placed_at DESC))[1] AS category,
           (array_agg(line.unit_price_minor ORDER BY newest.placed_at DESC))[1] AS price_minor,
           (array_agg(newest.currency ORDER BY newest.placed_at DESC))[1] AS currency
      FROM newest
      JOIN order_line AS line ON line.workspace_id = %(workspace)s AND line.order_id = newest.order_id
     WHERE line.product_id <> ''
     GROUP BY line.product_id
), told AS (
    SELECT product.product_id, product.name, product.url, product.image_url, product.price_minor, product.currency
      FROM product
     WHERE product.workspace_id = %(workspace)s
), every AS (
    SELECT product_id, coalesce(nullif(told.name, ''), nullif(sold.name, ''), product_id) AS name,
           coalesce(sold.category, '') AS category, coalesce(told.price_minor, sold.price_minor) AS price_minor,
           coalesce(CASE WHEN told.price_minor IS NULL THEN sold.currency ELSE told.currency END, '') AS currency,
           coalesce(told.url, '') AS url, coalesce(told.image_url, '') AS image_url, coalesce(sold.times, 0) AS times
      FROM sold
      FULL JOIN told USING (product_id)
)
SELECT product_id, name, category, price_minor, currency, url, image_url, times
  FROM every
 WHERE (%(one)s::text IS NULL OR product_id = %(one)s)
   AND (%(q)s::text IS NULL OR strpos(lower(name || ' ' || product_id || ' ' || category), lower(%(q)s)) > 0)
 ORDER BY times DESC, name, product_id
 LIMIT %(most)s;

-- name: put_product
-- Writes what the brand says of a product.
INSERT INTO product (workspace_id, product_id, name, url, image_url, price_minor, currency, changed_by)
VALUES (%(workspace)s, %(product_id)s, %(name)s, %(url)s, %(image_url)s, %(price_minor)s, %(currency)s, %(actor)s)
    ON CONFLICT (workspace_id, product_id) DO UPDATE
   SET name = excluded.name, url = excluded.url, image_url = excluded.image_url, price_minor = excluded.price_minor,
       currency = excluded.currency, changed_at = now(), changed_by = excluded.changed_by;

-- name: list_coupons
-- Codes that were used in the newest orders, those used most first.
SELECT newest.coupon AS code, count(*)::integer AS times
  FROM (SELECT known.coupon
          FROM shop_order AS known
         WHERE known.workspace_id = %(workspace)s
         ORDER BY known.placed_at DESC, known.order_id DESC
         LIMIT %(orders)s) AS newest
 WHERE newest.coupon <> ''
 GROUP BY newest.coupon
 ORDER BY times DESC, code
 LIMIT %(most)s;
