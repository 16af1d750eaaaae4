-- Who brought whom, written in bulk; times come in epoch microseconds.

-- name: default_region
-- The country of phones without a country code.
SELECT default_region
  FROM workspace
 WHERE workspace_id = %(workspace)s;

-- name: put_invites
-- Stores invites; of one that is heard of twice the earlier time stays.
INSERT INTO invite AS known (workspace_id, referee_home, referrer_home, accepted_at, code)
SELECT %(workspace)s, fresh.referee_home, fresh.referrer_home,
       timestamptz 'epoch' + fresh.accepted_at * interval '1 microsecond', fresh.code
  FROM json_to_recordset(%(invites)s::json)
       AS fresh (referee_home bigint, referrer_home bigint, accepted_at bigint, code text)
    ON CONFLICT (workspace_id, referee_home, referrer_home, code) DO UPDATE
   SET accepted_at = excluded.accepted_at
 WHERE excluded.accepted_at < known.accepted_at;

-- name: put_codes
-- Stores who sent which code; the earliest time stays.
INSERT INTO invite_code AS known (workspace_id, code, home_id, sent_at)
SELECT %(workspace)s, fresh.code, fresh.home_id,
       timestamptz 'epoch' + min(fresh.at_us) * interval '1 microsecond'
  FROM json_to_recordset(%(sent)s::json) AS fresh (code text, home_id bigint, at_us bigint)
 GROUP BY fresh.code, fresh.home_id
 ORDER BY fresh.code, fresh.home_id
    ON CONFLICT (workspace_id, code, home_id) DO UPDATE
   SET sent_at = excluded.sent_at
 WHERE excluded.sent_at < known.sent_at;

-- name: list_owners
-- The home that sent each of some codes first.
SELECT owner.home_id
  FROM unnest(%(codes)s::text[]) AS asked (code)
 CROSS JOIN LATERAL (SELECT home_id
                       FROM invite_code
                      WHERE workspace_id = %(workspace)s
                        AND invite_code.code = asked.code
                      ORDER BY sent_at, home_id
                      LIMIT 1) AS owner;
