-- Computed traits as people make and change them.

-- name: put_formula
-- Saves a formula, which is built beside the one that counts; no row if it is saved already.
INSERT INTO computed_trait AS held (workspace_id, name, formula)
VALUES (%(workspace)s, %(name)s, %(formula)s::jsonb)
    ON CONFLICT (workspace_id, name) DO UPDATE
   SET formula = excluded.formula,
       live_formula = CASE WHEN held.status = 'retiring' THEN NULL ELSE held.live_formula END,
       status = 'building',
       built_to = 0
 WHERE held.formula <> excluded.formula
    OR held.status = 'retiring';

-- name: retire_formula
-- Notes that a trait is computed no more.
UPDATE computed_trait
   SET status = 'retiring',
       built_to = 0
 WHERE workspace_id = %(workspace)s
   AND name = %(name)s
   AND status <> 'retiring';

-- name: list_states
-- Every computed trait that is not being taken away, and whether it is being built.
SELECT name, status = 'building' AS is_building
  FROM computed_trait
 WHERE workspace_id = %(workspace)s
   AND status <> 'retiring'
 ORDER BY name;

-- name: list_recent
-- The homes of the people who were seen last, each with its person, those seen last first.
SELECT home.home_id, recent.person_id
  FROM (SELECT person_id, last_seen_at
          FROM person
         WHERE workspace_id = %(workspace)s
           AND is_real
         ORDER BY last_seen_at DESC, person_id DESC
         LIMIT %(most)s) AS recent
  JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.person_id = recent.person_id
 ORDER BY recent.last_seen_at DESC, recent.person_id DESC, home.home_id;

-- name: find_zone
-- The workspace's time zone.
SELECT time_zone FROM workspace WHERE workspace_id = %(workspace)s;
