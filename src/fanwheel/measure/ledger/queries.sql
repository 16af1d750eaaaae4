-- What the ledger reads and writes in PostgreSQL.

-- name: terms
-- The time zone of a workspace, and the margin that its channels are held against.
SELECT time_zone, margin
  FROM workspace
 WHERE workspace_id = %(workspace)s;
