-- name: names
-- Display names of some people.
SELECT person_id, display_name
  FROM person
 WHERE workspace_id = %(workspace)s AND person_id = ANY (%(person_ids)s);

-- name: lines_by_day
-- How many lines the paid orders of each day of a period have.
SELECT (shop_order.placed_at AT TIME ZONE %(time_zone)s)::date AS placed_on, count(*) AS lines
  FROM shop_order
  JOIN order_line USING (workspace_id, order_id)
 WHERE shop_order.workspace_id = %(workspace)s
   AND shop_order.status = 'paid'
   AND shop_order.stated_at > timestamptz 'epoch'
   AND shop_order.placed_at >= %(first)s::date::timestamp AT TIME ZONE %(time_zone)s
   AND shop_order.placed_at < (%(last)s::date + 1)::timestamp AT TIME ZONE %(time_zone)s
 GROUP BY placed_on;
