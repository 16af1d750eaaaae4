-- The portrait of persons who were merely seen again: the few columns of it that move then.

-- name: hold
-- Keeps the rows of persons for this transaction, in the order of their ids as every fold does; how many there are.
SELECT count(*)
  FROM (SELECT
          FROM person
         WHERE workspace_id = %(workspace)s
           AND person_id = ANY (%(persons)s::bigint[])
         ORDER BY person_id
           FOR NO KEY UPDATE) AS held;

-- name: fold_seen
-- Brings when persons were last seen, and how often, up to date, as the fold of the whole portrait would; whose rows
-- were. Left to that is who was nobody until now or turns out to have come earlier, and who was folded meanwhile from
-- more events than are known here.
WITH seen AS (
    SELECT member.person_id,
           min(said.first_seen_at) AS first_at,
           max(said.last_seen_at) AS last_at,
           sum(said.event_count)::bigint AS events,
           min(said.introduced_at) AS introduced_at
      FROM identifier AS member
      JOIN person_part AS said ON said.workspace_id = %(workspace)s AND said.home_id = member.home_id
     WHERE member.workspace_id = %(workspace)s
       AND member.person_id = ANY (%(persons)s::bigint[])
     GROUP BY member.person_id
)
UPDATE person
   SET last_seen_at = seen.last_at,
       event_count = seen.events
  -- In the order in which every fold takes the rows of persons.
  FROM (SELECT person_id, first_at, last_at, events, introduced_at FROM seen ORDER BY person_id) AS seen
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = seen.person_id
   AND person.is_real
   AND person.display_name <> ''  -- else never folded
   AND person.event_count <= seen.events
   AND person.last_seen_at <= seen.last_at
   AND person.first_seen_at = seen.first_at
   AND person.introduced_at = seen.introduced_at
RETURNING person.person_id;

-- name: note_segments
-- Asks for persons to be judged again, where there are segments to judge them for; with the metrics that grew.
INSERT INTO segment_note (workspace_id, person_id, grew)
SELECT %(workspace)s, given.person_id, given.grew::integer[]
  FROM unnest(%(persons)s::bigint[], %(grew)s::text[]) AS given (person_id, grew)
 WHERE EXISTS (SELECT FROM segment_book WHERE workspace_id = %(workspace)s);
