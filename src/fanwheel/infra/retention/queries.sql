-- How long things are kept, and letting go of what is older, a portion at a time.

-- name: list_periods
-- The periods that somebody has set.
SELECT kind, days FROM retention WHERE workspace_id = %(workspace)s;

-- name: put_period
-- Sets how long a kind of data is kept.
INSERT INTO retention (workspace_id, kind, days, changed_by)
VALUES (%(workspace)s, %(kind)s, %(days)s, %(actor)s)
    ON CONFLICT (workspace_id, kind) DO UPDATE
   SET days = excluded.days, changed_at = now(), changed_by = excluded.changed_by;

-- name: forget_conversations
-- Deletes conversations that have been closed for long, with all that was said in them and the files that they have.
WITH gone AS (
    DELETE FROM conversation
     USING (SELECT conversation_id
              FROM conversation
             WHERE workspace_id = %(workspace)s
               AND state = 'closed'
               AND last_at < %(before)s
             LIMIT %(most)s
               FOR UPDATE SKIP LOCKED) AS old
     WHERE conversation.workspace_id = %(workspace)s
       AND conversation.conversation_id = old.conversation_id
    RETURNING conversation.home_id, conversation.account_id
), left_behind AS (
    DELETE FROM media_use
     USING gone
     WHERE media_use.workspace_id = %(workspace)s
       AND media_use.home_id = gone.home_id
       AND media_use.account_id = gone.account_id
)
SELECT count(*) FROM gone;

-- name: forget_sends
-- Deletes what was sent, skipped or held out long ago, with its receipts; the events that tell of it stay.
WITH old AS (
    DELETE FROM intent
     USING (SELECT intent_id
              FROM intent
             WHERE workspace_id = %(workspace)s
               AND done_at < %(before)s
               AND state IN ('sent', 'skipped', 'held_out', 'failed', 'canceled')
             LIMIT %(most)s
               FOR UPDATE SKIP LOCKED) AS done
     WHERE intent.workspace_id = %(workspace)s
       AND intent.intent_id = done.intent_id
    RETURNING intent.intent_id
), told AS (
    DELETE FROM receipt
     USING old
     WHERE receipt.workspace_id = %(workspace)s
       AND receipt.intent_id = old.intent_id
)
SELECT count(*) FROM old;

-- name: forget_visits
-- Deletes who opened what and followed which link long ago, and to whom links were sent then: they lead on, for nobody.
WITH visited AS (
    DELETE FROM link_visit
     USING (SELECT visit_id
              FROM link_visit
             WHERE workspace_id = %(workspace)s
               AND is_settled
               AND visited_at < %(before)s
             LIMIT %(most)s
               FOR UPDATE SKIP LOCKED) AS old
     WHERE link_visit.workspace_id = %(workspace)s
       AND link_visit.visit_id = old.visit_id
    RETURNING link_visit.visit_id
), sent AS (
    DELETE FROM link_recipient
     USING (SELECT code
              FROM link_recipient
             WHERE workspace_id = %(workspace)s
               AND made_at < %(before)s
             LIMIT %(most)s
               FOR UPDATE SKIP LOCKED) AS old
     WHERE link_recipient.workspace_id = %(workspace)s
       AND link_recipient.code = old.code
    RETURNING link_recipient.code
)
SELECT (SELECT count(*) FROM visited) + (SELECT count(*) FROM sent);

-- name: forget_refused_events
-- Deletes events that were refused long ago.
DELETE FROM event_rejected
 USING (SELECT rejected_id
          FROM event_rejected
         WHERE workspace_id = %(workspace)s
           AND received_at < %(before)s
         LIMIT %(most)s
           FOR UPDATE SKIP LOCKED) AS old
 WHERE event_rejected.workspace_id = %(workspace)s
   AND event_rejected.rejected_id = old.rejected_id;

-- name: count_conversations
-- How many conversations are that old, and since when.
SELECT count(*) AS items, min(last_at) AS oldest_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND state = 'closed'
   AND last_at < %(before)s;

-- name: count_sends
-- How many sends are that old, and since when.
SELECT count(*) AS items, min(done_at) AS oldest_at
  FROM intent
 WHERE workspace_id = %(workspace)s
   AND done_at < %(before)s
   AND state IN ('sent', 'skipped', 'held_out', 'failed', 'canceled');

-- name: count_visits
-- How many visits and messages with links are that old, and since when.
SELECT count(*) AS items, min(old.at) AS oldest_at
  FROM (SELECT visited_at AS at
          FROM link_visit
         WHERE workspace_id = %(workspace)s
           AND is_settled
           AND visited_at < %(before)s
         UNION ALL
        SELECT made_at
          FROM link_recipient
         WHERE workspace_id = %(workspace)s
           AND made_at < %(before)s) AS old;

-- name: count_refused_events
-- How many refused events are that old, and since when.
SELECT count(*) AS items, min(received_at) AS oldest_at
  FROM event_rejected
 WHERE workspace_id = %(workspace)s
   AND received_at < %(before)s;
