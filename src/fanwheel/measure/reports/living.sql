-- What PostgreSQL keeps by home, by the person to whom the home belongs now.

-- name: orders
-- engine: DuckDB, Spark
-- grain: one row per order
-- time zone: days are the workspace's
-- Kept as the table orders.
SELECT home_order.order_id,
       coalesce(person_map.person_id, home_order.home_id) AS person_id,
       home_order.status, home_order.placed_at, home_order.total_minor, home_order.net_minor,
       @day(home_order.placed_at, %(time_zone)s) AS placed_on
  FROM home_order
  LEFT JOIN person_map ON person_map.home_id = home_order.home_id

-- name: consent
-- engine: DuckDB, Spark
-- grain: one row per statement about marketing on a channel
-- time zone: none
-- Kept as the table consent.
SELECT home_consent.consent_id,
       coalesce(person_map.person_id, home_consent.home_id) AS person_id,
       home_consent.channel, home_consent.is_granted, home_consent.decided_at
  FROM home_consent
  LEFT JOIN person_map ON person_map.home_id = home_consent.home_id

-- name: invite
-- engine: DuckDB, Spark
-- grain: one row per accepted invite of somebody else
-- time zone: none
-- Kept as the table invite. A merge can make referrer and referee one person; nobody brings themselves.
SELECT referee_id, referrer_id, accepted_at
  FROM (SELECT coalesce(referee.person_id, home_invite.referee_home) AS referee_id,
               coalesce(referrer.person_id, home_invite.referrer_home) AS referrer_id,
               home_invite.accepted_at
          FROM home_invite
          LEFT JOIN person_map AS referee ON referee.home_id = home_invite.referee_home
          LEFT JOIN person_map AS referrer ON referrer.home_id = home_invite.referrer_home) AS accepted
 WHERE referee_id <> referrer_id
