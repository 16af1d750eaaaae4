-- name: begin
-- Which erasure was the newest; setting the workspace is part of the same round trip.
SELECT set_config('fanwheel.workspace', %(workspace)s::text, true),
       coalesce((SELECT max(erasure_id) FROM erasure WHERE workspace_id = %(workspace)s), 0) AS erasure;

-- name: count
-- Adds to the counters of a key's minute.
INSERT INTO ingest_stat AS stat (workspace_id, api_key_id, minute, accepted, rejected, duplicate)
SELECT %(workspace)s, t.* FROM unnest(%(keys)s::bigint[], %(minutes)s::timestamptz[], %(accepted)s::bigint[],
                                      %(rejected)s::bigint[], %(duplicate)s::bigint[]) AS t
ON CONFLICT (workspace_id, api_key_id, minute) DO UPDATE
   SET accepted = stat.accepted + excluded.accepted,
       rejected = stat.rejected + excluded.rejected,
       duplicate = stat.duplicate + excluded.duplicate;

-- name: reject
-- Keeps refused events with the reason.
INSERT INTO event_rejected (workspace_id, api_key_id, received_at, code, message, payload)
SELECT %(workspace)s, t.* FROM unnest(%(keys)s::bigint[], %(times)s::timestamptz[], %(codes)s::text[],
                                      %(messages)s::text[], %(payloads)s::text[]) AS t;

-- name: region
-- The country of phones without a country code.
SELECT default_region FROM workspace WHERE workspace_id = %(workspace)s;
