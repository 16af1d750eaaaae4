-- Drafts of answers: by whom, and what may leave.

-- name: find_drafting
-- How drafts are made, or no row.
SELECT is_on, base_url, model, sealed_key, traits, instructions, changed_at
  FROM inbox_drafting
 WHERE workspace_id = %(workspace)s;

-- name: put_drafting
-- Writes how drafts are made.
INSERT INTO inbox_drafting (workspace_id, is_on, base_url, model, sealed_key, traits, instructions, changed_by)
VALUES (%(workspace)s, %(is_on)s, %(base_url)s, %(model)s, %(sealed_key)s, %(traits)s, %(instructions)s, %(actor)s)
    ON CONFLICT (workspace_id) DO UPDATE
   SET is_on = excluded.is_on, base_url = excluded.base_url, model = excluded.model, sealed_key = excluded.sealed_key,
       traits = excluded.traits, instructions = excluded.instructions, changed_at = now(),
       changed_by = excluded.changed_by;

-- name: is_drafting
-- Whether drafts can be asked for.
SELECT EXISTS (SELECT FROM inbox_drafting WHERE workspace_id = %(workspace)s AND is_on) AS is_on;

-- name: list_said
-- What both sides said last in a conversation, the newest first.
SELECT kind, body
  FROM message
 WHERE workspace_id = %(workspace)s
   AND conversation_id = %(conversation_id)s
   AND kind IN ('in', 'out')
   AND author <> 'survey'
   AND body <> ''
 ORDER BY message_id DESC
 LIMIT %(most)s;
