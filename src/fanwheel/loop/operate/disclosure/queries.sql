-- What is kept of a person in the slices that speak and listen.

-- name: list_conversations
-- What was said with some homes, oldest first; notes that the brand made for itself too.
SELECT conversation.channel, message.kind, message.said_at, message.parts
  FROM conversation
  JOIN message ON message.workspace_id = %(workspace)s AND message.conversation_id = conversation.conversation_id
 WHERE conversation.workspace_id = %(workspace)s
   AND conversation.home_id = ANY (%(homes)s::bigint[])
 ORDER BY message.message_id
 LIMIT %(most)s;

-- name: list_files
-- Which files somebody sent or was sent in conversations, oldest first.
SELECT media_file.media_id, media_file.name, media_file.content_type, media_file.size_bytes, media_file.digest AS sha256,
       media_use.used_at
  FROM media_use
  JOIN media_file ON media_file.workspace_id = %(workspace)s AND media_file.media_id = media_use.media_id
 WHERE media_use.workspace_id = %(workspace)s
   AND media_use.home_id = ANY (%(homes)s::bigint[])
 ORDER BY media_use.used_at, media_file.media_id
 LIMIT %(most)s;

-- name: list_sends
-- What was to be sent to some homes and what became of it, oldest first.
SELECT intent.step, intent.channel, intent.purpose, intent.state, intent.rule, intent.made_at, intent.done_at,
       intent.said -> 'parts' AS parts,
       (SELECT jsonb_agg(jsonb_build_object('state', receipt.state, 'at', receipt.happened_at,
                                            'is_machine', receipt.is_machine) ORDER BY receipt.receipt_id)
          FROM receipt
         WHERE receipt.workspace_id = %(workspace)s
           AND receipt.intent_id = intent.intent_id) AS receipts
  FROM intent
 WHERE intent.workspace_id = %(workspace)s
   AND intent.home_id = ANY (%(homes)s::bigint[])
 ORDER BY intent.intent_id
 LIMIT %(most)s;

-- name: list_visits
-- Which links in messages some persons followed and which messages they opened, oldest first.
SELECT visit.kind, visit.visited_at, link.url
  FROM link_recipient AS sent
  JOIN link_visit AS visit ON visit.workspace_id = %(workspace)s AND visit.recipient = sent.code
  LEFT JOIN link ON link.workspace_id = %(workspace)s AND link.link_id = visit.link_id
 WHERE sent.workspace_id = %(workspace)s
   AND sent.person_id = ANY (%(homes)s::bigint[])
 ORDER BY visit.visit_id
 LIMIT %(most)s;
