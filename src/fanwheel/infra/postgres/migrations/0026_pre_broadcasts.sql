-- Broadcasts: one thing said to many, by the routes that reach each, at a pace, and only after somebody else agreed.

SET LOCAL lock_timeout = '10s';

CREATE TABLE broadcast_setting (                      -- no row: as the product has it
    workspace_id    integer PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
    approval_above  integer CHECK (approval_above >= 0),  -- people from which on a second person must agree; NULL: never
    changed_at      timestamptz NOT NULL DEFAULT now(),
    changed_by      text NOT NULL DEFAULT 'system'
);

CREATE TABLE broadcast (
    workspace_id     integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    broadcast_id     bigint GENERATED ALWAYS AS IDENTITY,
    name             text NOT NULL,
    purpose          text NOT NULL DEFAULT 'marketing' CHECK (purpose IN ('marketing', 'transactional')),
    state            text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'in_review', 'approved', 'scheduled',
                         'running', 'paused', 'done', 'canceled')),
    phase            text CHECK (phase IN ('planning', 'testing', 'deciding', 'rest')),  -- from the launch on
    version          integer NOT NULL DEFAULT 1,        -- grows with every change of what is said, to whom, or when
    audience         jsonb NOT NULL DEFAULT '{}',       -- see loop/operate/broadcasts/contracts.py, as for the others
    routes           jsonb NOT NULL DEFAULT '[]',
    schedule         jsonb NOT NULL DEFAULT '{"kind": "now"}',
    per_minute       integer CHECK (per_minute > 0),    -- NULL: as fast as the accounts send
    experiment       jsonb,
    holdout_share    double precision NOT NULL DEFAULT 0 CHECK (holdout_share BETWEEN 0 AND 0.5),
    seed_list_id     integer,
    expires_hours    integer NOT NULL DEFAULT 24 CHECK (expires_hours BETWEEN 1 AND 168),
    approval         text NOT NULL DEFAULT 'none' CHECK (approval IN ('none', 'waiting', 'approved', 'rejected')),
    submitted_by     text,
    submitted_at     timestamptz,
    decided_by       text,
    decided_at       timestamptz,
    review_note      text NOT NULL DEFAULT '',
    reviewed         text,                              -- print of what was looked at, with the templates' versions
    salt             text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
    variants         jsonb NOT NULL DEFAULT '[]',       -- those that are tried, from the launch on
    wordings         jsonb NOT NULL DEFAULT '[]',       -- by route: the number of what is said, by variant
    winner           text,
    evidence         jsonb,
    winner_at        timestamptz,
    people           integer,                           -- whom it was launched for, without seeds
    released         integer NOT NULL DEFAULT 0,        -- how many of them were handed to the send path
    progress         jsonb,                             -- how many of them are in which state, as counted last
    counted_at       timestamptz,
    paced_at         timestamptz,                       -- up to then the pace is used up
    launched_at      timestamptz,
    launched_by      text,
    starts_at        timestamptz,
    paused_at        timestamptz,
    paused_state     text CHECK (paused_state IN ('scheduled', 'running')),
    ended_at         timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    created_by       text NOT NULL,
    updated_at       timestamptz NOT NULL DEFAULT now(),
    updated_by       text NOT NULL,
    editors          text[] NOT NULL DEFAULT '{}',      -- who wrote at it: they cannot agree to it themselves
    PRIMARY KEY (workspace_id, broadcast_id)
);
CREATE INDEX broadcast_active ON broadcast (workspace_id, state) WHERE state IN ('scheduled', 'running');

-- Who is still to be reached, as bitmaps of 65,536 ids: whoever is handed to the send path is taken out of them in the
-- same transaction, so that nobody is lost or reached twice, wherever a worker dies.
CREATE TABLE broadcast_crowd (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    broadcast_id  bigint NOT NULL,
    part          text NOT NULL CHECK (part IN ('raw', 'due', 'rest')),  -- not planned yet; planned; waits for a winner
    due_at        timestamptz NOT NULL,
    chunk         integer NOT NULL,
    members       bytea NOT NULL,
    size          integer NOT NULL,
    PRIMARY KEY (workspace_id, broadcast_id, part, due_at, chunk)
);

-- Steps of which nothing goes out for now; what was released already waits at the gate.
CREATE TABLE step_pause (
    workspace_id  integer NOT NULL REFERENCES workspace ON DELETE CASCADE,
    step          text NOT NULL,
    paused_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, step)
);

-- Another route may be tried where this one does not reach the person, or was. NULL: there is none.
ALTER TABLE intent ADD COLUMN fallback text CHECK (fallback IN ('may', 'did'));
CREATE INDEX intent_fallback ON intent (workspace_id, step) WHERE fallback = 'may' AND state IN ('skipped', 'failed');
CREATE INDEX intent_step_waiting ON intent (workspace_id, step, due_at) WHERE state = 'waiting';

-- Which workspaces have broadcasts to go on with; it says nothing of them.
CREATE FUNCTION list_broadcast_work(p_now timestamptz) RETURNS TABLE (workspace_id integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT broadcast.workspace_id
      FROM broadcast
     WHERE broadcast.state = 'running'
        OR broadcast.state = 'scheduled' AND broadcast.starts_at <= p_now
        OR broadcast.state = 'canceled' AND broadcast.launched_at IS NOT NULL
           AND EXISTS (SELECT FROM step_pause
                        WHERE step_pause.workspace_id = broadcast.workspace_id
                          AND step_pause.step = 'broadcast:' || broadcast.broadcast_id)
     ORDER BY 1
$$;
REVOKE EXECUTE ON FUNCTION list_broadcast_work(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION list_broadcast_work(timestamptz) TO fanwheel_app;

-- The same as before, but for steps that are paused: they are no work.
CREATE OR REPLACE FUNCTION list_reach_work(p_now timestamptz) RETURNS TABLE (workspace_id integer, account_id integer)
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
                                         AND intent.due_at <= p_now
                                         AND intent.step <> ALL (ARRAY(SELECT paused.step FROM step_pause AS paused
                                                                        WHERE paused.workspace_id = sender.workspace_id))))
     ORDER BY 1, 2
$$;
