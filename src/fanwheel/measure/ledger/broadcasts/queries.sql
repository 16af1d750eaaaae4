-- Broadcasts as their lift needs them.

-- name: find_broadcast
-- Whether there is a broadcast, when it began (NULL: not yet), the share held out of it alone, and the currency of values.
SELECT coalesce(broadcast.starts_at, broadcast.launched_at) AS began_at, broadcast.purpose, broadcast.holdout_share,
       place.reporting_currency AS currency
  FROM broadcast
  JOIN workspace AS place ON place.workspace_id = %(workspace)s
 WHERE broadcast.workspace_id = %(workspace)s
   AND broadcast.broadcast_id = %(broadcast_id)s;
