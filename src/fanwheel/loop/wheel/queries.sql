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
