-- What reports read from PostgreSQL, through ADBC, as a role that row-level security binds.
-- COPY takes no parameters, so the workspace is the session's fanwheel.workspace.

-- name: place
-- One row: the workspace's time zone and reporting currency.
SELECT workspace_id, time_zone, reporting_currency
  FROM workspace
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer;

-- name: installation
-- One row: what tells this database, in this life of it, from any other.
SELECT lake_epoch::text AS installation
  FROM installation;

-- name: source
-- One row per source.
SELECT source_id, slug, name, domain
  FROM source
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer;

-- name: person_map
-- One row per home that a merge has moved: where its events belong now.
SELECT home_id, person_id
  FROM identifier
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
   AND home_id <> person_id;

-- name: erased
-- One row per home whose erasure the lake has not carried out yet.
SELECT DISTINCT unnest(home_ids) AS home_id
  FROM erasure
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
   AND lake_done_at IS NULL;

-- name: home_order
-- One row per order, by home: value before refunds and net revenue, both in minor units of the reporting currency
-- at the rate of the day it was placed, NULL where no rate is known. THE definition of net revenue.
WITH place AS (
    SELECT workspace_id, time_zone, reporting_currency
      FROM workspace
     WHERE workspace_id = current_setting('fanwheel.workspace')::integer
), refunded AS (
    SELECT order_id,
           sum(amount_minor) AS amount_minor,
           bool_or(amount_minor IS NULL) AS is_whole
      FROM refund
     WHERE workspace_id = current_setting('fanwheel.workspace')::integer
     GROUP BY order_id
), foreign_day AS (
    SELECT DISTINCT shop_order.currency,
           (shop_order.placed_at AT TIME ZONE place.time_zone)::date AS placed_on
      FROM shop_order JOIN place USING (workspace_id)
     WHERE shop_order.currency <> place.reporting_currency
), rate AS (
    SELECT foreign_day.currency, foreign_day.placed_on,
           reporting_factor(place.workspace_id, foreign_day.currency, foreign_day.placed_on) AS factor
      FROM foreign_day CROSS JOIN place
), valued AS (
    SELECT shop_order.order_id, shop_order.home_id, shop_order.status, shop_order.placed_at,
           CASE WHEN shop_order.currency = place.reporting_currency THEN 1::numeric ELSE rate.factor END AS factor,
           shop_order.total_minor,
           CASE WHEN shop_order.status = 'cancelled' OR refunded.is_whole THEN 0
                ELSE greatest(shop_order.total_minor - coalesce(refunded.amount_minor, 0), 0)
           END AS net_minor
      FROM shop_order
      JOIN place USING (workspace_id)
      LEFT JOIN refunded USING (order_id)
      LEFT JOIN rate ON rate.currency = shop_order.currency
                    AND rate.placed_on = (shop_order.placed_at AT TIME ZONE place.time_zone)::date
     -- Of some orders only a refund, a cancellation or a coupon is known yet.
     WHERE shop_order.stated_at > timestamptz 'epoch'
)
SELECT order_id, home_id, status, placed_at,
       CASE WHEN factor = 1 THEN total_minor ELSE round(total_minor * factor) END::bigint AS total_minor,
       CASE WHEN factor = 1 THEN net_minor ELSE round(net_minor * factor) END::bigint AS net_minor
  FROM valued;

-- name: spend
-- One row per source and day: spend in minor units of the reporting currency, NULL where no rate is known.
SELECT source_id, spent_on,
       sum(round(amount_minor * reporting_factor(workspace_id, currency, spent_on)))::bigint AS amount_minor
  FROM spend
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
 GROUP BY source_id, spent_on;

-- name: home_consent
-- One row per statement about marketing on a channel, by home. Leave for another purpose, such as order updates,
-- makes no fan.
SELECT consent_id, home_id, channel, is_granted, decided_at
  FROM consent
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
   AND purpose = 'marketing';

-- name: home_invite
-- One row per accepted invite, by home: who was brought, and by whom. One that names a code only is of whoever sent the
-- code first, as in the statement fold.
WITH code_owner AS (
    SELECT DISTINCT ON (code) code, home_id
      FROM invite_code
     WHERE workspace_id = current_setting('fanwheel.workspace')::integer
     ORDER BY code, sent_at, home_id
)
SELECT invite.referee_home, coalesce(code_owner.home_id, invite.referrer_home) AS referrer_home, invite.accepted_at
  FROM invite
  LEFT JOIN code_owner ON invite.referrer_home = 0 AND code_owner.code = invite.code
 WHERE invite.workspace_id = current_setting('fanwheel.workspace')::integer
   AND (invite.referrer_home <> 0 OR code_owner.home_id IS NOT NULL);
