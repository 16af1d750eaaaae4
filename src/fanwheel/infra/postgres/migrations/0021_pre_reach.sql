-- The send path: who is to be reached, what may be said when, and what became of it.

SET LOCAL lock_timeout = '10s';

-- One row per workspace: what the brand itself allows. The salt decides who is held out, for ever.
CREATE TABLE reach_setting (
    workspace_id  integer PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    rules         jsonb NOT NULL,                     -- see loop/operate/reach/settings.py
    salt          text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
    changed_at    timestamptz NOT NULL DEFAULT now(),
    changed_by    text NOT NULL DEFAULT 'system'
);

-- What a platform allows, as rows that can be changed: rights to speak, and quotas (opens = always).
CREATE TABLE allowance (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    allowance_id  integer GENERATED ALWAYS AS IDENTITY,
    channel       text NOT NULL,
    account_id    integer,                            -- NULL: every account of the channel that has none of its own
    name          text NOT NULL,
    opens         text NOT NULL CHECK (opens IN ('message', 'follow', 'tap', 'scan', 'enter', 'grant', 'comment', 'always')),
    lasts_s       integer CHECK (lasts_s > 0),        -- NULL: until used up
    most          integer CHECK (most >= 0),          -- NULL: any number
    per           text NOT NULL CHECK (per IN ('person', 'account')),
    covers        text NOT NULL DEFAULT 'any' CHECK (covers IN ('any', 'free', 'template', 'task', 'comment')),
    cite          text NOT NULL DEFAULT '',
    as_of         text NOT NULL DEFAULT '',
    since         timestamptz NOT NULL DEFAULT '-infinity',
    until         timestamptz NOT NULL DEFAULT 'infinity',
    changed_at    timestamptz NOT NULL DEFAULT now(),
    changed_by    text NOT NULL DEFAULT 'system',
    PRIMARY KEY (workspace_id, allowance_id)
);
CREATE INDEX allowance_channel ON allowance (workspace_id, channel);

-- Which rights a person has given, by the identifier that is written to.
CREATE TABLE contact_window (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id    integer NOT NULL,
    address_hash  uuid NOT NULL,                      -- identifier.identifier_hash
    opens         text NOT NULL,
    label         text NOT NULL DEFAULT '',           -- what was granted
    opened_at     timestamptz NOT NULL,
    until         timestamptz,                        -- where the platform said it with the grant
    granted       integer,                            -- how many it said with the grant
    used          integer NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, account_id, address_hash, opens, label)
);

-- What was used of quotas, in parts of their length.
CREATE TABLE quota_use (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id    integer NOT NULL,
    allowance     text NOT NULL,                      -- by name, so that what is used outlives a change of its figures
    subject       uuid NOT NULL,                      -- the person's address, or zeros: the account
    begins_at     timestamptz NOT NULL,
    used          integer NOT NULL,
    PRIMARY KEY (workspace_id, account_id, allowance, subject, begins_at)
);
CREATE INDEX quota_use_age ON quota_use (workspace_id, begins_at);

-- How an account sends: its pace, its troubles, and what is done where nobody knows whether a message went out.
CREATE TABLE sender (
    workspace_id    integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    account_id      integer NOT NULL,
    channel         text NOT NULL,
    when_unclear    text NOT NULL DEFAULT 'not_at_all' CHECK (when_unclear IN ('twice', 'not_at_all')),
    per_second      double precision CHECK (per_second > 0),  -- NULL: as the channel has it
    at_once         smallint NOT NULL DEFAULT 32 CHECK (at_once BETWEEN 1 AND 256),
    tokens          double precision NOT NULL DEFAULT 1,
    filled_at       timestamptz,                      -- NULL: nothing has left yet
    failures        integer NOT NULL DEFAULT 0,       -- in a row
    broken_until    timestamptz,                      -- the circuit is open
    paused_at       timestamptz,
    paused_reason   text,
    PRIMARY KEY (workspace_id, account_id)
);

-- What is said to many.
CREATE TABLE wording (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    wording_id    bigint GENERATED ALWAYS AS IDENTITY,
    said          jsonb NOT NULL,
    made_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, wording_id)
);

-- The share of people kept from one step, for measuring what it brings.
CREATE TABLE step_holdout (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    step          text NOT NULL,
    share         double precision NOT NULL CHECK (share BETWEEN 0 AND 0.9),
    PRIMARY KEY (workspace_id, step)
);

CREATE TABLE intent (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    intent_id     bigint GENERATED ALWAYS AS IDENTITY,
    home_id       bigint NOT NULL,                    -- the person as it was known then
    step          text NOT NULL,
    occurrence    text NOT NULL DEFAULT '',
    channel       text NOT NULL,
    account_id    integer NOT NULL,
    purpose       text NOT NULL CHECK (purpose IN ('marketing', 'transactional', 'service')),
    priority      smallint NOT NULL DEFAULT 0 CHECK (priority IN (0, 10, 20, 30)),
    wording_id    bigint,
    said          jsonb,                              -- for this person alone
    state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'claimed', 'sending', 'sent', 'task',
                      'skipped', 'held_out', 'failed', 'unclear', 'canceled')),
    rule          text,                               -- which refused last
    notes         jsonb NOT NULL DEFAULT '[]',        -- refusals and attempts, oldest first
    proof         jsonb,                              -- the figures with which it passed, and what it reserved
    attempts      smallint NOT NULL DEFAULT 0,
    doubts        smallint NOT NULL DEFAULT 0,        -- attempts of which nobody knows whether they arrived
    due_at        timestamptz NOT NULL,
    expires_at    timestamptz,
    claim_id      uuid,                               -- whoever holds the lease
    leased_until  timestamptz,
    address_hash  uuid,
    platform_id   text,
    made_at       timestamptz NOT NULL DEFAULT now(),
    passed_at     timestamptz,                        -- it counts towards caps from then on
    done_at       timestamptz,
    cost_micros   bigint,
    PRIMARY KEY (workspace_id, intent_id),
    UNIQUE (workspace_id, step, occurrence, home_id)
);
CREATE INDEX intent_person ON intent (workspace_id, home_id, passed_at);
CREATE INDEX intent_waiting ON intent (workspace_id, account_id, priority, due_at) WHERE state = 'waiting';
CREATE INDEX intent_leased ON intent (workspace_id, account_id, address_hash, leased_until) WHERE state IN ('claimed', 'sending');
CREATE INDEX intent_closed ON intent (workspace_id, account_id, home_id) WHERE state = 'waiting' AND rule = 'window';
CREATE INDEX intent_doubtful ON intent (workspace_id, account_id) WHERE doubts > 0;
CREATE INDEX intent_platform ON intent (workspace_id, account_id, platform_id) WHERE platform_id IS NOT NULL;

-- What platforms told of messages.
CREATE TABLE receipt (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    receipt_id    bigint GENERATED ALWAYS AS IDENTITY,
    intent_id     bigint NOT NULL,
    key           text NOT NULL,
    state         text NOT NULL,
    is_machine    boolean NOT NULL DEFAULT false,
    detail        text NOT NULL DEFAULT '',
    happened_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, receipt_id),
    UNIQUE (workspace_id, intent_id, key)
);

-- Which accounts have something to send or a lease to look after; it says nothing of whom.
CREATE FUNCTION list_reach_work(p_now timestamptz) RETURNS TABLE (workspace_id integer, account_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT sender.workspace_id, sender.account_id
      FROM sender
     WHERE EXISTS (SELECT FROM intent
                    WHERE intent.workspace_id = sender.workspace_id AND intent.account_id = sender.account_id
                      AND intent.state IN ('claimed', 'sending') AND intent.leased_until < p_now)
        OR (sender.paused_at IS NULL
            OR EXISTS (SELECT FROM channel_account AS mended
                        WHERE mended.workspace_id = sender.workspace_id AND mended.account_id = sender.account_id
                          AND mended.updated_at > sender.paused_at))
           AND NOT EXISTS (SELECT FROM channel_account AS off
                            WHERE off.workspace_id = sender.workspace_id AND off.account_id = sender.account_id
                              AND (NOT off.is_active OR off.deleted_at IS NOT NULL))
           AND coalesce(sender.broken_until <= p_now, true)
           AND EXISTS (SELECT FROM (VALUES (30), (20), (10), (0)) AS band (priority)
                        WHERE EXISTS (SELECT FROM intent
                                       WHERE intent.workspace_id = sender.workspace_id
                                         AND intent.account_id = sender.account_id
                                         AND intent.state = 'waiting' AND intent.priority = band.priority
                                         AND intent.due_at <= p_now))
     ORDER BY 1, 2
$$;
REVOKE EXECUTE ON FUNCTION list_reach_work(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_reach_work(timestamptz) TO fanwheel_app;
