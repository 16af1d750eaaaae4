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
-- Deletes conversations that have been closed for long, with all that was said in them.
DELETE FROM conversation
 USING (SELECT conversation_id
          FROM conversation
         WHERE workspace_id = %(workspace)s
           AND state = 'closed'
           AND last_at < %(before)s
         LIMIT %(most)s
           FOR UPDATE SKIP LOCKED) AS old
 WHERE conversation.workspace_id = %(workspace)s
   AND conversation.conversation_id = old.conversation_id;

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
-- Deletes who opened what and followed which link long ago.
DELETE FROM link_visit
 USING (SELECT visit_id
          FROM link_visit
         WHERE workspace_id = %(workspace)s
           AND is_settled
           AND visited_at < %(before)s
         LIMIT %(most)s
           FOR UPDATE SKIP LOCKED) AS old
 WHERE link_visit.workspace_id = %(workspace)s
   AND link_visit.visit_id = old.visit_id;

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
