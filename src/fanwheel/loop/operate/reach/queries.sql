-- ---------------------------------------------------------------- wishes become intents

-- name: intend
-- The places of the wishes that were new, with their intents. Whoever is known under several homes is one person.
WITH wished AS (
    SELECT given.place, coalesce(home.person_id, given.home_id) AS home_id, given.step, given.occurrence,
           given.channel, given.account_id, given.purpose, given.priority, given.said, given.due_at, given.expires_at
      FROM json_to_recordset(%(wishes)s::json)
           AS given (place integer, home_id bigint, step text, occurrence text, channel text, account_id integer,
                     purpose text, priority smallint, said jsonb, due_at timestamptz, expires_at timestamptz)
      LEFT JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = given.home_id
), added AS (
    INSERT INTO intent (workspace_id, home_id, step, occurrence, channel, account_id, purpose, priority, said, due_at,
                        expires_at)
    SELECT %(workspace)s, home_id, step, occurrence, channel, account_id, purpose, priority, said,
           coalesce(due_at, %(now)s), expires_at
      FROM wished
     ORDER BY step, occurrence, home_id, place
        ON CONFLICT (workspace_id, step, occurrence, home_id) DO NOTHING
    RETURNING intent_id, home_id, step, occurrence
)
SELECT min(wished.place) AS place, added.intent_id
  FROM added
  JOIN wished ON wished.home_id = added.home_id AND wished.step = added.step AND wished.occurrence = added.occurrence
 GROUP BY added.intent_id;

-- name: add_wording
-- The number of something that is said to many.
INSERT INTO wording (workspace_id, said) VALUES (%(workspace)s, %(said)s::jsonb) RETURNING wording_id;

-- name: intend_many
-- Intents to say the same to many; those that were there already are left alone.
INSERT INTO intent (workspace_id, home_id, step, occurrence, channel, account_id, purpose, priority, wording_id, due_at,
                    expires_at)
SELECT DISTINCT %(workspace)s::integer, home.person_id, %(step)s, %(occurrence)s, %(channel)s, %(account_id)s::integer,
       %(purpose)s, %(priority)s::smallint, %(wording_id)s::bigint, %(due_at)s::timestamptz, %(expires_at)s::timestamptz
  FROM unnest(%(homes)s::bigint[]) AS given (home_id)
  JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = given.home_id
 ORDER BY home.person_id
    ON CONFLICT (workspace_id, step, occurrence, home_id) DO NOTHING;

-- name: put_senders
-- Accounts that have something to send have a row that says how.
INSERT INTO sender (workspace_id, account_id, channel)
SELECT %(workspace)s, given.account_id, given.channel
  FROM unnest(%(accounts)s::integer[], %(channels)s::text[]) AS given (account_id, channel)
 WHERE NOT EXISTS (SELECT FROM sender WHERE workspace_id = %(workspace)s AND sender.account_id = given.account_id)
 ORDER BY given.account_id
    ON CONFLICT DO NOTHING;

-- name: wake
-- Tells senders that something waits, once this commits.
SELECT pg_notify('fanwheel_reach', %(workspace)s::text);

-- name: cancel
-- Takes back what has not gone out of a step.
UPDATE intent
   SET state = 'canceled', done_at = %(now)s
 WHERE workspace_id = %(workspace)s
   AND step = %(step)s
   AND state = 'waiting';

-- name: put_step_holdout
-- Keeps a share of people from a step.
INSERT INTO step_holdout (workspace_id, step, share)
VALUES (%(workspace)s, %(step)s, %(share)s)
    ON CONFLICT (workspace_id, step) DO UPDATE SET share = excluded.share;

-- ---------------------------------------------------------------- rights that people give

-- name: hold_windows
-- Waits for whoever uses rights of these addresses, and keeps others from them until the end.
SELECT address_hash
  FROM contact_window
 WHERE workspace_id = %(workspace)s
   AND account_id = ANY (%(accounts)s::integer[])
   AND address_hash = ANY (%(hashes)s::uuid[])
 ORDER BY account_id, address_hash, opens, label
   FOR UPDATE;

-- name: open_windows
-- Opens rights, or opens them anew; what is on its way to the address counts as said within them already.
INSERT INTO contact_window AS taken (workspace_id, account_id, address_hash, opens, label, opened_at, until, granted, used)
SELECT %(workspace)s, given.account_id, given.address_hash, given.opens, given.label, max(given.opened_at),
       max(given.until), sum(given.granted)::integer,
       CASE given.opens WHEN 'grant' THEN 0
       ELSE (SELECT coalesce(sum((flying.proof ->> 'parts')::integer), 0)
               FROM intent AS flying
              WHERE flying.workspace_id = %(workspace)s
                AND flying.account_id = given.account_id
                AND flying.address_hash = given.address_hash
                AND flying.state IN ('claimed', 'sending')) END
  FROM json_to_recordset(%(openings)s::json)
       AS given (account_id integer, address_hash uuid, opens text, label text, opened_at timestamptz,
                 until timestamptz, granted integer)
 GROUP BY given.account_id, given.address_hash, given.opens, given.label
 ORDER BY given.account_id, given.address_hash, given.opens, given.label
    ON CONFLICT (workspace_id, account_id, address_hash, opens, label) DO UPDATE
   SET opened_at = excluded.opened_at,
       until = excluded.until,
       granted = CASE excluded.opens WHEN 'grant' THEN greatest(taken.granted - taken.used, 0) + excluded.granted
                 ELSE excluded.granted END,
       used = excluded.used
 WHERE excluded.opened_at >= taken.opened_at;

-- name: close_windows
-- Takes every right of an account to speak to some addresses away.
DELETE FROM contact_window
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND address_hash = ANY (%(hashes)s::uuid[])
   AND (%(label)s::text IS NULL OR opens = 'grant' AND label = %(label)s);

-- name: hasten
-- Lets messages go that waited for a right which was given now.
UPDATE intent
   SET due_at = %(now)s
  FROM identifier AS given, identifier AS mate
 WHERE given.workspace_id = %(workspace)s
   AND given.identifier_hash = ANY (%(hashes)s::uuid[])
   AND mate.workspace_id = %(workspace)s
   AND mate.person_id = given.person_id
   AND intent.workspace_id = %(workspace)s
   AND intent.account_id = ANY (%(accounts)s::integer[])
   AND intent.home_id = mate.home_id
   AND intent.state = 'waiting'
   AND intent.rule = 'window';

-- ---------------------------------------------------------------- receipts

-- name: find_told
-- Which intents receipts speak of, by our own key or the platform's id, with what facts about them need.
SELECT given.place, intent.intent_id, intent.state, intent.step, intent.occurrence, intent.channel, intent.account_id,
       intent.purpose, intent.made_at, intent.doubts, written.kind, written.value
  FROM unnest(%(places)s::integer[], %(intents)s::bigint[], %(platform_ids)s::text[])
       AS given (place, intent_id, platform_id)
  JOIN intent ON intent.workspace_id = %(workspace)s
             AND intent.account_id = %(account_id)s
             AND (intent.intent_id = given.intent_id
                  OR given.intent_id IS NULL AND intent.platform_id = given.platform_id)
  LEFT JOIN identifier AS written
    ON written.workspace_id = %(workspace)s AND written.identifier_hash = intent.address_hash
 ORDER BY given.place, intent.intent_id DESC;

-- name: add_receipts
-- The receipts that were new.
INSERT INTO receipt (workspace_id, intent_id, key, state, is_machine, detail, happened_at)
SELECT %(workspace)s, given.intent_id, given.key, given.state, given.is_machine, given.detail, given.happened_at
  FROM json_to_recordset(%(receipts)s::json)
       AS given (intent_id bigint, key text, state text, is_machine boolean, detail text, happened_at timestamptz)
 ORDER BY given.intent_id, given.key
    ON CONFLICT (workspace_id, intent_id, key) DO NOTHING
RETURNING intent_id, key;

-- name: change_states
-- What receipts say of messages; a message that failed for good stays so. What may have gone out and was to be said
-- again is not.
UPDATE intent
   SET state = given.state, rule = given.rule, done_at = coalesce(intent.done_at, %(now)s),
       (cost_micros, cost_currency) = (
           SELECT coalesce(intent.cost_micros, cost.cost_micros), coalesce(intent.cost_currency, cost.cost_currency)
             FROM (SELECT) AS once
             LEFT JOIN message_cost(intent.workspace_id, intent.channel, intent.account_id, intent.purpose, intent.proof)
                    AS cost ON given.state = 'sent')
  FROM unnest(%(intents)s::bigint[], %(states)s::text[], %(rules)s::text[]) AS given (intent_id, state, rule)
 WHERE intent.workspace_id = %(workspace)s
   AND intent.intent_id = given.intent_id
   AND (intent.state IN ('sent', 'task', 'unclear', 'sending')
        OR intent.state IN ('waiting', 'claimed') AND intent.doubts > 0);

-- ---------------------------------------------------------------- why, or why not

-- name: find_intents
-- One intent, or those of a person, newest first.
SELECT intent.intent_id, coalesce(home.person_id, intent.home_id) AS person_id, intent.step, intent.occurrence,
       intent.channel, intent.account_id, intent.purpose, intent.priority, intent.state, intent.rule, intent.notes,
       intent.proof, intent.attempts, intent.doubts, intent.due_at, intent.expires_at, intent.made_at,
       intent.passed_at, intent.done_at
  FROM intent
  LEFT JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = intent.home_id
 WHERE intent.workspace_id = %(workspace)s
   AND (%(one)s::bigint IS NULL OR intent.intent_id = %(one)s)
   AND (%(person)s::bigint IS NULL
        OR intent.home_id IN (SELECT mate.home_id
                                FROM identifier AS given
                                JOIN identifier AS mate
                                  ON mate.workspace_id = %(workspace)s AND mate.person_id = given.person_id
                               WHERE given.workspace_id = %(workspace)s
                                 AND given.home_id = %(person)s))
   AND (%(before)s::bigint IS NULL OR intent.intent_id < %(before)s)
 ORDER BY intent.intent_id DESC
 LIMIT %(limit)s;

-- name: list_receipts
-- What was told of some intents, oldest first.
SELECT intent_id, state, happened_at, is_machine, detail
  FROM receipt
 WHERE workspace_id = %(workspace)s
   AND intent_id = ANY (%(intents)s::bigint[])
 ORDER BY happened_at, receipt_id;

-- name: list_progress
-- How far some intents have come.
SELECT intent_id, state, rule, done_at
  FROM intent
 WHERE workspace_id = %(workspace)s
   AND intent_id = ANY (%(intents)s::bigint[]);

-- name: count_by_account
-- What waits for each account (no more than 100,000 are counted), and what nobody knows of.
SELECT sender.account_id, coalesce(waiting.count, 0) AS waiting, coalesce(doubtful.unclear, 0) AS unclear,
       coalesce(doubtful.doubts, 0) AS doubts
  FROM sender
  LEFT JOIN LATERAL (SELECT count(*)
                       FROM (SELECT FROM intent
                              WHERE intent.workspace_id = %(workspace)s
                                AND intent.account_id = sender.account_id
                                AND intent.state = 'waiting'
                              LIMIT 100000) AS counted) AS waiting ON true
  LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE intent.state = 'unclear') AS unclear, sum(intent.doubts) AS doubts
                       FROM intent
                      WHERE intent.workspace_id = %(workspace)s
                        AND intent.account_id = sender.account_id
                        AND intent.doubts > 0) AS doubtful ON true
 WHERE sender.workspace_id = %(workspace)s;
