-- Who is still to be reached of a broadcast, in chunks of 65,536 ids.

-- name: put_chunks
-- Writes chunks, in the place of those that were there.
INSERT INTO broadcast_crowd (workspace_id, broadcast_id, part, due_at, chunk, members, size)
SELECT %(workspace)s, %(broadcast_id)s, given.part, given.due_at, given.chunk, given.members, given.size
  FROM unnest(%(parts)s::text[], %(dues)s::timestamptz[], %(chunks)s::integer[], %(members)s::bytea[],
              %(sizes)s::integer[]) AS given (part, due_at, chunk, members, size)
 ORDER BY given.part, given.due_at, given.chunk
    ON CONFLICT (workspace_id, broadcast_id, part, due_at, chunk) DO UPDATE
   SET members = excluded.members, size = excluded.size;

-- name: list_due
-- Planned chunks whose time has come, in its order.
SELECT part, due_at, chunk, members
  FROM broadcast_crowd
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s
   AND part = 'due'
   AND due_at <= %(now)s
 ORDER BY due_at, chunk
 LIMIT %(most)s;

-- name: find_raw
-- The first chunk that is not planned yet, or no row.
SELECT part, due_at, chunk, members
  FROM broadcast_crowd
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s
   AND part = 'raw'
 ORDER BY chunk
 LIMIT 1;

-- name: list_planned
-- The chunks of a number that are planned or wait for a winner.
SELECT part, due_at, chunk, members
  FROM broadcast_crowd
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s
   AND part <> 'raw'
   AND chunk = %(chunk)s;

-- name: find_next
-- When the next planned chunk is due, and how many parts of the crowd there are of each kind.
SELECT min(due_at) FILTER (WHERE part = 'due') AS next_at,
       coalesce(sum(size) FILTER (WHERE part = 'due'), 0)::bigint AS due,
       coalesce(sum(size) FILTER (WHERE part = 'raw'), 0)::bigint AS raw,
       coalesce(sum(size) FILTER (WHERE part = 'rest'), 0)::bigint AS rest
  FROM broadcast_crowd
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s;

-- name: delete_chunk
-- Takes a chunk away of which nobody is left.
DELETE FROM broadcast_crowd
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s
   AND part = %(part)s
   AND due_at = %(due_at)s
   AND chunk = %(chunk)s;

-- name: let_rest_go
-- Those who waited for a winner are planned now, or wait to be.
UPDATE broadcast_crowd
   SET part = %(part)s, due_at = %(due_at)s
 WHERE workspace_id = %(workspace)s
   AND broadcast_id = %(broadcast_id)s
   AND part = 'rest';

-- name: delete_crowd
-- Forgets who was still to be reached.
DELETE FROM broadcast_crowd WHERE workspace_id = %(workspace)s AND broadcast_id = %(broadcast_id)s;

-- name: list_clocks
-- Where some people live, and the hour that a trait tells of each.
SELECT given.person_id,
       coalesce(person.traits ->> 'time_zone', person.traits ->> 'timezone', '') AS zone,
       CASE WHEN jsonb_typeof(person.traits -> %(trait)s) = 'number'
            THEN (person.traits ->> %(trait)s)::double precision END AS hour
  FROM unnest(%(people)s::bigint[]) AS given (person_id)
  JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = given.person_id
  JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = home.person_id;

-- name: count_sources
-- How many people segments and lists hold, as was counted last.
SELECT coalesce((SELECT sum(size) FROM segment_bitmap
                  WHERE workspace_id = %(workspace)s AND segment_id = %(segment_id)s), 0)::bigint
       + coalesce((SELECT size FROM list WHERE workspace_id = %(workspace)s AND list_id = %(list_id)s), 0) AS people;

-- name: list_missing
-- Of some segments and lists those that are not there, and segments that are not built yet.
SELECT 'segment' AS kind, given.id, segment.status
  FROM unnest(%(segments)s::integer[]) AS given (id)
  LEFT JOIN segment ON segment.workspace_id = %(workspace)s AND segment.segment_id = given.id
 WHERE segment.status IS DISTINCT FROM 'live'
 UNION ALL
SELECT 'list', given.id, NULL
  FROM unnest(%(lists)s::integer[]) AS given (id)
 WHERE NOT EXISTS (SELECT FROM list WHERE list.workspace_id = %(workspace)s AND list.list_id = given.id);
