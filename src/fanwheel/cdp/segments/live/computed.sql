-- Computed traits as the judge and the builder see them. All of one workspace, under its lock.

-- name: list_formulas
-- Every computed trait with its formulas, and whom its build, or its end, has passed.
SELECT name, status, formula, live_formula, built_to
  FROM computed_trait
 WHERE workspace_id = %(workspace)s
 ORDER BY name;

-- name: put_values
-- Writes what formulas come to: into the portraits of persons who live, which are held, and apart for the fold.
-- A null takes a trait away.
WITH given AS MATERIALIZED (
    SELECT told.person_id, told.traits::jsonb AS traits, jsonb_strip_nulls(told.traits::jsonb) AS known,
           ARRAY(SELECT key FROM jsonb_each(told.traits::jsonb) AS each WHERE each.value = 'null') AS gone
      FROM unnest(%(persons)s::bigint[], %(traits)s::text[]) AS told (person_id, traits)
), held AS MATERIALIZED (
    SELECT person.person_id, person.traits
      FROM person
     WHERE person.workspace_id = %(workspace)s
       AND person.person_id = ANY (%(persons)s::bigint[])
     ORDER BY person.person_id
       FOR NO KEY UPDATE
), kept AS (
    INSERT INTO person_computed (workspace_id, person_id, traits, told_us)
    SELECT %(workspace)s, held.person_id, given.traits,
           (SELECT jsonb_object_agg(key, %(now_us)s::bigint) FROM jsonb_object_keys(given.traits) AS key)
      FROM held
      JOIN given USING (person_id)
        ON CONFLICT (workspace_id, person_id) DO UPDATE
       SET traits = jsonb_strip_nulls(person_computed.traits || excluded.traits),
           told_us = person_computed.told_us || excluded.told_us
), told AS (
    INSERT INTO portrait_change (workspace_id, person_id, kind, name, old, new, changed_at)
    SELECT %(workspace)s, held.person_id, 'trait', named.name, held.traits -> named.name,
           given.known -> named.name, timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond'
      FROM held
      JOIN given USING (person_id)
     CROSS JOIN LATERAL jsonb_object_keys(given.traits) AS named (name)
      JOIN trait_definition AS definition
        ON definition.workspace_id = %(workspace)s AND definition.name = named.name AND definition.keeps_history
      JOIN person_computed AS before
        ON before.workspace_id = %(workspace)s AND before.person_id = held.person_id
     -- The first value is no change, nor is what another formula comes to.
     WHERE %(is_told)s
       AND before.told_us ? named.name
       AND held.traits -> named.name IS DISTINCT FROM given.known -> named.name
     ORDER BY held.person_id, named.name
)
UPDATE person
   SET traits = (person.traits - given.gone) || given.known
  FROM held
  JOIN given USING (person_id)
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = held.person_id;

-- name: add_stale
-- Asks for persons to be folded again.
INSERT INTO person_stale (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(persons)s::bigint[]) AS given (person_id);

-- name: delete_values
-- Forgets what formulas came to for persons who are no more.
DELETE FROM person_computed
 WHERE workspace_id = %(workspace)s
   AND person_id = ANY (%(persons)s::bigint[]);

-- name: step_formulas
-- Notes whom the build, or the end, of computed traits has passed.
UPDATE computed_trait
   SET built_to = %(built_to)s
 WHERE workspace_id = %(workspace)s
   AND name = ANY (%(names)s::text[])
   AND status <> 'live';

-- name: finish_formulas
-- From here on the formula decides about everybody.
UPDATE computed_trait
   SET status = 'live',
       live_formula = formula,
       built_to = 0,
       built_at = timestamptz 'epoch' + %(now_us)s::bigint * interval '1 microsecond'
 WHERE workspace_id = %(workspace)s
   AND name = ANY (%(names)s::text[])
   AND status = 'building';

-- name: take_values_away
-- Takes traits that are no longer computed from the next persons who have them; the persons, to be folded again, in
-- the order of their ids.
WITH chosen AS (
    SELECT person_id
      FROM person_computed
     WHERE workspace_id = %(workspace)s
       AND person_id > %(after)s
       AND told_us ?| %(names)s::text[]
     ORDER BY person_id
     LIMIT %(most)s
), emptied AS (
    DELETE FROM person_computed AS held
     USING chosen
     WHERE held.workspace_id = %(workspace)s
       AND held.person_id = chosen.person_id
       AND held.told_us - %(names)s::text[] = '{}'
), lessened AS (
    UPDATE person_computed AS held
       SET traits = held.traits - %(names)s::text[],
           told_us = held.told_us - %(names)s::text[]
      FROM chosen
     WHERE held.workspace_id = %(workspace)s
       AND held.person_id = chosen.person_id
       AND held.told_us - %(names)s::text[] <> '{}'
)
SELECT person_id FROM chosen ORDER BY person_id;

-- name: delete_retired
-- Forgets computed traits whose values nobody has any more.
DELETE FROM computed_trait
 WHERE workspace_id = %(workspace)s
   AND name = ANY (%(names)s::text[])
   AND status = 'retiring';

-- name: begin_sweep
-- Has metrics that are gone taken out of what is remembered.
UPDATE segment_book SET swept_to = 0 WHERE workspace_id = %(workspace)s;

-- name: find_sweep
-- Up to which home metrics that are gone were taken out; NULL if there are none.
SELECT swept_to FROM segment_book WHERE workspace_id = %(workspace)s;

-- name: list_swept
-- What is remembered of the next homes.
SELECT home_id, digest, words
  FROM segment_part
 WHERE workspace_id = %(workspace)s
   AND home_id > %(after)s
 ORDER BY home_id
 LIMIT %(most)s;

-- name: step_sweep
-- Notes up to which home metrics that are gone were taken out; NULL: of all.
UPDATE segment_book SET swept_to = %(swept_to)s WHERE workspace_id = %(workspace)s;

-- name: delete_parts
-- Forgets homes of which nothing is remembered.
DELETE FROM segment_part
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);
