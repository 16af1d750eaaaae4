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
