-- Who is in which segments.

-- name: list_inside
-- Of some segments, those that each of some persons is in.
SELECT standing.person_id,
       ARRAY(SELECT member FROM unnest(standing.members) AS member
              WHERE member = ANY (%(segments)s::integer[])) AS inside
  FROM segment_person AS standing
 WHERE standing.workspace_id = %(workspace)s
   AND standing.person_id = ANY (%(persons)s::bigint[])
   AND standing.members && %(segments)s::integer[];
