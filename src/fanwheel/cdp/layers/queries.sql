-- Layers as users define them, and who is in which class.

-- name: list_layers
-- The classes of every layer, or of one, the lowest first, with their rules and how far these are.
SELECT layer.layer_id, layer.key, layer.name, layer.description, layer.may_fall, class.key AS class_key,
       class.name AS class_name, class.position, class.segment_id, rule.rule,
       CASE WHEN rule.status = 'failed' THEN 'failed'
            WHEN rule.status = 'live' AND rule.built_at = carried.carried_for THEN 'ready'
            ELSE 'building' END AS status,
       rule.error
  FROM layer
  JOIN layer_class AS class USING (workspace_id, layer_id)
  LEFT JOIN segment AS rule ON rule.workspace_id = %(workspace)s AND rule.segment_id = class.segment_id
  LEFT JOIN carried_rule AS carried
         ON carried.workspace_id = %(workspace)s AND carried.segment_id = class.segment_id
 WHERE layer.workspace_id = %(workspace)s
   AND (%(one)s::text IS NULL OR layer.key = %(one)s::text)
 ORDER BY layer.layer_id, class.position;

-- name: count_classes
-- How many people are in the classes of layers that users define.
SELECT held.key AS layer, held.value AS class, count(*) AS people
  FROM person
 CROSS JOIN jsonb_each_text(person.layers) AS held
 WHERE person.workspace_id = %(workspace)s
   AND person.is_real
   AND person.layers <> '{}'
 GROUP BY held.key, held.value;

-- name: count_built_in
-- How many people are in each mixture of built-in classes.
SELECT built_in_layers(stage, jsonb_strip_nulls(jsonb_build_object('rfm_tier', tier, 'member_level', level))) AS layers,
       people
  FROM (SELECT stage, traits -> 'rfm_tier' AS tier, traits -> 'member_level' AS level, count(*) AS people
          FROM person
         WHERE workspace_id = %(workspace)s
           AND is_real
         GROUP BY stage, traits -> 'rfm_tier', traits -> 'member_level') AS mixture;

-- name: add_layer
-- The number of a new layer.
INSERT INTO layer (workspace_id, key, name, description, may_fall, created_by, updated_by)
VALUES (%(workspace)s, %(key)s, %(name)s, %(description)s, %(may_fall)s, %(actor)s, %(actor)s)
RETURNING layer_id;

-- name: change_layer
-- Changes a layer.
UPDATE layer
   SET name = %(name)s, description = %(description)s, may_fall = %(may_fall)s, updated_at = now(),
       updated_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND layer_id = %(layer_id)s;

-- name: put_class
-- Writes a class.
INSERT INTO layer_class (workspace_id, layer_id, key, name, position, segment_id)
VALUES (%(workspace)s, %(layer_id)s, %(key)s, %(name)s, %(position)s, %(segment_id)s)
    ON CONFLICT (workspace_id, layer_id, key) DO UPDATE
   SET name = excluded.name,
       position = excluded.position,
       segment_id = excluded.segment_id;

-- name: delete_classes
-- Deletes classes of a layer.
DELETE FROM layer_class
 WHERE workspace_id = %(workspace)s
   AND layer_id = %(layer_id)s
   AND key = ANY (%(keys)s::text[]);

-- name: leave_classes
-- Lets everybody out of classes of a layer, and has them looked at again.
WITH gone AS (
    DELETE FROM person_layer
     WHERE workspace_id = %(workspace)s
       AND layer_id = %(layer_id)s
       AND class_key = ANY (%(keys)s::text[])
    RETURNING home_id
)
INSERT INTO person_stale (workspace_id, person_id)
SELECT %(workspace)s, home_id FROM gone;

-- name: delete_layer
-- Deletes a layer with its classes.
DELETE FROM layer WHERE workspace_id = %(workspace)s AND layer_id = %(layer_id)s;

-- name: carry_anew
-- Has everybody gone through again for the classes of a layer.
UPDATE carried_rule
   SET carried_for = NULL,
       carried_to = 0
  FROM layer_class AS class
 WHERE carried_rule.workspace_id = %(workspace)s
   AND class.workspace_id = %(workspace)s
   AND class.layer_id = %(layer_id)s
   AND carried_rule.segment_id = class.segment_id;

-- ---------------------------------------------------------------- one person

-- name: list_of_person
-- The classes of a person in layers that users define, and since when.
SELECT DISTINCT ON (layer.layer_id) layer.key, layer.name, class.key AS class_key, class.name AS class_name, held.since
  FROM person_layer AS held
  JOIN layer ON layer.workspace_id = %(workspace)s AND layer.layer_id = held.layer_id
  JOIN layer_class AS class
    ON class.workspace_id = %(workspace)s AND class.layer_id = held.layer_id AND class.key = held.class_key
 WHERE held.workspace_id = %(workspace)s
   AND held.home_id = ANY (%(homes)s::bigint[])
 ORDER BY layer.layer_id, class.position DESC, held.since;

-- name: list_built_in_of_person
-- The built-in classes of a person, each since it last changed, if that was ever written down.
SELECT held.key, held.value AS class_key,
       coalesce((SELECT max(changed_at)
                   FROM portrait_change AS change
                  WHERE change.workspace_id = %(workspace)s
                    AND change.person_id = person.person_id
                    AND change.kind = 'layer'
                    AND change.name = held.key),
                CASE WHEN held.key = 'stage'
                     THEN (ARRAY[person.introduced_at, person.operated_at, person.converted_at, person.shared_at,
                                 person.repurchased_at])[person.stage] END) AS since
  FROM person
 CROSS JOIN jsonb_each_text(built_in_layers(person.stage, person.traits)) AS held
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = %(person)s;

-- name: list_changes
-- How a person went through the classes, newest first.
SELECT name AS key, old #>> '{}' AS old, new #>> '{}' AS new, changed_at
  FROM portrait_change
 WHERE workspace_id = %(workspace)s
   AND person_id = %(person)s
   AND kind = 'layer'
 ORDER BY change_id DESC
 LIMIT 200;

-- ---------------------------------------------------------------- following rules

-- name: settle
-- Puts persons, by their own homes, into the highest class whose rule holds, where the classes given have changed for
-- them: those who are in another class now. Where nobody falls they stay in a class that is no lower.
WITH asked AS MATERIALIZED (
    SELECT told.person_id, class.layer_id, max(told.moved_at) AS moved_at
      FROM unnest(%(segments)s::integer[], %(persons)s::bigint[], %(moments)s::timestamptz[])
           AS told (segment_id, person_id, moved_at)
      JOIN layer_class AS class ON class.workspace_id = %(workspace)s AND class.segment_id = told.segment_id
     GROUP BY told.person_id, class.layer_id
), stand AS MATERIALIZED (
    SELECT asked.person_id, asked.layer_id, asked.moved_at, layer.may_fall, held.class_key AS old_key,
           before.position AS old_position, best.key AS new_key, best.position AS new_position
      FROM asked
      JOIN layer ON layer.workspace_id = %(workspace)s AND layer.layer_id = asked.layer_id
      LEFT JOIN person_layer AS held
             ON held.workspace_id = %(workspace)s AND held.home_id = asked.person_id AND held.layer_id = asked.layer_id
      LEFT JOIN layer_class AS before
             ON before.workspace_id = %(workspace)s AND before.layer_id = asked.layer_id AND before.key = held.class_key
      LEFT JOIN LATERAL (SELECT class.key, class.position
                           FROM segment_person AS standing
                           JOIN layer_class AS class
                             ON class.workspace_id = %(workspace)s AND class.layer_id = asked.layer_id
                            AND class.segment_id = ANY (standing.members)
                          WHERE standing.workspace_id = %(workspace)s
                            AND standing.person_id = asked.person_id
                          ORDER BY class.position DESC
                          LIMIT 1) AS best ON true
), moved AS MATERIALIZED (
    SELECT person_id, layer_id, moved_at, new_key
      FROM stand
     WHERE old_key IS DISTINCT FROM new_key
       AND (may_fall OR old_position IS NULL OR new_position > old_position)
), risen AS (
    INSERT INTO person_layer (workspace_id, home_id, layer_id, class_key, since)
    SELECT %(workspace)s, person_id, layer_id, new_key, moved_at
      FROM moved
     WHERE new_key IS NOT NULL
       AND person_id = ANY (%(homes)s::bigint[])
     ORDER BY person_id, layer_id
        ON CONFLICT (workspace_id, home_id, layer_id) DO UPDATE
       SET class_key = excluded.class_key,
           since = excluded.since
), left_all AS (
    DELETE FROM person_layer AS held
     USING moved
     WHERE held.workspace_id = %(workspace)s
       AND held.home_id = moved.person_id
       AND held.layer_id = moved.layer_id
       AND moved.new_key IS NULL
)
SELECT DISTINCT person_id FROM moved;

-- name: list_in_class
-- Homes after one that are in the class of a rule, in order.
SELECT held.home_id
  FROM layer_class AS class
  JOIN person_layer AS held
    ON held.workspace_id = %(workspace)s AND held.layer_id = class.layer_id AND held.class_key = class.key
 WHERE class.workspace_id = %(workspace)s
   AND class.segment_id = %(segment_id)s
   AND held.home_id > %(after)s
 ORDER BY held.home_id
 LIMIT %(most)s;
