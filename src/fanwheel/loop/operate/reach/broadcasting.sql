-- What broadcasts ask of the ledger: many intents at once, other routes, pauses, and how far all of it has come.

-- name: intend_each
-- Intents to say something to each of many; those that were there already are left alone.
INSERT INTO intent (workspace_id, home_id, step, occurrence, channel, account_id, purpose, priority, wording_id, due_at,
                    expires_at, fallback)
SELECT DISTINCT ON (home.person_id) %(workspace)s::integer, home.person_id, %(step)s, %(occurrence)s, %(channel)s,
       %(account_id)s::integer, %(purpose)s, %(priority)s::smallint, given.wording_id, %(now)s::timestamptz,
       %(expires_at)s::timestamptz, %(fallback)s
  FROM unnest(%(homes)s::bigint[], %(wordings)s::bigint[]) AS given (home_id, wording_id)
  JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = given.home_id
 ORDER BY home.person_id, given.home_id
    ON CONFLICT (workspace_id, step, occurrence, home_id) DO NOTHING;

-- name: fall_back
-- Tries the next route for people whom one did not reach, where another channel may do better; how many were looked at.
WITH ended AS (
    SELECT intent.intent_id,
           intent.doubts = 0
           AND (intent.state = 'skipped'
                AND (intent.rule IN ('address', 'suppressed', 'consent', 'window', 'quota', 'content')
                     OR intent.rule = 'expired' AND intent.notes -> -1 ->> 'waited_for' IN ('window', 'quota'))
                OR intent.state = 'failed'
                   -- What came back later had gone out, and may have been read.
                   AND intent.passed_at IS NULL
                   AND intent.rule IN ('recipient_gone', 'opted_out', 'refused', 'window_closed')) AS is_healed
      FROM intent
     WHERE intent.workspace_id = %(workspace)s
       AND intent.step = %(step)s
       AND intent.fallback = 'may'
       AND intent.state IN ('skipped', 'failed')
     LIMIT %(most)s
       FOR NO KEY UPDATE SKIP LOCKED
), looked_at AS (
    UPDATE intent
       SET fallback = CASE WHEN ended.is_healed THEN 'did' END
      FROM ended
     WHERE intent.workspace_id = %(workspace)s
       AND intent.intent_id = ended.intent_id
    RETURNING intent.home_id, intent.wording_id, intent.purpose, intent.priority, ended.is_healed
), added AS (
    INSERT INTO intent (workspace_id, home_id, step, occurrence, channel, account_id, purpose, priority, wording_id,
                        due_at, expires_at, fallback)
    SELECT DISTINCT ON (way.occurrence, coalesce(home.person_id, looked_at.home_id))
           %(workspace)s, coalesce(home.person_id, looked_at.home_id), %(step)s, way.occurrence, way.channel,
           way.account_id, looked_at.purpose, looked_at.priority, way.wording_id, %(now)s, %(expires_at)s::timestamptz,
           CASE WHEN way.goes_on THEN 'may' END
      FROM looked_at
      JOIN json_to_recordset(%(ways)s::json)
           AS way (of_wording bigint, occurrence text, channel text, account_id integer, wording_id bigint,
                   goes_on boolean) ON way.of_wording = looked_at.wording_id
      LEFT JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = looked_at.home_id
     WHERE looked_at.is_healed
     ORDER BY way.occurrence, coalesce(home.person_id, looked_at.home_id)
        ON CONFLICT (workspace_id, step, occurrence, home_id) DO NOTHING
    RETURNING intent_id
)
SELECT (SELECT count(*) FROM looked_at) AS looked_at, (SELECT count(*) FROM added) AS added;

-- name: pause
-- Lets nothing of a step pass the gate for now.
INSERT INTO step_pause (workspace_id, step) VALUES (%(workspace)s, %(step)s) ON CONFLICT DO NOTHING;

-- name: resume
-- Lets it pass again.
DELETE FROM step_pause WHERE workspace_id = %(workspace)s AND step = %(step)s;

-- name: count_due
-- How much of a step waits for its turn at the gate, up to a number.
SELECT count(*) AS count
  FROM (SELECT FROM intent
         WHERE intent.workspace_id = %(workspace)s
           AND intent.step = %(step)s
           AND intent.state = 'waiting'
           AND intent.due_at <= %(now)s
         LIMIT %(most)s) AS waiting;

-- name: is_settled
-- Whether nothing of a step is on its way any more, nor may try another route.
SELECT NOT EXISTS (SELECT FROM intent
                    WHERE workspace_id = %(workspace)s AND step = %(step)s AND state = 'waiting')
       AND NOT EXISTS (SELECT FROM intent
                        WHERE workspace_id = %(workspace)s AND account_id = ANY (%(accounts)s::integer[])
                          AND state IN ('claimed', 'sending') AND step = %(step)s)
       AND NOT EXISTS (SELECT FROM intent
                        WHERE workspace_id = %(workspace)s AND step = %(step)s AND fallback = 'may'
                          AND state IN ('skipped', 'failed')) AS is_settled;

-- name: count_progress
-- How many people of a step are where, each by the last route that was tried.
SELECT state, count(*) AS people
  FROM intent
 WHERE workspace_id = %(workspace)s
   AND step = %(step)s
   AND fallback IS DISTINCT FROM 'did'
 GROUP BY state;

-- name: is_in_flight
-- Whether anything of a step has passed the gate and not been answered yet.
SELECT EXISTS (SELECT FROM intent
                WHERE workspace_id = %(workspace)s AND account_id = ANY (%(accounts)s::integer[])
                  AND state IN ('claimed', 'sending') AND step = %(step)s) AS is_in_flight;
