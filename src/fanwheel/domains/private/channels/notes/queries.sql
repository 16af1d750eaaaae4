-- name: find_note
-- What an account keeps about an address, or no row.
SELECT sealed_text
  FROM channel_note
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND of_kind = %(kind)s
   AND of_value = %(value)s;

-- name: put_note
-- Keeps something about an address in the place of what was there.
INSERT INTO channel_note (workspace_id, account_id, of_kind, of_value, sealed_text, kept_at)
VALUES (%(workspace)s, %(account_id)s, %(kind)s, %(value)s, %(sealed_text)s, %(now)s)
    ON CONFLICT (workspace_id, account_id, of_kind, of_value)
    DO UPDATE SET sealed_text = excluded.sealed_text, kept_at = excluded.kept_at;

-- name: drop_note
-- Keeps nothing about an address any more.
DELETE FROM channel_note
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND of_kind = %(kind)s
   AND of_value = %(value)s;
