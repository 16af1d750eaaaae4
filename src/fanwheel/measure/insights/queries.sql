-- name: find_time_zone
-- The workspace's time zone.
SELECT time_zone
  FROM workspace
 WHERE workspace_id = %(workspace)s;
