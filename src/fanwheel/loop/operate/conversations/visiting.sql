-- Visitors of the web chat.

-- name: add_visitor
-- Remembers a browser that began a chat.
INSERT INTO webchat_visitor (workspace_id, token_hash, account_id, home_id, language)
VALUES (%(workspace)s, %(token_hash)s, %(account_id)s, %(home_id)s, %(language)s);

-- name: find_visitor
-- Whose a token is, with the address and the conversation, if there is one yet.
SELECT visitor.home_id, identifier.value AS address, identifier.person_id, conversation.conversation_id
  FROM webchat_visitor AS visitor
  JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = visitor.home_id
  LEFT JOIN conversation
         ON conversation.workspace_id = %(workspace)s AND conversation.home_id = visitor.home_id
        AND conversation.account_id = visitor.account_id
 WHERE visitor.workspace_id = %(workspace)s
   AND visitor.token_hash = %(token_hash)s
   AND visitor.account_id = %(account_id)s;

-- name: is_agent_typing
-- Whether somebody of the brand types in a conversation.
SELECT EXISTS (SELECT FROM conversation_watch
                WHERE workspace_id = %(workspace)s AND conversation_id = %(conversation_id)s
                  AND user_id <> 0 AND typing_until > %(now)s) AS is_typing;

-- name: get_brand
-- The name of the brand.
SELECT name FROM workspace WHERE workspace_id = %(workspace)s;
