-- name: list_workspaces
-- Which workspaces have webhooks.
SELECT workspace_id FROM list_webhook_workspaces();

-- name: list_webhooks
-- Webhooks, newest first; or one.
SELECT webhook_id, url, description, topics, segment_ids, is_active, error, told_to, created_at, created_by
  FROM webhook
 WHERE workspace_id = %(workspace)s
   AND (%(one)s::integer IS NULL OR webhook_id = %(one)s)
 ORDER BY webhook_id DESC;

-- name: add_webhook
-- The number of a new webhook; what happened before it is not told.
INSERT INTO webhook (workspace_id, url, description, topics, segment_ids, sealed_secret, told_to, created_by)
VALUES (%(workspace)s, %(url)s, %(description)s, %(topics)s::text[], %(segment_ids)s::integer[], %(sealed_secret)s,
        coalesce((SELECT max(change_id) FROM segment_change WHERE workspace_id = %(workspace)s), 0), %(actor)s)
RETURNING webhook_id;

-- name: change_webhook
-- Changes a webhook; what is NULL stays. Switched on again it is told of what happens from now on.
UPDATE webhook
   SET url = coalesce(%(url)s, url),
       description = coalesce(%(description)s, description),
       topics = coalesce(%(topics)s::text[], topics),
       segment_ids = coalesce(%(segment_ids)s::integer[], segment_ids),
       told_to = CASE WHEN %(is_active)s::boolean AND NOT is_active
                      THEN coalesce((SELECT max(change_id) FROM segment_change WHERE workspace_id = %(workspace)s), 0)
                      ELSE told_to END,
       error = CASE WHEN %(is_active)s::boolean THEN NULL ELSE error END,
       is_active = coalesce(%(is_active)s::boolean, is_active)
 WHERE workspace_id = %(workspace)s
   AND webhook_id = %(webhook_id)s;

-- name: change_secret
-- Gives a webhook another secret.
UPDATE webhook
   SET sealed_secret = %(sealed_secret)s
 WHERE workspace_id = %(workspace)s
   AND webhook_id = %(webhook_id)s;

-- name: delete_messages
-- Deletes the messages of a webhook.
DELETE FROM webhook_message WHERE workspace_id = %(workspace)s AND webhook_id = %(webhook_id)s;

-- name: delete_webhook
-- Deletes a webhook.
DELETE FROM webhook WHERE workspace_id = %(workspace)s AND webhook_id = %(webhook_id)s;

-- name: hold_webhooks
-- The webhooks that are to be told, with how far each was; others are kept from telling them until the end.
SELECT webhook_id, told_to, topics, segment_ids
  FROM webhook
 WHERE workspace_id = %(workspace)s
   AND is_active
 ORDER BY webhook_id
   FOR NO KEY UPDATE SKIP LOCKED;

-- name: add_messages
-- Messages to be sent.
INSERT INTO webhook_message (workspace_id, webhook_id, topic, body)
SELECT %(workspace)s, %(webhook_id)s, given.topic, given.body
  FROM unnest(%(topics)s::text[], %(bodies)s::text[]) WITH ORDINALITY AS given (topic, body, place)
 ORDER BY given.place;

-- name: add_message
-- The number of one message.
INSERT INTO webhook_message (workspace_id, webhook_id, topic, body)
VALUES (%(workspace)s, %(webhook_id)s, %(topic)s, %(body)s)
RETURNING message_id;

-- name: hasten
-- Lets a message that was not taken be sent at once; no row for any other.
UPDATE webhook_message
   SET state = 'waiting', next_at = now()
 WHERE workspace_id = %(workspace)s
   AND webhook_id = %(webhook_id)s
   AND message_id = %(message_id)s
   AND state <> 'delivered'
RETURNING message_id;

-- name: step
-- Notes how far a webhook was told.
UPDATE webhook SET told_to = %(told_to)s WHERE workspace_id = %(workspace)s AND webhook_id = %(webhook_id)s;

-- name: claim
-- Messages whose time has come; nobody else sends them until the attempt must be over.
WITH due AS (
    SELECT message.message_id
      FROM webhook_message AS message
      JOIN webhook USING (workspace_id, webhook_id)
     WHERE message.workspace_id = %(workspace)s
       AND message.state = 'waiting'
       AND message.next_at <= %(now)s
       AND webhook.is_active
     ORDER BY message.next_at
     LIMIT %(most)s
       FOR UPDATE OF message SKIP LOCKED
)
UPDATE webhook_message AS message
   SET attempts = message.attempts + 1, tried_at = %(now)s, next_at = %(until)s
  FROM due, webhook
 WHERE message.workspace_id = %(workspace)s
   AND message.message_id = due.message_id
   AND webhook.workspace_id = %(workspace)s
   AND webhook.webhook_id = message.webhook_id
RETURNING message.message_id, message.webhook_id, message.topic, message.body, message.attempts,
          webhook.url, webhook.sealed_secret;

-- name: settle
-- Notes what became of an attempt.
UPDATE webhook_message
   SET state = %(state)s, status = %(status)s, error = %(error)s, next_at = coalesce(%(next_at)s, next_at)
 WHERE workspace_id = %(workspace)s
   AND message_id = %(message_id)s;

-- name: switch_off
-- Tells an address no more.
UPDATE webhook
   SET is_active = false, error = %(error)s
 WHERE workspace_id = %(workspace)s
   AND webhook_id = %(webhook_id)s;

-- name: list_messages
-- The messages of a webhook, newest first, below a number; or one.
SELECT message_id, topic, body, state, created_at, next_at, attempts, tried_at, status, error
  FROM webhook_message
 WHERE workspace_id = %(workspace)s
   AND webhook_id = %(webhook_id)s
   AND (%(before)s::bigint IS NULL OR message_id < %(before)s)
   AND (%(one)s::bigint IS NULL OR message_id = %(one)s)
 ORDER BY message_id DESC
 LIMIT %(limit)s;

-- name: forget
-- Deletes messages that are over and old.
DELETE FROM webhook_message
 WHERE workspace_id = %(workspace)s
   AND state <> 'waiting'
   AND created_at < now() - interval '30 days';
