-- How far tags and layers have followed their rules.

-- name: list_work
-- Which workspaces have something to follow, and when the next tag expires.
SELECT workspace_id, is_behind, expires_at
  FROM list_carrying_work();

-- name: try_lock
-- Whether nobody else follows the rules of the workspace, nor changes tags and layers; held until the transaction ends.
SELECT pg_try_advisory_xact_lock(8400020, %(workspace)s::integer) AS is_held;

-- name: list_changes
-- Entries and exits that have not been followed, in their order; those of rules that tags and layers follow are marked.
SELECT change.change_id, change.segment_id, change.person_id, change.changed_at,
       change.person_id <> 0 AND carried.segment_id IS NOT NULL AS is_ours
  FROM carrying
  JOIN segment_change AS change
    ON change.workspace_id = %(workspace)s AND change.change_id > carrying.followed_to
  LEFT JOIN carried_rule AS carried
         ON carried.workspace_id = %(workspace)s AND carried.segment_id = change.segment_id
 WHERE carrying.workspace_id = %(workspace)s
 ORDER BY change.change_id
 LIMIT %(most)s;

-- name: follow_to
-- Notes up to which entry or exit all were followed.
UPDATE carrying SET followed_to = %(change_id)s WHERE workspace_id = %(workspace)s;

-- name: hold_persons
-- Those of some persons whose own homes were not erased; they cannot be until the transaction ends.
SELECT home_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(persons)s::bigint[])
 ORDER BY home_id
   FOR KEY SHARE;

-- name: find_built
-- A rule that was built since everybody was last gone through for it, and how far that has come.
SELECT carried.segment_id, carried.carried_to, rule.purpose, rule.built_at
  FROM carried_rule AS carried
  JOIN segment AS rule USING (workspace_id, segment_id)
 WHERE carried.workspace_id = %(workspace)s
   AND rule.built_at IS NOT NULL
   AND rule.built_at IS DISTINCT FROM carried.carried_for
 ORDER BY carried.segment_id
 LIMIT 1;

-- name: step
-- Notes whom a going through has passed.
UPDATE carried_rule
   SET carried_to = %(carried_to)s
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s;

-- name: finish
-- Notes that everybody was gone through after a building.
UPDATE carried_rule
   SET carried_to = 0,
       carried_for = %(built_at)s
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s;
