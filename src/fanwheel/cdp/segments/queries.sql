-- Segments as people make and look at them.

-- name: open_book
-- Begins the workspace's book of segments.
INSERT INTO segment_book (workspace_id) VALUES (%(workspace)s) ON CONFLICT DO NOTHING;

-- name: list_segments
-- Every segment of a purpose, or one, with the number of its members; the rule is the one that was saved last.
SELECT segment.segment_id, segment.name, segment.description, segment.rule, segment.version, segment.status,
       coalesce(held.size, 0) AS size, segment.built_at, segment.error, segment.created_at, segment.created_by,
       segment.updated_at
  FROM segment
  LEFT JOIN (SELECT segment_id, sum(size)::bigint AS size
               FROM segment_bitmap
              WHERE workspace_id = %(workspace)s
                AND (%(one)s::integer IS NULL OR segment_id = %(one)s::integer)
              GROUP BY segment_id) AS held USING (segment_id)
 WHERE segment.workspace_id = %(workspace)s
   AND segment.purpose = %(purpose)s
   AND (%(one)s::integer IS NULL OR segment.segment_id = %(one)s::integer)
 ORDER BY segment.segment_id;

-- name: list_hidden
-- The segments that are rules of tags and layers.
SELECT segment_id FROM segment WHERE workspace_id = %(workspace)s AND purpose <> 'segment';

-- name: list_named_rules
-- What every rule is of, with the rule as it was saved last.
SELECT segment_id, purpose, name, rule
  FROM segment
 WHERE workspace_id = %(workspace)s
 ORDER BY segment_id;

-- name: list_deciders
-- Which rules decide about tags and layers: those of a tag itself, and of the others of its exclusive group, which may
-- take it off; of a layer those of all its classes.
SELECT 'tag' AS kind, one.tag AS name, array_agg(DISTINCT other.segment_id) AS segments
  FROM tag_definition AS one
  LEFT JOIN tag_group
         ON tag_group.workspace_id = %(workspace)s AND tag_group.group_id = one.group_id AND tag_group.is_exclusive
  JOIN tag_definition AS other
    ON other.workspace_id = %(workspace)s
   AND (other.tag = one.tag OR other.group_id = tag_group.group_id)
   AND other.segment_id IS NOT NULL
 WHERE one.workspace_id = %(workspace)s
 GROUP BY one.tag
 UNION ALL
SELECT 'layer', layer.key, array_agg(class.segment_id)
  FROM layer
  JOIN layer_class AS class USING (workspace_id, layer_id)
 WHERE layer.workspace_id = %(workspace)s
 GROUP BY layer.key;

-- name: open_carrying
-- Begins to follow entries and exits for tags and layers, from here on.
INSERT INTO carrying (workspace_id, followed_to)
SELECT %(workspace)s, coalesce((SELECT max(change_id) FROM segment_change WHERE workspace_id = %(workspace)s), 0)
    ON CONFLICT DO NOTHING;

-- name: carry
-- Has a hidden segment followed, for everybody once it is built.
INSERT INTO carried_rule (workspace_id, segment_id)
VALUES (%(workspace)s, %(segment_id)s)
    ON CONFLICT (workspace_id, segment_id) DO UPDATE
   SET carried_for = NULL,
       carried_to = 0;

-- name: carry_no_more
-- Follows a segment no more.
DELETE FROM carried_rule WHERE workspace_id = %(workspace)s AND segment_id = %(segment_id)s;

-- name: list_known_lists
-- Every list.
SELECT list_id FROM list WHERE workspace_id = %(workspace)s;

-- name: list_known_layers
-- Every layer that users define with its classes, the lowest first; one that is being made has none yet.
SELECT layer.key AS layer,
       coalesce(array_agg(class.key ORDER BY class.position) FILTER (WHERE class.key IS NOT NULL), '{}') AS classes
  FROM layer
  LEFT JOIN layer_class AS class USING (workspace_id, layer_id)
 WHERE layer.workspace_id = %(workspace)s
 GROUP BY layer.key;

-- name: is_name_taken
-- Whether another segment has a name.
SELECT EXISTS (SELECT FROM segment
                WHERE workspace_id = %(workspace)s
                  AND purpose = 'segment'
                  AND lower(name) = lower(%(name)s)
                  AND segment_id IS DISTINCT FROM %(segment_id)s::integer);

-- name: add_segment
-- The number of a new segment.
INSERT INTO segment (workspace_id, name, description, rule, status, purpose, created_by)
VALUES (%(workspace)s, %(name)s, %(description)s, %(rule)s::jsonb, %(status)s, %(purpose)s, %(actor)s)
RETURNING segment_id;

-- name: rename_segment
-- Changes what a segment is called.
UPDATE segment
   SET name = %(name)s,
       description = %(description)s,
       updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s;

-- name: change_rule
-- Saves another rule, which is built beside the one that counts.
UPDATE segment
   SET rule = %(rule)s::jsonb,
       version = version + 1,
       status = CASE WHEN status IN ('draft', 'paused') THEN status ELSE 'building' END,
       built_to = 0,
       error = NULL,
       updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s;

-- name: set_status
-- Moves a segment to another state.
UPDATE segment
   SET status = %(status)s,
       built_to = 0,
       error = %(error)s,
       updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s;

-- name: delete_segment
-- Deletes a segment.
DELETE FROM segment WHERE workspace_id = %(workspace)s AND segment_id = %(segment_id)s;

-- name: delete_bitmaps
-- Deletes who was in a segment; what is kept of persons loses it when they are judged next.
DELETE FROM segment_bitmap WHERE workspace_id = %(workspace)s AND segment_id = %(segment_id)s;

-- name: delete_changes
-- Deletes the entries and exits of a segment.
DELETE FROM segment_change WHERE workspace_id = %(workspace)s AND segment_id = %(segment_id)s;

-- name: add_metrics
-- Begins to remember events for metrics; those that are known stay as they are.
INSERT INTO segment_metric (workspace_id, key, spec)
SELECT %(workspace)s, given.key, given.spec
  FROM json_to_recordset(%(metrics)s::json) AS given (key uuid, spec jsonb)
    ON CONFLICT DO NOTHING;

-- name: delete_metrics
-- Stops to remember events for metrics other than some.
DELETE FROM segment_metric
 WHERE workspace_id = %(workspace)s
   AND key <> ALL (%(keys)s::uuid[]);

-- name: list_chunks
-- The chunks of a segment's bitmap from one on, in order.
SELECT chunk, members
  FROM segment_bitmap
 WHERE workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s
   AND chunk >= %(chunk)s
   AND size > 0
 ORDER BY chunk
 LIMIT %(most)s;

-- name: list_memberships
-- The segments that a person is in, and since when, if not from the beginning.
SELECT segment.segment_id, segment.name, segment.status, entered.since
  FROM segment_person AS standing
  JOIN segment
    ON segment.workspace_id = %(workspace)s AND segment.segment_id = ANY (standing.members)
   AND segment.purpose = 'segment'
  LEFT JOIN LATERAL (SELECT max(changed_at) AS since
                       FROM segment_change AS change
                      WHERE change.workspace_id = %(workspace)s
                        AND change.person_id = standing.person_id
                        AND change.segment_id = segment.segment_id
                        AND change.is_entry) AS entered ON true
 WHERE standing.workspace_id = %(workspace)s
   AND standing.person_id = %(person_id)s
 ORDER BY segment.segment_id;

-- name: list_days
-- Entries and exits of a segment per day in the workspace's time zone, from an instant on.
SELECT (changed_at AT TIME ZONE workspace.time_zone)::date AS day,
       count(*) FILTER (WHERE is_entry) AS entries,
       count(*) FILTER (WHERE NOT is_entry) AS exits
  FROM segment_change
  JOIN workspace USING (workspace_id)
 WHERE segment_change.workspace_id = %(workspace)s
   AND segment_id = %(segment_id)s
   AND changed_at >= %(since)s
 GROUP BY 1
 ORDER BY 1;

-- name: list_changes
-- Entries and exits after one, in their order; of one segment or of all.
SELECT change_id, segment_id, person_id, is_entry, changed_at, cause
  FROM segment_change
 WHERE workspace_id = %(workspace)s
   AND change_id > %(after)s
   AND (%(segment_id)s::integer IS NULL OR segment_id = %(segment_id)s::integer)
 ORDER BY change_id
 LIMIT %(most)s;
