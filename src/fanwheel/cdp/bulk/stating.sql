-- What is said of people by hand.

-- name: list_said
-- By home, what was said of a trait there, and what holds of the person behind it.
SELECT known.home_id, said.traits -> %(name)s AS entry, person.traits -> %(name)s AS value
  FROM identifier AS known
  LEFT JOIN person_part AS said ON said.workspace_id = known.workspace_id AND said.home_id = known.home_id
  LEFT JOIN person ON person.workspace_id = known.workspace_id AND person.person_id = known.person_id
 WHERE known.workspace_id = %(workspace)s
   AND known.home_id = ANY (%(homes)s::bigint[]);
