-- What there is to choose from when a rule is written.

-- name: sample_people
-- What is known of the people seen last.
SELECT person_id, traits::text AS traits, channels
  FROM person
 WHERE workspace_id = %(workspace)s
   AND is_real
 ORDER BY last_seen_at DESC, person_id DESC
 LIMIT %(most)s;

-- name: list_tags
-- Tags, those of most people first.
SELECT tag
  FROM person_tag
 WHERE workspace_id = %(workspace)s
 GROUP BY tag
 ORDER BY count(*) DESC, tag
 LIMIT %(most)s;

-- name: list_defined_tags
-- Tags that were defined, with the words for them.
SELECT tag, label
  FROM tag_definition
 WHERE workspace_id = %(workspace)s
 ORDER BY tag
 LIMIT %(most)s;

-- name: list_defined_layers
-- Layers that were defined, with their classes, the lowest first.
SELECT layer.key, layer.name, array_agg(class.key ORDER BY class.position) AS classes,
       array_agg(class.name ORDER BY class.position) AS class_names
  FROM layer
  JOIN layer_class AS class USING (workspace_id, layer_id)
 WHERE layer.workspace_id = %(workspace)s
 GROUP BY layer.layer_id, layer.key, layer.name
 ORDER BY layer.layer_id;

-- name: list_channels
-- Channels of which people spoke lately.
SELECT DISTINCT channel
  FROM (SELECT channel
          FROM consent
         WHERE workspace_id = %(workspace)s
         ORDER BY consent_id DESC
         LIMIT 10000) AS said
 ORDER BY channel;

-- name: list_sources
-- Slugs and names of sources.
SELECT slug, name
  FROM source
 WHERE workspace_id = %(workspace)s
 ORDER BY slug
 LIMIT %(most)s;

-- name: erased
-- Homes that were erased and may still be in the lake, as bigint.
SELECT unnest(home_ids) AS home_id
  FROM erasure
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer;
