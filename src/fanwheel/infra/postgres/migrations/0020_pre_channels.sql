-- Channels: the accounts through which people are reached, what they tell us, and facts on their way to the events.

SET LOCAL lock_timeout = '10s';

CREATE TABLE channel_account (
    workspace_id    integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id      integer GENERATED ALWAYS AS IDENTITY,
    channel         text NOT NULL,                     -- the kind, as in domains/private/channels
    key             text NOT NULL UNIQUE,              -- the last part of its callback's path, which nobody can guess
    name            text NOT NULL,
    settings        jsonb NOT NULL DEFAULT '{}',
    sealed_secrets  bytea,                             -- all of them in one JSON object
    secret_names    text[] NOT NULL DEFAULT '{}',      -- which of them are set
    version         integer NOT NULL DEFAULT 1,        -- counts changes, so that an opened account is opened anew
    is_active       boolean NOT NULL DEFAULT true,     -- false: paused by somebody
    error           text,                              -- why the platform refused the account itself
    error_at        timestamptz,
    checked_at      timestamptz,                       -- the last connection test
    is_fine         boolean,
    check_message   text,
    heard_at        timestamptz,                       -- about when something came in last
    created_at      timestamptz NOT NULL DEFAULT now(),
    created_by      text NOT NULL,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    deleted_at      timestamptz,                       -- what was said through it still names it
    PRIMARY KEY (workspace_id, account_id)
);

-- Tokens of platforms: fetched by one worker, used by all.
CREATE TABLE channel_token (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id    integer NOT NULL,
    name          text NOT NULL,
    sealed_value  bytea,
    expires_at    timestamptz,
    leased_until  timestamptz,                         -- somebody is fetching it
    lease         bigint NOT NULL DEFAULT 0,           -- whose turn it is: an older one may not write any more
    PRIMARY KEY (workspace_id, account_id, name)
);

-- What platforms told us. The row of a happening stays for a while after it was handled, without what it said, so that
-- it is recognized when it is told again.
CREATE TABLE inbound (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    inbound_id    bigint GENERATED ALWAYS AS IDENTITY,
    account_id    integer NOT NULL,
    key           text NOT NULL,                       -- the platform's, the same when it tells it again
    body          text NOT NULL,                       -- JSON; empty once it was handled
    received_at   timestamptz NOT NULL DEFAULT now(),
    state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    turn          smallint NOT NULL DEFAULT 1,         -- 0: it must be answered within seconds, and goes first
    next_at       timestamptz NOT NULL DEFAULT now(),
    attempts      smallint NOT NULL DEFAULT 0,
    error         text,                                -- what was wrong with the last attempt
    done_at       timestamptz,
    PRIMARY KEY (workspace_id, inbound_id),
    UNIQUE (workspace_id, account_id, key)
);
CREATE INDEX inbound_waiting ON inbound (workspace_id, turn, inbound_id) WHERE state = 'waiting';
CREATE INDEX inbound_failed ON inbound (workspace_id, inbound_id) WHERE state = 'failed';
CREATE INDEX inbound_done ON inbound (workspace_id, done_at) WHERE state = 'done';

-- Facts that were committed with what made them, and are still to become events.
CREATE TABLE fact_outbox (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    fact_id       bigint GENERATED ALWAYS AS IDENTITY,
    kind          text NOT NULL CHECK (kind IN ('track', 'identify')),
    key           text NOT NULL,                       -- becomes the event's message id: the same fact counts once
    name          text NOT NULL,
    happened_at   timestamptz NOT NULL,
    refs          jsonb NOT NULL,                      -- [[kind, value], …]: whom it is about
    properties    jsonb NOT NULL,
    PRIMARY KEY (workspace_id, fact_id)
);

-- The account behind a callback's path, which says whose it is; nothing else may look across workspaces.
CREATE FUNCTION find_channel_account(p_key text) RETURNS TABLE (workspace_id integer, account_id integer, channel text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT account.workspace_id, account.account_id, account.channel
      FROM channel_account AS account WHERE account.key = p_key AND account.deleted_at IS NULL
$$;

-- Which workspaces have something to do; they say nothing about it, so they may look across workspaces.
CREATE FUNCTION list_inbound_workspaces() RETURNS TABLE (workspace_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT place.workspace_id FROM workspace AS place
     WHERE EXISTS (SELECT FROM inbound WHERE inbound.workspace_id = place.workspace_id AND state = 'waiting'
                                         AND next_at <= now())
     ORDER BY 1
$$;
CREATE FUNCTION list_outbox_workspaces() RETURNS TABLE (workspace_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT place.workspace_id FROM workspace AS place
     WHERE EXISTS (SELECT FROM fact_outbox AS fact WHERE fact.workspace_id = place.workspace_id)
     ORDER BY 1
$$;
REVOKE EXECUTE ON FUNCTION find_channel_account(text), list_inbound_workspaces(), list_outbox_workspaces() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_channel_account(text), list_inbound_workspaces(), list_outbox_workspaces() TO fanwheel_app;

-- People are reached under these too.
CREATE OR REPLACE VIEW person_row WITH (security_invoker = true) AS
SELECT person.workspace_id, person.person_id, known.user_id, known.email, known.phone, known.unionid, known.openid,
       known.wecom_external_userid, known.douyin_open_id, known.anonymous_id, person.display_name AS name,
       (ARRAY['introduce', 'operate', 'convert', 'share', 'repurchase'])[person.stage] AS stage, person.is_fan,
       person.tags, person.order_count,
       person.revenue_minor / 10::numeric ^ currency_digits(place.reporting_currency) AS revenue,
       place.reporting_currency AS currency, person.first_seen_at, person.last_seen_at, person.traits, person.is_real,
       known.telegram_id, known.line_id, known.tiktok_open_id
  FROM person
  JOIN workspace AS place USING (workspace_id)
 CROSS JOIN LATERAL (
        SELECT min(value) FILTER (WHERE kind = 'user_id') AS user_id,
               min(value) FILTER (WHERE kind = 'email') AS email,
               min(value) FILTER (WHERE kind = 'phone') AS phone,
               min(value) FILTER (WHERE kind = 'unionid') AS unionid,
               min(value) FILTER (WHERE kind = 'openid') AS openid,
               min(value) FILTER (WHERE kind = 'wecom_external_userid') AS wecom_external_userid,
               min(value) FILTER (WHERE kind = 'douyin_open_id') AS douyin_open_id,
               min(value) FILTER (WHERE kind = 'anonymous_id') AS anonymous_id,
               min(value) FILTER (WHERE kind = 'telegram_id') AS telegram_id,
               min(value) FILTER (WHERE kind = 'line_id') AS line_id,
               min(value) FILTER (WHERE kind = 'tiktok_open_id') AS tiktok_open_id
          FROM (SELECT DISTINCT ON (kind) kind, value
                  FROM identifier
                 WHERE identifier.workspace_id = person.workspace_id AND identifier.person_id = person.person_id
                 ORDER BY kind, first_seen_at, home_id) AS first_of_kind) AS known;
