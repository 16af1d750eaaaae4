-- What the projector reads and writes beside the slices it turns.

-- name: reporting_currency
-- The currency of amounts that name none.
SELECT reporting_currency
  FROM workspace
 WHERE workspace_id = %(workspace)s;

-- name: list_workspaces
-- Every workspace.
SELECT workspace_id
  FROM workspace
 ORDER BY workspace_id;

-- name: refuse
-- Shows events whose meaning could not be used among the rejected ones; no key sent them just now.
INSERT INTO event_rejected (workspace_id, api_key_id, code, message, payload)
SELECT %(workspace)s, 0, fresh.code, fresh.message, fresh.payload
  FROM json_to_recordset(%(refusals)s::json) AS fresh (code text, message text, payload text);

-- name: note
-- Asks for persons to be folded again, any home stands for its person; where nothing but some metrics grew, those.
INSERT INTO person_stale (workspace_id, person_id, grew)
SELECT %(workspace)s, given.person_id, given.grew::integer[]
  FROM unnest(%(persons)s::bigint[], %(grew)s::text[]) AS given (person_id, grew);

-- name: take_notes
-- Persons to be folded again, oldest notes first, and which metrics grew where that is all; those that another
-- transaction has taken are left to it.
DELETE FROM person_stale
 WHERE workspace_id = %(workspace)s
   AND stale_id = ANY (ARRAY(SELECT stale_id
                               FROM person_stale
                              WHERE workspace_id = %(workspace)s
                              ORDER BY stale_id
                              LIMIT %(most)s
                                FOR UPDATE SKIP LOCKED))
RETURNING person_id, grew;
