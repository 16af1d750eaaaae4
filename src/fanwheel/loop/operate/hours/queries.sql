-- Business hours.

-- name: get_hours
-- The workspace's time zone and its hours, if it has any.
SELECT place.time_zone, hours.weekly::text, hours.exceptions::text
  FROM workspace AS place
  LEFT JOIN business_hours AS hours USING (workspace_id)
 WHERE place.workspace_id = %(workspace)s;

-- name: put_hours
-- Stores the hours in the place of those that were there.
INSERT INTO business_hours (workspace_id, weekly, exceptions, updated_by)
VALUES (%(workspace)s, %(weekly)s::jsonb, %(special)s::jsonb, %(actor)s)
    ON CONFLICT (workspace_id) DO UPDATE
   SET weekly = excluded.weekly,
       exceptions = excluded.exceptions,
       updated_at = now(),
       updated_by = excluded.updated_by;
