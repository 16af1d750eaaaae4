-- What somebody allows to be said, as whoever is about to write sees it.

-- name: list_given
-- Rights that somebody gave, as they stand.
SELECT opens, label, opened_at, until, granted, used
  FROM contact_window
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND address_hash = %(address_hash)s;
