-- What senders read and write.

-- name: list_work
-- Which accounts have something to send, or a lease that ran out; outside any workspace.
SELECT workspace_id, account_id FROM list_reach_work(%(now)s);

-- name: get_sender
-- How an account sends.
SELECT account_id, channel, when_unclear, per_second, at_once, failures, broken_until, paused_at, paused_reason,
       EXISTS (SELECT FROM channel_account AS mended
                WHERE mended.workspace_id = %(workspace)s
                  AND mended.account_id = sender.account_id
                  AND mended.updated_at > sender.paused_at) AS is_mended,
       EXISTS (SELECT FROM channel_account AS off
                WHERE off.workspace_id = %(workspace)s
                  AND off.account_id = sender.account_id
                  AND (NOT off.is_active OR off.deleted_at IS NOT NULL)) AS is_off
  FROM sender
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s;

-- name: list_senders
-- How every account sends.
SELECT account_id, channel, when_unclear, per_second, at_once, failures, broken_until, paused_at, paused_reason,
       EXISTS (SELECT FROM channel_account AS mended
                WHERE mended.workspace_id = %(workspace)s
                  AND mended.account_id = sender.account_id
                  AND mended.updated_at > sender.paused_at) AS is_mended,
       EXISTS (SELECT FROM channel_account AS off
                WHERE off.workspace_id = %(workspace)s
                  AND off.account_id = sender.account_id
                  AND (NOT off.is_active OR off.deleted_at IS NOT NULL)) AS is_off
  FROM sender
 WHERE workspace_id = %(workspace)s
 ORDER BY account_id;

-- name: change_sender
-- Changes how an account sends.
UPDATE sender
   SET when_unclear = %(when_unclear)s, per_second = %(per_second)s, at_once = %(at_once)s
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s;

-- name: take_tokens
-- How many messages may leave now at an account's pace, at most so many as are asked for. What was saved up while
-- nothing left and what comes anew in a second are together less than the platform takes in any second.
WITH filled AS (
    SELECT least(greatest(0.1 * %(per_second)s, 1.0),
                 tokens + greatest(coalesce(extract(epoch FROM %(now)s - filled_at), 0), 0) * 0.85 * %(per_second)s)
               AS tokens
      FROM sender
     WHERE workspace_id = %(workspace)s
       AND account_id = %(account_id)s
       FOR NO KEY UPDATE
)
UPDATE sender
   SET tokens = filled.tokens - least(floor(filled.tokens), %(want)s), filled_at = greatest(sender.filled_at, %(now)s)
  FROM filled
 WHERE sender.workspace_id = %(workspace)s
   AND sender.account_id = %(account_id)s
RETURNING least(floor(filled.tokens), %(want)s)::integer AS given;

-- name: mark
-- Those that may leave now: the lease must still be ours.
UPDATE intent
   SET state = 'sending', attempts = attempts + 1, leased_until = %(until)s
 WHERE workspace_id = %(workspace)s
   AND intent_id = ANY (%(intents)s::bigint[])
   AND state = 'claimed'
   AND claim_id = %(claim_id)s
   AND leased_until > %(now)s
RETURNING intent_id;

-- name: settle
-- Writes down what became of attempts, as long as nobody else has taken them over; which those were. Of whoever was
-- erased meanwhile nothing is kept that names them.
UPDATE intent
   SET state = given.state, rule = given.rule,
       notes = CASE WHEN given.note IS NULL THEN intent.notes ELSE intent.notes || given.note END,
       platform_id = CASE WHEN intent.home_id > 0 THEN coalesce(given.platform_id, intent.platform_id) END,
       due_at = coalesce(given.due_at, intent.due_at),
       doubts = intent.doubts + given.doubts,
       passed_at = CASE WHEN given.gives_back THEN NULL ELSE intent.passed_at END,
       leased_until = NULL,
       done_at = CASE WHEN given.state <> 'waiting' THEN %(now)s END,
       (cost_micros, cost_currency) = (
           SELECT cost.cost_micros, cost.cost_currency
             FROM message_cost(intent.workspace_id, intent.channel, intent.account_id, intent.purpose, intent.proof)
                  AS cost
            WHERE given.state = 'sent')
  FROM json_to_recordset(%(outcomes)s::json)
       AS given (intent_id bigint, state text, rule text, note jsonb, platform_id text, due_at timestamptz,
                 doubts smallint, gives_back boolean)
 WHERE intent.workspace_id = %(workspace)s
   AND intent.intent_id = given.intent_id
   AND intent.claim_id = %(claim_id)s
   AND intent.state IN ('sending', 'unclear', 'waiting')
RETURNING intent.intent_id, intent.home_id > 0 AS is_known;

-- name: give_back
-- Claimed and not sent: others may have them.
UPDATE intent
   SET state = 'waiting', leased_until = NULL, passed_at = NULL, claim_id = NULL
 WHERE workspace_id = %(workspace)s
   AND intent_id = ANY (%(intents)s::bigint[])
   AND state = 'claimed'
   AND claim_id = %(claim_id)s
RETURNING intent_id, address_hash, proof;

-- name: renew
-- Keeps a lease on what waits for its turn.
UPDATE intent
   SET leased_until = %(until)s
 WHERE workspace_id = %(workspace)s
   AND intent_id = ANY (%(intents)s::bigint[])
   AND state = 'claimed'
   AND claim_id = %(claim_id)s;

-- name: take_lost_claims
-- What somebody claimed and surely did not send before the lease ran out waits again.
UPDATE intent
   SET state = 'waiting', leased_until = NULL, passed_at = NULL, claim_id = NULL
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND state = 'claimed'
   AND leased_until < %(now)s
RETURNING intent_id, address_hash, proof;

-- name: list_lost
-- What somebody was sending when the lease ran out: it may have gone out.
SELECT intent_id, attempts
  FROM intent
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND state = 'sending'
   AND leased_until < %(now)s
 ORDER BY intent_id
   FOR NO KEY UPDATE SKIP LOCKED;

-- name: settle_lost
-- Writes down what is done about those.
UPDATE intent
   SET state = given.state, rule = given.rule, notes = intent.notes || given.note, doubts = intent.doubts + 1,
       due_at = coalesce(given.due_at, intent.due_at), leased_until = NULL,
       done_at = CASE WHEN given.state <> 'waiting' THEN %(now)s END
  FROM json_to_recordset(%(outcomes)s::json)
       AS given (intent_id bigint, state text, rule text, note jsonb, due_at timestamptz)
 WHERE intent.workspace_id = %(workspace)s
   AND intent.intent_id = given.intent_id;

-- name: note_health
-- Notes how an account fares: failures in a row, a rest, or that it does not work any more.
UPDATE sender
   SET failures = %(failures)s,
       broken_until = %(broken_until)s,
       paused_at = CASE WHEN %(paused_reason)s::text IS NULL THEN paused_at ELSE %(now)s END,
       paused_reason = coalesce(%(paused_reason)s, paused_reason)
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s;

-- name: resume
-- Lets an account send again.
UPDATE sender
   SET failures = 0, broken_until = NULL, paused_at = NULL, paused_reason = NULL
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s;

-- name: pause
-- Keeps an account from sending.
UPDATE sender
   SET paused_at = coalesce(paused_at, now()), paused_reason = coalesce(paused_reason, %(reason)s)
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s;
