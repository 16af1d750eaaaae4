-- Conversations: one per address of a person × account, their messages, teams, promises and ratings.

SET LOCAL lock_timeout = '10s';

-- ---------------------------------------------------------------- who answers
CREATE TABLE inbox_team (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    team_id       integer GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL,
    assigns       text NOT NULL DEFAULT 'manual' CHECK (assigns IN ('manual', 'round_robin', 'load', 'owner')),
    most_open     integer CHECK (most_open > 0),      -- nobody is given more than so many by itself
    last_user_id  bigint,                             -- who was given one last, in turn
    created_at    timestamptz NOT NULL DEFAULT now(),
    created_by    text NOT NULL,
    PRIMARY KEY (workspace_id, team_id)
);
CREATE UNIQUE INDEX inbox_team_name ON inbox_team (workspace_id, lower(name));

CREATE TABLE inbox_team_member (
    workspace_id  integer NOT NULL,
    team_id       integer NOT NULL,
    user_id       bigint NOT NULL,
    PRIMARY KEY (workspace_id, team_id, user_id),
    FOREIGN KEY (workspace_id, team_id) REFERENCES inbox_team ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, user_id) REFERENCES membership ON DELETE CASCADE
);
CREATE INDEX inbox_team_member_user ON inbox_team_member (workspace_id, user_id);

CREATE TABLE inbox_agent (                            -- whoever has no row is there
    workspace_id  integer NOT NULL,
    user_id       bigint NOT NULL,
    is_away       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (workspace_id, user_id),
    FOREIGN KEY (workspace_id, user_id) REFERENCES membership ON DELETE CASCADE
);

CREATE TABLE inbox_route (                            -- account 0: every account without a row of its own
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id    integer NOT NULL,
    team_id       integer,
    has_survey    boolean NOT NULL DEFAULT false,     -- whether people are asked how it was once it is closed
    PRIMARY KEY (workspace_id, account_id),
    FOREIGN KEY (workspace_id, team_id) REFERENCES inbox_team ON DELETE CASCADE
);

CREATE TABLE service_policy (                         -- the first that fits, by position
    workspace_id      integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    policy_id         integer GENERATED ALWAYS AS IDENTITY,
    position          integer NOT NULL,
    name              text NOT NULL,
    channel           text,                           -- NULL: any
    team_id           integer,
    priority          smallint,
    first_response_s  integer CHECK (first_response_s > 0),
    next_response_s   integer CHECK (next_response_s > 0),
    resolution_s      integer CHECK (resolution_s > 0),
    is_in_hours       boolean NOT NULL DEFAULT true,  -- the clock stands still while the brand is closed
    PRIMARY KEY (workspace_id, policy_id),
    FOREIGN KEY (workspace_id, team_id) REFERENCES inbox_team ON DELETE CASCADE
);

CREATE TABLE canned_reply (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    canned_id     integer GENERATED ALWAYS AS IDENTITY,
    shortcut      text NOT NULL,                      -- what is typed after the slash
    title         text NOT NULL,
    body          text NOT NULL,                      -- with {{ variables }}
    team_id       integer,                            -- NULL: for everybody
    uses          bigint NOT NULL DEFAULT 0,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    updated_by    text NOT NULL,
    PRIMARY KEY (workspace_id, canned_id),
    FOREIGN KEY (workspace_id, team_id) REFERENCES inbox_team ON DELETE CASCADE
);
CREATE UNIQUE INDEX canned_reply_shortcut ON canned_reply (workspace_id, lower(shortcut));

CREATE TABLE fan_owner (                              -- who of the brand looks after a fan
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    home_id       bigint NOT NULL,
    user_id       bigint NOT NULL,
    owned_since   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, home_id),
    FOREIGN KEY (workspace_id, home_id) REFERENCES identifier (workspace_id, home_id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, user_id) REFERENCES membership ON DELETE CASCADE
);
CREATE INDEX fan_owner_user ON fan_owner (workspace_id, user_id);

-- ---------------------------------------------------------------- conversations
CREATE TABLE conversation (
    workspace_id      integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    conversation_id   bigint GENERATED ALWAYS AS IDENTITY,
    account_id        integer NOT NULL,
    channel           text NOT NULL,
    home_id           bigint NOT NULL,                -- of the address: a merge of persons leaves it alone
    name              text NOT NULL DEFAULT '',       -- what the platform calls the person
    state             text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'snoozed', 'closed')),
    assignee_id       bigint,
    team_id           integer,
    priority          smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN -1 AND 2),
    round             integer NOT NULL DEFAULT 1,     -- how many times it has been opened
    opened_at         timestamptz NOT NULL,
    answered_at       timestamptz,                    -- first answer by a human in this round
    waiting_since     timestamptz,                    -- the first word that nobody has answered
    last_at           timestamptz NOT NULL,
    last_in_at        timestamptz,
    last_message_id   bigint NOT NULL DEFAULT 0,
    last_kind         text NOT NULL DEFAULT 'in' CHECK (last_kind IN ('in', 'out')),
    preview           text NOT NULL DEFAULT '',
    due_at            timestamptz,                    -- what is promised next
    due_for           text NOT NULL DEFAULT '' CHECK (due_for IN ('', 'first', 'next', 'resolution')),
    resolution_due_at timestamptz,
    snoozed_until     timestamptz,
    closed_at         timestamptz,
    surveyed_at       timestamptz,                    -- asked how it was; the next word may be the answer
    changed_tx        bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    PRIMARY KEY (workspace_id, conversation_id),
    UNIQUE (workspace_id, home_id, account_id),
    FOREIGN KEY (workspace_id, home_id) REFERENCES identifier (workspace_id, home_id) ON DELETE CASCADE
);
CREATE INDEX conversation_state ON conversation (workspace_id, state, last_at DESC, conversation_id DESC);
CREATE INDEX conversation_assignee ON conversation (workspace_id, assignee_id, state, last_at DESC, conversation_id DESC);
CREATE INDEX conversation_team ON conversation (workspace_id, team_id, state, last_at DESC, conversation_id DESC)
    WHERE team_id IS NOT NULL;
CREATE INDEX conversation_account ON conversation (workspace_id, account_id, state, last_at DESC, conversation_id DESC);
CREATE INDEX conversation_waiting ON conversation (workspace_id, waiting_since, conversation_id)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversation_due ON conversation (workspace_id, due_at, conversation_id) WHERE due_at IS NOT NULL;
CREATE INDEX conversation_snoozed ON conversation (workspace_id, snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX conversation_changed ON conversation (workspace_id, changed_tx);

CREATE TABLE conversation_tag (
    workspace_id     integer NOT NULL,
    tag              text NOT NULL,
    conversation_id  bigint NOT NULL,
    PRIMARY KEY (workspace_id, tag, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation ON DELETE CASCADE
);
CREATE INDEX conversation_tag_conversation ON conversation_tag (workspace_id, conversation_id);

CREATE SEQUENCE message_number AS bigint;

CREATE TABLE message (
    workspace_id     integer NOT NULL,
    message_id       bigint NOT NULL,                 -- from message_number; words depend on it
    conversation_id  bigint NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('in', 'out', 'note', 'line')),
    author           text NOT NULL DEFAULT '',        -- '': the person; user:3, key:1, rule:5, elsewhere, system
    said_at          timestamptz NOT NULL,
    parts            jsonb NOT NULL,
    body             text NOT NULL,                   -- what of it is text
    key              text,                            -- the platform's
    intent_id        bigint,
    context          jsonb NOT NULL DEFAULT '{}',     -- what a reply must carry
    detail           jsonb NOT NULL DEFAULT '{}',
    words            integer[] NOT NULL DEFAULT '{}', -- see loop/operate/conversations/rules/words.py
    PRIMARY KEY (workspace_id, message_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation ON DELETE CASCADE
);
CREATE INDEX message_thread ON message (workspace_id, conversation_id, message_id DESC);
CREATE UNIQUE INDEX message_key ON message (workspace_id, conversation_id, key) WHERE key IS NOT NULL;
CREATE INDEX message_intent ON message (workspace_id, intent_id) WHERE intent_id IS NOT NULL;
CREATE INDEX message_words ON message USING gin (words) WITH (gin_pending_list_limit = 1024);

CREATE TABLE mention (
    workspace_id     integer NOT NULL,
    user_id          bigint NOT NULL,
    message_id       bigint NOT NULL,
    conversation_id  bigint NOT NULL,
    seen_at          timestamptz,
    PRIMARY KEY (workspace_id, user_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES message ON DELETE CASCADE
);
CREATE INDEX mention_message ON mention (workspace_id, message_id);

CREATE TABLE conversation_watch (                     -- who looks, who types, how far somebody has read
    workspace_id     integer NOT NULL,
    conversation_id  bigint NOT NULL,
    user_id          bigint NOT NULL,                 -- 0: the person
    seen_message_id  bigint NOT NULL DEFAULT 0,
    looking_until    timestamptz NOT NULL DEFAULT '-infinity',
    typing_until     timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (workspace_id, conversation_id, user_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation ON DELETE CASCADE
);

-- ---------------------------------------------------------------- what reports are made of
CREATE TABLE conversation_round (                     -- one from opening to closing
    workspace_id       integer NOT NULL,
    conversation_id    bigint NOT NULL,
    round              integer NOT NULL,
    channel            text NOT NULL,
    account_id         integer NOT NULL,
    team_id            integer,
    opened_at          timestamptz NOT NULL,
    answered_at        timestamptz,
    answered_by        bigint,                        -- the user who answered first
    response_s         integer,                       -- until then
    response_open_s    integer,                       -- and how much of it the brand was open
    is_response_late   boolean,                       -- NULL: nothing was promised
    closed_at          timestamptz,
    closed_by          bigint,
    resolution_s       integer,
    resolution_open_s  integer,
    is_resolution_late boolean,
    PRIMARY KEY (workspace_id, conversation_id, round),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation ON DELETE CASCADE
);
CREATE INDEX conversation_round_opened ON conversation_round (workspace_id, opened_at);

CREATE TABLE rating (
    workspace_id     integer NOT NULL,
    conversation_id  bigint NOT NULL,
    round            integer NOT NULL,
    asked_at         timestamptz NOT NULL,
    score            smallint CHECK (score BETWEEN 1 AND 5),
    remark           text NOT NULL DEFAULT '',
    rated_at         timestamptz,
    user_id          bigint,                          -- who closed it
    team_id          integer,
    channel          text NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, round),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversation ON DELETE CASCADE
);
CREATE INDEX rating_rated ON rating (workspace_id, rated_at) WHERE rated_at IS NOT NULL;

-- ---------------------------------------------------------------- visitors of the web chat
CREATE TABLE webchat_visitor (
    workspace_id  integer NOT NULL,
    token_hash    bytea NOT NULL UNIQUE,              -- sha256 of what the visitor's browser keeps
    account_id    integer NOT NULL,
    home_id       bigint NOT NULL,
    language      text NOT NULL DEFAULT '',
    begun_at      timestamptz NOT NULL DEFAULT now(),
    seen_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, token_hash),
    FOREIGN KEY (workspace_id, home_id) REFERENCES identifier (workspace_id, home_id) ON DELETE CASCADE
);
CREATE INDEX webchat_visitor_home ON webchat_visitor (workspace_id, home_id);

-- ---------------------------------------------------------------- searching
-- Messages that have all of some words, newest first, as many as wanted. Words are looked for portion by portion, from
-- the newest on, each portion with words of its own, so a word that is everywhere costs no more than a rare one.
-- The index cannot be used below the fence: its operator might tell others' rows. So this looks past the fence, and
-- names the workspace in hand itself.
CREATE FUNCTION find_messages(portions text[], before_id bigint, most integer) RETURNS TABLE (message_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off AS $$
DECLARE
    place integer := nullif(current_setting('fanwheel.workspace', true), '')::integer;
    portion text;
    found integer;
    left_over integer := most;
BEGIN
    FOREACH portion IN ARRAY portions LOOP
        RETURN QUERY SELECT message.message_id FROM message
                      WHERE message.words @> portion::integer[]
                        AND message.workspace_id = place
                        AND message.message_id < before_id
                      ORDER BY message.message_id DESC
                      LIMIT left_over;
        GET DIAGNOSTICS found = ROW_COUNT;
        left_over := left_over - found;
        EXIT WHEN left_over <= 0;
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION find_messages(text[], bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_messages(text[], bigint, integer) TO fanwheel_app;

-- Which workspaces have conversations to wake up or to look after now; it says nothing about anybody, so it may look
-- across workspaces.
CREATE FUNCTION list_inbox_work() RETURNS TABLE (workspace_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT conversation.workspace_id FROM conversation
     WHERE snoozed_until IS NOT NULL AND snoozed_until <= now()
     ORDER BY 1
$$;
REVOKE EXECUTE ON FUNCTION list_inbox_work() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_inbox_work() TO fanwheel_app;
