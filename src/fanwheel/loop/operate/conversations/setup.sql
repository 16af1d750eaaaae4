-- How the inbox is set up: teams, which accounts they serve, what is promised, canned replies.

-- name: list_teams
-- Teams with their members.
SELECT team.team_id, team.name, team.assigns, team.most_open,
       ARRAY(SELECT member.user_id FROM inbox_team_member AS member
              WHERE member.workspace_id = %(workspace)s AND member.team_id = team.team_id ORDER BY 1) AS user_ids
  FROM inbox_team AS team
 WHERE team.workspace_id = %(workspace)s
   AND (%(one)s::integer IS NULL OR team.team_id = %(one)s)
 ORDER BY lower(team.name);

-- name: has_team
-- Whether there is a team.
SELECT EXISTS (SELECT FROM inbox_team WHERE workspace_id = %(workspace)s AND team_id = %(team_id)s) AS has_team;

-- name: is_team_name_taken
-- Whether another team has a name.
SELECT EXISTS (SELECT FROM inbox_team
                WHERE workspace_id = %(workspace)s AND lower(name) = lower(%(name)s)
                  AND team_id IS DISTINCT FROM %(team_id)s::integer) AS is_taken;

-- name: add_team
-- The number of a new team.
INSERT INTO inbox_team (workspace_id, name, assigns, most_open, created_by)
VALUES (%(workspace)s, %(name)s, %(assigns)s, %(most_open)s, %(actor)s)
RETURNING team_id;

-- name: put_team
-- Changes a team.
UPDATE inbox_team
   SET name = %(name)s, assigns = %(assigns)s, most_open = %(most_open)s
 WHERE workspace_id = %(workspace)s
   AND team_id = %(team_id)s;

-- name: leave_team
-- Takes every conversation out of a team.
UPDATE conversation SET team_id = NULL WHERE workspace_id = %(workspace)s AND team_id = %(team_id)s;

-- name: delete_team
-- Deletes a team.
DELETE FROM inbox_team WHERE workspace_id = %(workspace)s AND team_id = %(team_id)s;

-- name: clear_members
-- Takes everybody out of a team.
DELETE FROM inbox_team_member WHERE workspace_id = %(workspace)s AND team_id = %(team_id)s;

-- name: add_members
-- Puts members of the workspace into a team; others are left out.
INSERT INTO inbox_team_member (workspace_id, team_id, user_id)
SELECT %(workspace)s, %(team_id)s, membership.user_id
  FROM membership
 WHERE membership.workspace_id = %(workspace)s
   AND membership.user_id = ANY (%(users)s::bigint[])
   AND membership.role IN ('owner', 'operator', 'agent');

-- name: list_routes
-- Which team serves which account; account 0 stands for the others.
SELECT account_id, team_id, has_survey FROM inbox_route WHERE workspace_id = %(workspace)s ORDER BY account_id;

-- name: clear_routes
-- Forgets which team serves which account.
DELETE FROM inbox_route WHERE workspace_id = %(workspace)s;

-- name: add_route
-- Writes which team serves an account.
INSERT INTO inbox_route (workspace_id, account_id, team_id, has_survey)
VALUES (%(workspace)s, %(account_id)s, %(team_id)s, %(has_survey)s);

-- name: has_survey
-- Whether people are asked how it was.
SELECT has_survey
  FROM inbox_route
 WHERE workspace_id = %(workspace)s
   AND account_id IN (%(account_id)s, 0)
 ORDER BY account_id DESC
 LIMIT 1;

-- name: speaks_chinese
-- Whether the person behind a home reads Chinese, as far as is known.
SELECT coalesce(person.traits ->> 'language', person.traits ->> 'locale', '') LIKE 'zh%%' AS speaks_chinese
  FROM identifier
  JOIN person USING (workspace_id, person_id)
 WHERE identifier.workspace_id = %(workspace)s
   AND identifier.home_id = %(home_id)s;

-- name: list_policies
-- What is promised, by position.
SELECT policy_id, name, channel, team_id, priority, first_response_s, next_response_s, resolution_s, is_in_hours
  FROM service_policy
 WHERE workspace_id = %(workspace)s
 ORDER BY position, policy_id;

-- name: clear_policies
-- Forgets what is promised.
DELETE FROM service_policy WHERE workspace_id = %(workspace)s;

-- name: add_policy
-- Writes one thing that is promised.
INSERT INTO service_policy (workspace_id, position, name, channel, team_id, priority, first_response_s,
                            next_response_s, resolution_s, is_in_hours)
VALUES (%(workspace)s, %(position)s, %(name)s, %(channel)s, %(team_id)s, %(priority)s, %(first_response_s)s,
        %(next_response_s)s, %(resolution_s)s, %(is_in_hours)s);

-- name: list_canned
-- Canned replies, those used most first.
SELECT canned_id, shortcut, title, body, team_id, uses
  FROM canned_reply
 WHERE workspace_id = %(workspace)s
   AND (%(one)s::integer IS NULL OR canned_id = %(one)s)
 ORDER BY uses DESC, lower(shortcut)
 LIMIT 2000;

-- name: is_shortcut_taken
-- Whether another canned reply has a shortcut.
SELECT EXISTS (SELECT FROM canned_reply
                WHERE workspace_id = %(workspace)s AND lower(shortcut) = lower(%(shortcut)s)
                  AND canned_id IS DISTINCT FROM %(canned_id)s::integer) AS is_taken;

-- name: add_canned
-- The number of a new canned reply.
INSERT INTO canned_reply (workspace_id, shortcut, title, body, team_id, updated_by)
VALUES (%(workspace)s, %(shortcut)s, %(title)s, %(body)s, %(team_id)s, %(actor)s)
RETURNING canned_id;

-- name: put_canned
-- Changes a canned reply.
UPDATE canned_reply
   SET shortcut = %(shortcut)s, title = %(title)s, body = %(body)s, team_id = %(team_id)s, updated_at = now(),
       updated_by = %(actor)s
 WHERE workspace_id = %(workspace)s
   AND canned_id = %(canned_id)s;

-- name: use_canned
-- Counts that a canned reply was used.
UPDATE canned_reply SET uses = uses + 1 WHERE workspace_id = %(workspace)s AND canned_id = %(canned_id)s;

-- name: delete_canned
-- Deletes a canned reply.
DELETE FROM canned_reply WHERE workspace_id = %(workspace)s AND canned_id = %(canned_id)s;

-- name: get_variables
-- What canned replies may say of a person and of whoever answers.
SELECT coalesce(nullif(person.display_name, ''), conversation.name) AS name, coalesce(person.traits, '{}') AS traits,
       place.name AS brand, (SELECT login.name FROM login WHERE login.user_id = %(user)s) AS agent
  FROM conversation
  JOIN workspace AS place USING (workspace_id)
  JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = conversation.home_id
  LEFT JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = identifier.person_id
 WHERE conversation.workspace_id = %(workspace)s
   AND conversation.conversation_id = %(conversation_id)s;
