-- What the public pages show besides consent itself.

-- name: get_brand
-- The name that people know the brand by.
SELECT name FROM workspace WHERE workspace_id = %(workspace)s;

-- name: get_language
-- The language that the living person behind a home is addressed in, if it is known.
SELECT person.traits ->> 'language' AS language
  FROM identifier
  JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = identifier.person_id
 WHERE identifier.workspace_id = %(workspace)s
   AND identifier.home_id = %(home)s;
