-- How far imports have come.

-- name: find_run
-- The run of a file and mapping, if it was begun.
SELECT fingerprint, what, rows_done, rows_refused, finished_at, updated_at
  FROM import_run WHERE workspace_id = %(workspace)s AND fingerprint = %(fingerprint)s

-- name: find_newest_run
-- The run of that kind that was touched last.
SELECT fingerprint, what, rows_done, rows_refused, finished_at, updated_at
  FROM import_run WHERE workspace_id = %(workspace)s AND what = %(what)s
 ORDER BY updated_at DESC LIMIT 1

-- name: put_progress
-- Notes how many rows are done.
INSERT INTO import_run (workspace_id, fingerprint, what, rows_done, rows_refused)
VALUES (%(workspace)s, %(fingerprint)s, %(what)s, %(rows_done)s, %(rows_refused)s)
ON CONFLICT (workspace_id, fingerprint) DO UPDATE
   SET rows_done = excluded.rows_done, rows_refused = excluded.rows_refused, updated_at = now(), finished_at = NULL

-- name: finish_run
-- Notes that every row is done.
UPDATE import_run SET finished_at = %(now)s, updated_at = now()
 WHERE workspace_id = %(workspace)s AND fingerprint = %(fingerprint)s
