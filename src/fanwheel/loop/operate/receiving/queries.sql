-- name: region
-- The country of phones without a country code.
SELECT default_region FROM workspace WHERE workspace_id = %(workspace)s;

-- name: list_persons
-- The persons behind some homes as of now, and when each home was first seen.
SELECT home_id, person_id, first_seen_at
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);
