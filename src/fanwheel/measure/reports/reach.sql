-- name: reach
-- engine: DuckDB, Spark
-- grain: one row per person
-- time zone: days are the workspace's
-- Kept as the table reach: the first day of each of the five stages, and how many invites the person sent. Events of
-- kind 7 are what a holdout kept from happening, and introduce nobody.
WITH seen AS (
    SELECT home_id, min(occurred_at) AS introduced_at
      FROM event
     WHERE kind <> 7
     GROUP BY home_id
), told AS (
    SELECT home_id,
           min(CASE WHEN name IN ('Message Received', 'Menu Tapped', 'Button Tapped',
                                  'Conversation Opened', 'Group Joined', 'Live Joined', 'Comment Posted', 'Form Submitted',
                                  'Lead Submitted', 'Channel Joined') THEN occurred_at END) AS operated_at,
           min(CASE WHEN name IN ('Invite Sent', 'Content Shared') THEN occurred_at END) AS shared_at,
           count(CASE WHEN name = 'Invite Sent' THEN 1 END) AS invites
      FROM event
     WHERE kind = 1
       AND name IN ('Message Received', 'Menu Tapped', 'Button Tapped',
                    'Conversation Opened', 'Group Joined', 'Live Joined', 'Comment Posted', 'Form Submitted', 'Lead Submitted',
                    'Channel Joined', 'Invite Sent', 'Content Shared')
     GROUP BY home_id
), home AS (
    SELECT seen.home_id, seen.introduced_at, told.operated_at, told.shared_at, coalesce(told.invites, 0) AS invites
      FROM seen
      LEFT JOIN told ON told.home_id = seen.home_id
), fact AS (
    SELECT coalesce(person_map.person_id, home.home_id) AS person_id,
           introduced_at, operated_at, shared_at, invites
      FROM home
      LEFT JOIN person_map ON person_map.home_id = home.home_id
    UNION ALL
    SELECT person_id, NULL, min(decided_at), NULL, 0
      FROM consent
     WHERE is_granted
     GROUP BY person_id
    UNION ALL
    SELECT referrer_id, NULL, NULL, min(accepted_at), 0
      FROM invite
     GROUP BY referrer_id
), contact AS (
    SELECT person_id,
           min(introduced_at) AS introduced_at,
           min(operated_at) AS operated_at,
           min(shared_at) AS shared_at,
           CAST(sum(invites) AS BIGINT) AS invites
      FROM fact
     GROUP BY person_id
), paid AS (
    SELECT person_id, placed_at, row_number() OVER (PARTITION BY person_id ORDER BY placed_at) AS turn
      FROM orders
     WHERE status = 'paid'
), buyer AS (
    SELECT person_id,
           min(CASE WHEN turn = 1 THEN placed_at END) AS converted_at,
           min(CASE WHEN turn = 2 THEN placed_at END) AS repurchased_at
      FROM paid
     WHERE turn <= 2
     GROUP BY person_id
)
SELECT coalesce(contact.person_id, buyer.person_id) AS person_id,
       -- Somebody known only by an order, a consent or an invite was introduced by the first of them.
       @day(coalesce(introduced_at, least(operated_at, converted_at, shared_at)), %(time_zone)s) AS introduced_on,
       @day(operated_at, %(time_zone)s) AS operated_on,
       @day(converted_at, %(time_zone)s) AS converted_on,
       @day(shared_at, %(time_zone)s) AS shared_on,
       @day(repurchased_at, %(time_zone)s) AS repurchased_on,
       coalesce(invites, 0) AS invites
  FROM contact
  FULL JOIN buyer ON buyer.person_id = contact.person_id
