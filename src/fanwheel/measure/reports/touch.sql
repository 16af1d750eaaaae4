-- name: touch
-- engine: DuckDB, Spark
-- grain: one row per touch (an event with evidence of where it came from that the person did)
-- time zone: days are the workspace's
-- Kept as the table touch. turn counts a person's touches from 1; previous_domain is that of the touch before. Touches
-- of one instant stand in the order of their source, as in portraits: the event's id would cost more than it decides.
SELECT person_id, occurred_at, source_id, domain,
       @day(occurred_at, %(time_zone)s) AS touched_on,
       row_number() OVER inside AS turn,
       lag(domain) OVER inside AS previous_domain
  FROM (SELECT coalesce(person_map.person_id, event.home_id) AS person_id,
               event.occurred_at, event.source_id, event.domain
          FROM event
          LEFT JOIN person_map ON person_map.home_id = event.home_id
         WHERE event.source_id <> 0
           AND event.kind <> 7
           AND event.name NOT IN ('Message Sent', 'Message Delivered', 'Message Opened')) AS evidence
WINDOW inside AS (PARTITION BY person_id ORDER BY occurred_at, source_id, domain)
