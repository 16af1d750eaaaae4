-- The ledger of consent; rows are added, never changed. And whom nobody may write to.

-- name: append
-- Adds statements; one that its event made before is not added again.
INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at, evidence, event_id)
SELECT %(workspace)s, said.home_id, said.channel, said.purpose, said.is_granted,
       timestamptz 'epoch' + said.at_us * interval '1 microsecond', said.evidence, said.event_id
  FROM json_to_recordset(%(statements)s::json)
       AS said (home_id bigint, event_id uuid, channel text, purpose text, is_granted boolean, at_us bigint, evidence jsonb)
    ON CONFLICT (workspace_id, event_id, channel, purpose) DO NOTHING;

-- name: append_choices
-- Adds choices of people who are still there; the living person and the identifiers of each.
WITH said AS (
    SELECT choice.number, choice.home_id, choice.channel, choice.purpose, choice.is_granted, choice.evidence,
           identifier.person_id
      FROM json_to_recordset(%(choices)s::json)
           AS choice (number integer, home_id bigint, channel text, purpose text, is_granted boolean, evidence jsonb)
      JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = choice.home_id
), added AS (
    INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at, evidence)
    SELECT %(workspace)s, home_id, channel, purpose, is_granted, %(now)s, evidence FROM said ORDER BY number
    RETURNING consent_id
)
SELECT said.number, said.person_id,
       (SELECT jsonb_agg(jsonb_build_array(own.kind, own.value) ORDER BY own.home_id <> said.home_id, own.home_id)
          FROM identifier AS own
         WHERE own.workspace_id = %(workspace)s AND own.person_id = said.person_id) AS refs
  FROM said
 ORDER BY said.number;

-- name: look_up
-- How people stand for a channel and a purpose, in the order asked: the living person, the newest statement, and
-- the gravest suppression of the address that is for this channel and purpose.
SELECT known.person_id, barred.reason, barred.purpose, barred.suppressed_at, said.is_granted, said.decided_at,
       said.has_evidence
  FROM unnest(%(persons)s::bigint[], %(channels)s::text[], %(purposes)s::text[], %(hashes)s::bytea[])
       WITH ORDINALITY AS ask (home_id, channel, purpose, address_hash, number)
  LEFT JOIN LATERAL (SELECT person_id
                       FROM identifier
                      WHERE identifier.workspace_id = %(workspace)s
                        AND identifier.home_id = ask.home_id
                      LIMIT 1) AS known ON true
  LEFT JOIN LATERAL (SELECT suppression.reason, suppression.purpose, suppression.suppressed_at
                       FROM suppression
                      WHERE suppression.workspace_id = %(workspace)s
                        AND suppression.address_hash = ask.address_hash
                        AND suppression.channel IN ('', ask.channel)
                        AND suppression.purpose IN ('', ask.purpose)
                      ORDER BY suppression.purpose, suppression.channel
                      LIMIT 1) AS barred ON true
  LEFT JOIN LATERAL (SELECT consent.is_granted, consent.decided_at, consent.evidence <> '{}' AS has_evidence
                       FROM identifier AS own
                       JOIN consent ON consent.workspace_id = %(workspace)s AND consent.home_id = own.home_id
                      WHERE own.workspace_id = %(workspace)s
                        AND own.person_id = known.person_id
                        AND consent.channel = ask.channel
                        AND consent.purpose = ask.purpose
                      ORDER BY consent.decided_at DESC, consent.consent_id DESC
                      LIMIT 1) AS said ON true
 ORDER BY ask.number;

-- name: list_ledger
-- All that some homes said, newest first.
SELECT channel, purpose, is_granted, decided_at, evidence
  FROM consent
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[])
 ORDER BY decided_at DESC, consent_id DESC
 LIMIT 500;

-- name: list_state
-- The newest statement of some homes per channel and purpose.
SELECT DISTINCT ON (channel, purpose) channel, purpose, is_granted, decided_at
  FROM consent
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[])
 ORDER BY channel, purpose, decided_at DESC, consent_id DESC;

-- name: list_own
-- The identifiers of the living person behind a home id; none once the person was erased.
SELECT own.home_id, own.kind, own.value
  FROM identifier AS home
  JOIN identifier AS own ON own.workspace_id = %(workspace)s AND own.person_id = home.person_id
 WHERE home.workspace_id = %(workspace)s
   AND home.home_id = %(home)s
 ORDER BY own.home_id;

-- name: find_home
-- The home of an identifier, if it is known.
SELECT home_id FROM identifier WHERE workspace_id = %(workspace)s AND identifier_hash = %(hash)s;

-- name: keep_fingerprint
-- The fingerprint of the key under which this workspace's addresses are hashed; the first one is kept.
INSERT INTO address_key (workspace_id, fingerprint)
VALUES (%(workspace)s, %(fingerprint)s)
    ON CONFLICT (workspace_id) DO NOTHING;

-- name: get_fingerprint
-- The fingerprint of the key under which this workspace's addresses are hashed, if any are.
SELECT fingerprint FROM address_key WHERE workspace_id = %(workspace)s;

-- name: suppress
-- Suppresses addresses; one that is suppressed keeps the graver reason. How many are new or graver than before.
INSERT INTO suppression (workspace_id, address_hash, kind, channel, purpose, reason, masked, note, suppressed_at,
                         suppressed_by)
SELECT %(workspace)s, given.address_hash, given.kind, given.channel, given.purpose, given.reason, given.masked,
       given.note, %(now)s, %(actor)s
  FROM (SELECT DISTINCT ON (address_hash, channel, purpose)
               decode(address_hash, 'hex') AS address_hash, kind, channel, purpose, reason, masked, note
          FROM json_to_recordset(%(entries)s::json)
               AS entry (address_hash text, kind text, channel text, purpose text, reason text, masked text, note text)
         ORDER BY address_hash, channel, purpose, array_position(%(gravity)s::text[], reason)) AS given
 ORDER BY given.address_hash, given.channel, given.purpose
    ON CONFLICT (workspace_id, address_hash, channel, purpose) DO UPDATE
   SET reason = excluded.reason, note = excluded.note, masked = excluded.masked,
       suppressed_at = excluded.suppressed_at, suppressed_by = excluded.suppressed_by
 WHERE array_position(%(gravity)s::text[], excluded.reason) < array_position(%(gravity)s::text[], suppression.reason);

-- name: list_suppressed
-- Suppressed addresses, newest first: all, those of one address, or those with a reason.
SELECT suppression_id, kind, channel, purpose, reason, masked, note, suppressed_at, suppressed_by
  FROM suppression
 WHERE workspace_id = %(workspace)s
   AND (%(hashes)s::bytea[] IS NULL OR address_hash = ANY (%(hashes)s::bytea[]))
   AND (%(reason)s::text IS NULL OR reason = %(reason)s)
   AND (%(before)s::bigint IS NULL OR suppression_id < %(before)s)
 ORDER BY suppression_id DESC
 LIMIT %(limit)s;

-- name: count_suppressed
-- How many addresses are suppressed for each reason.
SELECT reason, count(*) AS addresses FROM suppression WHERE workspace_id = %(workspace)s GROUP BY reason;

-- name: lift
-- Takes a suppression away; what it was, or no row.
DELETE FROM suppression
 WHERE workspace_id = %(workspace)s
   AND suppression_id = %(suppression_id)s
RETURNING reason, channel, purpose;

-- name: lift_choices
-- Takes away what people chose themselves for a channel and a purpose, because they chose anew.
DELETE FROM suppression
 WHERE workspace_id = %(workspace)s
   AND address_hash = ANY (%(hashes)s::bytea[])
   AND reason = 'unsubscribe'
   AND channel IN ('', %(channel)s)
   AND purpose IN ('', %(purpose)s);

-- name: lift_bounces
-- Takes away that nobody was at some addresses of channels, where somebody was heard from them since.
DELETE FROM suppression
 USING unnest(%(hashes)s::bytea[], %(channels)s::text[], %(ats)s::timestamptz[]) AS heard (address_hash, channel, heard_at)
 WHERE suppression.workspace_id = %(workspace)s
   AND suppression.address_hash = heard.address_hash
   AND suppression.channel = heard.channel
   AND suppression.reason = 'bounce'
   AND suppression.suppressed_by = 'system'
   AND suppression.suppressed_at <= heard.heard_at;

-- name: unmask
-- Takes away what reminds of addresses whose person is erased.
UPDATE suppression
   SET masked = '', note = ''
 WHERE workspace_id = %(workspace)s
   AND address_hash = ANY (%(hashes)s::bytea[]);

-- name: count_bounce
-- How often an address has bounced lately, this time included; what is long past does not count.
INSERT INTO soft_bounce (workspace_id, address_hash, channel, bounces, first_at, last_at)
VALUES (%(workspace)s, %(hash)s, %(channel)s, 1, %(now)s, %(now)s)
    ON CONFLICT (workspace_id, address_hash, channel) DO UPDATE
   SET bounces = CASE WHEN soft_bounce.last_at < %(since)s THEN 1 ELSE soft_bounce.bounces + 1 END,
       first_at = CASE WHEN soft_bounce.last_at < %(since)s THEN excluded.first_at ELSE soft_bounce.first_at END,
       last_at = greatest(soft_bounce.last_at, excluded.last_at)
RETURNING bounces;

-- name: forget_bounces
-- Forgets how often addresses bounced.
DELETE FROM soft_bounce
 WHERE workspace_id = %(workspace)s
   AND (address_hash = ANY (%(hashes)s::bytea[]) OR last_at < %(before)s);

-- name: add_opt_in
-- Keeps that somebody is to confirm something.
INSERT INTO opt_in (workspace_id, token_hash, home_id, channel, purpose, evidence, asked_at, expires_at)
VALUES (%(workspace)s, %(token_hash)s, %(home)s, %(channel)s, %(purpose)s, %(evidence)s::jsonb, %(now)s, %(expires_at)s);

-- name: find_opt_in
-- What is to be confirmed with a secret.
SELECT home_id, channel, purpose, evidence, asked_at, expires_at, confirmed_at
  FROM opt_in
 WHERE workspace_id = %(workspace)s
   AND token_hash = %(token_hash)s;

-- name: use_opt_in
-- Uses a secret up; no row if it was used before or is too old.
UPDATE opt_in
   SET confirmed_at = %(now)s
 WHERE workspace_id = %(workspace)s
   AND token_hash = %(token_hash)s
   AND confirmed_at IS NULL
   AND expires_at > %(now)s
RETURNING home_id, channel, purpose, evidence, asked_at;

-- name: forget_opt_ins
-- Forgets who was asked long ago; the ledger has what came of it.
DELETE FROM opt_in WHERE workspace_id = %(workspace)s AND expires_at < %(before)s;

-- name: erase_opt_ins
-- Forgets what some homes were asked to confirm.
DELETE FROM opt_in WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: get_place
-- The country of phones without a country code, and the zone of times without one.
SELECT default_region, time_zone FROM workspace WHERE workspace_id = %(workspace)s;

-- name: list_addresses
-- Addresses of people who are known, in portions.
SELECT home_id, kind, value
  FROM identifier
 WHERE workspace_id = %(workspace)s
   AND home_id > %(after)s
   AND kind IN ('email', 'phone')
 ORDER BY home_id
 LIMIT %(most)s;

-- name: list_suppressed_hashes
-- Suppressed addresses among some, with their hashes.
SELECT address_hash, suppression_id, kind, channel, purpose, reason, masked, note, suppressed_at, suppressed_by
  FROM suppression
 WHERE workspace_id = %(workspace)s
   AND address_hash = ANY (%(hashes)s::bytea[])
 ORDER BY suppression_id;
