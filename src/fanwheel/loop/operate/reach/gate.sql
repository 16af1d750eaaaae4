-- What the gate reads and writes, for a portion of one account's intents at a time.

-- name: claim
-- Intents whose time has come, the most urgent first; nobody else has them until this ends.
SELECT due.intent_id, due.home_id, due.step, due.occurrence, due.channel, due.purpose, due.priority, due.said,
       wording.said AS wording, due.rule, due.notes, due.attempts, due.doubts, due.expires_at, due.made_at,
       due.fallback
  FROM (VALUES (30), (20), (10), (0)) AS band (priority)
 CROSS JOIN LATERAL (SELECT intent.intent_id, intent.home_id, intent.step, intent.occurrence, intent.channel,
                            intent.purpose, intent.priority, intent.said, intent.wording_id, intent.rule, intent.notes,
                            intent.attempts, intent.doubts, intent.expires_at, intent.made_at, intent.fallback
                       FROM intent
                      WHERE intent.workspace_id = %(workspace)s
                        AND intent.account_id = %(account_id)s
                        AND intent.state = 'waiting'
                        AND intent.priority = band.priority
                        AND intent.due_at <= %(now)s
                        -- Not "<> ALL": of steps that make up the whole table it is taken to leave nothing over, and
                        -- all that waits would be sorted for it.
                        AND intent.step NOT IN (SELECT paused.step FROM step_pause AS paused
                                                 WHERE paused.workspace_id = %(workspace)s)
                      ORDER BY intent.due_at
                      LIMIT %(most)s
                        FOR NO KEY UPDATE SKIP LOCKED) AS due
  LEFT JOIN wording ON wording.workspace_id = %(workspace)s AND wording.wording_id = due.wording_id
 WHERE band.priority >= %(least)s
 LIMIT %(most)s;

-- name: claim_these
-- Some intents of an account that wait, whenever their time comes; nobody else has them until this ends.
SELECT due.intent_id, due.home_id, due.step, due.occurrence, due.channel, due.purpose, due.priority, due.said,
       wording.said AS wording, due.rule, due.notes, due.attempts, due.doubts, due.expires_at, due.made_at
  FROM intent AS due
  LEFT JOIN wording ON wording.workspace_id = %(workspace)s AND wording.wording_id = due.wording_id
 WHERE due.workspace_id = %(workspace)s
   AND due.account_id = %(account_id)s
   AND due.intent_id = ANY (%(intents)s::bigint[])
   AND due.state = 'waiting'
 ORDER BY due.intent_id
   FOR NO KEY UPDATE OF due;

-- name: find_people
-- The living persons behind some homes, where they live, and their newest addresses of a kind.
SELECT given.home_id, home.person_id,
       coalesce(person.traits ->> 'time_zone', person.traits ->> 'timezone', '') AS zone,
       place.time_zone AS fallback, written.value, written.identifier_hash
  FROM unnest(%(homes)s::bigint[]) AS given (home_id)
  JOIN workspace AS place ON place.workspace_id = %(workspace)s
  JOIN identifier AS home ON home.workspace_id = %(workspace)s AND home.home_id = given.home_id
  LEFT JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = home.person_id
  LEFT JOIN LATERAL (SELECT mate.value, mate.identifier_hash, mate.first_seen_at
                       FROM identifier AS mate
                      WHERE mate.workspace_id = %(workspace)s
                        AND mate.person_id = home.person_id
                        AND mate.kind = %(kind)s
                        AND starts_with(mate.value, %(prefix)s)
                      ORDER BY mate.first_seen_at DESC, mate.identifier_hash
                      LIMIT 3) AS written ON true
 ORDER BY given.home_id, written.first_seen_at DESC, written.identifier_hash;

-- name: list_windows
-- Rights that people gave; nobody else uses them or gives them anew until this ends.
SELECT address_hash, opens, label, opened_at, until, granted, used
  FROM contact_window
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND address_hash = ANY (%(hashes)s::uuid[])
 ORDER BY account_id, address_hash, opens, label
   FOR UPDATE;

-- name: hold_gate
-- Waits for the workspace's other gates, then keeps them out until this ends: what one counts no other uses up.
SELECT pg_advisory_xact_lock(8400021, %(workspace)s::integer);

-- name: get_setting
-- What the brand itself allows.
SELECT rules, salt, changed_at, changed_by FROM reach_setting WHERE workspace_id = %(workspace)s;

-- name: add_setting
-- What it allows to begin with.
INSERT INTO reach_setting (workspace_id, rules) VALUES (%(workspace)s, %(rules)s::jsonb) ON CONFLICT DO NOTHING;

-- name: change_setting
-- What it allows from now on.
UPDATE reach_setting
   SET rules = %(rules)s::jsonb, changed_at = now(), changed_by = %(actor)s
 WHERE workspace_id = %(workspace)s;

-- name: list_rights
-- The allowances of an account that are in force: its own, where it has any of its own.
SELECT allowance_id, name, opens, lasts_s, most, per, covers
  FROM allowance
 WHERE workspace_id = %(workspace)s
   AND channel = %(channel)s
   AND since <= %(now)s AND until > %(now)s
   AND account_id IS NOT DISTINCT FROM (
       SELECT own.account_id
         FROM allowance AS own
        WHERE own.workspace_id = %(workspace)s
          AND own.channel = %(channel)s
          AND own.account_id = %(account_id)s
          AND own.since <= %(now)s AND own.until > %(now)s
        LIMIT 1)
 ORDER BY allowance_id;

-- name: is_seeded
-- Whether a channel ever had allowances here.
SELECT EXISTS (SELECT FROM allowance WHERE workspace_id = %(workspace)s AND channel = %(channel)s) AS is_seeded;

-- name: add_allowances
-- Allowances as the channel knows them.
INSERT INTO allowance (workspace_id, channel, name, opens, lasts_s, most, per, covers, cite, as_of)
SELECT %(workspace)s, %(channel)s, given.name, given.opens, given.lasts_s, given.most, given.per, given.covers,
       given.cite, given.as_of
  FROM json_to_recordset(%(allowances)s::json)
       AS given (name text, opens text, lasts_s integer, most integer, per text, covers text, cite text, as_of text);

-- name: list_used
-- What was used of quotas since they began to count.
SELECT given.allowance, used.subject, used.begins_at, used.used
  FROM unnest(%(allowances)s::text[], %(sinces)s::timestamptz[]) AS given (allowance, since)
  JOIN quota_use AS used
    ON used.workspace_id = %(workspace)s
   AND used.account_id = %(account_id)s
   AND used.allowance = given.allowance
   AND used.subject = ANY (%(subjects)s::uuid[])
   AND used.begins_at >= given.since
   AND used.used > 0;

-- name: list_touches
-- What some persons were told or kept from since a moment, and what they had of the steps in hand at any time.
SELECT mate.person_id, said.intent_id, said.home_id, said.step, said.occurrence, said.channel, said.purpose,
       said.passed_at
  FROM identifier AS mate
  JOIN intent AS said
    ON said.workspace_id = %(workspace)s
   AND said.home_id = mate.home_id
   AND said.passed_at IS NOT NULL
   AND (said.passed_at > %(since)s OR said.step = ANY (%(steps)s::text[]))
 WHERE mate.workspace_id = %(workspace)s
   AND mate.person_id = ANY (%(persons)s::bigint[]);

-- name: list_step_holdouts
-- The shares of people kept from steps.
SELECT step, share FROM step_holdout WHERE workspace_id = %(workspace)s AND step = ANY (%(steps)s::text[]);

-- name: decide
-- Writes down what the gate decided.
UPDATE intent
   SET state = given.state, rule = given.rule, notes = given.notes,
       proof = coalesce(given.proof, intent.proof),
       due_at = coalesce(given.due_at, intent.due_at),
       address_hash = coalesce(given.address_hash, intent.address_hash),
       claim_id = CASE given.state WHEN 'claimed' THEN %(claim_id)s::uuid ELSE intent.claim_id END,
       leased_until = given.leased_until,
       passed_at = CASE WHEN given.state IN ('claimed', 'held_out') THEN %(now)s ELSE intent.passed_at END,
       done_at = CASE WHEN given.state IN ('skipped', 'held_out', 'unclear') THEN %(now)s END
  FROM json_to_recordset(%(decisions)s::json)
       AS given (intent_id bigint, state text, rule text, notes jsonb, proof jsonb, due_at timestamptz,
                 address_hash uuid, leased_until timestamptz)
 WHERE intent.workspace_id = %(workspace)s
   AND intent.intent_id = given.intent_id;

-- name: use_windows
-- Uses rights up, or gives them back as long as they have not been given anew.
UPDATE contact_window
   SET used = greatest(contact_window.used + given.parts, 0)
  FROM json_to_recordset(%(uses)s::json)
       AS given (address_hash uuid, opens text, label text, opened_at timestamptz, parts integer)
 WHERE contact_window.workspace_id = %(workspace)s
   AND contact_window.account_id = %(account_id)s
   AND contact_window.address_hash = given.address_hash
   AND contact_window.opens = given.opens
   AND contact_window.label = given.label
   AND (given.opens = 'grant' OR contact_window.opened_at = given.opened_at);

-- name: use_quotas
-- Uses quotas up, or gives them back.
INSERT INTO quota_use AS spent (workspace_id, account_id, allowance, subject, begins_at, used)
SELECT %(workspace)s, %(account_id)s, given.allowance, given.subject, given.begins_at, given.parts
  FROM json_to_recordset(%(uses)s::json)
       AS given (allowance text, subject uuid, begins_at timestamptz, parts integer)
 ORDER BY given.allowance, given.subject, given.begins_at
    ON CONFLICT (workspace_id, account_id, allowance, subject, begins_at) DO UPDATE
   SET used = greatest(spent.used + excluded.used, 0);

-- name: forget_uses
-- Deletes what was used so long ago that it counts no more.
DELETE FROM quota_use WHERE workspace_id = %(workspace)s AND begins_at < %(before)s;

-- name: list_allowances
-- Allowances that hold or will; times without an end are NULL.
SELECT allowance_id, channel, account_id, name, opens, lasts_s, most, per, covers, cite, as_of,
       nullif(since, '-infinity') AS since, nullif(until, 'infinity') AS until, changed_by
  FROM allowance
 WHERE workspace_id = %(workspace)s
   AND until > %(now)s
   AND until > since
 ORDER BY channel, allowance_id;

-- name: hold_allowance
-- An allowance that holds or will, which nobody else changes until this ends; times without an end are NULL.
SELECT allowance_id, channel, account_id, name, opens, lasts_s, most, per, covers, cite, as_of,
       nullif(since, '-infinity') AS since, nullif(until, 'infinity') AS until
  FROM allowance
 WHERE workspace_id = %(workspace)s
   AND allowance_id = %(allowance_id)s
   AND until > %(now)s
   AND until > since
   FOR UPDATE;

-- name: end_allowance
-- Lets an allowance end.
UPDATE allowance
   SET until = %(until)s
 WHERE workspace_id = %(workspace)s
   AND allowance_id = %(allowance_id)s;

-- name: copy_allowances
-- Gives an account allowances of its own, as those of its channel are, unless it has some.
INSERT INTO allowance (workspace_id, channel, account_id, name, opens, lasts_s, most, per, covers, cite, as_of, since,
                       until, changed_by)
SELECT workspace_id, channel, %(account_id)s, name, opens, lasts_s, most, per, covers, cite, as_of, since, until,
       changed_by
  FROM allowance AS shared
 WHERE shared.workspace_id = %(workspace)s
   AND shared.channel = %(channel)s
   AND shared.account_id IS NULL
   AND shared.until > %(now)s
   AND shared.until > shared.since
   AND NOT EXISTS (SELECT FROM allowance AS own
                    WHERE own.workspace_id = %(workspace)s
                      AND own.channel = %(channel)s
                      AND own.account_id = %(account_id)s
                      AND own.until > %(now)s
                      AND own.until > own.since)
 ORDER BY shared.allowance_id;

-- name: find_own_allowance
-- The account's own allowance that stands for one of its channel: of the same name, and in force at the same time.
SELECT own.allowance_id
  FROM allowance AS shared
  JOIN allowance AS own
    ON own.workspace_id = %(workspace)s
   AND own.channel = shared.channel
   AND own.account_id = %(account_id)s
   AND own.name = shared.name
   AND own.since < shared.until
   AND own.until > greatest(shared.since, %(now)s)
   AND own.until > own.since
 WHERE shared.workspace_id = %(workspace)s
   AND shared.allowance_id = %(allowance_id)s
 ORDER BY own.since
 LIMIT 1;

-- name: add_allowance
-- An allowance with the figures that hold from a moment on.
INSERT INTO allowance (workspace_id, channel, account_id, name, opens, lasts_s, most, per, covers, cite, as_of, since,
                       until, changed_by)
VALUES (%(workspace)s, %(channel)s, %(account_id)s, %(name)s, %(opens)s, %(lasts_s)s, %(most)s, %(per)s, %(covers)s,
        %(cite)s, %(as_of)s, %(since)s, coalesce(%(until)s::timestamptz, 'infinity'), %(actor)s)
RETURNING allowance_id, channel, account_id, name, opens, lasts_s, most, per, covers, cite, as_of,
          nullif(since, '-infinity') AS since, nullif(until, 'infinity') AS until, changed_by;
