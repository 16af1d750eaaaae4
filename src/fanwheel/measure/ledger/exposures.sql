-- name: exposures
-- engine: DuckDB, Spark
-- grain: one row per person, source and instant at which the source stood before the person, or would have
-- time zone: none
-- is_ghost: a holdout kept it from happening. What people themselves do on a channel (join, write, buy) is none, since
-- those who are held out do it too.
SELECT person_id, source_id, occurred_at, is_ghost
  FROM (SELECT DISTINCT coalesce(person_map.person_id, event.home_id) AS person_id,
               event.source_id, event.occurred_at, event.kind = 7 AS is_ghost
          FROM event
          LEFT JOIN person_map ON person_map.home_id = event.home_id
         WHERE event.source_id <> 0
           AND event.name NOT IN ('Holdout Assigned', 'Channel Joined', 'Channel Left', 'Consent Granted',
                                  'Consent Withdrawn', 'Message Received', 'Comment Posted', 'Form Submitted',
                                  'Lead Submitted', 'Invite Sent', 'Content Shared', 'Checkout Started',
                                  'Coupon Applied', 'Order Completed', 'Order Updated', 'Order Cancelled',
                                  'Order Refunded')) AS met
