-- The ledger of consent; rows are added, never changed.

-- name: append
-- Adds statements; one that its event made before is not added again.
INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at, evidence, event_id)
SELECT %(workspace)s, said.home_id, said.channel, said.purpose, said.is_granted,
       timestamptz 'epoch' + said.at_us * interval '1 microsecond', said.evidence, said.event_id
  FROM json_to_recordset(%(statements)s::json)
       AS said (home_id bigint, event_id uuid, channel text, purpose text, is_granted boolean, at_us bigint, evidence jsonb)
    ON CONFLICT (workspace_id, event_id, channel, purpose) DO NOTHING;
