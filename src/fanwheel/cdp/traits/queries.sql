-- Definitions of traits, what people have of them, and what has changed.

-- name: list_definitions
-- Definitions in their order; one of them where a name is given.
SELECT name, label, description, type, unit, options, formula, status, error, keeps_history, position, updated_at
  FROM trait_definition
 WHERE workspace_id = %(workspace)s
   AND (%(name)s::text IS NULL OR name = %(name)s)
 ORDER BY position, name;

-- name: add_definition
-- The name; no row if the trait is declared already. Without a position it comes last.
INSERT INTO trait_definition (workspace_id, name, label, description, type, unit, options, formula, status, keeps_history,
                              position, created_by, updated_by)
SELECT %(workspace)s, %(name)s, %(label)s, %(description)s, %(type)s, %(unit)s, %(options)s::jsonb, %(formula)s::jsonb,
       %(status)s, %(keeps_history)s,
       coalesce(%(position)s::integer, (SELECT coalesce(max(position) + 1, 0)
                                          FROM trait_definition
                                         WHERE workspace_id = %(workspace)s)),
       %(actor)s, %(actor)s
    ON CONFLICT DO NOTHING
RETURNING name;

-- name: change_definition
-- Changes a definition; what is NULL stays.
UPDATE trait_definition
   SET label = coalesce(%(label)s, label),
       description = coalesce(%(description)s, description),
       type = coalesce(%(type)s, type),
       unit = coalesce(%(unit)s, unit),
       options = coalesce(%(options)s::jsonb, options),
       formula = coalesce(%(formula)s::jsonb, formula),
       status = coalesce(%(status)s, status),
       error = CASE WHEN %(status)s::text IS NULL THEN error END,
       keeps_history = coalesce(%(keeps_history)s, keeps_history),
       position = coalesce(%(position)s::integer, position),
       updated_at = now(),
       updated_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND name = %(name)s;

-- name: hold_definition
-- Keeps other changes of a definition out until the transaction ends; no row if there is none.
SELECT name FROM trait_definition WHERE workspace_id = %(workspace)s AND name = %(name)s FOR NO KEY UPDATE;

-- name: delete_definition
-- Forgets a definition.
DELETE FROM trait_definition WHERE workspace_id = %(workspace)s AND name = %(name)s;

-- name: list_asking
-- Names of the segments whose rules ask for a trait.
SELECT name
  FROM segment
 CROSS JOIN (SELECT jsonb_build_object('name', %(name)s::text) AS words) AS asked
 WHERE workspace_id = %(workspace)s
   AND (jsonb_path_exists(rule, '$.** ? (@.type == "trait" && @.name == $name)', asked.words)
        OR jsonb_path_exists(live_rule, '$.** ? (@.type == "trait" && @.name == $name)', asked.words))
 ORDER BY name;

-- name: count_people
-- How many persons there are rows of.
SELECT count(*) AS people FROM person WHERE workspace_id = %(workspace)s;

-- name: count_values
-- What every "step"th person has: by trait how many have it, how many have values of each kind, and how many have one
-- that does not fit the definition; what a formula works out does. Listed persons only; how many they are stands
-- without a name.
WITH chosen AS MATERIALIZED (
    SELECT person_id
      FROM person
     WHERE workspace_id = %(workspace)s
       AND person_id %% %(step)s = 0
), known AS MATERIALIZED (
    SELECT name, type, ARRAY(SELECT jsonb_array_elements(options) ->> 'value') AS options
      FROM trait_definition
     WHERE workspace_id = %(workspace)s
       AND formula IS NULL
), listed AS MATERIALIZED (
    SELECT person.traits
      FROM chosen
      JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = chosen.person_id
     WHERE person.is_real
), said AS (
    SELECT trait.key AS name, trait.value, jsonb_typeof(trait.value) AS kind
      FROM listed
     CROSS JOIN jsonb_each(listed.traits) AS trait
)
SELECT NULL AS name, count(*) AS people, 0 AS numbers, 0 AS booleans, 0 AS arrays, 0 AS dates, 0 AS misfits
  FROM listed
UNION ALL
SELECT said.name,
       count(*) AS people,
       count(*) FILTER (WHERE kind = 'number') AS numbers,
       count(*) FILTER (WHERE kind = 'boolean') AS booleans,
       count(*) FILTER (WHERE kind = 'array') AS arrays,
       count(*) FILTER (WHERE kind = 'string' AND value #>> '{}' ~ '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)') AS dates,
       count(*) FILTER (WHERE CASE known.type
                                   WHEN 'text' THEN kind <> 'string'
                                   WHEN 'number' THEN kind <> 'number'
                                   WHEN 'bool' THEN kind <> 'boolean'
                                   WHEN 'date' THEN kind <> 'string' OR value #>> '{}' !~ '^\d{4}-\d\d-\d\d([T ]\d\d:\d\d|$)'
                                   WHEN 'option' THEN kind <> 'string' OR value #>> '{}' <> ALL (known.options)
                                   WHEN 'options' THEN kind <> 'array' OR NOT to_jsonb(known.options) @> value
                                   ELSE false END) AS misfits
  FROM said
  LEFT JOIN known ON known.name = said.name
 GROUP BY said.name;

-- name: list_person_traits
-- The traits of a person's row with their definitions, those declared first in their order; the newest statement of
-- each tells when and who. A key and a user are named as the log names them, a user by the address.
WITH member AS (
    SELECT home_id
      FROM identifier
     WHERE workspace_id = %(workspace)s
       AND person_id = %(person)s
), told AS (
    SELECT DISTINCT ON (said.key) said.key AS name, (said.value ->> 1)::bigint AS at_us, said.value ->> 2 AS source
      FROM member
      JOIN person_part AS part ON part.workspace_id = %(workspace)s AND part.home_id = member.home_id
     CROSS JOIN jsonb_each(part.traits) AS said
     ORDER BY said.key, (said.value ->> 1)::bigint DESC, (said.value -> 0)::text COLLATE "C"
), scored AS (
    SELECT given.scores, given.scored_at
      FROM member
      JOIN person_score AS given ON given.workspace_id = %(workspace)s AND given.home_id = member.home_id
     ORDER BY given.scored_at DESC, (given.home_id = %(person)s) DESC, given.home_id
     LIMIT 1
), reckoned AS (
    SELECT told_us
      FROM person_computed
     WHERE workspace_id = %(workspace)s
       AND person_id = %(person)s
)
SELECT trait.key AS name, trait.value, known.label, known.type, known.unit,
       CASE WHEN reckoned.told_us ? trait.key THEN 'computed'
            WHEN scored.scores ? trait.key THEN 'measure'
            WHEN told.source LIKE 'user:%%' THEN 'user:' || coalesce(login.email, substr(told.source, 6))
            ELSE coalesce(told.source, 'event') END AS source,
       CASE WHEN reckoned.told_us ? trait.key
            THEN timestamptz 'epoch' + (reckoned.told_us ->> trait.key)::bigint * interval '1 microsecond'
            WHEN scored.scores ? trait.key THEN scored.scored_at
            ELSE timestamptz 'epoch' + told.at_us * interval '1 microsecond' END AS at
  FROM person
 CROSS JOIN jsonb_each(person.traits) AS trait
  LEFT JOIN trait_definition AS known ON known.workspace_id = %(workspace)s AND known.name = trait.key
  LEFT JOIN told ON told.name = trait.key
  LEFT JOIN scored ON true
  LEFT JOIN reckoned ON true
  LEFT JOIN login ON told.source = 'user:' || login.user_id
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = %(person)s
 ORDER BY known.position NULLS LAST, trait.key;

-- name: state
-- Says traits of the persons behind some homes, at those homes, newer than whatever is known of them; the persons. Homes
-- that were erased are left out: an identifier is held until the end, and an erasure deletes what was said after it.
WITH given AS (
    SELECT home_id, traits
      FROM json_to_recordset(%(said)s::json) AS given (home_id bigint, traits jsonb)
), held AS (
    SELECT identifier.home_id, identifier.person_id
      FROM identifier
     WHERE identifier.workspace_id = %(workspace)s
       AND identifier.home_id IN (SELECT home_id FROM given)
     ORDER BY identifier.home_id
       FOR KEY SHARE
), put AS (
    INSERT INTO person_part AS known (workspace_id, home_id, traits)
    SELECT %(workspace)s, given.home_id,
           (SELECT jsonb_object_agg(said.key, jsonb_build_array(said.value, greatest(%(at_us)s::bigint, newest.at_us + 1),
                                                                %(source)s::text))
              FROM jsonb_each(given.traits) AS said)
      FROM given
      JOIN held USING (home_id)
     CROSS JOIN LATERAL (SELECT max((said.value ->> 1)::bigint) AS at_us
                           FROM identifier AS mate
                           JOIN person_part AS part ON part.workspace_id = %(workspace)s AND part.home_id = mate.home_id
                          CROSS JOIN jsonb_each(part.traits) AS said
                          WHERE mate.workspace_id = %(workspace)s
                            AND mate.person_id = held.person_id
                            AND given.traits ? said.key) AS newest
     ORDER BY given.home_id
        ON CONFLICT (workspace_id, home_id) DO UPDATE
       SET traits = keep_newest(known.traits, excluded.traits)
)
SELECT home_id, person_id FROM held;

-- name: put_back
-- Gives homes the statements that they had, each as it was kept; one that is null was not there.
UPDATE person_part
   SET traits = (person_part.traits - ARRAY(SELECT key FROM jsonb_each(given.traits)))
                || coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(given.traits) WHERE value <> 'null'), '{}')
  FROM json_to_recordset(%(said)s::json) AS given (home_id bigint, traits jsonb)
 WHERE person_part.workspace_id = %(workspace)s
   AND person_part.home_id = given.home_id;

-- name: mark_stale
-- Asks for persons to be folded again.
INSERT INTO person_stale (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(persons)s::bigint[]) AS given (person_id);

-- name: list_changes
-- What has changed in the portraits of the homes of a person, newest first, below an id.
SELECT change_id, kind, name, old, new, changed_at
  FROM portrait_change
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(homes)s::bigint[])
   AND (%(kind)s::text IS NULL OR kind = %(kind)s)
   AND (%(name)s::text IS NULL OR name = %(name)s)
   AND (%(before)s::bigint IS NULL OR change_id < %(before)s)
 ORDER BY change_id DESC
 LIMIT %(limit)s;

-- name: list_values
-- What some persons have, by person.
SELECT person_id, traits
  FROM person
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[]);

-- name: list_untagged
-- Those of some persons who have not all of the tags.
SELECT person_id
  FROM person
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[])
   AND NOT tags @> %(tags)s::text[];

-- name: list_real
-- Everybody who is listed, in the order of their ids.
SELECT person_id FROM person WHERE workspace_id = %(workspace)s AND is_real ORDER BY person_id;

-- name: list_identified
-- Rows of persons with what they have and the first identifier of each common kind, in the order of their ids.
SELECT person.person_id, known.user_id, known.email, known.phone, person.traits
  FROM person
 CROSS JOIN LATERAL (
        SELECT min(value) FILTER (WHERE kind = 'user_id') AS user_id,
               min(value) FILTER (WHERE kind = 'email') AS email,
               min(value) FILTER (WHERE kind = 'phone') AS phone
          FROM (SELECT DISTINCT ON (kind) kind, value
                  FROM identifier
                 WHERE identifier.workspace_id = person.workspace_id AND identifier.person_id = person.person_id
                 ORDER BY kind, first_seen_at, home_id) AS first_of_kind) AS known
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = ANY (%(persons)s::bigint[])
 ORDER BY person.person_id;
