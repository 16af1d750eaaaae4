-- name: list_lists
-- Lists, newest first, below an id; those whose name holds a pattern. A small list is counted, since merges change it.
SELECT list.list_id, list.name, list.description, list.origin, list.segment_id, list.schedule_id, list.created_at,
       list.created_by, list.updated_at,
       CASE WHEN list.size > 20000 THEN list.size
            ELSE (SELECT count(DISTINCT home.person_id)
                    FROM person_list AS listed
                    JOIN identifier AS home
                      ON home.workspace_id = listed.workspace_id AND home.home_id = listed.home_id
                   WHERE listed.workspace_id = list.workspace_id
                     AND listed.list_id = list.list_id) END::integer AS size
  FROM list
 WHERE list.workspace_id = %(workspace)s
   AND (%(before)s::integer IS NULL OR list.list_id < %(before)s)
   AND (%(one)s::integer IS NULL OR list.list_id = %(one)s)
   AND (%(segment_id)s::integer IS NULL OR list.segment_id = %(segment_id)s)
   AND (%(within)s::text IS NULL OR lower(list.name) LIKE %(within)s)
 ORDER BY list.list_id DESC
 LIMIT %(limit)s;

-- name: list_names
-- Ids and names of the newest lists.
SELECT list_id, name
  FROM list
 WHERE workspace_id = %(workspace)s
 ORDER BY list_id DESC
 LIMIT %(limit)s;

-- name: find_by_name
-- The list of a name, or no row.
SELECT list_id FROM list WHERE workspace_id = %(workspace)s AND name = %(name)s;

-- name: list_of_person
-- The lists on which some homes are.
SELECT DISTINCT list.list_id, list.name
  FROM person_list
  JOIN list USING (workspace_id, list_id)
 WHERE person_list.workspace_id = %(workspace)s
   AND person_list.home_id = ANY (%(homes)s::bigint[])
 ORDER BY list.list_id;

-- name: add_list
-- The new list's id; no row if the name is taken.
INSERT INTO list (workspace_id, name, description, origin, segment_id, schedule_id, created_by)
VALUES (%(workspace)s, %(name)s, %(description)s, %(origin)s, %(segment_id)s, %(schedule_id)s, %(actor)s)
    ON CONFLICT (workspace_id, name) DO NOTHING
RETURNING list_id;

-- name: hold_list
-- Keeps other changes of the list out until the transaction ends; no row if there is none.
SELECT list_id FROM list WHERE workspace_id = %(workspace)s AND list_id = %(list_id)s FOR NO KEY UPDATE;

-- name: is_name_taken
-- Whether another list has a name.
SELECT EXISTS (SELECT FROM list
                WHERE workspace_id = %(workspace)s AND name = %(name)s AND list_id <> %(list_id)s) AS is_taken;

-- name: change_list
-- Gives a list another name or description; what is NULL stays.
UPDATE list
   SET name = coalesce(%(name)s, name), description = coalesce(%(description)s, description), updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND list_id = %(list_id)s;

-- name: list_asking
-- The segments whose rules ask who is on a list.
SELECT segment_id, name
  FROM segment
 CROSS JOIN (SELECT jsonb_build_object('id', %(list_id)s::integer) AS words) AS asked
 WHERE workspace_id = %(workspace)s
   AND (jsonb_path_exists(rule, '$.** ? (@.type == "list" && @.list_id == $id)', asked.words)
        OR jsonb_path_exists(live_rule, '$.** ? (@.type == "list" && @.list_id == $id)', asked.words))
 ORDER BY name;

-- name: delete_list
-- Deletes a list.
DELETE FROM list WHERE workspace_id = %(workspace)s AND list_id = %(list_id)s;

-- name: delete_members
-- Takes everybody off a list.
DELETE FROM person_list WHERE workspace_id = %(workspace)s AND list_id = %(list_id)s;

-- name: delete_uploads
-- Deletes what is kept of the files of a list.
DELETE FROM list_upload WHERE workspace_id = %(workspace)s AND list_id = %(list_id)s;

-- name: list_living
-- The homes given that are known, each with its person.
SELECT home_id, person_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[]);

-- name: add_members
-- The homes that were put on a list, and when: one of each person who was not on it by any home.
INSERT INTO person_list (workspace_id, list_id, home_id)
SELECT %(workspace)s, %(list_id)s, min(known.home_id)
  FROM identifier AS known
 WHERE known.workspace_id = %(workspace)s
   AND known.home_id = ANY (%(homes)s::bigint[])
   AND NOT EXISTS (SELECT
                     FROM identifier AS mate
                     JOIN person_list AS listed
                       ON listed.workspace_id = %(workspace)s
                      AND listed.list_id = %(list_id)s
                      AND listed.home_id = mate.home_id
                    WHERE mate.workspace_id = %(workspace)s
                      AND mate.person_id = known.person_id)
 GROUP BY known.person_id
    ON CONFLICT DO NOTHING
RETURNING home_id, listed_at;

-- name: fill
-- Puts living persons on a list that nobody is on yet.
INSERT INTO person_list (workspace_id, list_id, home_id)
SELECT %(workspace)s, %(list_id)s, known.home_id
  FROM identifier AS known
 WHERE known.workspace_id = %(workspace)s
   AND known.home_id = ANY (%(homes)s::bigint[])
    ON CONFLICT DO NOTHING;

-- name: remove_members
-- The persons who were taken off a list, each with the homes by which they were on it, and since when.
DELETE FROM person_list
 USING identifier
 WHERE person_list.workspace_id = %(workspace)s
   AND person_list.list_id = %(list_id)s
   AND identifier.workspace_id = %(workspace)s
   AND identifier.home_id = person_list.home_id
   AND identifier.person_id = ANY (%(persons)s::bigint[])
RETURNING identifier.person_id, person_list.home_id, person_list.listed_at;

-- name: undo_put
-- The homes taken off a list again that are on it since a moment.
DELETE FROM person_list
 USING unnest(%(homes)s::bigint[], %(moments)s::timestamptz[]) AS given (home_id, listed_at)
 WHERE person_list.workspace_id = %(workspace)s
   AND person_list.list_id = %(list_id)s
   AND person_list.home_id = given.home_id
   AND person_list.listed_at = given.listed_at
RETURNING person_list.home_id;

-- name: undo_take
-- The homes put on a list again as they were: those of persons who are not on it by any home.
INSERT INTO person_list (workspace_id, list_id, home_id, listed_at)
SELECT %(workspace)s, %(list_id)s, given.home_id, given.listed_at
  FROM unnest(%(homes)s::bigint[], %(moments)s::timestamptz[]) AS given (home_id, listed_at)
  JOIN identifier AS known ON known.workspace_id = %(workspace)s AND known.home_id = given.home_id
 WHERE NOT EXISTS (SELECT
                     FROM identifier AS mate
                     JOIN person_list AS listed
                       ON listed.workspace_id = %(workspace)s
                      AND listed.list_id = %(list_id)s
                      AND listed.home_id = mate.home_id
                    WHERE mate.workspace_id = %(workspace)s
                      AND mate.person_id = known.person_id)
    ON CONFLICT DO NOTHING
RETURNING home_id;

-- name: note_changed
-- Asks for persons to be looked at again: segments may ask who is on a list.
INSERT INTO person_stale (workspace_id, person_id)
SELECT %(workspace)s, given.person_id
  FROM unnest(%(persons)s::bigint[]) AS given (person_id);

-- name: note_everybody
-- The same for everybody on a list.
INSERT INTO person_stale (workspace_id, person_id)
SELECT workspace_id, home_id FROM person_list WHERE workspace_id = %(workspace)s AND list_id = %(list_id)s;

-- name: set_size
-- Keeps a size that is known.
UPDATE list SET size = %(size)s, updated_at = now() WHERE workspace_id = %(workspace)s AND list_id = %(list_id)s;

-- name: put_size
-- How many people are on a list now; kept with it.
UPDATE list
   SET updated_at = now(),
       size = (SELECT count(DISTINCT known.person_id)
                 FROM person_list
                 JOIN identifier AS known
                   ON known.workspace_id = person_list.workspace_id AND known.home_id = person_list.home_id
                WHERE person_list.workspace_id = %(workspace)s
                  AND person_list.list_id = %(list_id)s)
 WHERE workspace_id = %(workspace)s
   AND list_id = %(list_id)s
RETURNING size;

-- name: list_people
-- The persons on a list, in the order of their ids, up to a number of them; as one value, since rows of a million take
-- hundreds of megabytes.
SELECT ARRAY(SELECT DISTINCT known.person_id
               FROM person_list
               JOIN identifier AS known
                 ON known.workspace_id = person_list.workspace_id AND known.home_id = person_list.home_id
              WHERE person_list.workspace_id = %(workspace)s
                AND person_list.list_id = %(list_id)s
              ORDER BY known.person_id
              LIMIT %(most)s) AS people;

-- name: match_hashes
-- Those of the identifiers that are known: hash, home and person.
SELECT identifier_hash, home_id, person_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND identifier_hash = ANY (%(hashes)s::uuid[]);

-- name: match_openids
-- The homes of openids given without their app.
SELECT bare_openid, home_id, person_id
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND bare_openid = ANY (%(openids)s::text[]);

-- name: get_region
-- The country of phones without a country code.
SELECT default_region FROM workspace WHERE workspace_id = %(workspace)s;

-- name: add_upload
-- The number of a file that was matched.
INSERT INTO list_upload (workspace_id, list_id, file_name, uploaded_by, row_count, matched, added, unmatched, report)
VALUES (%(workspace)s, %(list_id)s, %(file_name)s, %(actor)s, %(row_count)s, %(matched)s, %(added)s, %(unmatched)s,
        nullif(%(report)s, ''))
RETURNING upload_id;

-- name: list_uploads
-- Files that filled a list, newest first.
SELECT upload_id, list_id, file_name, uploaded_at, uploaded_by, row_count, matched, added, unmatched,
       report IS NOT NULL AND uploaded_at > now() - interval '7 days' AS has_report
  FROM list_upload
 WHERE workspace_id = %(workspace)s
   AND list_id = %(list_id)s
   AND (%(one)s::integer IS NULL OR upload_id = %(one)s)
 ORDER BY upload_id DESC
 LIMIT 100;

-- name: get_report
-- The unmatched rows of a file as CSV, or no row.
SELECT report
  FROM list_upload
 WHERE workspace_id = %(workspace)s
   AND list_id = %(list_id)s
   AND upload_id = %(upload_id)s
   AND report IS NOT NULL
   AND uploaded_at > now() - interval '7 days';

-- name: forget_reports
-- Takes reports away that have been kept long enough.
UPDATE list_upload
   SET report = NULL
 WHERE workspace_id = %(workspace)s
   AND report IS NOT NULL
   AND uploaded_at <= now() - interval '7 days';
