-- name: touch
-- engine: DuckDB, Spark
-- grain: one row per touch (an event with evidence of where it came from), in the person's order
-- time zone: none
-- Kept as the table touch. turn counts a person's touches from 1; previous_domain is that of the touch before.
SELECT person_id, occurred_at, event_id, source_id, domain,
       row_number() OVER inside AS turn,
       lag(domain) OVER inside AS previous_domain
  FROM (SELECT coalesce(person_map.person_id, event.home_id) AS person_id,
               event.occurred_at, event.event_id, event.source_id, event.domain
          FROM event
          LEFT JOIN person_map ON person_map.home_id = event.home_id
         WHERE event.source_id <> 0) AS evidence
WINDOW inside AS (PARTITION BY person_id ORDER BY occurred_at, event_id)
