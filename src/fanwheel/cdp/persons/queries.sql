-- ---------------------------------------------------------------- resolving: what ingest does, in bulk

-- name: find_identifiers
-- Those of the hashes that are known, with their homes.
SELECT identifier_hash, home_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND identifier_hash = ANY (%(hashes)s::uuid[]);

-- name: insert_identifiers
-- Home and person of the identifiers that were new; those that another process inserted meanwhile are left out. A
-- group begins as one person: the smallest of the homes that it is given here.
INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
SELECT %(workspace)s, fresh.identifier_hash, fresh.kind, fresh.value, fresh.home_id,
       min(fresh.home_id) OVER (PARTITION BY fresh.group_number), fresh.first_seen_at
  FROM (SELECT given.identifier_hash, given.kind, given.value, given.first_seen_at, given.group_number,
               nextval('person_home_id') AS home_id
          FROM unnest(%(hashes)s::uuid[], %(kinds)s::text[], %(values)s::text[], %(seen)s::timestamptz[],
                      %(groups)s::bigint[])
               AS given (identifier_hash, kind, value, first_seen_at, group_number)) AS fresh
 ORDER BY fresh.identifier_hash
    ON CONFLICT DO NOTHING
RETURNING identifier_hash, home_id, person_id;

-- name: insert_edges
-- The edges that were new.
INSERT INTO identity_edge (workspace_id, low_id, high_id, origin, first_seen_at)
SELECT %(workspace)s, given.low_id, given.high_id, given.origin, given.first_seen_at
  FROM unnest(%(lows)s::bigint[], %(highs)s::bigint[], %(origins)s::text[], %(seen)s::timestamptz[])
       AS given (low_id, high_id, origin, first_seen_at)
    ON CONFLICT DO NOTHING
RETURNING low_id, high_id;

-- name: hold_identity
-- Waits for the workspace's other changes of identity, then keeps them out until this transaction ends.
SELECT pg_advisory_xact_lock(8400002, %(workspace)s::integer);

-- name: list_members_around
-- Every identifier of the persons that some homes belong to.
SELECT mate.home_id, mate.kind, mate.person_id
  FROM (SELECT DISTINCT person_id
          FROM identifier
         WHERE workspace_id = %(workspace)s
           AND home_id = ANY (%(homes)s::bigint[])) AS touched
 CROSS JOIN LATERAL (SELECT home_id, kind, person_id
                       FROM identifier
                      WHERE workspace_id = %(workspace)s
                        AND person_id = touched.person_id
                     OFFSET 0) AS mate;

-- name: list_links
-- The edges at some homes as seen from there; at a hub no more than decide that it is one. The subselects with
-- a limit keep the planner on the indexes: the whole of a table is never the faster way here.
SELECT near.home_id, near.other_id, other.kind, other.person_id, near.is_manual, near.is_cut
  FROM (SELECT node.home_id, edge.other_id, edge.is_manual, edge.is_cut
          FROM unnest(%(homes)s::bigint[]) AS node (home_id)
         CROSS JOIN LATERAL (
               (SELECT high_id AS other_id, is_manual, is_cut
                  FROM identity_edge
                 WHERE workspace_id = %(workspace)s AND low_id = node.home_id AND NOT is_manual
                 LIMIT %(most)s)
                UNION ALL
               (SELECT low_id, is_manual, is_cut
                  FROM identity_edge
                 WHERE workspace_id = %(workspace)s AND high_id = node.home_id AND NOT is_manual
                 LIMIT %(most)s)
                UNION ALL
                SELECT high_id, is_manual, is_cut
                  FROM identity_edge
                 WHERE workspace_id = %(workspace)s AND low_id = node.home_id AND is_manual
                UNION ALL
                SELECT low_id, is_manual, is_cut
                  FROM identity_edge
                 WHERE workspace_id = %(workspace)s AND high_id = node.home_id AND is_manual) AS edge) AS near
 CROSS JOIN LATERAL (SELECT kind, person_id
                       FROM identifier
                      WHERE workspace_id = %(workspace)s
                        AND home_id = near.other_id
                      LIMIT 1) AS other;

-- name: list_members
-- Every identifier of some persons.
SELECT home_id, kind, person_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[]);

-- name: move_identifiers
-- Gives homes to their new persons.
UPDATE identifier
   SET person_id = given.person_id
  FROM unnest(%(homes)s::bigint[], %(persons)s::bigint[]) AS given (home_id, person_id)
 WHERE identifier.workspace_id = %(workspace)s
   AND identifier.home_id = given.home_id;

-- name: insert_persons
-- Rows of persons who were just met; the projector folds the rest in.
INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at)
SELECT %(workspace)s, given.person_id, given.seen_at, given.seen_at, given.seen_at
  FROM unnest(%(persons)s::bigint[], %(seen)s::timestamptz[]) AS given (person_id, seen_at)
    ON CONFLICT DO NOTHING;

-- name: insert_split_persons
-- Rows of persons who came apart from others.
INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at)
SELECT %(workspace)s, person_id, min(first_seen_at), max(first_seen_at), min(first_seen_at)
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[])
 GROUP BY person_id
    ON CONFLICT DO NOTHING;

-- name: delete_persons
-- Takes absorbed persons out of the lists. Rows that a fold holds are left: it takes them away itself when it
-- finds the note that they are stale, and ingest does not wait for it.
DELETE FROM person
 USING (SELECT person_id
          FROM person
         WHERE workspace_id = %(workspace)s
           AND person_id = ANY (%(persons)s::bigint[])
           FOR UPDATE SKIP LOCKED) AS absorbed
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = absorbed.person_id;

-- name: mark_stale
-- Asks for persons to be folded again.
INSERT INTO person_stale (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(persons)s::bigint[]) AS given (person_id);

-- name: insert_history
-- Adds to the audit trail; other_ids come as text, since arrays of arrays must be rectangular.
INSERT INTO identity_audit (workspace_id, actor, action, person_id, other_ids, reason)
SELECT %(workspace)s, %(actor)s, given.action, given.person_id, given.other_ids::bigint[], given.reason
  FROM unnest(%(actions)s::text[], %(persons)s::bigint[], %(others)s::text[], %(reasons)s::text[])
       AS given (action, person_id, other_ids, reason);
