-- The event stream as consumers read it. Only "read" belongs to a workspace; the cursor is the installation's.

-- name: hold
-- Whether this transaction may now act as the consumer; another that does so makes it false.
SELECT pg_try_advisory_xact_lock(hashtext('fanwheel consumer'), hashtext(%(name)s)) AS held;

-- name: hold_and_wait
-- Waits until no transaction acts as the consumer, then keeps others out.
SELECT pg_advisory_xact_lock(hashtext('fanwheel consumer'), hashtext(%(name)s));

-- name: cursor
-- Where the consumer stands, and below which transaction number all have ended.
SELECT coalesce((SELECT next_tx FROM consumer WHERE consumer_name = %(name)s), 0) AS next_tx,
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon;

-- name: arrived
-- How many events have been stored since the server began to count.
SELECT coalesce(sum(pg_stat_get_tuples_inserted(inhrelid)), 0)::bigint AS events
  FROM pg_inherits
 WHERE inhparent = 'event'::regclass;

-- name: summarize
-- Brings the BRIN indexes up to date.
SELECT summarize_events();

-- name: count
-- How many events each transaction wrote in each workspace, in the order of transactions.
SELECT tx, workspace_id, events
  FROM count_events(%(begin)s::bigint, %(end)s::bigint);

-- name: enter_workspace
-- From here on, until the transaction ends or enters another, rows of this workspace only.
SELECT set_config('fanwheel.workspace', %(workspace)s::text, true);

-- name: leave_workspace
-- From here on no workspace.
SELECT set_config('fanwheel.workspace', '', true);

-- name: read
-- The events of a slice, in no particular order.
SELECT CASE WHEN kind = 1 AND name = ANY (%(names)s::text[]) OR kind IN (1, 3, 4) AND name = ANY (%(also)s::text[])
            THEN event_id::text ELSE '' END AS event_id,
       CASE WHEN kind = 1 AND name = ANY (%(names)s::text[]) THEN message_key::text ELSE '' END AS message_key,
       person_id,
       kind,
       name,
       round(date_part('epoch', occurred_at) * 1000000)::bigint AS at_us,
       source_id,
       domain,
       CASE WHEN kind = 2 OR source_id <> 0 OR kind = 1 AND name = ANY (%(names)s::text[])
                 OR kind IN (1, 3, 4) AND name = ANY (%(also)s::text[]) THEN properties ELSE '' END AS properties,
       CASE WHEN source_id <> 0 THEN context ELSE '' END AS context
  FROM event
 WHERE workspace_id = %(workspace)s
   AND tx >= %(begin)s
   AND tx < %(end)s;

-- name: step
-- Moves the cursor.
INSERT INTO consumer (consumer_name, next_tx, updated_at)
VALUES (%(name)s, %(next_tx)s, now())
    ON CONFLICT (consumer_name) DO UPDATE SET next_tx = excluded.next_tx, updated_at = excluded.updated_at;
