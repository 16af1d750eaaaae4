-- How far the readers of the event stream are behind. Role fanwheel_export, which alone sees every workspace's events.

-- name: epoch
-- One row: under which name the lake keeps its watermark.
SELECT lake_epoch FROM installation;

-- name: lag
-- One row per reader: the age in seconds of the oldest event that it has not read, 0 without one.
WITH place AS (
    SELECT consumer_name AS reader, next_tx FROM consumer
     UNION ALL
    SELECT 'projector', 0 WHERE NOT EXISTS (SELECT FROM consumer WHERE consumer_name = 'projector')
     UNION ALL
    SELECT 'lake', %(lake_tx)s::bigint
)
SELECT place.reader,
       coalesce(greatest(extract(epoch FROM clock_timestamp() - oldest.received_at), 0), 0)::double precision AS age_s
  FROM place
 CROSS JOIN LATERAL (SELECT min(received_at) AS received_at FROM event WHERE tx >= place.next_tx) AS oldest;

-- name: oldest_writer
-- The oldest transaction that has written and is not finished, or no row.
SELECT age_s, lag_tx FROM find_oldest_writer();
