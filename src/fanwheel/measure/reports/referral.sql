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
