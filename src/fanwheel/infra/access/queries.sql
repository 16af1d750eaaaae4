-- ---------------------------------------------------------------- first start
-- name: hold_door
-- Waits for other first starts, then keeps them out until this transaction ends.
SELECT pg_advisory_xact_lock(8400005);

-- name: first_owner
-- The first user who owns a workspace, or NULL.
SELECT first_owner() AS user_id;

-- ---------------------------------------------------------------- logins
-- name: find_login
-- The user with that e-mail address, or no row.
SELECT user_id, email, name, password_hash, disabled_at FROM login WHERE email = %(email)s;

-- name: get_login
-- One user.
SELECT user_id, email, name, password_hash, disabled_at FROM login WHERE user_id = %(user_id)s;

-- name: add_login
-- A new user's id; of a user with that address already, theirs.
WITH added AS (
    INSERT INTO login (email, name) VALUES (%(email)s, %(name)s) ON CONFLICT (email) DO NOTHING RETURNING user_id
)
SELECT user_id FROM added UNION ALL SELECT user_id FROM login WHERE email = %(email)s LIMIT 1;

-- name: put_password
-- Sets a password.
UPDATE login SET password_hash = %(password_hash)s WHERE user_id = %(user_id)s;

-- name: put_first_password
-- Sets a password where there is none; count what changed.
UPDATE login SET password_hash = %(password_hash)s WHERE user_id = %(user_id)s AND password_hash IS NULL;

-- name: put_profile
-- Changes name and language; NULL keeps what there is.
UPDATE login
   SET name = coalesce(%(name)s::text, name),
       locale = coalesce(%(locale)s::text, locale)
 WHERE user_id = %(user_id)s;

-- name: forget_login
-- Removes a user whom no membership names any more.
SELECT forget_login(%(user_id)s);

-- ---------------------------------------------------------------- sessions
-- name: find_session
-- A living session, with the role its user has now.
SELECT user_id, email, name, locale, workspace_id, role, csrf_token, expires_at FROM find_session(%(token_hash)s);

-- name: add_session
-- Begins a session.
INSERT INTO login_session (token_hash, user_id, workspace_id, csrf_token, expires_at, user_agent)
VALUES (%(token_hash)s, %(user_id)s, %(workspace)s, %(csrf_token)s, %(expires_at)s, %(user_agent)s);

-- name: slide_session
-- Gives a session its full life again.
UPDATE login_session SET expires_at = %(expires_at)s WHERE token_hash = %(token_hash)s;

-- name: switch_session
-- Moves a session to another workspace.
UPDATE login_session SET workspace_id = %(to_workspace)s WHERE token_hash = %(token_hash)s;

-- name: remember_workspace
-- Notes where the user's next session begins.
UPDATE login SET last_workspace_id = %(to_workspace)s WHERE user_id = %(user_id)s;

-- name: end_session
-- Ends one session.
DELETE FROM login_session WHERE token_hash = %(token_hash)s;

-- name: end_sessions
-- Ends a user's sessions, but for one if it is named.
DELETE FROM login_session
 WHERE user_id = %(user_id)s AND token_hash IS DISTINCT FROM %(except_hash)s::bytea;

-- name: end_sessions_here
-- Ends a user's sessions in this workspace.
DELETE FROM login_session WHERE user_id = %(user_id)s AND workspace_id = %(workspace)s;

-- name: forget_expired
-- Removes sessions that ran out.
DELETE FROM login_session WHERE expires_at < now();

-- name: choose_workspace
-- Where a new session begins: where the last one was, else a demo to look at, else the oldest; no row without any.
SELECT m.workspace_id
  FROM list_memberships(%(user_id)s) AS m
  JOIN workspace AS w USING (workspace_id)
  JOIN login AS l ON l.user_id = %(user_id)s
 ORDER BY (m.workspace_id IS NOT DISTINCT FROM l.last_workspace_id) DESC, w.is_demo DESC, m.workspace_id
 LIMIT 1;

-- ---------------------------------------------------------------- tries to sign in
-- name: hold_subject
-- Lets tries of one address or from one place count one after the other.
SELECT pg_advisory_xact_lock(8400003, hashtext(encode(%(subject)s::bytea, 'hex')));

-- name: list_tries
-- When a subject tried since an instant.
SELECT attempted_at FROM login_attempt WHERE subject_hash = %(subject)s AND attempted_at > %(since)s;

-- name: add_try
-- Counts one try.
INSERT INTO login_attempt (subject_hash, attempted_at) VALUES (%(subject)s, %(now)s);

-- name: forget_tries
-- A subject proved itself: nothing counts any more.
DELETE FROM login_attempt WHERE subject_hash = %(subject)s;

-- name: forget_one_try
-- Takes one try back: it was no guess.
DELETE FROM login_attempt
 WHERE attempt_id = (SELECT max(attempt_id) FROM login_attempt WHERE subject_hash = %(subject)s);

-- name: forget_old_tries
-- Removes tries that no window reaches.
DELETE FROM login_attempt WHERE attempted_at < %(before)s;

-- ---------------------------------------------------------------- one-time links
-- name: add_link
-- Stores a link.
INSERT INTO one_time_link (token_hash, purpose, user_id, workspace_id, expires_at)
VALUES (%(token_hash)s, %(purpose)s, %(user_id)s, %(for_workspace)s, %(expires_at)s);

-- name: find_link
-- A link that still works, or no row.
SELECT purpose, user_id, workspace_id
  FROM one_time_link
 WHERE token_hash = %(token_hash)s AND used_at IS NULL AND expires_at > %(now)s;

-- name: spend_link
-- Uses a link up; no row if it was used or ran out meanwhile.
UPDATE one_time_link SET used_at = %(now)s
 WHERE token_hash = %(token_hash)s AND used_at IS NULL AND expires_at > %(now)s
RETURNING purpose, user_id, workspace_id;

-- name: forget_links
-- Removes the links of one purpose for one user and workspace, and all that ran out long ago.
DELETE FROM one_time_link
 WHERE (purpose = %(purpose)s AND user_id IS NOT DISTINCT FROM %(user_id)s::bigint
        AND workspace_id IS NOT DISTINCT FROM %(for_workspace)s::integer)
    OR expires_at < now() - interval '30 days';

-- ---------------------------------------------------------------- workspaces
-- name: add_workspace
-- A new workspace's id; no row if the slug is taken.
INSERT INTO workspace (slug, name, time_zone, default_region, reporting_currency, is_demo)
VALUES (%(slug)s, %(name)s, %(time_zone)s, %(default_region)s, %(reporting_currency)s, %(is_demo)s)
ON CONFLICT (slug) DO NOTHING
RETURNING workspace_id;

-- name: list_workspace_ids
-- Every workspace of the installation: brands before demos, the oldest first.
SELECT workspace_id FROM workspace ORDER BY is_demo, workspace_id;

-- name: find_workspace
-- The workspace with that slug, or no row.
SELECT workspace_id FROM workspace WHERE slug = %(slug)s;

-- name: enter_workspace
-- Puts the fence of this transaction round another workspace.
SELECT set_config('fanwheel.workspace', %(entered)s::text, true);

-- name: get_workspace
-- The workspace in hand.
SELECT workspace_id, slug, name, time_zone, default_region, reporting_currency, margin, is_demo
  FROM workspace WHERE workspace_id = %(workspace)s;

-- name: put_workspace
-- Changes the workspace in hand; NULL keeps what there is.
UPDATE workspace
   SET name = coalesce(%(name)s::text, name),
       time_zone = coalesce(%(time_zone)s::text, time_zone),
       default_region = coalesce(%(default_region)s::text, default_region),
       reporting_currency = coalesce(%(reporting_currency)s::text, reporting_currency),
       margin = coalesce(%(margin)s::double precision, margin)
 WHERE workspace_id = %(workspace)s;

-- name: list_memberships
-- The workspaces a user belongs to.
SELECT workspace_id, slug, name, role FROM list_memberships(%(user_id)s);

-- name: list_rates
-- Dated rates, by currency and day.
SELECT currency, valid_from, rate FROM currency_rate WHERE workspace_id = %(workspace)s ORDER BY currency, valid_from;

-- name: forget_rates
-- Removes every rate.
DELETE FROM currency_rate WHERE workspace_id = %(workspace)s;

-- name: add_rate
-- Stores one rate.
INSERT INTO currency_rate (workspace_id, currency, valid_from, rate)
VALUES (%(workspace)s, %(currency)s, %(valid_from)s, %(rate)s);

-- ---------------------------------------------------------------- members
-- name: list_members
-- Members and invited, oldest first. Of an invited user only what the inviter typed is told.
SELECT m.user_id, l.email, CASE WHEN m.accepted_at IS NULL THEN m.invited_name ELSE l.name END AS name,
       m.role, m.created_at, m.accepted_at IS NULL AS pending
  FROM membership AS m JOIN login AS l USING (user_id)
 WHERE m.workspace_id = %(workspace)s
 ORDER BY m.created_at, m.user_id;

-- name: find_member
-- One member or invited user, or no row.
SELECT m.user_id, l.email, CASE WHEN m.accepted_at IS NULL THEN m.invited_name ELSE l.name END AS name,
       m.role, m.created_at, m.accepted_at IS NULL AS pending
  FROM membership AS m JOIN login AS l USING (user_id)
 WHERE m.workspace_id = %(workspace)s AND m.user_id = %(user_id)s;

-- name: put_member
-- Makes a user a member, or changes the role; an accepted member stays accepted.
INSERT INTO membership (workspace_id, user_id, role, invited_name, accepted_at)
VALUES (%(workspace)s, %(user_id)s, %(role)s, %(invited_name)s, %(accepted_at)s)
ON CONFLICT (workspace_id, user_id)
DO UPDATE SET role = excluded.role, invited_name = excluded.invited_name,
              accepted_at = coalesce(membership.accepted_at, excluded.accepted_at);

-- name: put_role
-- Changes a member's role; count what changed.
UPDATE membership SET role = %(role)s WHERE workspace_id = %(workspace)s AND user_id = %(user_id)s;

-- name: accept_member
-- Opens the door to an invited user; count what changed.
UPDATE membership SET accepted_at = %(now)s
 WHERE workspace_id = %(workspace)s AND user_id = %(user_id)s AND accepted_at IS NULL;

-- name: delete_member
-- Removes a member; count what changed.
DELETE FROM membership WHERE workspace_id = %(workspace)s AND user_id = %(user_id)s;

-- name: hold_owners
-- Owners who can sign in; their rows stay locked, so that two owners cannot demote each other at once.
SELECT user_id FROM membership
 WHERE workspace_id = %(workspace)s AND role = 'owner' AND accepted_at IS NOT NULL
 ORDER BY user_id FOR UPDATE;

-- ---------------------------------------------------------------- keys
-- name: find_api_key
-- A living key by the hash of its secret, or no row; notes the use, at most once a minute.
SELECT workspace_id, api_key_id, kind, role FROM find_api_key(%(secret_hash)s);

-- name: list_keys
-- Every key, newest first, revoked ones too.
SELECT api_key_id, kind, name, prefix, role, created_at, last_used_at, revoked_at
  FROM api_key WHERE workspace_id = %(workspace)s ORDER BY api_key_id DESC;

-- name: add_key
-- Stores a key; comes back without its secret.
INSERT INTO api_key (workspace_id, kind, name, prefix, secret_hash, role, created_by)
VALUES (%(workspace)s, %(kind)s, %(name)s, %(prefix)s, %(secret_hash)s, %(role)s, %(created_by)s)
RETURNING api_key_id, kind, name, prefix, role, created_at, last_used_at, revoked_at;

-- name: revoke_key
-- Ends a key for good; its hash comes back, or no row if there is no such living key.
UPDATE api_key SET revoked_at = now()
 WHERE workspace_id = %(workspace)s AND api_key_id = %(api_key_id)s AND revoked_at IS NULL
RETURNING secret_hash, name;

-- ---------------------------------------------------------------- audit
-- name: add_audit
-- Notes a change.
INSERT INTO audit (workspace_id, actor, action, target, detail)
VALUES (%(workspace)s, %(actor)s, %(action)s, %(target)s, %(detail)s::jsonb);

-- name: list_audit
-- Changes before an entry, newest first, with the name of the user who made each.
SELECT a.audit_id, a.audited_at, a.actor, l.name AS actor_name, a.action, a.target, a.detail
  FROM audit AS a
  LEFT JOIN login AS l ON a.actor = 'user:' || l.user_id
 WHERE a.workspace_id = %(workspace)s AND a.audit_id < %(before)s
 ORDER BY a.audit_id DESC
 LIMIT %(limit)s;

-- ---------------------------------------------------------------- idempotency
-- name: forget_answers
-- Removes answers that are older than a day.
DELETE FROM idempotency WHERE workspace_id = %(workspace)s AND started_at < now() - interval '1 day';

-- name: claim_answer
-- A row if this request is the first with its key, or follows one that died ten minutes ago.
INSERT INTO idempotency AS kept (workspace_id, actor, key_hash, request_hash)
VALUES (%(workspace)s, %(actor)s, %(key_hash)s, %(request_hash)s)
ON CONFLICT (workspace_id, actor, key_hash)
DO UPDATE SET started_at = now()
    WHERE kept.status IS NULL AND kept.request_hash = excluded.request_hash
      AND kept.started_at < now() - interval '10 minutes'
RETURNING actor;

-- name: get_answer
-- What is known of the first request with a key.
SELECT request_hash, permission, status, content_type, sealed_body FROM idempotency
 WHERE workspace_id = %(workspace)s AND actor = %(actor)s AND key_hash = %(key_hash)s;

-- name: put_answer
-- Keeps the answer of the first request.
UPDATE idempotency
   SET status = %(status)s, content_type = %(content_type)s, sealed_body = %(sealed_body)s, permission = %(permission)s
 WHERE workspace_id = %(workspace)s AND actor = %(actor)s AND key_hash = %(key_hash)s;

-- name: release_answer
-- The first request came to nothing: its key is free again.
DELETE FROM idempotency
 WHERE workspace_id = %(workspace)s AND actor = %(actor)s AND key_hash = %(key_hash)s AND status IS NULL;
