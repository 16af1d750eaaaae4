-- name: list_accounts
-- Accounts by channel and name; or one. Deleted ones are left out.
SELECT account_id, channel, key, name, settings, secret_names, version, is_active, error, error_at, checked_at, is_fine,
       check_message, check_code, check_facts, heard_at, created_at, created_by, updated_at
  FROM channel_account
 WHERE workspace_id = %(workspace)s
   AND deleted_at IS NULL
   AND (%(one)s::integer IS NULL OR account_id = %(one)s)
 ORDER BY channel, name, account_id;

-- name: find_by_key
-- Whose a callback's path is; outside any workspace.
SELECT workspace_id, account_id, channel FROM find_channel_account(%(key)s);

-- name: add_account
-- The number of a new account.
INSERT INTO channel_account (workspace_id, channel, key, name, settings, sealed_secrets, secret_names, created_by)
VALUES (%(workspace)s, %(channel)s, %(key)s, %(name)s, %(settings)s::jsonb, %(sealed_secrets)s,
        %(secret_names)s::text[], %(actor)s)
RETURNING account_id;

-- name: hold_secrets
-- The secrets of an account, which nobody else changes meanwhile.
SELECT sealed_secrets, version
  FROM channel_account
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND deleted_at IS NULL
   FOR NO KEY UPDATE;

-- name: get_secrets
-- The secrets of an account.
SELECT sealed_secrets, version
  FROM channel_account
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND deleted_at IS NULL;

-- name: get_version
-- How often an account was changed; no row once it is deleted.
SELECT version
  FROM channel_account
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND deleted_at IS NULL;

-- name: change_account
-- Changes an account; what was wrong with it may be right now.
UPDATE channel_account
   SET name = %(name)s, settings = %(settings)s::jsonb, sealed_secrets = %(sealed_secrets)s,
       secret_names = %(secret_names)s::text[], version = version + 1, error = NULL, error_at = NULL, checked_at = NULL,
       is_fine = NULL, check_message = NULL, check_code = '', updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s;

-- name: rename_account
-- Calls an account something else.
UPDATE channel_account
   SET name = %(name)s, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s;

-- name: put_secrets
-- Keeps other secrets; accounts are opened anew.
UPDATE channel_account
   SET sealed_secrets = %(sealed_secrets)s, secret_names = %(secret_names)s::text[], version = version + 1
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s;

-- name: pause_account
-- Lets nothing go out, or lets it again.
UPDATE channel_account
   SET is_active = %(is_active)s, version = version + 1, updated_at = now()
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND deleted_at IS NULL;

-- name: delete_account
-- Forgets how to use an account; what was said through it still names it.
UPDATE channel_account
   SET deleted_at = now(), sealed_secrets = NULL, secret_names = '{}', settings = '{}', is_active = false,
       version = version + 1
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND deleted_at IS NULL;

-- name: delete_tokens
-- Forgets the tokens of an account.
DELETE FROM channel_token WHERE workspace_id = %(workspace)s AND account_id = %(account_id)s;

-- name: note_check
-- Notes what came of a connection test.
UPDATE channel_account
   SET checked_at = %(now)s, is_fine = %(is_fine)s, check_message = %(message)s,
       check_code = %(code)s, check_facts = %(facts)s::jsonb,
       error = CASE WHEN %(is_fine)s THEN NULL ELSE error END, error_at = CASE WHEN %(is_fine)s THEN NULL ELSE error_at END
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s;

-- name: note_error
-- Notes why a platform refused the account; NULL: it is taken again.
UPDATE channel_account
   SET error = %(error)s::text, error_at = CASE WHEN %(error)s::text IS NULL THEN NULL ELSE now() END
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND error IS DISTINCT FROM %(error)s::text;

-- name: note_heard
-- Notes about when something came in, at most once a minute.
UPDATE channel_account
   SET heard_at = %(now)s
 WHERE workspace_id = %(workspace)s
   AND account_id = ANY (%(accounts)s::integer[])
   AND (heard_at IS NULL OR heard_at < %(now)s::timestamptz - interval '1 minute');

-- name: add_token
-- Makes room for a token.
INSERT INTO channel_token (workspace_id, account_id, name)
VALUES (%(workspace)s, %(account_id)s, %(name)s)
ON CONFLICT DO NOTHING;

-- name: find_token
-- A token, whether it holds, and whether somebody is fetching it.
SELECT sealed_value, coalesce(expires_at > %(now)s, false) AS is_valid, coalesce(leased_until > %(now)s, false) AS is_leased,
       lease
  FROM channel_token
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND name = %(name)s;

-- name: lease_token
-- Whose turn it is to fetch a token, if it is ours from now on.
UPDATE channel_token
   SET leased_until = %(until)s, lease = lease + 1
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND name = %(name)s
   AND coalesce(expires_at <= %(now)s, true)
   AND coalesce(leased_until <= %(now)s, true)
RETURNING lease;

-- name: put_token
-- Keeps a token, if it is still the turn of whoever fetched it.
UPDATE channel_token
   SET sealed_value = %(sealed_value)s, expires_at = %(expires_at)s, leased_until = NULL
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND name = %(name)s
   AND lease = %(lease)s;

-- name: release_token
-- Lets somebody else fetch a token.
UPDATE channel_token
   SET leased_until = NULL
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND name = %(name)s
   AND lease = %(lease)s;

-- name: forget_token
-- Lets go of a token that was refused, unless there is a newer one.
UPDATE channel_token
   SET expires_at = NULL
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND name = %(name)s
   AND lease = %(lease)s;

-- name: forget_old_tokens
-- Deletes tokens that ended a day ago; some are for one callback only. How many.
DELETE FROM channel_token
 WHERE workspace_id = %(workspace)s
   AND expires_at < %(now)s::timestamptz - interval '1 day'
   AND coalesce(leased_until < %(now)s, true);
