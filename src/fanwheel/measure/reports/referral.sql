-- name: referral_tree
-- engine: DuckDB, Spark
-- grain: one row per person who was brought or who brought somebody
-- time zone: none
-- parent_id: who brought this person (the first accepted invite counts); orders: paid orders.
WITH first_invite AS (
    SELECT referee_id, @arg_min(referrer_id, accepted_at, referrer_id) AS referrer_id
      FROM invite
     GROUP BY referee_id
), member AS (
    SELECT referee_id AS person_id, referrer_id AS parent_id FROM first_invite
    UNION ALL
    SELECT DISTINCT referrer_id, CAST(NULL AS BIGINT)
      FROM first_invite
     WHERE referrer_id NOT IN (SELECT referee_id FROM first_invite)
), bought AS (
    SELECT person_id, count(*) AS orders
      FROM orders
     WHERE status = 'paid'
     GROUP BY person_id
)
SELECT member.person_id, member.parent_id, coalesce(bought.orders, 0) AS orders
  FROM member
  LEFT JOIN bought ON bought.person_id = member.person_id
 ORDER BY member.person_id

-- name: referral_totals
-- engine: DuckDB, Spark
-- grain: one row
-- time zone: none
-- Invites sent, people brought, and people who could have invited: all who have reached the stage operate.
SELECT CAST(coalesce(sum(invites), 0) AS BIGINT) AS invites,
       (SELECT count(DISTINCT referee_id) FROM invite) AS accepted_invites,
       count(operated_on) AS members
  FROM reach

-- name: referral_months
-- engine: DuckDB, Spark
-- grain: month in which something happened
-- time zone: months are the workspace's
-- Invites sent and people brought in the month, the squares of how many each referrer brought in it, and how many
-- people were then new to those who could invite.
WITH first_invite AS (
    SELECT referee_id, @arg_min(referrer_id, accepted_at, referrer_id) AS referrer_id, min(accepted_at) AS accepted_at
      FROM invite
     GROUP BY referee_id
), brought AS (
    SELECT @month_start(@day(accepted_at, %(time_zone)s)) AS month, referrer_id, count(*) AS people
      FROM first_invite
     GROUP BY 1, 2
), happened AS (
    SELECT month, 0 AS invites, people AS accepted, people * people AS squares, 0 AS joined
      FROM brought
    UNION ALL
    SELECT @month_start(@day(occurred_at, %(time_zone)s)), 1, 0, 0, 0
      FROM event
     WHERE kind = 1 AND name = 'Invite Sent'
    UNION ALL
    SELECT @month_start(operated_on), 0, 0, 0, 1
      FROM reach
     WHERE operated_on IS NOT NULL
)
SELECT month,
       CAST(sum(invites) AS BIGINT) AS invites,
       CAST(sum(accepted) AS BIGINT) AS accepted,
       CAST(sum(squares) AS BIGINT) AS squares,
       CAST(sum(joined) AS BIGINT) AS joined
  FROM happened
 GROUP BY month
 ORDER BY month
