-- Sources and the rules that tell them; every statement in one workspace.

-- name: list_sources
-- Every source, by slug.
SELECT source_id, slug, name, domain
  FROM source
 WHERE workspace_id = %(workspace)s
 ORDER BY slug;

-- name: find_sources
-- The sources with these slugs.
SELECT source_id, slug, name, domain
  FROM source
 WHERE workspace_id = %(workspace)s
   AND slug = ANY (%(slugs)s::text[]);

-- name: count_sources
-- How many sources there are.
SELECT count(*) AS sources
  FROM source
 WHERE workspace_id = %(workspace)s;

-- name: add_sources
-- Adds those that are not there yet.
INSERT INTO source (workspace_id, slug, name, domain)
SELECT %(workspace)s, fresh.slug, fresh.name, fresh.domain
  FROM unnest(%(slugs)s::text[], %(names)s::text[], %(domains)s::text[]) AS fresh (slug, name, domain)
 ORDER BY fresh.slug
    ON CONFLICT (workspace_id, slug) DO NOTHING;

-- name: change_source
-- The source as it is after the change, or no row when there is none with that id.
UPDATE source
   SET name = coalesce(%(name)s::text, name),
       domain = coalesce(%(domain)s::text, domain)
 WHERE workspace_id = %(workspace)s
   AND source_id = %(source_id)s
RETURNING source_id, slug, name, domain;

-- name: list_rules
-- Every rule, in the order in which they are tried.
SELECT position, conditions, source_slug, domain, is_builtin
  FROM source_rule
 WHERE workspace_id = %(workspace)s
 ORDER BY position, rule_id;

-- name: clear_rules
-- Takes every rule away.
DELETE FROM source_rule
 WHERE workspace_id = %(workspace)s;

-- name: add_rules
-- Adds rules.
INSERT INTO source_rule (workspace_id, position, conditions, source_slug, domain, is_builtin)
SELECT %(workspace)s, fresh.position, fresh.conditions::jsonb, fresh.slug, fresh.domain, fresh.is_builtin
  FROM unnest(%(positions)s::integer[], %(conditions)s::text[], %(slugs)s::text[], %(domains)s::text[],
              %(builtins)s::boolean[]) AS fresh (position, conditions, slug, domain, is_builtin)
 ORDER BY fresh.position;
