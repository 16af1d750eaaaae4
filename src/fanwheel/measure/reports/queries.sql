-- name: names
-- Display names of some people.
SELECT person_id, display_name
  FROM person
 WHERE workspace_id = %(workspace)s AND person_id = ANY (%(person_ids)s);
