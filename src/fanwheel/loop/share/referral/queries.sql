-- Who brought whom, written in bulk; times come in epoch microseconds.

-- name: default_region
-- The country of phones without a country code.
SELECT default_region
  FROM workspace
 WHERE workspace_id = %(workspace)s;

-- name: put_invites
-- Stores invites; of two for one referee the earlier stays, whichever comes first.
INSERT INTO invite AS known (workspace_id, referee_home, referrer_home, accepted_at, code)
SELECT %(workspace)s, fresh.referee_home, fresh.referrer_home,
       timestamptz 'epoch' + fresh.accepted_at * interval '1 microsecond', fresh.code
  FROM json_to_recordset(%(invites)s::json)
       AS fresh (referee_home bigint, referrer_home bigint, accepted_at bigint, code text)
    ON CONFLICT (workspace_id, referee_home) DO UPDATE
   SET referrer_home = excluded.referrer_home,
       accepted_at = excluded.accepted_at,
       code = excluded.code
 WHERE (excluded.accepted_at, excluded.referrer_home, excluded.code COLLATE "C")
     < (known.accepted_at, known.referrer_home, known.code COLLATE "C");
