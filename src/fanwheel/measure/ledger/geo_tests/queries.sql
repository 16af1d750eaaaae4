-- Geo tests; every statement in one workspace.

-- name: list_tests
-- Geo tests, the newest first, or one of them.
SELECT geo_test.geo_test_id, geo_test.source_id, source.slug AS source, source.name, geo_test.campaign, geo_test.trait,
       geo_test.regions, geo_test.before_on, geo_test.started_on, geo_test.ended_on, geo_test.note,
       geo_test.created_at, geo_test.created_by
  FROM geo_test
  JOIN source USING (workspace_id, source_id)
 WHERE geo_test.workspace_id = %(workspace)s
   AND (%(one)s::integer IS NULL OR geo_test.geo_test_id = %(one)s::integer)
 ORDER BY geo_test.started_on DESC, geo_test.geo_test_id DESC;

-- name: find_source
-- The id of a source.
SELECT source_id
  FROM source
 WHERE workspace_id = %(workspace)s
   AND slug = %(slug)s;

-- name: today
-- The day on the workspace's wall. It holds the workspace's row, so that two tests cannot both find the days free.
SELECT (%(now)s::timestamptz AT TIME ZONE time_zone)::date AS today
  FROM workspace
 WHERE workspace_id = %(workspace)s
   FOR NO KEY UPDATE;

-- name: list_regions
-- Where people live, by a trait: the regions with most people first.
SELECT btrim(traits ->> %(trait)s::text) AS region, count(*) AS people
  FROM person
 WHERE workspace_id = %(workspace)s
   AND is_real
   AND length(btrim(traits ->> %(trait)s::text)) BETWEEN 1 AND 200
 GROUP BY 1
 ORDER BY 2 DESC, 1
 LIMIT %(most)s;

-- name: count_residents
-- How many people have the trait at all, and which of the regions somebody lives in.
SELECT count(*) AS people,
       coalesce(array_agg(DISTINCT btrim(traits ->> %(trait)s::text))
                FILTER (WHERE btrim(traits ->> %(trait)s::text) = ANY (%(regions)s::text[])), '{}') AS known
  FROM person
 WHERE workspace_id = %(workspace)s
   AND is_real
   AND length(btrim(traits ->> %(trait)s::text)) BETWEEN 1 AND 200;

-- name: add_test
-- Notes a geo test; its id.
INSERT INTO geo_test (workspace_id, source_id, campaign, trait, regions, before_on, started_on, ended_on, note,
                      created_by)
VALUES (%(workspace)s, %(source_id)s, %(campaign)s, %(trait)s, %(regions)s::text[], %(before_on)s, %(started_on)s,
        %(ended_on)s, %(note)s, %(actor)s)
RETURNING geo_test_id;

-- name: change_test
-- Ends a test or gives it another note; what is NULL stays.
UPDATE geo_test
   SET ended_on = coalesce(%(ended_on)s::date, ended_on),
       note = coalesce(%(note)s::text, note)
 WHERE workspace_id = %(workspace)s
   AND geo_test_id = %(one)s;

-- name: delete_test
-- Forgets a geo test; its id, or no row when there is none.
DELETE FROM geo_test
 WHERE workspace_id = %(workspace)s
   AND geo_test_id = %(one)s
RETURNING geo_test_id;
