-- What is written when people write, and when they are answered.

-- name: begin_conversations
-- Begins conversations that are not there yet; whoever was erased meanwhile is left out. How many.
INSERT INTO conversation (workspace_id, account_id, channel, home_id, name, opened_at, last_at, team_id)
SELECT %(workspace)s, begun.account_id, begun.channel, begun.home_id, begun.name, begun.said_at, begun.said_at,
       route.team_id
  FROM jsonb_to_recordset(%(begun)s::jsonb)
       AS begun (account_id integer, channel text, home_id bigint, name text, said_at timestamptz)
  JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = begun.home_id
  LEFT JOIN LATERAL (
        SELECT inbox_route.team_id FROM inbox_route
         WHERE inbox_route.workspace_id = %(workspace)s AND inbox_route.account_id IN (begun.account_id, 0)
         ORDER BY inbox_route.account_id DESC LIMIT 1) AS route ON true
 ORDER BY begun.home_id, begun.account_id
    ON CONFLICT (workspace_id, home_id, account_id) DO NOTHING;

-- name: hold_by_address
-- The conversations of some homes on some accounts, kept from others until the transaction ends.
SELECT conversation_id, account_id, channel, home_id, name, state, assignee_id, team_id, priority, round, opened_at,
       answered_at, waiting_since, last_at, last_in_at, last_message_id, last_kind, preview, due_at, due_for,
       resolution_due_at, snoozed_until, closed_at, surveyed_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND (home_id, account_id) IN (SELECT * FROM unnest(%(homes)s::bigint[], %(accounts)s::integer[]))
 ORDER BY conversation_id
   FOR NO KEY UPDATE;

-- name: hold_by_id
-- Some conversations, kept from others until the transaction ends.
SELECT conversation_id, account_id, channel, home_id, name, state, assignee_id, team_id, priority, round, opened_at,
       answered_at, waiting_since, last_at, last_in_at, last_message_id, last_kind, preview, due_at, due_for,
       resolution_due_at, snoozed_until, closed_at, surveyed_at
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND conversation_id = ANY (%(ids)s::bigint[])
 ORDER BY conversation_id
   FOR NO KEY UPDATE;

-- name: take_numbers
-- So many numbers for messages, in order.
SELECT nextval('message_number') AS message_id FROM generate_series(1, %(count)s);

-- name: add_messages
-- Writes messages; those that are there already are left out. The numbers of those written.
INSERT INTO message (workspace_id, message_id, conversation_id, kind, author, said_at, parts, body, key, intent_id,
                     context, detail, words)
SELECT %(workspace)s, line.message_id, line.conversation_id, line.kind, line.author, line.said_at, line.parts, line.body,
       line.key, line.intent_id, coalesce(line.context, '{}'), coalesce(line.detail, '{}'), coalesce(line.words, '{}')
  FROM jsonb_to_recordset(%(lines)s::jsonb)
       AS line (message_id bigint, conversation_id bigint, kind text, author text, said_at timestamptz, parts jsonb,
                body text, key text, intent_id bigint, context jsonb, detail jsonb, words integer[])
 ORDER BY line.message_id
    ON CONFLICT (workspace_id, conversation_id, key) WHERE key IS NOT NULL DO NOTHING
RETURNING message_id;

-- name: put_threads
-- Writes what messages and people change of conversations.
UPDATE conversation
   SET name = coalesce(nullif(told.name, ''), conversation.name),
       state = told.state, assignee_id = told.assignee_id, team_id = told.team_id, priority = told.priority,
       round = told.round, opened_at = told.opened_at, answered_at = told.answered_at,
       waiting_since = told.waiting_since, last_at = told.last_at, last_in_at = told.last_in_at,
       last_message_id = told.last_message_id, last_kind = told.last_kind, preview = told.preview,
       due_at = told.due_at, due_for = told.due_for, resolution_due_at = told.resolution_due_at,
       snoozed_until = told.snoozed_until, closed_at = told.closed_at, surveyed_at = told.surveyed_at,
       changed_tx = pg_current_xact_id()::text::bigint
  FROM jsonb_to_recordset(%(threads)s::jsonb)
       AS told (conversation_id bigint, name text, state text, assignee_id bigint, team_id integer, priority smallint,
                round integer, opened_at timestamptz, answered_at timestamptz, waiting_since timestamptz,
                last_at timestamptz, last_in_at timestamptz, last_message_id bigint, last_kind text, preview text,
                due_at timestamptz, due_for text, resolution_due_at timestamptz, snoozed_until timestamptz,
                closed_at timestamptz, surveyed_at timestamptz)
 WHERE conversation.workspace_id = %(workspace)s
   AND conversation.conversation_id = told.conversation_id;

-- name: touch
-- Marks conversations as changed, for those who look at them.
UPDATE conversation
   SET changed_tx = pg_current_xact_id()::text::bigint
 WHERE workspace_id = %(workspace)s
   AND conversation_id = ANY (%(ids)s::bigint[]);

-- name: put_rounds
-- Writes rounds of conversations that have begun.
INSERT INTO conversation_round (workspace_id, conversation_id, round, channel, account_id, team_id, opened_at)
SELECT %(workspace)s, began.conversation_id, began.round, began.channel, began.account_id, began.team_id,
       began.opened_at
  FROM jsonb_to_recordset(%(rounds)s::jsonb)
       AS began (conversation_id bigint, round integer, channel text, account_id integer, team_id integer,
                 opened_at timestamptz)
    ON CONFLICT (workspace_id, conversation_id, round) DO NOTHING;

-- name: answer_round
-- Writes who answered a round first, and after what time.
UPDATE conversation_round
   SET answered_at = %(answered_at)s, answered_by = %(user)s, response_s = %(seconds)s,
       response_open_s = %(open_seconds)s, is_response_late = %(is_late)s
 WHERE workspace_id = %(workspace)s
   AND conversation_id = %(conversation_id)s
   AND round = %(round)s
   AND answered_at IS NULL;

-- name: close_round
-- Writes who closed a round, and after what time.
UPDATE conversation_round
   SET closed_at = %(closed_at)s, closed_by = %(user)s, team_id = %(team_id)s, resolution_s = %(seconds)s,
       resolution_open_s = %(open_seconds)s, is_resolution_late = %(is_late)s
 WHERE workspace_id = %(workspace)s
   AND conversation_id = %(conversation_id)s
   AND round = %(round)s;

-- name: notify
-- Tells whoever listens.
SELECT pg_notify('fanwheel_inbox', %(payload)s);

-- name: hold_teams
-- Teams that give conversations away by themselves, kept from others until the transaction ends.
SELECT team_id, name, assigns, most_open, last_user_id
  FROM inbox_team
 WHERE workspace_id = %(workspace)s
   AND team_id = ANY (%(teams)s::integer[])
   AND assigns <> 'manual'
 ORDER BY team_id
   FOR NO KEY UPDATE;

-- name: list_free_members
-- Members of teams who are there, with how many conversations each has open.
SELECT member.team_id, member.user_id,
       (SELECT count(*)::integer FROM conversation
         WHERE conversation.workspace_id = %(workspace)s AND conversation.assignee_id = member.user_id
           AND conversation.state = 'open') AS open_count
  FROM inbox_team_member AS member
  LEFT JOIN inbox_agent AS agent ON agent.workspace_id = %(workspace)s AND agent.user_id = member.user_id
 WHERE member.workspace_id = %(workspace)s
   AND member.team_id = ANY (%(teams)s::integer[])
   AND NOT coalesce(agent.is_away, false);

-- name: put_last_user
-- Writes who was given a conversation last, in turn.
UPDATE inbox_team SET last_user_id = %(user)s WHERE workspace_id = %(workspace)s AND team_id = %(team_id)s;

-- name: list_owners
-- Who looks after the persons behind some homes; who began last counts.
SELECT DISTINCT ON (asked.home_id) asked.home_id, owner.user_id
  FROM identifier AS asked
  JOIN identifier AS other ON other.workspace_id = %(workspace)s AND other.person_id = asked.person_id
  JOIN fan_owner AS owner ON owner.workspace_id = %(workspace)s AND owner.home_id = other.home_id
 WHERE asked.workspace_id = %(workspace)s
   AND asked.home_id = ANY (%(homes)s::bigint[])
 ORDER BY asked.home_id, owner.owned_since DESC;

-- name: list_policies
-- What is promised, by position.
SELECT policy_id, name, channel, team_id, priority, first_response_s, next_response_s, resolution_s, is_in_hours
  FROM service_policy
 WHERE workspace_id = %(workspace)s
 ORDER BY position, policy_id;

-- name: rate
-- Writes the score of a round.
UPDATE rating
   SET score = %(score)s, rated_at = %(now)s
 WHERE workspace_id = %(workspace)s
   AND conversation_id = %(conversation_id)s
   AND round = %(round)s;

-- name: ask_for_rating
-- Remembers that somebody was asked how it was.
INSERT INTO rating (workspace_id, conversation_id, round, asked_at, user_id, team_id, channel)
VALUES (%(workspace)s, %(conversation_id)s, %(round)s, %(now)s, %(user)s, %(team_id)s, %(channel)s)
    ON CONFLICT (workspace_id, conversation_id, round) DO NOTHING;

-- name: find_team
-- The team of a name.
SELECT team_id FROM inbox_team WHERE workspace_id = %(workspace)s AND lower(name) = lower(%(name)s);

-- name: list_unanswered
-- Open conversations in which somebody has waited since between two moments, those after a number; what an answer to
-- the last word must carry. Whoever has been told by a rule that it takes longer is left out.
SELECT conversation.conversation_id, conversation.account_id, conversation.channel, conversation.home_id,
       identifier.person_id, conversation.waiting_since, coalesce(said.key, '') AS key,
       coalesce(said.context, '{}') AS context
  FROM conversation
  JOIN identifier ON identifier.workspace_id = %(workspace)s AND identifier.home_id = conversation.home_id
  LEFT JOIN LATERAL (SELECT message.key, message.context
                       FROM message
                      WHERE message.workspace_id = %(workspace)s
                        AND message.conversation_id = conversation.conversation_id
                        AND message.kind = 'in'
                      ORDER BY message.message_id DESC
                      LIMIT 1) AS said ON true
 WHERE conversation.workspace_id = %(workspace)s
   AND conversation.waiting_since < %(before)s
   AND conversation.waiting_since >= %(after)s
   AND conversation.state = 'open'
   AND NOT EXISTS (SELECT FROM auto_reply_firing AS told
                    WHERE told.workspace_id = %(workspace)s
                      AND told.home_id = conversation.home_id
                      AND told.key = 'wait:' || conversation.conversation_id || ':'
                                     || (extract(epoch FROM conversation.waiting_since) * 1000000)::bigint)
   AND conversation.conversation_id > %(after_id)s
 ORDER BY conversation.conversation_id
 LIMIT %(most)s;

-- name: list_due_snoozes
-- Conversations to wake up, kept from others.
SELECT conversation_id
  FROM conversation
 WHERE workspace_id = %(workspace)s
   AND snoozed_until <= %(now)s
 ORDER BY conversation_id
 LIMIT 500
   FOR NO KEY UPDATE SKIP LOCKED;
