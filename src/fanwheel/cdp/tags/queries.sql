-- Tags and groups as users define them.

-- name: hold_following
-- Waits until nobody follows rules for tags and layers, then keeps others out until the transaction ends.
SELECT pg_advisory_xact_lock(8400020, %(workspace)s::integer);

-- name: list_tags
-- Tags that are defined or that people carry, or one: those of most people first. Whoever nothing is known of but an
-- identifier is not counted, as in the list of people.
WITH worn AS (
    SELECT given.tag, count(*) AS people
      FROM person
     CROSS JOIN unnest(person.tags) AS given (tag)
     WHERE person.workspace_id = %(workspace)s
       AND person.is_real
       AND (%(one)s::text IS NULL OR person.tags @> ARRAY[%(one)s::text])
     GROUP BY given.tag
), known AS (
    SELECT tag FROM worn
     UNION
    SELECT tag FROM tag_definition WHERE workspace_id = %(workspace)s
)
SELECT known.tag, coalesce(definition.label, '') AS label, coalesce(definition.description, '') AS description,
       coalesce(definition.color, '') AS color, definition.group_id, coalesce(worn.people, 0) AS people,
       definition.expires_after_s, rule.rule, coalesce(definition.keeps_after_exit, false) AS keeps_after_exit,
       CASE WHEN rule.segment_id IS NULL THEN 'ready'
            WHEN rule.status = 'failed' THEN 'failed'
            WHEN rule.status = 'live' AND rule.built_at = carried.carried_for THEN 'ready'
            ELSE 'building' END AS status,
       rule.error, definition.tag IS NOT NULL AS is_defined
  FROM known
  LEFT JOIN worn USING (tag)
  LEFT JOIN tag_definition AS definition
         ON definition.workspace_id = %(workspace)s AND definition.tag = known.tag
  LEFT JOIN segment AS rule
         ON rule.workspace_id = %(workspace)s AND rule.segment_id = definition.segment_id
  LEFT JOIN carried_rule AS carried
         ON carried.workspace_id = %(workspace)s AND carried.segment_id = definition.segment_id
 WHERE %(one)s::text IS NULL OR known.tag = %(one)s::text
 ORDER BY people DESC, known.tag
 LIMIT 5000;

-- name: find_definition
-- A tag as it is defined.
SELECT tag, label, description, color, group_id, expires_after_s, segment_id, keeps_after_exit
  FROM tag_definition
 WHERE workspace_id = %(workspace)s
   AND tag = %(tag)s;

-- name: is_worn
-- Whether anybody carries a tag.
SELECT EXISTS (SELECT FROM person_tag WHERE workspace_id = %(workspace)s AND tag = %(tag)s) AS is_worn;

-- name: put_definition
-- Writes what a tag is.
INSERT INTO tag_definition (workspace_id, tag, label, description, color, group_id, expires_after_s, segment_id,
                            keeps_after_exit, created_by, updated_by)
VALUES (%(workspace)s, %(tag)s, %(label)s, %(description)s, %(color)s, %(group_id)s, %(expires_after_s)s,
        %(segment_id)s, %(keeps_after_exit)s, %(actor)s, %(actor)s)
    ON CONFLICT (workspace_id, tag) DO UPDATE
   SET label = excluded.label,
       description = excluded.description,
       color = excluded.color,
       group_id = excluded.group_id,
       expires_after_s = excluded.expires_after_s,
       segment_id = excluded.segment_id,
       keeps_after_exit = excluded.keeps_after_exit,
       updated_at = now(),
       updated_by = excluded.updated_by;

-- name: carry_anew
-- Has everybody gone through again for a rule.
UPDATE carried_rule
   SET carried_for = NULL,
       carried_to = 0
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s;

-- name: delete_definition
-- Forgets what a tag is.
DELETE FROM tag_definition WHERE workspace_id = %(workspace)s AND tag = %(tag)s;

-- name: take_from_all
-- Takes a tag off everybody, or only what its rule keeps on, logs it, and has them looked at again; how many homes.
WITH gone AS (
    DELETE FROM person_tag
     WHERE workspace_id = %(workspace)s
       AND tag = %(tag)s
       AND (is_ruled OR NOT %(only_ruled)s)
    RETURNING home_id, is_ruled
), logged AS (
    INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin, reason)
    SELECT DISTINCT %(workspace)s::integer, home_id, %(tag)s::text, false, %(now)s::timestamptz, %(by)s::text,
           CASE WHEN %(only_ruled)s THEN 'rule' ELSE 'user' END, ''
      FROM gone
)
INSERT INTO person_stale (workspace_id, person_id)
SELECT DISTINCT %(workspace)s::integer, home_id FROM gone;

-- name: note_wearers
-- Has everybody looked at again who carries one of some tags.
INSERT INTO person_stale (workspace_id, person_id)
SELECT DISTINCT %(workspace)s::integer, home_id
  FROM person_tag
 WHERE workspace_id = %(workspace)s
   AND tag = ANY (%(tags)s::text[]);

-- name: rename_given
-- Calls a tag by another name where people carry it; who has that one too keeps it as it is.
INSERT INTO person_tag (workspace_id, home_id, tag, is_ruled, tagged_at, tagged_by, origin, reason, expires_at)
SELECT workspace_id, home_id, %(other)s, is_ruled, tagged_at, tagged_by, origin, reason, expires_at
  FROM person_tag
 WHERE workspace_id = %(workspace)s
   AND tag = %(tag)s
    ON CONFLICT DO NOTHING;

-- name: delete_given
-- Forgets who carries a tag.
DELETE FROM person_tag WHERE workspace_id = %(workspace)s AND tag = %(tag)s;

-- name: rename_log
-- Calls a tag by another name in the log.
UPDATE tag_log SET tag = %(other)s WHERE workspace_id = %(workspace)s AND tag = %(tag)s;

-- name: rename_definition
-- Calls a tag by another name.
UPDATE tag_definition
   SET tag = %(other)s, updated_at = now(), updated_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND tag = %(tag)s;

-- name: rename_worn
-- Calls a tag by another name in the rows of persons, so that rules that are renamed with it hold all along.
UPDATE person
   SET tags = ARRAY(SELECT DISTINCT CASE kept.tag WHEN %(tag)s THEN %(other)s ELSE kept.tag END AS tag
                      FROM unnest(person.tags) AS kept (tag)
                     ORDER BY tag)
  FROM (SELECT person_id
          FROM person
         WHERE workspace_id = %(workspace)s
           AND tags @> ARRAY[%(tag)s::text]
         ORDER BY person_id
           FOR NO KEY UPDATE) AS worn
 WHERE person.workspace_id = %(workspace)s
   AND person.person_id = worn.person_id;

-- name: list_raw_rules
-- Every rule, as saved last and as it counts.
SELECT segment_id, rule, live_rule FROM segment WHERE workspace_id = %(workspace)s;

-- name: put_raw_rule
-- Writes a rule in which a tag goes by another name.
UPDATE segment
   SET rule = %(rule)s::jsonb, live_rule = %(live_rule)s::jsonb
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s;

-- ---------------------------------------------------------------- groups

-- name: list_groups
-- Groups of tags, or one.
SELECT group_id, name, is_exclusive
  FROM tag_group
 WHERE workspace_id = %(workspace)s
   AND (%(one)s::integer IS NULL OR group_id = %(one)s::integer)
 ORDER BY lower(name);

-- name: is_group_name_taken
-- Whether another group has a name.
SELECT EXISTS (SELECT FROM tag_group
                WHERE workspace_id = %(workspace)s
                  AND lower(name) = lower(%(name)s)
                  AND group_id IS DISTINCT FROM %(group_id)s::integer) AS is_taken;

-- name: add_group
-- The number of a new group.
INSERT INTO tag_group (workspace_id, name, is_exclusive, created_by)
VALUES (%(workspace)s, %(name)s, %(is_exclusive)s, %(actor)s)
RETURNING group_id;

-- name: change_group
-- Changes a group.
UPDATE tag_group
   SET name = %(name)s, is_exclusive = %(is_exclusive)s
 WHERE workspace_id = %(workspace)s
   AND group_id = %(group_id)s;

-- name: delete_group
-- Deletes a group.
DELETE FROM tag_group WHERE workspace_id = %(workspace)s AND group_id = %(group_id)s;

-- name: leave_group
-- Takes every tag out of a group.
UPDATE tag_definition SET group_id = NULL WHERE workspace_id = %(workspace)s AND group_id = %(group_id)s;

-- name: list_grouped
-- The tags of a group, with the rules of those that have one.
SELECT tag, segment_id FROM tag_definition WHERE workspace_id = %(workspace)s AND group_id = %(group_id)s ORDER BY tag;

-- ---------------------------------------------------------------- one person

-- name: list_given
-- The tags of a person, each as it was given last; those that another of their group is in front of are left out.
SELECT newest.tag, coalesce(definition.label, '') AS label, coalesce(definition.color, '') AS color,
       definition.group_id, newest.tagged_at, coalesce('user:' || login.email, newest.tagged_by) AS tagged_by,
       newest.origin, newest.reason, newest.expires_at
  FROM (SELECT DISTINCT ON (given.tag) given.tag, given.tagged_at, given.tagged_by, given.origin, given.reason,
               given.expires_at
          FROM person_tag AS given
         WHERE given.workspace_id = %(workspace)s
           AND given.home_id = ANY (%(homes)s::bigint[])
         -- What lasts longest tells until when.
         ORDER BY given.tag, given.expires_at DESC NULLS FIRST, given.tagged_at DESC) AS newest
  JOIN person
    ON person.workspace_id = %(workspace)s AND person.person_id = %(person)s AND newest.tag = ANY (person.tags)
  LEFT JOIN tag_definition AS definition
         ON definition.workspace_id = %(workspace)s AND definition.tag = newest.tag
  LEFT JOIN login ON newest.tagged_by = 'user:' || login.user_id
 ORDER BY newest.tag;

-- name: list_log
-- Who put tags on some homes and took them off, newest first.
SELECT tag, is_added, logged_at AS at, coalesce('user:' || login.email, logged_by) AS by, origin, reason, expires_at
  FROM tag_log
  LEFT JOIN login ON logged_by = 'user:' || login.user_id
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[])
 ORDER BY log_id DESC
 LIMIT 200;
