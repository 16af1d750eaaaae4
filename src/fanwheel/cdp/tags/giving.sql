-- Who carries which tags. What was given by hand and what a rule keeps on stand side by side.

-- name: hold_homes
-- Homes with their persons; they cannot be erased until the transaction ends.
SELECT home_id, person_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[])
 ORDER BY home_id
   FOR KEY SHARE;

-- name: list_exclusive
-- Pairs of tags, among some, that exclude each other.
SELECT one.tag, other.tag AS other
  FROM tag_definition AS one
  JOIN tag_definition AS other
    ON other.workspace_id = one.workspace_id AND other.group_id = one.group_id AND other.tag > one.tag
  JOIN tag_group ON tag_group.workspace_id = one.workspace_id AND tag_group.group_id = one.group_id
 WHERE one.workspace_id = %(workspace)s
   AND tag_group.is_exclusive
   AND one.tag = ANY (%(tags)s::text[])
   AND other.tag = ANY (%(tags)s::text[])
 ORDER BY one.tag, other.tag;

-- name: give
-- Puts tags on homes by hand and logs it: those that were put on, and which of them no home of the person had by hand.
-- Tags that would stay just as they are are left alone.
WITH asked AS MATERIALIZED (
    SELECT given.home_id, given.person_id, wanted.tag,
           coalesce(%(expires_at)s::timestamptz,
                    %(now)s::timestamptz + definition.expires_after_s * interval '1 second') AS expires_at,
           coalesce(tag_group.is_exclusive, false) AS is_exclusive
      FROM unnest(%(homes)s::bigint[], %(persons)s::bigint[]) AS given (home_id, person_id)
     CROSS JOIN unnest(%(tags)s::text[]) AS wanted (tag)
      LEFT JOIN tag_definition AS definition
             ON definition.workspace_id = %(workspace)s AND definition.tag = wanted.tag
      LEFT JOIN tag_group
             ON tag_group.workspace_id = %(workspace)s AND tag_group.group_id = definition.group_id
), had AS MATERIALIZED (
    SELECT DISTINCT asked.person_id, asked.tag, kept.expires_at
      FROM asked
      JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.person_id = asked.person_id
      JOIN person_tag AS kept
        ON kept.workspace_id = %(workspace)s AND kept.home_id = home.home_id AND kept.tag = asked.tag
       AND NOT kept.is_ruled
), changed AS (
    SELECT asked.home_id, asked.person_id, asked.tag, asked.expires_at,
           NOT EXISTS (SELECT FROM had WHERE had.person_id = asked.person_id AND had.tag = asked.tag) AS is_new
      FROM asked
      LEFT JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = asked.person_id
     WHERE NOT EXISTS (SELECT FROM had
                        WHERE had.person_id = asked.person_id
                          AND had.tag = asked.tag
                          AND had.expires_at IS NOT DISTINCT FROM asked.expires_at)
        -- Another of its group may be in front of it, which counts because it is newer.
        OR asked.is_exclusive AND NOT asked.tag = ANY (coalesce(person.tags, '{}'))
), given AS (
    INSERT INTO person_tag (workspace_id, home_id, tag, tagged_at, tagged_by, origin, reason, expires_at)
    SELECT %(workspace)s, home_id, tag, %(now)s, %(by)s, %(origin)s, %(reason)s, expires_at
      FROM changed
     ORDER BY home_id, tag
        ON CONFLICT (workspace_id, home_id, tag, is_ruled) DO UPDATE
       SET tagged_at = excluded.tagged_at,
           tagged_by = excluded.tagged_by,
           origin = excluded.origin,
           reason = excluded.reason,
           expires_at = excluded.expires_at
    RETURNING home_id, tag, tagged_at, expires_at
), logged AS (
    INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin, reason, expires_at)
    SELECT %(workspace)s, home_id, tag, true, %(now)s, %(by)s, %(origin)s, %(reason)s, expires_at
      FROM given
)
SELECT home_id, changed.person_id, tag, given.tagged_at, changed.is_new
  FROM given
  JOIN changed USING (home_id, tag)
 ORDER BY home_id, tag;

-- name: take_rivals
-- Takes tags off persons that were given by hand and are of the exclusive group of one given now; those tags.
WITH given AS (
    SELECT DISTINCT told.person_id, rival.tag
      FROM unnest(%(persons)s::bigint[], %(tags)s::text[]) AS told (person_id, tag)
      JOIN tag_definition AS definition
        ON definition.workspace_id = %(workspace)s AND definition.tag = told.tag
      JOIN tag_group
        ON tag_group.workspace_id = %(workspace)s AND tag_group.group_id = definition.group_id
       AND tag_group.is_exclusive
      JOIN tag_definition AS rival
        ON rival.workspace_id = %(workspace)s AND rival.group_id = definition.group_id AND rival.tag <> told.tag
), gone AS (
    DELETE FROM person_tag AS kept
     USING given
      JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.person_id = given.person_id
     WHERE kept.workspace_id = %(workspace)s
       AND kept.home_id = home.home_id
       AND kept.tag = given.tag
       AND NOT kept.is_ruled
    RETURNING kept.home_id, home.person_id, kept.tag, kept.tagged_at, kept.tagged_by, kept.origin, kept.reason,
              kept.expires_at
), logged AS (
    INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin, reason)
    SELECT %(workspace)s, home_id, tag, false, %(now)s, %(by)s, 'group', %(reason)s
      FROM gone
)
SELECT home_id, person_id, tag, tagged_at, tagged_by, origin, reason, expires_at
  FROM gone
 ORDER BY home_id, tag;

-- name: take
-- Takes tags off every home of some persons, whoever put them on, and logs it; what was there.
WITH gone AS (
    DELETE FROM person_tag AS kept
     USING identifier AS home
     WHERE home.workspace_id = %(workspace)s
       AND home.person_id = ANY (%(persons)s::bigint[])
       AND kept.workspace_id = %(workspace)s
       AND kept.home_id = home.home_id
       AND kept.tag = ANY (%(tags)s::text[])
    RETURNING kept.home_id, home.person_id, kept.tag, kept.tagged_at, kept.tagged_by, kept.origin, kept.reason,
              kept.expires_at
), logged AS (
    INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin, reason)
    SELECT DISTINCT %(workspace)s::integer, home_id, tag, false, %(now)s::timestamptz, %(by)s, %(origin)s, %(reason)s
      FROM gone
)
SELECT home_id, person_id, tag, tagged_at, tagged_by, origin, reason, expires_at
  FROM gone
 ORDER BY home_id, tag;

-- name: take_given
-- Takes tags off again that were put on homes at an instant, unless somebody has given them anew since; the homes.
WITH gone AS (
    DELETE FROM person_tag AS kept
     USING unnest(%(homes)s::bigint[], %(tags)s::text[], %(moments)s::timestamptz[]) AS given (home_id, tag, tagged_at)
     WHERE kept.workspace_id = %(workspace)s
       AND kept.home_id = given.home_id
       AND kept.tag = given.tag
       AND kept.tagged_at = given.tagged_at
       AND NOT kept.is_ruled
    RETURNING kept.home_id, kept.tag
), logged AS (
    INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin)
    SELECT %(workspace)s, home_id, tag, false, %(now)s, %(by)s, 'undo'
      FROM gone
)
SELECT home_id FROM gone ORDER BY home_id;

-- name: give_taken
-- Puts tags on homes again as they were, unless they have expired or their rule does not hold any more; the homes.
WITH back AS (
    INSERT INTO person_tag (workspace_id, home_id, tag, is_ruled, tagged_at, tagged_by, origin, reason, expires_at)
    SELECT %(workspace)s, told.home_id, told.tag, told.origin = 'rule', told.tagged_at, told.tagged_by, told.origin,
           told.reason, told.expires_at
      FROM json_to_recordset(%(taken)s::json) AS told (home_id bigint, tag text, tagged_at timestamptz, tagged_by text,
                                                       origin text, reason text, expires_at timestamptz)
     WHERE told.home_id = ANY (%(homes)s::bigint[])
       AND (told.expires_at IS NULL OR told.expires_at > %(now)s)
       AND (told.origin <> 'rule'
            OR told.expires_at IS NOT NULL
            OR EXISTS (SELECT FROM tag_definition AS definition
                         JOIN segment_person AS standing
                           ON standing.workspace_id = %(workspace)s AND standing.person_id = told.home_id
                          AND definition.segment_id = ANY (standing.members)
                        WHERE definition.workspace_id = %(workspace)s AND definition.tag = told.tag))
     ORDER BY told.home_id, told.tag
        ON CONFLICT DO NOTHING
    RETURNING home_id, tag, expires_at
), logged AS (
    INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin, expires_at)
    SELECT %(workspace)s, home_id, tag, true, %(now)s, %(by)s, 'undo', expires_at
      FROM back
)
SELECT home_id FROM back ORDER BY home_id;

-- name: expire
-- Takes tags off whose time has come, those due first first, and logs it; their homes.
WITH gone AS (
    DELETE FROM person_tag AS kept
     USING (SELECT home_id, tag, is_ruled
              FROM person_tag
             WHERE workspace_id = %(workspace)s
               AND expires_at <= %(now)s
             ORDER BY expires_at
             LIMIT %(most)s
               FOR UPDATE SKIP LOCKED) AS due
     WHERE kept.workspace_id = %(workspace)s
       AND kept.home_id = due.home_id
       AND kept.tag = due.tag
       AND kept.is_ruled = due.is_ruled
    RETURNING kept.home_id, kept.tag, kept.expires_at
), logged AS (
    INSERT INTO tag_log (workspace_id, home_id, tag, is_added, logged_at, logged_by, origin)
    SELECT DISTINCT %(workspace)s::integer, home_id, tag, false, expires_at, 'system', 'expiry'
      FROM gone
)
SELECT home_id FROM gone;

-- name: note_stale
-- Asks for persons to be folded again.
INSERT INTO person_stale (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(persons)s::bigint[]) AS given (person_id);
