-- What rules of tags keep on people.

-- name: put_on
-- Puts tags on persons, by their own homes, whom the rules given hold of now, and logs it; those who had them not.
WITH asked AS MATERIALIZED (
    SELECT told.person_id, definition.tag, max(told.moved_at) AS moved_at
      FROM unnest(%(segments)s::integer[], %(persons)s::bigint[], %(moments)s::timestamptz[])
           AS told (segment_id, person_id, moved_at)
      JOIN tag_definition AS definition
        ON definition.workspace_id = %(workspace)s AND definition.segment_id = told.segment_id
      JOIN segment_person AS standing
        ON standing.workspace_id = %(workspace)s AND standing.person_id = told.person_id
       AND told.segment_id = ANY (standing.members)
     WHERE told.person_id = ANY (%(homes)s::bigint[])
     GROUP BY told.person_id, definition.tag
), staying AS (
    -- It was to expire because the rule held no more.
    UPDATE person_tag AS kept
       SET expires_at = NULL
      FROM asked
     WHERE kept.workspace_id = %(workspace)s
       AND kept.home_id = asked.person_id
       AND kept.tag = asked.tag
       AND kept.is_ruled
       AND kept.expires_at IS NOT NULL
), fresh AS (
    INSERT INTO person_tag (workspace_id, home_id, tag, is_ruled, tagged_at, tagged_by, origin)
    SELECT %(workspace)s, person_id, tag, true, moved_at, 'system', 'rule'
      FROM asked
     ORDER BY person_id, tag
        ON CONFLICT DO NOTHING
    RETURNING home_id, tag, tagged_at
), logged AS (
    INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin)
    SELECT %(workspace)s, home_id, tag, true, tagged_at, 'system', 'rule'
      FROM fresh
)
SELECT DISTINCT home_id FROM fresh;

-- name: take_off
-- Takes tags off persons, by their own homes, whom the rules given hold of no more, and logs it; those who had them. Tags
-- that stay after that are left, to expire if they do.
WITH asked AS MATERIALIZED (
    SELECT told.person_id, definition.tag, definition.keeps_after_exit, definition.expires_after_s,
           max(told.moved_at) AS moved_at
      FROM unnest(%(segments)s::integer[], %(persons)s::bigint[], %(moments)s::timestamptz[])
           AS told (segment_id, person_id, moved_at)
      JOIN tag_definition AS definition
        ON definition.workspace_id = %(workspace)s AND definition.segment_id = told.segment_id
     WHERE NOT EXISTS (SELECT FROM segment_person AS standing
                        WHERE standing.workspace_id = %(workspace)s
                          AND standing.person_id = told.person_id
                          AND told.segment_id = ANY (standing.members))
     GROUP BY told.person_id, definition.tag, definition.keeps_after_exit, definition.expires_after_s
), expiring AS (
    UPDATE person_tag AS kept
       SET expires_at = asked.moved_at + asked.expires_after_s * interval '1 second'
      FROM asked
     WHERE kept.workspace_id = %(workspace)s
       AND kept.home_id = asked.person_id
       AND kept.tag = asked.tag
       AND kept.is_ruled
       AND kept.expires_at IS NULL
       AND asked.keeps_after_exit
       AND asked.expires_after_s IS NOT NULL
), gone AS (
    DELETE FROM person_tag AS kept
     USING asked
     WHERE kept.workspace_id = %(workspace)s
       AND kept.home_id = asked.person_id
       AND kept.tag = asked.tag
       AND kept.is_ruled
       AND NOT asked.keeps_after_exit
    RETURNING kept.home_id, kept.tag, asked.moved_at
), logged AS (
    INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin)
    SELECT %(workspace)s, home_id, tag, false, moved_at, 'system', 'rule'
      FROM gone
)
SELECT DISTINCT home_id FROM gone;

-- name: list_kept
-- Homes after one that carry the tag of a rule because of it, in order.
SELECT kept.home_id
  FROM tag_definition AS definition
  JOIN person_tag AS kept
    ON kept.workspace_id = %(workspace)s AND kept.tag = definition.tag AND kept.is_ruled
 WHERE definition.workspace_id = %(workspace)s
   AND definition.segment_id = %(segment_id)s
   AND kept.home_id > %(after)s
 ORDER BY kept.home_id
 LIMIT %(most)s;
