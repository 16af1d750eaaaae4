-- name: begin
-- Two statements in one round trip: a transaction of one workspace, and which erasure was the newest.
BEGIN;
SELECT set_config('fanwheel.workspace', %(workspace)s::text, true),
       coalesce((SELECT max(erasure_id) FROM erasure WHERE workspace_id = %(workspace)s), 0) AS erasure;

-- name: finish
-- Two statements in one round trip: adds to the counters of each key's minute, and commits.
INSERT INTO ingest_stat AS stat (workspace_id, api_key_id, minute, accepted, rejected, duplicate)
SELECT %(workspace)s, t.* FROM unnest(%(keys)s::bigint[], %(minutes)s::timestamptz[], %(accepted)s::bigint[],
                                      %(rejected)s::bigint[], %(duplicate)s::bigint[]) AS t
ON CONFLICT (workspace_id, api_key_id, minute) DO UPDATE
   SET accepted = stat.accepted + excluded.accepted,
       rejected = stat.rejected + excluded.rejected,
       duplicate = stat.duplicate + excluded.duplicate;
COMMIT;

-- name: reject
-- Keeps refused events with the reason.
INSERT INTO event_rejected (workspace_id, api_key_id, received_at, code, message, payload)
SELECT %(workspace)s, t.* FROM unnest(%(keys)s::bigint[], %(times)s::timestamptz[], %(codes)s::text[],
                                      %(messages)s::text[], %(payloads)s::text[]) AS t;

-- name: region
-- The country of phones without a country code.
SELECT default_region FROM workspace WHERE workspace_id = %(workspace)s;

-- name: stats_by_key
-- Per key: its name and counters since a time, and when its last event came.
SELECT k.api_key_id, k.name, k.prefix,
       coalesce(sum(s.accepted) FILTER (WHERE s.minute >= %(since)s), 0)::bigint AS accepted,
       coalesce(sum(s.rejected) FILTER (WHERE s.minute >= %(since)s), 0)::bigint AS rejected,
       coalesce(sum(s.duplicate) FILTER (WHERE s.minute >= %(since)s), 0)::bigint AS duplicate,
       max(s.minute) AS last_event_at
  FROM api_key AS k
  LEFT JOIN ingest_stat AS s USING (workspace_id, api_key_id)
 WHERE k.workspace_id = %(workspace)s
 GROUP BY k.api_key_id, k.name, k.prefix
 ORDER BY k.api_key_id;

-- name: stats_by_minute
-- Per minute since a time: counters of all keys.
SELECT minute, sum(accepted)::bigint AS accepted, sum(rejected)::bigint AS rejected, sum(duplicate)::bigint AS duplicate
  FROM ingest_stat
 WHERE workspace_id = %(workspace)s AND minute >= %(since)s
 GROUP BY minute ORDER BY minute;

-- name: list_rejected
-- Refused events, newest first, after a cursor.
SELECT rejected_id AS id, received_at, api_key_id, code, message, payload, replayed_at
  FROM event_rejected
 WHERE workspace_id = %(workspace)s
   AND (%(before)s::bigint IS NULL OR rejected_id < %(before)s)
   AND (%(waiting)s::boolean IS NOT TRUE OR replayed_at IS NULL)
 ORDER BY rejected_id DESC
 LIMIT %(limit)s;

-- name: lock_rejected
-- One refused event that nobody else is replaying at this moment.
SELECT rejected_id AS id, received_at, api_key_id, payload, replayed_at
  FROM event_rejected
 WHERE workspace_id = %(workspace)s AND rejected_id = %(id)s
   FOR UPDATE;

-- name: lock_waiting
-- Refused events that wait, newest first, below an id; those that somebody else is replaying are left out.
SELECT rejected_id AS id, received_at, api_key_id, payload
  FROM event_rejected
 WHERE workspace_id = %(workspace)s
   AND replayed_at IS NULL
   AND (%(before)s::bigint IS NULL OR rejected_id < %(before)s)
 ORDER BY rejected_id DESC
 LIMIT %(limit)s
   FOR UPDATE SKIP LOCKED;

-- name: mark_replayed
-- Notes that refused events were taken after all.
UPDATE event_rejected
   SET replayed_at = now()
 WHERE workspace_id = %(workspace)s
   AND rejected_id = ANY (%(ids)s::bigint[]);

-- name: live
-- The newest events among the transactions since one; times in UTC.
SELECT e.event_id, e.kind, e.name, i.person_id, e.occurred_at, e.received_at, s.name AS source, e.domain, e.properties
  FROM event AS e
  LEFT JOIN identifier AS i ON i.workspace_id = e.workspace_id AND i.home_id = e.person_id
  LEFT JOIN source AS s ON s.workspace_id = e.workspace_id AND s.source_id = e.source_id
 WHERE e.workspace_id = %(workspace)s
   AND e.tx >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint - %(transactions)s
   AND (%(after)s::uuid IS NULL OR e.event_id > %(after)s)
 ORDER BY e.event_id DESC
 LIMIT %(limit)s;
