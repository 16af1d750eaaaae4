-- name: put
-- Keeps whom to ask about; who is waited for already stays as they are. The worker is told if there is anybody.
WITH added AS (
    INSERT INTO recognition (workspace_id, account_id, home_id, came_at, next_at)
    SELECT %(workspace)s, given.account_id, given.home_id, given.came_at, now()
      FROM unnest(%(accounts)s::integer[], %(homes)s::bigint[], %(came)s::timestamptz[])
           AS given (account_id, home_id, came_at)
     ORDER BY given.account_id, given.home_id
        ON CONFLICT DO NOTHING
    RETURNING home_id
)
SELECT CASE WHEN count(*) > 0 THEN pg_notify(%(channel)s, %(topic)s) END FROM added;

-- name: list_work
-- Which accounts have newcomers to ask about now.
SELECT workspace_id, account_id FROM list_recognition_work();

-- name: claim
-- Some of an account's newcomers who are due, each with the address; nobody else asks about them for a while.
WITH due AS (
    SELECT home_id
      FROM recognition
     WHERE workspace_id = %(workspace)s
       AND account_id = %(account_id)s
       AND next_at <= %(now)s
     ORDER BY next_at
     LIMIT %(most)s
       FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE recognition
       SET next_at = %(until)s, attempts = attempts + 1
      FROM due
     WHERE recognition.workspace_id = %(workspace)s
       AND recognition.account_id = %(account_id)s
       AND recognition.home_id = due.home_id
    RETURNING recognition.home_id, recognition.came_at, recognition.attempts
)
SELECT claimed.home_id, claimed.came_at, claimed.attempts, identifier.kind, identifier.value
  FROM claimed
  LEFT JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = claimed.home_id
 ORDER BY claimed.came_at, claimed.home_id;

-- name: end
-- The homes that are asked about no more; without those that are being erased, of whom nothing may be told.
DELETE FROM recognition
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND home_id IN (SELECT home_id
                     FROM recognition
                    WHERE workspace_id = %(workspace)s
                      AND account_id = %(account_id)s
                      AND home_id = ANY (%(homes)s::bigint[])
                      FOR UPDATE SKIP LOCKED)
RETURNING home_id;

-- name: postpone
-- Has some asked about later.
UPDATE recognition
   SET next_at = held.next_at, attempts = held.attempts
  FROM (SELECT recognition.home_id, given.next_at, given.attempts
          FROM unnest(%(homes)s::bigint[], %(next_ats)s::timestamptz[], %(attempts)s::smallint[])
               AS given (home_id, next_at, attempts)
          JOIN recognition
            ON recognition.workspace_id = %(workspace)s
           AND recognition.account_id = %(account_id)s
           AND recognition.home_id = given.home_id
           FOR UPDATE OF recognition SKIP LOCKED) AS held
 WHERE recognition.workspace_id = %(workspace)s
   AND recognition.account_id = %(account_id)s
   AND recognition.home_id = held.home_id;

-- name: rest
-- Has nobody of an account asked about before a moment.
UPDATE recognition
   SET next_at = %(until)s
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND home_id IN (SELECT home_id
                     FROM recognition
                    WHERE workspace_id = %(workspace)s
                      AND account_id = %(account_id)s
                      AND next_at < %(until)s
                      FOR UPDATE SKIP LOCKED);

-- name: region
-- The country of phones without a country code.
SELECT default_region FROM workspace WHERE workspace_id = %(workspace)s;

-- name: list_traits
-- Which traits the persons have, as of now, to whom some identifiers belong.
SELECT DISTINCT named.identifier_hash, said.name
  FROM identifier AS named
  JOIN identifier AS own
    ON own.workspace_id = %(workspace)s
   AND own.person_id = named.person_id
  JOIN person_part AS part
    ON part.workspace_id = %(workspace)s
   AND part.home_id = own.home_id
 CROSS JOIN LATERAL jsonb_object_keys(part.traits) AS said (name)
 WHERE named.workspace_id = %(workspace)s
   AND named.identifier_hash = ANY (%(hashes)s::uuid[])
   AND said.name = ANY (%(names)s::text[]);
