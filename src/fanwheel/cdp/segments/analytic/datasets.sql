-- What analytic statements read from PostgreSQL, through ADBC, as a role that row-level security binds.
-- COPY takes no parameters: the workspace is the session's fanwheel.workspace, what rules name is a JSON array in
-- hexadecimal digits in fanwheel.names, the segments that they mention are in fanwheel.segments.

-- name: place
-- One row: the workspace's time zone.
SELECT time_zone
  FROM workspace
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer;

-- name: source
-- One row per source.
SELECT source_id, slug
  FROM source
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer;

-- name: person_map
-- One row per home that a merge has moved: where its events belong now.
SELECT home_id, person_id
  FROM identifier
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
   AND home_id <> person_id;

-- name: erased
-- One row per home whose erasure the lake has not carried out yet.
SELECT DISTINCT unnest(home_ids) AS home_id
  FROM erasure
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
   AND lake_done_at IS NULL;

-- name: person
-- One row per person who is listed; the columns that are wanted follow person_id.
WITH wanted AS (
    SELECT convert_from(decode(current_setting('fanwheel.names'), 'hex'), 'UTF8')::jsonb AS names
)
SELECT person.person_id
  FROM person
 WHERE person.workspace_id = current_setting('fanwheel.workspace')::integer
   AND person.is_real
   AND (current_setting('fanwheel.share') = 'all' OR person.person_id % 16 = 0);

-- name: person_channels
-- One row per person who is listed, with the channels for marketing, one name a line.
SELECT person_id, array_to_string(channels, E'\n') AS channels
  FROM person
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
   AND is_real;

-- name: segment_members
-- The members of the segments that are wanted, in bitmaps of 65,536 persons each.
SELECT segment_id, chunk, members
  FROM segment_bitmap
 WHERE workspace_id = current_setting('fanwheel.workspace')::integer
   AND segment_id = ANY (current_setting('fanwheel.segments')::integer[]);
