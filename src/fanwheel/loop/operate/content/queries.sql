-- Templates and what fills them in; every statement in one workspace.

-- name: list_templates
-- Templates, or one, those changed last first.
SELECT template.template_id, template.channel, template.name, template.folder, template.labels, template.revision,
       template.published_id, version.number AS published_number, template.is_changed, template.archived_at,
       template.created_at, template.updated_at, template.updated_by,
       ARRAY(SELECT DISTINCT jsonb_object_keys(variant -> 'wordings')
               FROM jsonb_array_elements(template.draft -> 'variants') AS variant ORDER BY 1) AS languages,
       jsonb_array_length(template.draft -> 'variants') AS variants
  FROM template
  LEFT JOIN template_version AS version
         ON version.workspace_id = %(workspace)s AND version.version_id = template.published_id
 WHERE template.workspace_id = %(workspace)s
   AND (%(template_id)s::bigint IS NULL OR template.template_id = %(template_id)s)
   AND (%(channel)s::text IS NULL OR template.channel = %(channel)s)
   AND (%(q)s::text IS NULL OR strpos(lower(template.name), lower(%(q)s)) > 0)
   AND (%(template_id)s::bigint IS NOT NULL OR (template.archived_at IS NOT NULL) = %(is_archived)s)
 ORDER BY template.updated_at DESC, template.template_id DESC
 LIMIT 1000;

-- name: find_draft
-- The draft of a template, kept from changes until the transaction ends.
SELECT template_id, channel, name, folder, labels, draft, revision, published_id, archived_at
  FROM template
 WHERE workspace_id = %(workspace)s
   AND template_id = %(template_id)s
   FOR UPDATE;

-- name: is_name_taken
-- Whether another template has a name.
SELECT EXISTS (SELECT
                 FROM template
                WHERE workspace_id = %(workspace)s
                  AND archived_at IS NULL
                  AND lower(name) = lower(%(name)s)
                  AND template_id IS DISTINCT FROM %(template_id)s) AS is_taken;

-- name: list_names
-- Names that templates have.
SELECT name FROM template WHERE workspace_id = %(workspace)s AND archived_at IS NULL;

-- name: add_template
-- The number of a new template.
INSERT INTO template (workspace_id, channel, name, folder, labels, draft, created_by, updated_by)
VALUES (%(workspace)s, %(channel)s, %(name)s, %(folder)s, %(labels)s, %(draft)s::jsonb, %(actor)s, %(actor)s)
RETURNING template_id;

-- name: change_template
-- Writes a template's name, folder, labels and draft.
UPDATE template
   SET name = %(name)s,
       folder = %(folder)s,
       labels = %(labels)s,
       is_changed = is_changed OR draft IS DISTINCT FROM %(draft)s::jsonb,
       revision = revision + (draft IS DISTINCT FROM %(draft)s::jsonb)::integer,
       draft = %(draft)s::jsonb,
       updated_at = now(),
       updated_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND template_id = %(template_id)s;

-- name: set_archived
-- Archives a template or takes it back.
UPDATE template
   SET archived_at = CASE WHEN %(is_archived)s THEN now() END,
       updated_at = now(),
       updated_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND template_id = %(template_id)s;

-- name: add_version
-- The number of a new version.
INSERT INTO template_version (workspace_id, template_id, number, channel, content, compiled, note, published_by)
SELECT %(workspace)s, %(template_id)s, coalesce(max(number), 0) + 1, %(channel)s, %(content)s::jsonb,
       %(compiled)s::jsonb, %(note)s, %(actor)s
  FROM template_version
 WHERE workspace_id = %(workspace)s
   AND template_id = %(template_id)s
RETURNING version_id;

-- name: publish
-- Lets a version be said from now on.
UPDATE template
   SET published_id = %(version_id)s,
       is_changed = false,
       updated_at = now(),
       updated_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND template_id = %(template_id)s;

-- name: list_versions
-- Versions of a template, newest first.
SELECT version_id, number, note, published_at, published_by
  FROM template_version
 WHERE workspace_id = %(workspace)s
   AND template_id = %(template_id)s
 ORDER BY number DESC;

-- name: find_version
-- A version as it was written.
SELECT version.version_id, version.template_id, version.number, version.channel, version.content, version.note,
       version.published_at, version.published_by, template.name
  FROM template_version AS version
  JOIN template ON template.workspace_id = %(workspace)s AND template.template_id = version.template_id
 WHERE version.workspace_id = %(workspace)s
   AND version.version_id = %(version_id)s;

-- name: find_compiled
-- A version as it is filled in.
SELECT channel, compiled
  FROM template_version
 WHERE workspace_id = %(workspace)s
   AND version_id = %(version_id)s;

-- name: list_people
-- The living persons behind some homes, with what is known of them.
SELECT home.home_id, person.person_id, person.display_name, person.traits, person.tags, person.layers, person.stage,
       person.order_count
  FROM identifier AS home
  JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = home.person_id
 WHERE home.workspace_id = %(workspace)s
   AND home.home_id = ANY (%(homes)s::bigint[]);

-- name: get_brand
-- The brand as it signs its messages, its time zone, and the names of its accounts.
SELECT workspace.name, workspace.time_zone, coalesce(brand.profile, '{}') AS profile,
       coalesce((SELECT jsonb_object_agg(account_id, account.name)
                   FROM channel_account AS account
                  WHERE account.workspace_id = %(workspace)s), '{}') AS accounts
  FROM workspace
  LEFT JOIN brand_profile AS brand ON brand.workspace_id = workspace.workspace_id
 WHERE workspace.workspace_id = %(workspace)s;

-- name: put_brand
-- Writes how the brand signs its messages.
INSERT INTO brand_profile (workspace_id, profile, updated_by)
VALUES (%(workspace)s, %(profile)s::jsonb, %(actor)s)
    ON CONFLICT (workspace_id) DO UPDATE
   SET profile = excluded.profile,
       updated_at = now(),
       updated_by = excluded.updated_by;

-- name: sample_people
-- What is known of some of the people seen last: an index gives them at once, however many there are.
SELECT traits
  FROM person
 WHERE workspace_id = %(workspace)s
 ORDER BY last_seen_at DESC, person_id DESC
 LIMIT %(most)s;
