-- name: put
-- Keeps what came in; what came before is left as it is. How many were new; the worker is told of them.
WITH added AS (
    INSERT INTO inbound (workspace_id, account_id, key, body, turn, received_at, next_at)
    SELECT %(workspace)s, given.account_id, given.key, given.body, given.turn, %(now)s, coalesce(given.next_at, now())
      FROM unnest(%(accounts)s::integer[], %(keys)s::text[], %(bodies)s::text[], %(turns)s::smallint[],
                  %(next_ats)s::timestamptz[])
           WITH ORDINALITY AS given (account_id, key, body, turn, next_at, place)
     ORDER BY given.place
        ON CONFLICT (workspace_id, account_id, key) DO NOTHING
    RETURNING next_at
)
SELECT count(*) AS added, CASE WHEN bool_or(next_at <= now()) THEN pg_notify(%(channel)s, %(topic)s) END AS told
  FROM added;

-- name: hold
-- Whether nobody else takes in what came to this workspace until this transaction ends.
SELECT pg_try_advisory_xact_lock(hashtext('inbound'), %(workspace)s);

-- name: claim
-- What waits, in its order; what must be answered within seconds goes first.
SELECT inbound.inbound_id, inbound.account_id, account.channel, inbound.body, inbound.received_at, inbound.attempts
  FROM inbound
  JOIN channel_account AS account USING (workspace_id, account_id)
 WHERE inbound.workspace_id = %(workspace)s
   AND inbound.state = 'waiting'
   AND inbound.next_at <= %(now)s
   AND (%(last)s::bigint IS NULL OR inbound.inbound_id <= %(last)s)
 ORDER BY inbound.turn, inbound.inbound_id
 LIMIT %(most)s
   FOR NO KEY UPDATE OF inbound;

-- name: hold_for_callbacks
-- Waits until nobody takes in what came to this workspace, then keeps others from it until this transaction ends.
SELECT set_config('lock_timeout', '1500ms', true), pg_advisory_xact_lock(hashtext('inbound'), %(workspace)s);

-- name: claim_for_callbacks
-- What single callbacks brought, where nobody has handled it yet.
SELECT inbound.inbound_id, inbound.account_id, account.channel, inbound.body, inbound.received_at, inbound.attempts
  FROM unnest(%(accounts)s::integer[], %(keys)s::text[]) AS given (account_id, key)
  JOIN inbound
    ON inbound.workspace_id = %(workspace)s
   AND inbound.account_id = given.account_id
   AND inbound.key = given.key
   AND inbound.state = 'waiting'
  JOIN channel_account AS account
    ON account.workspace_id = %(workspace)s
   AND account.account_id = given.account_id
 ORDER BY inbound.turn, inbound.inbound_id
   FOR NO KEY UPDATE OF inbound;

-- name: release
-- Leaves to the worker what single callbacks brought and could not handle.
UPDATE inbound
   SET next_at = now()
  FROM unnest(%(accounts)s::integer[], %(keys)s::text[]) AS given (account_id, key)
 WHERE inbound.workspace_id = %(workspace)s
   AND inbound.account_id = given.account_id
   AND inbound.key = given.key
   AND inbound.state = 'waiting'
   AND inbound.next_at > now()
   AND inbound.attempts = 0;

-- name: settle
-- Notes what was handled, and forgets what it said.
UPDATE inbound
   SET state = 'done', body = '', error = NULL, done_at = %(now)s, attempts = attempts + 1
 WHERE workspace_id = %(workspace)s
   AND inbound_id = ANY (%(ids)s::bigint[]);

-- name: set_aside
-- Notes what could not be handled: it is tried again later, or no more.
UPDATE inbound
   SET attempts = attempts + 1, error = %(error)s, next_at = coalesce(%(next_at)s, next_at),
       state = CASE WHEN %(next_at)s::timestamptz IS NULL THEN 'failed' ELSE 'waiting' END
 WHERE workspace_id = %(workspace)s
   AND inbound_id = %(inbound_id)s;

-- name: list_failed
-- What could not be handled, newest first, below a number.
SELECT inbound_id, account_id, key, received_at, attempts, error
  FROM inbound
 WHERE workspace_id = %(workspace)s
   AND state = 'failed'
   AND (%(before)s::bigint IS NULL OR inbound_id < %(before)s)
 ORDER BY inbound_id DESC
 LIMIT %(limit)s;

-- name: retry
-- Lets it be tried again; how many there were.
UPDATE inbound
   SET state = 'waiting', attempts = 0, next_at = now()
 WHERE workspace_id = %(workspace)s
   AND inbound_id = %(inbound_id)s
   AND state = 'failed';

-- name: forget
-- Deletes what was handled long ago, and what nobody could handle.
DELETE FROM inbound
 WHERE workspace_id = %(workspace)s
   AND ((state = 'done' AND done_at < %(now)s::timestamptz - interval '3 days')
        OR (state = 'failed' AND received_at < %(now)s::timestamptz - interval '30 days'));

-- name: list_workspaces
-- Which workspaces have something to handle.
SELECT workspace_id FROM list_inbound_workspaces();
