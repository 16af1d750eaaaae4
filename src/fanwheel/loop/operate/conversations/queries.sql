-- The inbox as it is read.

-- name: list_by_state
-- Conversations in a state, the newest first; what is NULL is not asked.
SELECT conversation_id, last_at AS sorted_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND state = %(state)s
   AND (%(account_id)s::integer IS NULL OR account_id = %(account_id)s)
   AND (%(team_id)s::integer IS NULL OR team_id = %(team_id)s)
   AND (%(priority)s::smallint IS NULL OR priority = %(priority)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (last_at, conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY last_at DESC, conversation_id DESC
 LIMIT %(limit)s;

-- name: list_by_assignee
-- Conversations of a user, or of nobody, in a state, the newest first; what is NULL is not asked.
SELECT conversation_id, last_at AS sorted_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND assignee_id = %(assignee_id)s
   AND state = %(state)s
   AND (%(account_id)s::integer IS NULL OR account_id = %(account_id)s)
   AND (%(team_id)s::integer IS NULL OR team_id = %(team_id)s)
   AND (%(priority)s::smallint IS NULL OR priority = %(priority)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (last_at, conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY last_at DESC, conversation_id DESC
 LIMIT %(limit)s;

-- name: list_unassigned
-- Conversations of nobody in a state, the newest first; what is NULL is not asked.
SELECT conversation_id, last_at AS sorted_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND assignee_id IS NULL
   AND state = %(state)s
   AND (%(account_id)s::integer IS NULL OR account_id = %(account_id)s)
   AND (%(team_id)s::integer IS NULL OR team_id = %(team_id)s)
   AND (%(priority)s::smallint IS NULL OR priority = %(priority)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (last_at, conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY last_at DESC, conversation_id DESC
 LIMIT %(limit)s;

-- name: list_by_team
-- Conversations of a team in a state, the newest first; what is NULL is not asked.
SELECT conversation_id, last_at AS sorted_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND team_id = %(team_id)s
   AND state = %(state)s
   AND (%(account_id)s::integer IS NULL OR account_id = %(account_id)s)
   AND (%(priority)s::smallint IS NULL OR priority = %(priority)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (last_at, conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY last_at DESC, conversation_id DESC
 LIMIT %(limit)s;

-- name: list_by_account
-- Conversations of an account in a state, the newest first; what is NULL is not asked.
SELECT conversation_id, last_at AS sorted_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND account_id = %(account_id)s
   AND state = %(state)s
   AND (%(team_id)s::integer IS NULL OR team_id = %(team_id)s)
   AND (%(priority)s::smallint IS NULL OR priority = %(priority)s)
   AND (last_at, conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY last_at DESC, conversation_id DESC
 LIMIT %(limit)s;

-- name: list_by_channel
-- Conversations of a channel in a state, the newest first, account by account; what is NULL is not asked.
SELECT found.conversation_id, found.last_at AS sorted_at
  FROM channel_account AS account
 CROSS JOIN LATERAL (
       SELECT conversation_id, last_at
         FROM conversation
        WHERE workspace_id = %(workspace)s
          AND account_id = account.account_id
          AND state = %(state)s
          AND (%(priority)s::smallint IS NULL OR priority = %(priority)s)
          AND (last_at, conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
        ORDER BY last_at DESC, conversation_id DESC
        LIMIT %(limit)s) AS found
 WHERE account.workspace_id = %(workspace)s
   AND account.channel = %(channel)s
 ORDER BY found.last_at DESC, found.conversation_id DESC
 LIMIT %(limit)s;

-- name: list_by_tag
-- Conversations with a tag in a state, the newest first; what is NULL is not asked.
SELECT conversation.conversation_id, conversation.last_at AS sorted_at
  FROM conversation_tag AS worn
  JOIN conversation USING (workspace_id, conversation_id)
 WHERE worn.workspace_id = %(workspace)s
   AND worn.tag = %(tag)s
   AND conversation.state = %(state)s
   AND (%(assignee_id)s::integer IS NULL OR conversation.assignee_id = %(assignee_id)s)
   AND (NOT %(is_unassigned)s OR conversation.assignee_id IS NULL)
   AND (%(account_id)s::integer IS NULL OR conversation.account_id = %(account_id)s)
   AND (%(team_id)s::integer IS NULL OR conversation.team_id = %(team_id)s)
   AND (%(priority)s::smallint IS NULL OR conversation.priority = %(priority)s)
   AND (%(channel)s::text IS NULL OR conversation.channel = %(channel)s)
   AND (conversation.last_at, conversation.conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY conversation.last_at DESC, conversation.conversation_id DESC
 LIMIT %(limit)s;

-- name: list_by_common_tag
-- The same for a tag that many wear: all of them are noted first, then those in the state are gone through in order.
SELECT conversation_id, last_at AS sorted_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND state = %(state)s
   AND (%(assignee_id)s::integer IS NULL OR assignee_id = %(assignee_id)s)
   AND (NOT %(is_unassigned)s OR assignee_id IS NULL)
   -- “IS TRUE” keeps this from becoming a join, which asks for each conversation whether it wears the tag.
   AND (conversation_id IN (SELECT worn.conversation_id
                              FROM conversation_tag AS worn
                             WHERE worn.workspace_id = %(workspace)s AND worn.tag = %(tag)s)) IS TRUE
   AND (%(account_id)s::integer IS NULL OR account_id = %(account_id)s)
   AND (%(team_id)s::integer IS NULL OR team_id = %(team_id)s)
   AND (%(priority)s::smallint IS NULL OR priority = %(priority)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (last_at, conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY last_at DESC, conversation_id DESC
 LIMIT %(limit)s;

-- name: count_wearing
-- How many conversations wear a tag, counted up to a limit.
SELECT count(*)
  FROM (SELECT FROM conversation_tag WHERE workspace_id = %(workspace)s AND tag = %(tag)s LIMIT %(most)s) AS worn;

-- name: list_mentioned
-- Conversations in which somebody was mentioned, the newest mention first.
SELECT conversation_id, sorted_at FROM (
    SELECT DISTINCT ON (mention.conversation_id) mention.conversation_id, message.said_at AS sorted_at
      FROM mention
      JOIN message USING (workspace_id, message_id)
     WHERE mention.workspace_id = %(workspace)s
       AND mention.user_id = %(user)s
     ORDER BY mention.conversation_id, mention.message_id DESC) AS last_mention
 WHERE (sorted_at, conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY sorted_at DESC, conversation_id DESC
 LIMIT %(limit)s;

-- name: list_of_homes
-- Conversations of some homes, the newest first.
SELECT conversation_id, last_at AS sorted_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND home_id = ANY (%(homes)s::bigint[])
   AND (last_at, conversation_id) < (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY last_at DESC, conversation_id DESC
 LIMIT %(limit)s;

-- name: list_waiting
-- Open conversations in which somebody waits, who has waited longest first; what is NULL is not asked.
SELECT conversation_id, waiting_since AS sorted_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND waiting_since IS NOT NULL
   AND state = 'open'
   AND (%(assignee_id)s::integer IS NULL OR assignee_id = %(assignee_id)s)
   AND (NOT %(is_unassigned)s OR assignee_id IS NULL)
   AND (%(tag)s::text IS NULL
        OR EXISTS (SELECT FROM conversation_tag AS worn
                    WHERE worn.workspace_id = %(workspace)s
                      AND worn.conversation_id = conversation.conversation_id
                      AND worn.tag = %(tag)s))
   AND (%(account_id)s::integer IS NULL OR account_id = %(account_id)s)
   AND (%(team_id)s::integer IS NULL OR team_id = %(team_id)s)
   AND (%(priority)s::smallint IS NULL OR priority = %(priority)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (waiting_since, conversation_id) > (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY waiting_since, conversation_id
 LIMIT %(limit)s;

-- name: list_due
-- Conversations of which something is promised, what is due first first; what is NULL is not asked.
SELECT conversation_id, due_at AS sorted_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND due_at IS NOT NULL
   AND (%(assignee_id)s::integer IS NULL OR assignee_id = %(assignee_id)s)
   AND (NOT %(is_unassigned)s OR assignee_id IS NULL)
   AND (%(tag)s::text IS NULL
        OR EXISTS (SELECT FROM conversation_tag AS worn
                    WHERE worn.workspace_id = %(workspace)s
                      AND worn.conversation_id = conversation.conversation_id
                      AND worn.tag = %(tag)s))
   AND (%(account_id)s::integer IS NULL OR account_id = %(account_id)s)
   AND (%(team_id)s::integer IS NULL OR team_id = %(team_id)s)
   AND (%(priority)s::smallint IS NULL OR priority = %(priority)s)
   AND (%(channel)s::text IS NULL OR channel = %(channel)s)
   AND (due_at, conversation_id) > (%(after_at)s::timestamptz, %(after_id)s::bigint)
 ORDER BY due_at, conversation_id
 LIMIT %(limit)s;

-- name: describe
-- Conversations as they are listed.
SELECT conversation.conversation_id, conversation.account_id, conversation.channel, conversation.state,
       coalesce(nullif(person.display_name, ''), conversation.name) AS name, conversation.name AS known_as,
       identifier.person_id, conversation.assignee_id, assignee.name AS assignee_name, conversation.team_id,
       team.name AS team_name, conversation.priority, conversation.round, conversation.opened_at,
       conversation.answered_at, conversation.waiting_since, conversation.last_at, conversation.last_in_at,
       conversation.last_message_id, conversation.last_kind, conversation.preview, conversation.due_at,
       conversation.due_for, conversation.snoozed_until, conversation.closed_at,
       ARRAY(SELECT tag FROM conversation_tag AS worn
              WHERE worn.workspace_id = %(workspace)s AND worn.conversation_id = conversation.conversation_id
              ORDER BY tag) AS tags,
       coalesce(watch.seen_message_id, 0) AS seen_message_id
  FROM conversation
  JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = conversation.home_id
  LEFT JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = identifier.person_id
  LEFT JOIN login AS assignee ON assignee.user_id = conversation.assignee_id
  LEFT JOIN inbox_team AS team ON team.workspace_id = %(workspace)s AND team.team_id = conversation.team_id
  LEFT JOIN conversation_watch AS watch
         ON watch.workspace_id = %(workspace)s AND watch.conversation_id = conversation.conversation_id
        AND watch.user_id = %(user)s
 WHERE conversation.workspace_id = %(workspace)s
   AND conversation.conversation_id = ANY (%(ids)s::bigint[]);

-- name: count_views
-- How many conversations wait in each view, counted up to a limit.
SELECT (SELECT count(*) FROM (SELECT FROM conversation WHERE workspace_id = %(workspace)s
                                 AND assignee_id = %(user)s AND state = 'open' LIMIT %(most)s) AS mine) AS mine,
       (SELECT count(*) FROM (SELECT FROM conversation WHERE workspace_id = %(workspace)s
                                 AND assignee_id IS NULL AND state = 'open' LIMIT %(most)s) AS nobodys) AS unassigned,
       (SELECT count(*) FROM (SELECT FROM conversation WHERE workspace_id = %(workspace)s
                                 AND state = 'open' LIMIT %(most)s) AS every) AS "all",
       (SELECT count(*) FROM (SELECT FROM conversation WHERE workspace_id = %(workspace)s
                                 AND state = 'snoozed' LIMIT %(most)s) AS asleep) AS snoozed,
       (SELECT count(*) FROM (SELECT FROM mention WHERE workspace_id = %(workspace)s
                                 AND user_id = %(user)s AND seen_at IS NULL LIMIT %(most)s) AS called) AS mentioned;

-- name: find_home
-- The home and the address of a conversation.
SELECT conversation.conversation_id, conversation.account_id, conversation.channel, conversation.home_id,
       identifier.person_id, identifier.kind, identifier.value, identifier.identifier_hash
  FROM conversation
  JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = conversation.home_id
 WHERE conversation.workspace_id = %(workspace)s
   AND conversation.conversation_id = %(conversation_id)s;

-- name: list_messages
-- Messages of a conversation before a number, the newest first.
SELECT message_id, kind, author, said_at, parts, body, intent_id, detail,
       (SELECT login.name FROM login WHERE message.author = 'user:' || login.user_id) AS author_name,
       ARRAY(SELECT user_id FROM mention
              WHERE mention.workspace_id = %(workspace)s AND mention.message_id = message.message_id) AS mentions
  FROM message
 WHERE workspace_id = %(workspace)s
   AND conversation_id = %(conversation_id)s
   AND message_id < %(before_id)s
 ORDER BY message_id DESC
 LIMIT %(limit)s;

-- name: list_newer
-- Messages of a conversation after a number, in order; of a visitor only what both sides said.
SELECT message_id, kind, author, said_at, parts, body, key, intent_id, detail, NULL AS author_name,
       '{}'::bigint[] AS mentions
  FROM message
 WHERE workspace_id = %(workspace)s
   AND conversation_id = %(conversation_id)s
   AND message_id > %(after_id)s
   AND kind IN ('in', 'out')
 ORDER BY message_id
 LIMIT %(limit)s;

-- name: find_last_in
-- The person's last message: what an answer to it must carry.
SELECT message_id, key, context, said_at, body
  FROM message
 WHERE workspace_id = %(workspace)s
   AND conversation_id = %(conversation_id)s
   AND kind = 'in'
 ORDER BY message_id DESC
 LIMIT 1;

-- name: put_intent
-- Writes by which intent a message goes out.
UPDATE message
   SET intent_id = %(intent_id)s
 WHERE workspace_id = %(workspace)s
   AND message_id = %(message_id)s;

-- name: get_bounds
-- The numbers of the oldest and the newest message.
SELECT (SELECT message_id FROM message WHERE workspace_id = %(workspace)s ORDER BY message_id LIMIT 1) AS oldest,
       (SELECT message_id FROM message WHERE workspace_id = %(workspace)s ORDER BY message_id DESC LIMIT 1) AS newest;

-- name: find_messages
-- Numbers of messages with all of some words and all of some longer texts, the newest first.
SELECT message_id FROM find_messages(%(portions)s::text[], %(wholes)s::text[], %(before_id)s, %(most)s);

-- name: list_found
-- Messages that were found, the newest first.
SELECT message.message_id, message.conversation_id, message.kind, message.author, message.said_at, message.body,
       conversation.channel, conversation.state, coalesce(nullif(person.display_name, ''), conversation.name) AS name
  FROM message
  JOIN conversation USING (workspace_id, conversation_id)
  JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = conversation.home_id
  LEFT JOIN person ON person.workspace_id = %(workspace)s AND person.person_id = identifier.person_id
 WHERE message.workspace_id = %(workspace)s
   AND message.message_id = ANY (%(ids)s::bigint[])
 ORDER BY message.message_id DESC;

-- name: list_changed
-- Conversations that were changed since a transaction, and from which one on to ask next time.
SELECT conversation_id
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND changed_tx >= %(since)s
 ORDER BY changed_tx
 LIMIT %(limit)s;

-- name: get_horizon
-- From which transaction on changes may not have been seen yet.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon;

-- name: watch
-- Writes that somebody looks at a conversation, types, and has read up to a message.
INSERT INTO conversation_watch AS watch (workspace_id, conversation_id, user_id, seen_message_id, looking_until,
                                         typing_until)
SELECT %(workspace)s, conversation.conversation_id, %(user)s, %(seen)s, %(looking_until)s, %(typing_until)s
  FROM conversation
 WHERE conversation.workspace_id = %(workspace)s
   AND conversation.conversation_id = %(conversation_id)s
    ON CONFLICT (workspace_id, conversation_id, user_id) DO UPDATE
   SET seen_message_id = greatest(watch.seen_message_id, excluded.seen_message_id),
       looking_until = excluded.looking_until,
       typing_until = excluded.typing_until;

-- name: list_watchers
-- Who looks at some conversations or types in them now; user 0 is the person.
SELECT watch.conversation_id, watch.user_id, coalesce(login.name, '') AS name,
       watch.typing_until > %(now)s AS is_typing
  FROM conversation_watch AS watch
  LEFT JOIN login ON login.user_id = watch.user_id
 WHERE watch.workspace_id = %(workspace)s
   AND watch.conversation_id = ANY (%(ids)s::bigint[])
   AND greatest(watch.looking_until, watch.typing_until) > %(now)s
 ORDER BY watch.conversation_id, watch.user_id;

-- name: add_mentions
-- Calls members of the workspace into a conversation.
INSERT INTO mention (workspace_id, user_id, message_id, conversation_id)
SELECT %(workspace)s, membership.user_id, %(message_id)s, %(conversation_id)s
  FROM membership
 WHERE membership.workspace_id = %(workspace)s
   AND membership.user_id = ANY (%(users)s::bigint[])
    ON CONFLICT DO NOTHING;

-- name: see_mentions
-- Marks somebody's mentions in a conversation as seen.
UPDATE mention
   SET seen_at = %(now)s
 WHERE workspace_id = %(workspace)s
   AND user_id = %(user)s
   AND conversation_id = %(conversation_id)s
   AND seen_at IS NULL;

-- name: add_tags
-- Puts tags on conversations.
INSERT INTO conversation_tag (workspace_id, tag, conversation_id)
SELECT %(workspace)s, tag, %(conversation_id)s FROM unnest(%(tags)s::text[]) AS given (tag)
    ON CONFLICT DO NOTHING;

-- name: remove_tags
-- Takes tags off a conversation.
DELETE FROM conversation_tag
 WHERE workspace_id = %(workspace)s
   AND conversation_id = %(conversation_id)s
   AND tag = ANY (%(tags)s::text[]);

-- name: list_tags
-- Tags that conversations carry, each looked for after the one before: there are few, on many conversations.
WITH RECURSIVE known (tag) AS (
    (SELECT tag FROM conversation_tag WHERE workspace_id = %(workspace)s ORDER BY tag LIMIT 1)
    UNION ALL
    SELECT (SELECT worn.tag FROM conversation_tag AS worn
             WHERE worn.workspace_id = %(workspace)s AND worn.tag > known.tag
             ORDER BY worn.tag
             LIMIT 1)
      FROM known
     WHERE known.tag IS NOT NULL)
SELECT tag FROM known WHERE tag IS NOT NULL ORDER BY tag LIMIT 500;

-- name: list_agents
-- Members who may answer, with their teams, whether they are away, and how many conversations they have open.
SELECT member.user_id, login.name, login.email, coalesce(agent.is_away, false) AS is_away,
       ARRAY(SELECT team.team_id FROM inbox_team_member AS team
              WHERE team.workspace_id = %(workspace)s AND team.user_id = member.user_id ORDER BY 1) AS team_ids,
       (SELECT count(*) FROM (SELECT FROM conversation
                               WHERE conversation.workspace_id = %(workspace)s
                                 AND conversation.assignee_id = member.user_id AND conversation.state = 'open'
                               LIMIT 1000) AS held)::integer AS open_count
  FROM membership AS member
  JOIN login USING (user_id)
  LEFT JOIN inbox_agent AS agent ON agent.workspace_id = %(workspace)s AND agent.user_id = member.user_id
 WHERE member.workspace_id = %(workspace)s
   AND member.accepted_at IS NOT NULL
   AND member.role IN ('owner', 'operator', 'agent')
 ORDER BY lower(login.name), member.user_id;

-- name: is_agent
-- Whether somebody may answer here.
SELECT EXISTS (SELECT FROM membership
                WHERE workspace_id = %(workspace)s AND user_id = %(user)s AND accepted_at IS NOT NULL
                  AND role IN ('owner', 'operator', 'agent')) AS is_agent;

-- name: put_away
-- Writes whether somebody is away.
INSERT INTO inbox_agent (workspace_id, user_id, is_away)
VALUES (%(workspace)s, %(user)s, %(is_away)s)
    ON CONFLICT (workspace_id, user_id) DO UPDATE SET is_away = excluded.is_away;

-- name: put_owner
-- Writes who looks after a fan.
INSERT INTO fan_owner (workspace_id, home_id, user_id)
VALUES (%(workspace)s, %(home_id)s, %(user)s)
    ON CONFLICT (workspace_id, home_id) DO UPDATE SET user_id = excluded.user_id, owned_since = now();

-- name: delete_owners
-- Forgets who looks after a fan.
DELETE FROM fan_owner WHERE workspace_id = %(workspace)s AND home_id = ANY (%(homes)s::bigint[]);

-- name: list_homes
-- Every home of the person behind a home.
SELECT other.home_id
  FROM identifier AS one
  JOIN identifier AS other ON other.workspace_id = %(workspace)s AND other.person_id = one.person_id
 WHERE one.workspace_id = %(workspace)s
   AND one.home_id = %(home_id)s;

-- name: find_owner
-- Who looks after the person behind a conversation.
SELECT owner.user_id
  FROM conversation
  JOIN identifier AS one ON one.workspace_id = %(workspace)s AND one.home_id = conversation.home_id
  JOIN identifier AS other ON other.workspace_id = %(workspace)s AND other.person_id = one.person_id
  JOIN fan_owner AS owner ON owner.workspace_id = %(workspace)s AND owner.home_id = other.home_id
 WHERE conversation.workspace_id = %(workspace)s
   AND conversation.conversation_id = %(conversation_id)s
 ORDER BY owner.owned_since DESC
 LIMIT 1;

-- name: find_rating
-- How the person found it last, and whether they were asked.
SELECT round, score, asked_at, rated_at
  FROM rating
 WHERE workspace_id = %(workspace)s
   AND conversation_id = %(conversation_id)s
 ORDER BY round DESC
 LIMIT 1;
